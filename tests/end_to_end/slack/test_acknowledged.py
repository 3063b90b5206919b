"""Slack hears at once that something arrived, whatever stands still behind it; a question only once it is safe."""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from adapters.slack import app
from adapters.slack.listeners import events
from adapters.slack.table import CHIPIN, TABLE
from core import tasks
from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, chipin_in
from tests.end_to_end.slack.locks import locked
from tests.end_to_end.slack.test_budget import balance
from tests.end_to_end.slack.test_typed import acknowledged, last, types
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.slack.state import ShownView

MANY = 20


async def test_commands_are_acknowledged_while_provider_and_database_stand_still(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, each_transport: str
) -> None:
    """All at once: each acknowledgement comes before anything is written, told by Slack, or answered."""
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with chipin_in(slack, sqlite_url, server, transport=each_transport) as house:
        before = len(slack.calls)
        with locked(sqlite_url):
            waiting = slack.fail("*", stall="before")
            heard = await asyncio.gather(
                *(house.feed.command("/ask", f"--here question {n}", user=BEN, channel=GENERAL) for n in range(MANY))
            )
            assert [each.ok for each in heard] == [True] * MANY
            assert not server.calls and not await house.requests()
            assert all(not call.taken for call in slack.calls[before:])
            waiting.release()
        opened.set()
        await house.quiet()
        assert len(await house.requests()) == MANY


ALTERNATIVES = re.compile(r"\^(?P<before>[^(]*)\((?:\?:)?(?P<names>[^()]*)\)(?:\(\?:[^()]*\)\?)?\$")
"""The patterns that are registered: names of which one must match, with something optional behind it."""


def names_of(constraints: list[str | re.Pattern[str]]) -> list[str]:
    """What is listened to, each by its name."""
    names = []
    for each in constraints:
        if isinstance(each, str):
            names.append(each)
            continue
        read = ALTERNATIVES.fullmatch(each.pattern)
        assert read is not None, each.pattern
        found = [re.sub(r"\\(.)", r"\1", read["before"] + name) for name in read["names"].split("|")]
        assert all(each.fullmatch(name) for name in found), found
        names += found
    return names


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, list[str | re.Pattern[str]]]:
    """What slack-bolt is told to listen to, by kind: command, action, view, shortcut."""
    named: dict[str, list[str | re.Pattern[str]]] = {kind: [] for kind in ("command", "action", "view", "shortcut")}

    def make(**kept: Any) -> AsyncApp:
        made = AsyncApp(**kept)
        for kind, names in named.items():
            monkeypatch.setattr(made, kind, noting(getattr(made, kind), names))
        return made

    monkeypatch.setattr(app, "AsyncApp", make)
    return named


def noting(register: Callable[..., Any], names: list[str | re.Pattern[str]]) -> Callable[..., Any]:
    """The same, with a note of what was named."""

    def registering(constraint: Any, *more: Any, **others: Any) -> Any:
        names.append(constraint)
        return register(constraint, *more, **others)

    return registering


async def test_every_command_press_and_form_is_acknowledged_while_all_stands_still(
    sqlite_url: str,
    server: ProviderServer,
    slack: FakeSlack,
    each_transport: str,
    registered: Mapping[str, list[str | re.Pattern[str]]],
) -> None:
    """Whatever is registered, by its name: with what it says nobody could do anything, so nothing but this happens."""
    async with chipin_in(slack, sqlite_url, server, transport=each_transport) as house:
        feed, named = house.feed, {kind: names_of(names) for kind, names in registered.items()}
        message = slack.say(slack.bot_user_id, GENERAL, "Pressable.")
        before = len(slack.calls)
        forms = [feed.payloads.submission(form(slack, each), BEN, {}) for each in named["view"]]
        behind = [name.removeprefix("/") for commands in TABLE.groups.values() for name in (c.name for c in commands)]
        with locked(sqlite_url):
            waiting = slack.fail("*", stall="before")
            heard = [
                *[await feed.command(name, user=BEN, channel=GENERAL) for name in named["command"]],
                *[await feed.command(CHIPIN, name, user=BEN, channel=GENERAL) for name in behind],
                *[
                    await feed.press(name, user=BEN, on=message, forged={"type": "button", "action_id": name})
                    for name in named["action"]
                ],
                *[await feed.deliver("interactive", each) for each in forms],
                *[await feed.message_shortcut(name, message, user=BEN) for name in named["shortcut"]],
            ]
            assert [each.status for each in heard] == [200] * len(heard)
            assert len(heard) > 50 and all(not call.taken for call in slack.calls[before:])
            waiting.release()
        await house.quiet()
        assert not server.calls and not await house.charged_nanos()


