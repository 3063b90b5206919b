"""The queue between an ask and its reader."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from core.asking.event_stream import EventStream
from core.events import AskEvent, Delta, Refused, Started, Waiting

EVENTS = st.lists(
    st.one_of(
        st.text(min_size=1, max_size=5).map(Delta),
        st.integers(1, 3).map(Waiting),
        st.just(Started("ask", "Model", 1)),
    ),
    max_size=30,
)


def joined(events: list[AskEvent]) -> list[AskEvent]:
    """Events with neighbouring deltas as one: what a reader of any pace must have seen."""
    whole: list[AskEvent] = []
    for event in events:
        if isinstance(event, Delta) and whole and isinstance(last := whole[-1], Delta):
            whole[-1] = Delta(last.text + event.text)
        else:
            whole.append(event)
    return whole


@given(EVENTS, st.lists(st.integers(0, 4), max_size=60), st.lists(st.integers(0, 4), max_size=60))
async def test_a_reader_of_any_pace_sees_the_same(
    events: list[AskEvent], writer_naps: list[int], reader_naps: list[int]
) -> None:
    stream, seen = EventStream(), []

    async def nap(naps: list[int], turn: int) -> None:
        for _ in range(naps[turn] if turn < len(naps) else 0):
            await asyncio.sleep(0)

    async def write() -> None:
        for turn, event in enumerate(events):
            stream.put(event)
            await nap(writer_naps, turn)
        stream.close()

    async def read() -> None:
        async for event in stream:
            seen.append(event)
            await nap(reader_naps, len(seen))

    await asyncio.gather(write(), read())
    assert joined(seen) == joined(events)


async def test_text_that_nobody_reads_is_one_event() -> None:
    stream = EventStream()
    stream.put(Started("ask", "Model", 1))
    for _ in range(10_000):
        stream.put(Delta("word "))
    stream.put(Refused("end"))
    stream.close()
    assert [event async for event in stream] == [Started("ask", "Model", 1), Delta("word " * 10_000), Refused("end")]


async def test_nothing_is_kept_for_a_reader_that_went_away() -> None:
    stream = EventStream()
    stream.put(Delta("before"))
    stream.abandon()
    stream.put(Delta("after"))
    stream.close()
    assert [event async for event in stream] == []


async def test_a_reader_that_waits_is_woken_by_the_end() -> None:
    stream = EventStream()

    async def read() -> list[AskEvent]:
        return [event async for event in stream]

    reading = asyncio.create_task(read())
    await asyncio.sleep(0)
    stream.close()
    assert await reading == []
