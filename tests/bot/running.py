"""The real program in a process of its own, at a pipe: typed to, read from, signalled and killed."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.bot.warm import start_warm
from tests.provider_server import ProviderServer

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 40


@dataclass
class Bot:
    """A running Chipin that is typed to and read from."""

    process: ForkServerProcess
    keys: int
    out: asyncio.StreamReader
    err: asyncio.StreamReader
    seen: str = ""

    def types(self, line: str) -> None:
        """Type a line."""
        os.write(self.keys, f"{line}\n".encode())

    async def says(self, wanted: str) -> None:
        """Wait until it says so."""
        async with asyncio.timeout(SECONDS):
            while wanted not in self.seen:
                piece = await self.out.read(4096)
                assert piece, f"{wanted!r} did not come, but {self.seen!r}"
                self.seen += piece.decode()

    def is_told_to_stop(self) -> None:
        """SIGTERM, as an init system sends it."""
        self.process.terminate()

    async def is_killed(self) -> None:
        """SIGKILL: nothing of it runs any more."""
        self.process.kill()
        await asyncio.to_thread(self.process.join)

    async def ends(self) -> str:
        """What it still says; it must end well."""
        async with asyncio.timeout(SECONDS):
            rest = (await self.out.read()).decode()
            assert (await self.err.read()).decode() == ""
            await asyncio.to_thread(self.process.join)
            assert self.process.exitcode == 0
        return rest


@asynccontextmanager
async def a_bot(url: str, server: ProviderServer) -> AsyncIterator[Bot]:
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": url,
        "SECRET_KEY": "a key for tests",
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": server.base_url,
        "OLLAMA_BASE_URL": "http://127.0.0.1:1/v1",
        "PYTHONUTF8": "1",
    }
    (typed, keys), (shown, out), (told, err) = os.pipe(), os.pipe(), os.pipe()
    process = start_warm(["run"], folder=ROOT, environment=environment, ends=(typed, out, err))
    for theirs in (typed, out, err):
        os.close(theirs)
    async with _reading(shown) as seen, _reading(told) as wrong:
        bot = Bot(process, keys, seen, wrong)
        try:
            await bot.says("you> ")
            yield bot
        finally:
            process.kill()
            os.close(keys)
            await asyncio.to_thread(process.join)


@asynccontextmanager
async def _reading(end: int) -> AsyncIterator[asyncio.StreamReader]:
    """What comes out of a pipe."""
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(end, "rb", 0))
    try:
        yield reader
    finally:
        transport.close()
