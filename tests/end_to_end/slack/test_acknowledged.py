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
from tests.end_to_end.slack.house import BEN, GENERAL, chipin_in
from tests.end_to_end.slack.locks import locked
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.slack.state import ShownView

MANY = 50


async def test_commands_are_acknowledged_while_provider_and_database_stand_still(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    """All at once: each acknowledgement comes before anything is written, asked of Slack for, or answered."""
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        calls = len(slack.calls)
        with locked(sqlite_url):
            heard = await asyncio.gather(
                *(house.feed.command("/ask", f"--here question {n}", user=BEN, channel=GENERAL) for n in range(MANY))
            )
            assert [each.ok for each in heard] == [True] * MANY
            assert not server.calls and not await house.requests()
        opened.set()
        later = [call.order for call in slack.calls[calls:]]
        assert not later or min(later) > min(each.order for each in heard)


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
    transport: str,
    registered: Mapping[str, list[str | re.Pattern[str]]],
) -> None:
    """Whatever is registered, by its name: with what it says nobody could do anything, so nothing but this happens."""
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
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
            assert len(heard) > MANY and all(not call.taken for call in slack.calls[before:])
            waiting.release()
        await house.quiet()
        assert not server.calls and not await house.charged_nanos()


def form(slack: FakeSlack, callback_id: str) -> ShownView:
    """A form that nobody opened, with nothing in it."""
    view = {"type": "modal", "callback_id": callback_id, "blocks": [], "private_metadata": ""}
    return ShownView(slack.numbers.id("V"), BEN, slack.team_id, view, "open", "hash", "")


async def test_a_command_that_waited_for_the_database_is_answered_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        with locked(sqlite_url):
            assert (await house.feed.command("/ask", "--here why?", user=BEN, channel=GENERAL)).ok
        await house.quiet()
        assert len(server.calls) == 1
        assert [each["state"] for each in await house.requests()] == ["settled"]


async def test_a_question_is_acknowledged_only_once_it_stands_in_the_books(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first copy cannot be claimed, so Slack delivers it again: answered once, paid once.

    However long both take here, the first copy is not acknowledged while the database is locked.
    """
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
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


async def test_a_question_is_acknowledged_while_its_answer_is_far_away(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        heard = await house.feed.dm("what is a deadlock?", user=BEN)
        assert heard.ok and not opened.is_set()
        assert [each["state"] for each in await house.requests()] != ["settled"]
        opened.set()
        await house.quiet()
        assert len(server.calls) == 1
