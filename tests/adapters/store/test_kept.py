"""What is kept of a text, at every order of what may happen to it, on both databases.

All orders live side by side in the same books, and come to the same moments together: right after the end, an hour
later, a day later.
"""

import asyncio
from itertools import permutations

from adapters.store.audit import audit
from adapters.store.database import Store
from core.defaults import KEEP_FOR_BUTTONS_MS, KEEP_SEALED_MS
from core.rows import KeptRow, RequestRow, WalletRow
from tests.bookkeeping import ask_settled, ask_with_hold, delivered, erase, release, rows_of, take, top_up

SHOWN, ERASE, TAKE, NEXT = "shown", "erase", "take", "next"
MOMENTS_MS = (0, KEEP_FOR_BUTTONS_MS + 1_000, KEEP_SEALED_MS - KEEP_FOR_BUTTONS_MS + 1_000)
"""How far the clock is moved on for each moment: so that an hour, and then the day, are just over."""
NOW, AFTER_AN_HOUR, AFTER_A_DAY = range(3)
Steps = list[list[str]]
"""What happens at each of the three moments, in order."""


def orders() -> list[Steps]:
    """Every order of being shown, taken for telling and erased twice, over all three moments."""
    found = []
    for order in sorted(set(permutations((SHOWN, ERASE, ERASE, TAKE, NEXT, NEXT)))):
        steps: Steps = [[]]
        for step in order:
            if step == NEXT:
                steps.append([])
            else:
                steps[-1].append(step)
        found.append(steps)
    return found


def events(steps: Steps) -> list[tuple[int, str]]:
    """What happens, with its moment."""
    return [(moment, step) for moment, at_it in enumerate(steps) for step in at_it]


def given_back(steps: Steps) -> bool:
    """Whether its charge must be given back: its day was over, and nobody had seen it."""
    before_it_was_shown = events(steps)[: events(steps).index((_shown_at(steps), SHOWN))]
    return (AFTER_A_DAY, ERASE) in before_it_was_shown


def erased(steps: Steps) -> bool:
    """Whether nothing may be left of the text: it was erased after its day, or an hour after it was shown."""
    hours_over = _shown_at(steps) == NOW and (AFTER_AN_HOUR, ERASE) in events(steps)
    return hours_over or (AFTER_A_DAY, ERASE) in events(steps)


def _shown_at(steps: Steps) -> int:
    return next(moment for moment, step in events(steps) if step == SHOWN)


async def live(store: Store, every: dict[str, Steps]) -> None:
    """Every ask goes through its steps, and all of them come to each moment together."""
    for moment, passes_ms in enumerate(MOMENTS_MS):
        store.driver.clock_offset_ms += passes_ms
        await asyncio.gather(*(_at(store, ask, moment, steps[moment]) for ask, steps in every.items()))


async def _at(store: Store, ask: str, moment: int, steps: list[str]) -> None:
    for number, step in enumerate(steps):
        name = f"{ask}.{moment}.{number}"
        operation = {
            SHOWN: delivered(ask, id=name),
            ERASE: erase(ask, id=name),
            TAKE: take(ask, id=name, lease_seconds=0),
        }[step]
        await store.books.apply(operation)


async def test_an_answer_is_given_back_only_when_nobody_saw_it_in_its_day(store: Store) -> None:
    every = {f"ask{number}": steps for number, steps in enumerate(orders())}
    await store.books.apply(top_up("budget", 1_000_000))
    await asyncio.gather(*(ask_settled(store.books, ask, 20, 10) for ask in every))
    await live(store, every)
    costs = {row.id: row.cost_nanos for row in await rows_of(store, RequestRow)}
    assert costs == {ask: 0 if given_back(steps) else 10 for ask, steps in every.items()}
    assert 0 < sum(costs.values()) < 10 * len(every)
    (wallet,) = await rows_of(store, WalletRow)
    assert (wallet.available_nanos, wallet.held_nanos) == (1_000_000 - sum(costs.values()), 0)
    kept = {row.id: (row.question, row.answer) for row in await rows_of(store, KeptRow)}
    assert {ask for ask, text in kept.items() if text == (b"", b"")} == {ask for ask in every if erased(every[ask])}
    assert set(kept.values()) == {(b"", b""), (b"sealed question", b"")}
    assert (await audit(store)).violations == ()


async def test_a_question_without_an_answer_goes_the_same_ways_and_nothing_is_given_back(store: Store) -> None:
    every = {f"ask{number}": steps for number, steps in enumerate(orders())}
    await store.books.apply(top_up("budget", 1_000_000))
    await asyncio.gather(*(ask_with_hold(store.books, ask, 20) for ask in every))
    await asyncio.gather(*(store.books.apply(release(ask)) for ask in every))
    await live(store, every)
    kept = {row.id: row.question for row in await rows_of(store, KeptRow)}
    assert {ask for ask, question in kept.items() if not question} == {ask for ask in every if erased(every[ask])}
    (wallet,) = await rows_of(store, WalletRow)
    assert (wallet.available_nanos, wallet.held_nanos) == (1_000_000, 0)
    assert (await audit(store)).violations == ()