def form(slack: FakeSlack, callback_id: str) -> ShownView:
    """A form that nobody opened, with nothing in it."""
    view = {"type": "modal", "callback_id": callback_id, "blocks": [], "private_metadata": ""}
    return ShownView(slack.numbers.id("V"), BEN, slack.team_id, view, "open", "hash", "")


async def test_a_command_that_waited_for_the_database_is_answered_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, each_transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=each_transport) as house:
        with locked(sqlite_url):
            assert (await house.feed.command("/ask", "--here why?", user=BEN, channel=GENERAL)).ok
        await house.quiet()
        assert len(server.calls) == 1
        assert [each["state"] for each in await house.requests()] == ["settled"]


async def test_a_question_is_acknowledged_only_once_it_stands_in_the_books(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, each_transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first copy cannot be claimed, so Slack delivers it again: answered once, paid once.

    However long both take here, the first copy is not acknowledged while the database is locked.
    """
    async with chipin_in(slack, sqlite_url, server, transport=each_transport) as house:
        patience, house.feed.patience_seconds = house.feed.patience_seconds, 0.2
        with locked(sqlite_url), monkeypatch.context() as hurried:
            hurried.setattr(events, "CLAIM_SECONDS", 0.05)
            first = await house.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
            assert not first.ok
            assert not await house.requests()
        house.feed.patience_seconds = patience
        await house.quiet()
        copies = [await house.feed.again(first, retry=number) for number in (1, 2)]
        await house.quiet()
        assert [each.ok for each in copies] == [True, True]
        assert len(server.calls) == len(house.answers()) == len(await house.requests()) == 1


async def test_what_cannot_be_taken_on_is_not_acknowledged(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, each_transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack says so to whoever pressed, and keeps a form open with what was typed; sent again, it is done once."""
    async with chipin_in(slack, sqlite_url, server, transport=each_transport) as house:
        before = await balance(house)
        await types(house, "/topup", ANNA)
        form = slack.modal(ANNA)
        await types(house, "/topup 500 all", ANNA)
        card = last(house, ANNA)
        assert form is not None
        patience, house.feed.patience_seconds = house.feed.patience_seconds, 0.2
        with monkeypatch.context() as crowded:
            crowded.setattr(tasks, "MOST_TASKS", 0)
            assert not (await house.feed.submit(form, {"amount": "25"})).ok
            assert not (await house.feed.press("agree", user=ANNA, on=card)).ok
            assert not (await house.feed.mention("why?", user=BEN, channel=GENERAL)).ok
            told = await house.feed.command("/topup", "25 all", user=ANNA, channel=GENERAL)
            assert "more to do than it can" in acknowledged(told)
        house.feed.patience_seconds = patience
        await house.quiet()
        assert await balance(house) == before
        assert (await house.feed.submit(form, {"amount": "25"})).ok
        await house.quiet()
        assert await balance(house) == before + 25


async def test_a_question_that_was_let_in_is_asked_however_many_come_behind_it(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        with monkeypatch.context() as crowded:
            crowded.setattr(tasks, "MOST_TASKS", 1)
            assert (await house.feed.command("/ask", "--here why?", user=BEN, channel=GENERAL)).ok
            await house.quiet()
        assert len(server.calls) == 1


async def test_a_question_is_acknowledged_while_its_answer_is_far_away(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, each_transport: str
) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with chipin_in(slack, sqlite_url, server, transport=each_transport) as house:
        heard = await house.feed.dm("what is a deadlock?", user=BEN)
        assert heard.ok and not opened.is_set()
        assert [each["state"] for each in await house.requests()] != ["settled"]
        opened.set()
        await house.quiet()
        assert len(server.calls) == 1
