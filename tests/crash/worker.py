"""A whole process under load, made to be killed: it asks, records budget, recovers, and notes what it told whom."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.schedule import scheduled
from bot.wiring import wire
from core.call import TextPart
from core.events import AlreadyAsked, Delta, Finished
from core.people import Member
from core.question import Question
from tests.crash.journal import Journal, MarkedBoard
from tests.end_to_end.house import PLACE, TERRA, House, enrolled, settings_for

ASKERS = 4
OVERDUE_HOLDS = (
    "SELECT id FROM hold WHERE state = 'open' AND deadline_ms <= :now_ms "
    "UNION ALL SELECT id FROM request WHERE state = 'running' AND lease_until_ms <= :now_ms"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """The work of one process. `offset_ms` moves the database's clock; `again` are events that are delivered again."""

    url: str
    base_url: str
    journal: Path
    offset_ms: int
    again: tuple[str, ...]
    first: int
    load: bool = True


async def work(shift: Shift, tell: Callable[[Any], None]) -> None:
    """Start as a process does, then ask and record until it is killed; without load, until nothing is left to do."""
    journal = Journal(shift.journal)
    async with wire(settings_for(shift.url, shift.base_url, max_in_flight=100), practice=False) as app:
        app.store.driver.clock_offset_ms = shift.offset_ms
        house = House(app, await enrolled(app, "Anna", admin=True))
        board = MarkedBoard(journal)
        async with scheduled(app, (board,)):
            overdue = await house.rows(OVERDUE_HOLDS, now_ms=await app.store.now_ms())
            tell(len(overdue))
            events = _events(shift)
            askers = [_ask_on(house, await house.member(f"Asker {n}"), events, journal) for n in range(ASKERS)]
            await asyncio.gather(*askers, *([_record_on(house, journal, shift.first)] if shift.load else []))
        await app.use_cases.deliveries.run(board)


def _events(shift: Shift) -> Iterator[str]:
    yield from shift.again
    number = shift.first
    while shift.load:
        yield f"{'event' if number % 2 else 'command'}-{number}"
        number += 1


async def _ask_on(house: House, member: Member, events: Iterator[str], journal: Journal) -> None:
    for event in events:
        await _ask(house, member, event, journal)


async def _ask(house: House, member: Member, event: str, journal: Journal) -> None:
    journal.note("asking", event=event)
    # Whoever asks it again is the same person: the event says who.
    asker = await house.member(f"Asker {int(event.split('-')[1]) % ASKERS}")
    running = house.asks.start(Question(asker, PLACE, (TextPart(f"{event} why?"),), (event,), TERRA))
    text, last = "", None
    async with running:
        async for last in running:
            text += last.text if isinstance(last, Delta) else ""
    if isinstance(last, AlreadyAsked):
        journal.note("already", event=event, ask=last.ask_id, sentence=last.sentence)
        return
    charged = last.receipt.charged_nanos if isinstance(last, Finished) else 0
    journal.note("shown", event=event, ask=running.ask_id, text=text, charged=charged, end=type(last).__name__)
    await running.delivered()


async def _record_on(house: House, journal: Journal, first: int) -> None:
    number = 0
    while True:
        key = f"budget-{first}-{number}"
        done = await house.app.use_cases.top_ups.record(house.anna, "1", "", confirmed=True, request_key=key)
        journal.note("budget", id=getattr(done, "top_up_id", ""))
        number += 1
        await asyncio.sleep(0.02)
