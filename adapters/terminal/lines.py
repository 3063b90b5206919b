"""Lines from a file descriptor, read without stopping the event loop and without trusting their length."""

import asyncio
import os
import select
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from core.defaults import MAX_PROMPT_CHARS
from core.errors import BadInput

MAX_LINE_BYTES = 4 * MAX_PROMPT_CHARS
"""A question of the greatest length fits, whatever its script."""

_CHUNK_BYTES = 64 * 1024


class Lines:
    """Reads a descriptor line by line; None stands for no input at all. One reader at a time."""

    def __init__(self, descriptor: int | None, *, max_bytes: int = MAX_LINE_BYTES) -> None:
        self._descriptor = descriptor
        self._max_bytes = max_bytes
        self._buffer = bytearray()
        self._ended = descriptor is None

    async def next(self) -> str | None:
        """The next line without its end; None at the end of input. `BadInput` for one that is too long: skipped."""
        too_long = False
        while (end := self._buffer.find(b"\n")) < 0 and not self._ended:
            if len(self._buffer) > self._max_bytes:
                too_long = True
                self._buffer.clear()
            await self._read_more()
        line = self._take(end)
        if too_long or (line is not None and len(line) > self._max_bytes):
            raise BadInput(f"That line is longer than {self._max_bytes:,} bytes. Nothing was done with it.")
        return None if line is None else line.decode("utf-8", "replace").removesuffix("\r")

    def _take(self, end: int) -> bytes | None:
        if end < 0:
            rest = bytes(self._buffer)
            self._buffer.clear()
            return rest or None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    async def _read_more(self) -> None:
        assert self._descriptor is not None  # noqa: S101 - without one the input has ended
        chunk = await _in_daemon_thread(partial(_read, self._descriptor))
        self._ended = not chunk
        self._buffer += chunk


def _read(descriptor: int) -> bytes:
    """The next bytes; none at the end, or when the other side hung up."""
    with suppress(OSError):
        select.select([descriptor], [], [])  # somebody may have made it non-blocking
        return os.read(descriptor, _CHUNK_BYTES)
    return b""


async def _in_daemon_thread(work: Callable[[], bytes]) -> bytes:
    """Do blocking work in a thread that cannot keep the process alive, as a thread of a pool would."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bytes] = loop.create_future()

    def settle(outcome: bytes) -> None:
        if not done.done():
            done.set_result(outcome)

    def run() -> None:
        outcome = work()
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=run, name="reading input", daemon=True).start()
    return await done
