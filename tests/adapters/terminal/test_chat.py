"""Every command as a person meets it, on a real SQLite file."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from adapters.store.tables import Transfer
from adapters.terminal.chat import MAX_GREETING_LINES, Session
from adapters.terminal.screen import ScreenGone, Suggestions
from core.errors import BadInput, BooksUnavailable, BooksUncertain
from core.models import PRACTICE
from core.money import format_exact
from core.operations import Operation
from tests.adapters.terminal.house import DEMO, PRICE_NANOS, House, open_house
from tests.fakes import a_model

ROOT = Path(__file__).parents[3]
REAL_TEAM = Session("acme", replace(DEMO.defaults, name="Acme", demo=False), demo=False, operator=False)


async def test_the_first_run_greets_and_the_second_one_knows(sqlite_url: str) -> None:
    for first in ("Welcome to Chipin. A demo team was made for you, with $5.00", "Welcome back to Chipin: Demo team."):
        async with open_house(sqlite_url) as house, house.terminal() as terminal:
            await terminal.screen.ready()
            greeting = terminal.screen.shown().splitlines()
            assert greeting[0].startswith(first)
            assert greeting[1:] == ["Model: a test.", "Database: a file.", "Type a question, or /help."]
            assert terminal.screen.prompt == "you> "


async def test_the_greeting_is_short_whatever_there_is_to_tell(sqlite_url: str) -> None:
    session = replace(DEMO, greeting=tuple(f"Note {number}." for number in range(20)))
    async with open_house(sqlite_url) as house, house.terminal(session) as terminal:
        await terminal.screen.ready()
        assert len(terminal.screen.shown().splitlines()) == MAX_GREETING_LINES


async def test_the_balance_falls_by_exactly_the_price(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "Team wallet: $5.00.\n" in await terminal.says("/balance")
        assert "$5.00 -> $10.00. No card was charged; your company pays" in await terminal.says("/topup 5")
        answer = await terminal.says("what is a deadlock?")
        assert answer.startswith("It depends.\n\n0.018 cents · Test Model · charged $0.000180000 · /details\n")
        assert f"(exactly {format_exact(10_000_000_000 - PRICE_NANOS)})" in await terminal.says("/balance")


async def test_details_are_of_the_speakers_own_last_answer(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "no answer of yours yet" in await terminal.says("/details")
        await terminal.says("why?")
        assert "test-model: 100 tokens in, 20 out · charged $0.000180000\n" in await terminal.says("/details")
        await terminal.says("/as Anna")
        assert "no answer of yours yet" in await terminal.says("/details")


async def test_usage_counts_asks_and_names_models(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "nothing asked yet." in await terminal.says("/usage")
        await terminal.says("why?")
        await terminal.says("/as Anna")
        await terminal.says("why?")
        assert re.search(
            r"You, .*: 1 ask for 0.018 cents\. .*\n  Test Model: 1 ask, 0.018 cents █+\n$",
            await terminal.says("/usage"),
        )
        await terminal.says("/as you")
        assert "The team, since" in (team := await terminal.says("/usage"))
        assert "2 asks for 0.036 cents." in team


async def test_models_with_none_connected(sqlite_url: str) -> None:
    async with open_house(sqlite_url, models=()) as house, house.terminal() as terminal:
        assert "No model is connected yet." in await terminal.says("/models")
        assert "No provider is connected yet." in await terminal.says("why?")


async def test_a_model_is_chosen_by_name(sqlite_url: str) -> None:
    models = (a_model(), a_model(id="other", title="Other One"))
    async with open_house(sqlite_url, models=models) as house, house.terminal() as terminal:
        assert "· Other One ·" in await terminal.says("/ask --model other why?")
        assert "you asked for Other One" in await terminal.says("/details")
        assert 'There is no model "nope" here.' in await terminal.says("/ask --model nope why?")


async def test_budget_for_practice_is_said_to_be_practice_money(sqlite_url: str) -> None:
    async with open_house(sqlite_url, provider=PRACTICE) as house, house.terminal() as terminal:
        assert "$5.00 -> $10.00. It is practice money." in await terminal.says("/topup 5")


@pytest.mark.parametrize("typed", ["25 euros", "1 000", "-5", "0", "0.99", "NaN", "٣", "", "$"])
async def test_an_amount_is_never_guessed(typed: str, sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "Recorded" not in await terminal.says(f"/topup {typed}")
        assert "Team wallet: $5.00." in await terminal.says("/balance")


async def test_an_unusual_top_up_waits_for_yes_and_is_recorded_once(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        asked = await terminal.says("/topup 500 new year")
        assert "It would take the wallet from $5.00 to $505.00. Nothing is recorded yet: /yes records it." in asked
        assert "Team wallet: $5.00." in await terminal.says("/balance")
        assert "$5.00 -> $505.00" in await terminal.says("/yes")
        assert "There is nothing to agree to." in await terminal.says("/yes")
        assert "Team wallet: $505.00." in await terminal.says("/balance")


async def test_nobody_agrees_for_somebody_else(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/topup 500")
        await terminal.says("/as Anna")
        assert "There is nothing to agree to." in await terminal.says("/yes")
        await terminal.says("/as you")
        assert "$5.00 -> $505.00" in await terminal.says("/yes")


async def test_undo_takes_the_last_top_up_back(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/topup 5")
        assert "The top-up of $5.00 is undone. The team wallet has $5.00 now." in await terminal.says("/undo")


async def test_a_plain_member_changes_no_budget_and_no_limit(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "You speak as Anna now, a plain member. /as you goes back." in await terminal.says("/as Anna")
        assert terminal.screen.prompt == "Anna> "
        assert "Only admins" in await terminal.says("/topup 5")
        assert "Only admins" in await terminal.says("/undo")
        assert "Only admins" in await terminal.says("/limit everyone 50")
        assert "  $5.00 a month, nothing used, starts anew on" in await terminal.says("/limit")
        assert "Team wallet: $5.00." in await terminal.says("/balance")


async def test_a_new_limit_counts_at_once(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/as Bo Li")
        await terminal.says("/as you")
        assert "Bo Li: $0.00 a month (nothing was set before).\n" in await terminal.says("/limit bo li 0")
        assert "Bo Li: $0.00 a month (a limit of their own)" in await terminal.says("/limit")
        await terminal.says("/as bo li")
        assert "/request asks the admins for more. Not charged." in await terminal.says("why?")
        assert house.provider.calls == []


@pytest.mark.parametrize("typed", ["5", "nobody", "nobody 5", "everyone much"])
async def test_a_limit_that_is_not_understood_changes_nothing(typed: str, sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "Nothing was changed." in await terminal.says(f"/limit {typed}")
        assert "you: $5.00 a month (the team limit)" in await terminal.says("/limit")


@pytest.mark.parametrize("name", ["", "x" * 41, "/quit", "everyone", "Operator", "a\x00b", "a\x1b[31m"])
async def test_a_name_that_would_mislead_is_refused(name: str, sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "You speak as" not in await terminal.says(f"/as {name}")
        assert terminal.screen.prompt == "you> "


async def test_you_stays_the_admin_in_any_spelling(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "You speak as you now, an admin." in await terminal.says("/as YOU")


async def test_every_command_is_told_of(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        everything, of_admins = await terminal.says("/help"), await terminal.says("/admin")
    for page, shown in (("terminal.md", everything), ("admins.md", of_admins)):
        told = set(re.findall(r"`(/\w+(?: [a-z]+)?)", (ROOT / "docs" / page).read_text()))
        told |= {command.partition(" ")[0] for command in told}
        assert set(re.findall(r"^  (/\w+(?: [a-z]+)?)", shown, re.MULTILINE)) - told == set(), page


async def test_an_unknown_command_is_never_asked(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "Did you mean /balance?" in await terminal.says("/balnce")
        assert house.provider.calls == []


async def test_help_lists_every_command(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        shown = await terminal.says("/help")
        names = re.findall(r"^  (/\w+)", shown, re.MULTILINE)
        asking = ["/ask", "/price", "/yes", "/cheaper", "/remove", "/send", "/new"]
        after = ["/stop", "/details", "/better", "/again", "/good", "/bad"]
        money = ["/balance", "/usage", "/topup", "/undo", "/limit"]
        for_all = [name for name in names if name != "/admin"]  # what admins can do has tests of its own
        more = ["/request", "/run", "/requests", "/approve", "/half", "/deny"]
        mine = ["/link", "/unlink", "/mydata", "/forget"]
        admins, played = ["/freeze", "/unfreeze", "/export", "/audit"], ["/as", "/left", "/back"]
        assert for_all == [
            *asking,
            *after,
            *money,
            *more,
            "/models",
            "/routing",
            *admins,
            *mine,
            *played,
            "/help",
            "/quit",
        ]
        assert re.findall(r"^(\w.*)", shown.split("help.\n")[1], re.MULTILINE) == [
            "Asking",
            "After an answer",
            "Money",
            "Asking for more",
            "Models",
            "Admins",
            "What is known of you",
            "This chat",
        ]
        assert all(len(line) <= 100 for line in shown.splitlines())


async def test_every_command_stands_in_the_page_about_the_terminal(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        names = re.findall(r"^  (/\w+)", await terminal.says("/help"), re.MULTILINE)
    rows = [line for line in (ROOT / "docs/terminal.md").read_text().splitlines() if line.startswith("| `")]
    assert set(names) == {name for row in rows for name in re.findall(r"`(/\w+)", row)}


async def test_completion_offers_commands_models_and_names(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/as Anna")
        suggest = terminal.screen.suggest
        assert suggest is not None
        assert suggest("/as a") == Suggestions(1, ("Anna",))
        assert suggest("/limit e").words == ("everyone",)
        assert suggest("/ask --m").words == ("--model",)
        assert suggest("/ask --model te").words == ("test-model",)
        assert suggest("/ask --model test-model wh").words == ()


async def test_an_empty_line_is_nothing(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        terminal.screen.shown()
        assert await terminal.says("   ") == ""


async def test_quit_leaves(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        terminal.screen.type("/quit")
        await terminal.ended()


async def test_a_line_that_is_too_long_is_said_and_the_next_one_works(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "longer than 10 bytes" in await terminal.says(BadInput("That line is longer than 10 bytes."))
        assert "Team wallet" in await terminal.says("/balance")


@pytest.mark.parametrize("line", ["/topup 5", "why?", "/limit everyone 5"])
async def test_books_that_cannot_be_reached_are_a_sentence(
    line: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unavailable(_: object, operation: Operation[object]) -> None:
        raise BooksUnavailable("The database is locked.")

    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        with monkeypatch.context() as patch:
            patch.setattr(type(house.store.books), "apply", unavailable)
            assert "The database is locked. Not charged. Try again in a minute." in await terminal.says(line)
        assert "Team wallet: $5.00." in await terminal.says("/balance")


async def test_what_may_be_recorded_is_not_told_as_not_charged(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def uncertain(_: object, operation: Operation[object]) -> None:
        raise BooksUncertain("Not known yet.")

    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        with monkeypatch.context() as patch:
            patch.setattr(type(house.store.books), "apply", uncertain)
            shown = await terminal.says("/topup 5")
    assert "Not known yet." in shown
    assert "Not charged" not in shown


async def test_a_reader_who_leaves_ends_the_chat_quietly(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()

        def gone(_: str) -> None:
            raise ScreenGone

        terminal.screen.on_write = gone
        terminal.screen.type("why?")
        await terminal.ended()


async def test_the_terminal_of_a_real_team_is_the_operators(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house:
        async with house.terminal(replace(REAL_TEAM, operator=True)) as terminal:
            await terminal.screen.ready()
            assert "Welcome to Chipin: Acme." in terminal.screen.shown()
            assert terminal.screen.prompt == "operator> "
            assert "No card was charged; your company pays" in await terminal.says("/topup 5")
            assert 'There is no command "/as".' in await terminal.says("/as Anna")
        assert await _actors(house) == ["operator"]


async def _actors(house: House) -> list[str]:
    async with house.store.snapshot() as session:
        return [transfer.actor for transfer in (await session.exec(select(Transfer))).all()]
