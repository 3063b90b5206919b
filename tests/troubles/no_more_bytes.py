"""A process whose files may not grow: `python -m tests.troubles.no_more_bytes DATABASE_URL`, on a house of its own.

Run apart from the tests: the limit is the whole process's, and pytest writes files too.
"""

import asyncio
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.asking import claiming, insist
from core.events import AskEvent, Refused
from tests.core.asking.house import heard
from tests.end_to_end.house import a_house
from tests.provider_behaviours import gate, good
from tests.provider_server import ProviderServer
from tests.troubles.asking import answered, assert_told_and_true, until_started

LONG = "why does my migration deadlock? " * 1_000
"""To claim this takes more room than any other write of an ask leaves where it finds none."""


@contextmanager
def files_as_large_as_they_are(folder: Path) -> Iterator[None]:
    """No file of this process may grow beyond the largest that lies in the folder."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = max(file.stat().st_size for file in folder.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


async def main(url: str) -> None:
    """Ask until there is no room, stream meanwhile, and ask again when there is."""
    claiming.CERTAIN_WITHIN_SECONDS = 0.2  # that these are asked about for long is tested where they are
    insist.TELL_AFTER_SECONDS = 1.0
    folder = Path(url.removeprefix("sqlite:///")).parent
    async with ProviderServer() as server, a_house(url, server) as house:
        held_back = gate(opened := asyncio.Event())
        server.answer_with(held_back, held_back, good())
        streaming = await until_started(house, 2)
        with files_as_large_as_they_are(folder):
            asks: list[list[AskEvent]] = [await heard(house.start())]
            with suppress(TimeoutError):  # whichever write finds no room first may be insisted on for long
                while answered(asks[-1]):  # what the files have in reserve is used up first
                    asks.append(await heard(house.start()))
            calls = len(server.calls)
            asks.extend([await heard(house.start(LONG)) for _ in range(3)])
            assert all(isinstance(events[-1], Refused) for events in asks[-3:])
            assert len(server.calls) == calls, "a provider was called"
            assert (await house.wallet()).available_nanos > 0  # /balance answers
            opened.set()
        asks.extend(await asyncio.gather(*streaming))
        asks.append(await heard(house.start()))
        assert all(map(answered, asks[-3:]))
        await assert_told_and_true(house, server, asks)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
