"""Who may do what, played at the terminal: admins, guests, who left, pauses, and what was done."""

import re
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.adapters.terminal.house import House, open_house
from tests.adapters.terminal.script import Terminal

ANSWERED = "It depends."


@pytest_asyncio.fixture
async def house(sqlite_url: str) -> AsyncIterator[House]:
    async with open_house(sqlite_url) as house:
        yield house


@pytest_asyncio.fixture
async def terminal(house: House) -> AsyncIterator[Terminal]:
    async with house.terminal() as terminal:
        yield terminal


async def asks(terminal: Terminal, who: str) -> str:
    """What somebody reads who asks; their first ask is preceded by what asking means."""
    await terminal.says(f"/as {who}")
    return await terminal.says("why?")


async def test_an_admin_makes_and_unmakes_another(terminal: Terminal) -> None:
    await terminal.says("/as Ben")
    assert await terminal.says("/admin add Ben") == (
        "Only admins of the team can change who is one. Nothing was changed.\n"
    )
    await terminal.says("/as you")
    assert 'There is no member "Bob". Members: Ben, you.' in await terminal.says("/admin add Bob")
    assert await terminal.says("/admin add ben") == "Ben is an admin now.\n"
    assert await terminal.says("/admin list") == "Ben: made one here\nyou: made one here\n"
    assert await terminal.says("/as Ben") == "You speak as Ben now, an admin. /as you goes back.\n"
    assert await terminal.says("/admin remove you") == "you is no admin any more.\n"
    assert (await terminal.says("/admin remove Ben")).startswith("Ben is the last admin: nobody could change anything")


async def test_what_the_platform_gives_is_changed_there(terminal: Terminal) -> None:
    assert "You speak as Olga now, an admin" in await terminal.says("/as Olga @owner")
    await terminal.says("/as you")
    assert "Olga: the platform says so" in await terminal.says("/admin list")
    assert await terminal.says("/admin remove Olga") == (
        "Olga is an admin all the same: their platform says so; that is changed there. Nothing changed.\n"
    )
    assert "a plain member" in await terminal.says("/as Olga @member")
    assert "Olga" not in await terminal.says("/admin list")


async def test_guests_ask_once_an_admin_lets_them(terminal: Terminal) -> None:
    assert "a guest" in await terminal.says("/as Gil @guest")
    assert "Guests may not ask here until an admin lets them: /admin allow guests. Not charged." in await terminal.says(
        "why?"
    )
    await terminal.says("/as you")
    assert "may ask" in await terminal.says("/admin allow guests")
    assert ANSWERED in await asks(terminal, "Gil @guest")
    await terminal.says("/as you")
    await terminal.says("/admin deny Gil")
    said = await asks(terminal, "Gil @guest")
    assert "You may not ask here: you set that for you." in said and ANSWERED not in said


async def test_a_role_is_let_in_and_shut_out(terminal: Terminal) -> None:
    await terminal.says("/admin deny everyone")
    await terminal.says("/admin allow @design")
    assert "You may not ask here" in await asks(terminal, "Ben")
    assert ANSWERED in await asks(terminal, "Ben @design")


async def test_who_left_asks_no_more_until_they_are_back(terminal: Terminal) -> None:
    assert ANSWERED in await asks(terminal, "Ben")
    assert await terminal.says("/left Ben") == "Ben has left now.\n"
    assert "This account has left, says its platform, so it cannot ask." in await terminal.says("why?")
    await terminal.says("/as you")
    assert await terminal.says("/admin restore Ben") == (
        "Ben can ask again, by every account of theirs that its platform does not say has left.\n"
    )
    assert await terminal.says("/admin restore Ben") == "Ben had not left; nothing changed.\n"
    assert "This account has left" in await asks(terminal, "Ben")
    assert await terminal.says("/back ben") == "ben is back now.\n"
    assert ANSWERED in await asks(terminal, "Ben")
    assert "Nobody called Zoe is here" in await terminal.says("/left Zoe")


async def test_pauses_say_who_made_them_and_why(terminal: Terminal) -> None:
    await terminal.says("/as Ben")
    assert "Only admins of the team can pause asking" in await terminal.says("/freeze")
    await terminal.says("/as you")
    assert (await terminal.says("/freeze Ben the budget is gone")).startswith("Ben of Demo team: asking is paused.\n")
    assert 'There is no member "Bob"' in await terminal.says("/freeze Bob please")
    listed = await terminal.says("/admin list")
    assert re.search(r"Asking is paused for Ben by you since .*: the budget is gone\.\n", listed)
    assert "Asking is paused for you by an admin" in await asks(terminal, "Ben")
    await terminal.says("/as you")
    assert await terminal.says("/unfreeze Ben") == "Ben of Demo team: asking goes on.\n"
    await terminal.says("/freeze")
    assert "Asking is paused for this team by an admin" in await asks(terminal, "Ben")


async def test_the_last_acts_are_told_in_words_to_admins_only(terminal: Terminal) -> None:
    await terminal.says("/as Ben")
    assert await terminal.says("/audit") == "Only admins of the team can see what was done in it.\n"
    await terminal.says("/as you")
    for typed in ("/topup 7 for November", "/admin allow @design", "/freeze Ben", "/unfreeze Ben", "/admin add Ben"):
        await terminal.says(typed)
    told = [line.partition("): ")[2] for line in (await terminal.says("/audit")).splitlines()]
    assert told == [
        "You made Ben an admin.",
        "You let Ben ask again.",
        "You paused asking for Ben.",
        "You set for @design: may ask.",
        "You recorded $7.00 of budget: for November.",
        "Chipin recorded $5.00 of budget: practice budget of the demo team.",
    ]
