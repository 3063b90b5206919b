"""One answer on the screen: every event, every way to end it, and what it leaves in the books."""

import asyncio
from decimal import Decimal

import pytest
from sqlmodel import func, select

from adapters.store.tables import Hold, Kept
from adapters.terminal import listening
from core.asking import insist
from core.call import Stop, StopReason, Text, UsageReport
from core.errors import BooksUnavailable, ProviderBusy, ProviderUnreachable
from core.ledger.holding import HoldState
from tests.adapters.terminal.house import ANSWER, USAGE, House, open_house
from tests.adapters.terminal.script import Terminal
from tests.fakes import a_model, a_price

SLOW = (Text("It "), Text("depends "), 30.0, Text("never"), UsageReport(USAGE), Stop(StopReason.END))


async def held_and_kept(house: House) -> tuple[int, int]:
    """How many holds are open, and of how many asks the text is still kept."""
    async with house.store.snapshot() as session:
        held = await session.exec(select(func.count()).select_from(Hold).where(Hold.state == HoldState.OPEN))
        kept = await session.exec(select(func.count()).select_from(Kept).where(Kept.answer != b""))
        return held.one(), kept.one()


async def begin(terminal: Terminal, first_words: str) -> None:
    """Ask, and wait until the first words are on the screen."""
    await terminal.screen.ready()
    seen = asyncio.Event()
    terminal.screen.on_write = lambda text: seen.set() if first_words in text else None
    terminal.screen.type("why?")
    async with asyncio.timeout(10):
        await seen.wait()


async def test_nothing_is_kept_of_an_answer_that_was_shown(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("why?")
        assert await held_and_kept(house) == (0, 0)


async def test_words_are_shown_before_the_last_ones_are_sent(sqlite_url: str) -> None:
    async with open_house(sqlite_url, *SLOW) as house, house.terminal() as terminal:
        await begin(terminal, "depends")
        assert terminal.screen.shown().endswith("It depends ")
        terminal.screen.interrupt()
        await terminal.screen.ready()


@pytest.mark.parametrize("how", ["Ctrl-C", "/stop", "  /STOP  "])
async def test_a_stop_charges_what_came(how: str, sqlite_url: str) -> None:
    async with open_house(sqlite_url, *SLOW) as house, house.terminal() as terminal:
        await begin(terminal, "depends")
        if how == "Ctrl-C":
            terminal.screen.interrupt()
        else:
            assert terminal.screen.type_meanwhile(how)
        await terminal.screen.ready()
        lines = terminal.screen.shown().splitlines()
        assert lines[-4:-2] == ["It depends ", ""]
        assert lines[-2].startswith("about 0.0")
        assert lines[-1].startswith("Stopped. Charged about 0.0")
        assert await held_and_kept(house) == (0, 0)


async def test_other_lines_typed_meanwhile_are_left_for_the_prompt(sqlite_url: str) -> None:
    async with open_house(sqlite_url, *SLOW) as house, house.terminal() as terminal:
        await begin(terminal, "depends")
        assert not terminal.screen.type_meanwhile("/balance")
        terminal.screen.interrupt()
        await terminal.screen.ready()


async def test_a_second_interrupt_leaves_after_the_books_are_closed(sqlite_url: str) -> None:
    async with open_house(sqlite_url, *SLOW) as house, house.terminal() as terminal:
        await begin(terminal, "depends")
        terminal.screen.interrupt()
        terminal.screen.interrupt()
        await terminal.ended()
        assert "Stopped. Charged about" in terminal.screen.shown()
        assert await held_and_kept(house) == (0, 0)


async def test_stop_with_nothing_running(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "Nothing of yours is running." in await terminal.says("/stop")


async def test_a_long_silence_is_filled_before_the_first_word_only(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "SILENCE_SECONDS", 0.05)
    script = (0.3, Text("It "), 0.3, Text("depends."), UsageReport(USAGE), Stop(StopReason.END))
    async with open_house(sqlite_url, *script) as house, house.terminal() as terminal:
        thought: list[int] = []
        await terminal.screen.ready()
        terminal.screen.on_write = lambda _: thought.append(terminal.screen.thought)
        await terminal.says("why?")
        assert thought[0] > 0
        assert thought[0] == thought[-1]


async def test_a_dear_question_waits_for_yes(sqlite_url: str) -> None:
    async with open_house(sqlite_url, confirm_above_nanos=1) as house, house.terminal() as terminal:
        asked = await terminal.says("why?")
        assert "Nothing is charged until you agree. /yes agrees." in asked
        assert house.provider.calls == []
        assert (await terminal.says("/yes")).startswith("It depends.")
        assert "There is nothing to agree to." in await terminal.says("/yes")
        assert [call.messages[-1].text for call in house.provider.calls] == ["why?"]


async def test_yes_is_for_the_last_question(sqlite_url: str) -> None:
    async with open_house(sqlite_url, confirm_above_nanos=1) as house, house.terminal() as terminal:
        await terminal.says("why?")
        await terminal.says("how?")
        await terminal.says("/yes")
        assert [call.messages[-1].text for call in house.provider.calls] == ["how?"]


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (ProviderBusy("The provider is busy."), "The provider is busy. Not charged. /again asks it once more.\n"),
        (
            ProviderUnreachable("The provider cannot be reached."),
            "The provider cannot be reached. Not charged. /again asks it once more.\n",
        ),
    ],
)
async def test_a_failure_is_one_sentence_and_not_charged(failure: Exception, said: str, sqlite_url: str) -> None:
    async with open_house(sqlite_url, failure) as house, house.terminal() as terminal:
        assert (await terminal.says("why?")).endswith(f"\n{said}")
        assert "Team wallet: $5.00." in await terminal.says("/balance")


