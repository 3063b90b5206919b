"""Coming back to the terminal after a crash: what is said first, and how a question is asked again."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from adapters.store.overdue import StoreOverdue
from adapters.terminal.screen import ScreenGone
from bot.clock import SystemClock
from core.defaults import LIVE_READER_MS
from core.operations import Claim
from core.people import Identity
from core.rows import RequestRow
from core.sweep import Sweep
from tests.adapters.terminal.house import DEFAULTS, House, open_house
from tests.adapters.terminal.script import Terminal
from tests.bookkeeping import rows_of
from tests.fakes import PlainVault

LATER_MS = 3_600_000


def later(house: House, *, ms: int = LATER_MS) -> None:
    """Move the database's clock, past every lease unless told otherwise."""
    house.store.driver.clock_offset_ms += ms


async def die_with(house: House, question: str, name: str = "you", number: int = 1) -> None:
    """Somebody asked, and the process was killed before it answered. Then an hour passed."""
    identity = Identity("terminal", "demo", name.casefold(), name)
    member, _ = await house.use_cases.membership.member(identity, DEFAULTS, admin=name == "you")
    await house.store.books.apply(
        Claim(
            id=f"claim{number}",
            wallet_id=member.team.wallet_id,
            ask_id=f"ask{number}",
            team_id=member.team.id,
            member_id=member.id,
            keys=(f"#{number}",),
            platform="terminal",
            workspace="demo",
            channel="chat",
            thread="",
            lease_seconds=90,
            sealed_question=PlainVault().seal(question),
        )
    )
    later(house)
    await Sweep(house.store.books, StoreOverdue(house.store), SystemClock()).run()


async def test_the_first_line_after_the_greeting_says_what_was_interrupted(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house:
        await die_with(house, "why does my\nmigration deadlock?")
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            assert terminal.screen.shown().splitlines()[-1] == (
                'Your question "why does my migration deadlock?" was interrupted before it was answered. '
                "Not charged. /again asks it again."
            )
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            assert "interrupted" not in terminal.screen.shown()


async def test_again_asks_each_interrupted_question_once(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house:
        await die_with(house, "first?", number=1)
        await die_with(house, "second?", number=2)
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            for question in ("first?", "second?"):
                assert "It depends." in await terminal.says("/again")
                assert house.provider.calls[-1].messages[-1].text == question
            assert await terminal.says("/again") == "No question of yours waits to be asked again.\n"


async def test_again_does_not_take_the_place_of_what_yes_agrees_to(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "/yes records it" in await terminal.says("/topup 500")
        await die_with(house, "why?")
        await house.use_cases.deliveries.run(terminal.late_news)
        assert "/again asks it again." in terminal.screen.shown()
        assert "Recorded $500.00" in await terminal.says("/yes")
        assert "It depends." in await terminal.says("/again")


async def test_a_dear_question_is_agreed_to_again(sqlite_url: str) -> None:
    async with open_house(sqlite_url, confirm_above_nanos=1) as house:
        await die_with(house, "why?")
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            assert "/yes agrees." in await terminal.says("/again")
            assert "It depends." in await terminal.says("/yes")


async def test_news_for_somebody_else_say_for_whom(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house:
        await die_with(house, "why?", name="Anna")
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            assert 'For Anna: Your question "why?" was interrupted' in terminal.screen.shown()
            assert await terminal.says("/again") == "No question of yours waits to be asked again.\n"
            await terminal.says("/as Anna")
            assert "It depends." in await terminal.says("/again")


def goes_at(words: str) -> Callable[[str], None]:
    """A screen that is gone when something beginning with these words is to be shown."""

    def write(text: str) -> None:
        if text.startswith(words):
            raise ScreenGone

    return write


async def leaves_in_the_middle(terminal: Terminal) -> None:
    """The screen goes away with the answer's first words."""
    terminal.screen.on_write = goes_at("It ")
    terminal.screen.type("why?")
    await terminal.ended()


async def is_cancelled(terminal: Terminal) -> None:
    """The chat is ended from outside with the answer's first words."""
    running = terminal.running
    assert running is not None

    def cancel(text: str) -> None:
        if text.startswith("It "):
            running.cancel()

    terminal.screen.on_write = cancel
    terminal.screen.type("why?")
    with pytest.raises(asyncio.CancelledError):
        await terminal.ended()


@pytest.mark.parametrize("leaves", [leaves_in_the_middle, is_cancelled])
async def test_an_answer_that_was_not_shown_to_its_end_comes_at_the_next_start_and_once(
    sqlite_url: str, leaves: Callable[[Terminal], Awaitable[None]]
) -> None:
    async with open_house(sqlite_url) as house:
        terminal = house.terminal()
        await terminal.__aenter__()
        await terminal.screen.ready()
        await leaves(terminal)
        while [row.state for row in await rows_of(house.store, RequestRow)] != ["settled"]:  # noqa: ASYNC110 - in the database
            await asyncio.sleep(0.01)
    async with open_house(sqlite_url) as house:
        later(house)
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            assert 'You had not seen this answer yet. You had asked "why?":\nIt depends.\n' in terminal.screen.shown()
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            assert "It depends." not in terminal.screen.shown()


async def test_what_was_seen_does_not_come_again(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house:
        async with house.terminal() as terminal:
            await terminal.says("why?")
            await terminal.says("--model nonsense why?")
        later(house)
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            assert len(terminal.screen.shown().splitlines()) == len(("welcome", "model", "database", "help"))


async def test_nothing_is_told_while_an_answer_is_on_the_screen(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house:
        await die_with(house, "why?")
        screen_free: list[bool] = []
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            terminal.screen.on_write = lambda _: screen_free.append(bool(terminal.late_news.workspaces))
            await terminal.says("what?")
            assert screen_free and not any(screen_free)
            assert terminal.late_news.workspaces


async def test_a_screen_that_is_gone_leaves_it_for_the_next_start(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house:
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            await die_with(house, "why?")
            terminal.screen.on_write = goes_at("")
            assert await house.use_cases.deliveries.run(terminal.late_news) == 0
            terminal.screen.on_write = lambda _: None
        later(house, ms=LIVE_READER_MS)
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            assert "was interrupted" in terminal.screen.shown()
