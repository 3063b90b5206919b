"""The real program in a process of its own, at a pipe: typed to, read from, signalled and killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.provider_server import ProviderServer

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 40


@dataclass
class Bot:
    """A running Chipin that is typed to and read from."""

    process: asyncio.subprocess.Process
    seen: str = ""

    def types(self, line: str) -> None:
        """Type a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())

    async def says(self, wanted: str) -> None:
        """Wait until it says so."""
        assert self.process.stdout is not None
        async with asyncio.timeout(SECONDS):
            while wanted not in self.seen:
                piece = await self.process.stdout.read(4096)
                assert piece, f"{wanted!r} did not come, but {self.seen!r}"
                self.seen += piece.decode()

    def is_told_to_stop(self) -> None:
        """SIGTERM, as an init system sends it."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)

    async def is_killed(self) -> None:
        """SIGKILL: nothing of it runs any more."""
        self.process.kill()
        await self.process.wait()

    async def ends(self) -> str:
        """What it still says; it must end well."""
        assert self.process.stdout is not None and self.process.stderr is not None
        async with asyncio.timeout(SECONDS):
            rest = (await self.process.stdout.read()).decode()
            assert (await self.process.stderr.read()).decode() == ""
            assert await self.process.wait() == 0
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
    pipe = asyncio.subprocess.PIPE
    arguments = [sys.executable, "-m", "bot", "run"]
    process = await asyncio.create_subprocess_exec(
        *arguments, env=environment, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe
    )
    bot = Bot(process)
    try:
        await bot.says("you> ")
        yield bot
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