async def test_an_answer_that_breaks_off_is_charged_as_an_estimate(sqlite_url: str) -> None:
    script = (Text("It dep"), ProviderUnreachable("It broke off."))
    async with open_house(sqlite_url, *script) as house, house.terminal() as terminal:
        shown = await terminal.says("why?")
        assert "It dep\n\nabout 0.0" in shown
        assert "It broke off. Charged about" in shown
        assert "estimated by our own count" in await terminal.says("/details")


async def test_details_say_what_a_question_counts_for_and_whose_word_that_is(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("why does #Launch fail?")
        assert "Tag: launch\n" in f"{await terminal.says('/details')}\n"
        await terminal.says("/ask --tag books why?")
        assert "Tag: books" in await terminal.says("/details")
        await terminal.says("why?")
        assert "Tag:" not in await terminal.says("/details")
        shown = await terminal.says("/admin policy everyone tag daily")
        assert "Everyone: tag daily where a question names none (nothing was set before)." in shown
        await terminal.says("why?")
        assert "Tag: daily (the team's)" in await terminal.says("/details")
        assert "Tag: daily (the team's)" in await terminal.says("/price why?")
        assert "Tag: launch" in await terminal.says("/price why is #launch red?")
        assert "is no tag" in await terminal.says("/ask --tag fff why?")


async def test_an_empty_wallet_says_who_can_add_budget(sqlite_url: str) -> None:
    dear = a_model(prices=(a_price(output_usd=Decimal(10**6)),))
    a_house = open_house(sqlite_url, models=[dear], confirm_above_nanos=10**15, max_output_tokens=100)
    async with a_house as house, house.terminal() as terminal:
        await terminal.says("/limit everyone 1000")
        refused = await terminal.says("why?")
        assert "The team wallet has $5.00 left" in refused
        assert "An admin can add budget with /topup 25. Not charged." in refused


async def test_a_question_that_is_too_long_is_refused(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "is the most. Send a part of it. Not charged." in await terminal.says("x" * 400_001)


async def test_a_shorter_answer_is_announced(sqlite_url: str) -> None:
    async with open_house(sqlite_url, max_output_tokens=10_000) as house, house.terminal() as terminal:
        await terminal.says("/limit everyone 0.02")
        assert "There is money left for a short answer only" in await terminal.says("why?")


async def test_what_a_model_says_cannot_steer_the_terminal(sqlite_url: str) -> None:
    script = (Text("\x1b"), Text("[2Jgone\r"), Text("\x07\x9b"), *ANSWER[-2:])
    async with open_house(sqlite_url, *script) as house, house.terminal() as terminal:
        shown = await terminal.says("why?")
        assert not any(char in shown for char in "\x1b\r\x07\x9b")
        assert "[2Jgone" in shown


async def test_a_database_that_fails_in_the_middle_ends_in_a_sentence(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unavailable(*_: object) -> None:
        raise BooksUnavailable("The database is locked.")

    async with open_house(sqlite_url, *SLOW) as house, house.terminal() as terminal:
        await begin(terminal, "depends")
        with monkeypatch.context() as patch:
            patch.setattr(type(house.store.books), "apply", unavailable)
            patch.setattr(insist, "TELL_AFTER_SECONDS", 0.01)
            terminal.screen.interrupt()
            await terminal.screen.ready()
        assert "It depends \nThe database is locked." in terminal.screen.shown()
