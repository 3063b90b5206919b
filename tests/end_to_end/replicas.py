"""Processes of their own for tests: real ones, that begin at the same instant and know each other by the database only.

    async with replicas(partial(answer, url), partial(answer, url)) as (one, two):
        await one.told()  # whatever its job told meanwhile
        await two.result()

A job is an async function of a module, called with `tell` in its process. The processes are forked from a server that
has imported and loaded everything (warm.py): starting one takes hundredths of a second.
"""

import asyncio
import multiprocessing
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Barrier
from typing import Any

Tell = Callable[[Any], None]
Job = Callable[[Tell], Awaitable[Any]]

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.end_to_end.warm", __name__])
DONE, TOLD, FAILED = "done", "told", "failed"
HANGS_AFTER_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Replica:
    """One process that does one job."""

    process: ForkServerProcess
    mouth: "Connection[Any, Any]"

    async def told(self) -> Any:
        """The next thing its job tells."""
        return await self._hear(TOLD)

    async def result(self) -> Any:
        """What its job returns, when it has ended."""
        return await self._hear(DONE)

    async def _hear(self, expected: str) -> Any:
        async with asyncio.timeout(HANGS_AFTER_SECONDS):
            kind, value = await asyncio.to_thread(self.mouth.recv)
        assert kind == expected, value
        return value


@asynccontextmanager
async def replicas(*jobs: Job) -> AsyncIterator[list[Replica]]:
    """A process for each job, all of them at work when the block begins and none when it is left."""
    barrier = _context.Barrier(len(jobs) + 1, timeout=60)
    running = [_begin(job, barrier) for job in jobs]
    try:
        await asyncio.to_thread(barrier.wait)
        yield running
    finally:
        for replica in running:
            replica.process.kill()
            await asyncio.to_thread(replica.process.join)
            replica.process.close()
            replica.mouth.close()


async def results(*jobs: Job) -> list[Any]:
    """What the jobs return, each in a process of its own."""
    async with replicas(*jobs) as running:
        return [await replica.result() for replica in running]


def _begin(job: Job, barrier: Barrier) -> Replica:
    mouth, its_mouth = _context.Pipe()
    process = _context.Process(target=_work, args=(job, barrier, its_mouth), daemon=True)
    process.start()
    its_mouth.close()  # ours of its end: when it dies, we hear it
    return Replica(process, mouth)


def _work(job: Job, barrier: Barrier, mouth: "Connection[Any, Any]") -> None:
    async def work() -> Any:
        return await job(lambda value: mouth.send((TOLD, value)))

    barrier.wait()
    try:
        mouth.send((DONE, asyncio.run(work())))
    except BaseException:
        mouth.send((FAILED, traceback.format_exc()))
        raise
