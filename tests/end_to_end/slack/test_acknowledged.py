"""Slack hears at once that something arrived, whatever stands still behind it; a question only once it is safe."""

import asyncio

import pytest

from adapters.slack import events
from tests.end_to_end.slack.house import BEN, GENERAL, chipin_in
from tests.end_to_end.slack.locks import locked
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack

MANY = 50


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery waits for its claim as long as it has to be shown that it does not wait longer."""
    monkeypatch.setattr(events, "CLAIM_SECONDS", 0.05)


async def test_commands_are_acknowledged_while_provider_and_database_stand_still(
    empty_sqlite_books_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    """All at once: each acknowledgement comes before anything is written, asked of Slack for, or answered."""
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with chipin_in(slack, empty_sqlite_books_url, server, transport=transport) as house:
        calls = len(slack.calls)
        with locked(empty_sqlite_books_url):
            heard = await asyncio.gather(
                *(house.feed.command("/ask", f"--here question {n}", user=BEN, channel=GENERAL) for n in range(MANY))
            )
            assert [each.ok for each in heard] == [True] * MANY
            assert not server.calls and not await house.requests()
        opened.set()
        later = [call.order for call in slack.calls[calls:]]
        assert not later or min(later) > min(each.order for each in heard)


async def test_a_command_that_waited_for_the_database_is_answered_once(
    empty_sqlite_books_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, empty_sqlite_books_url, server, transport=transport) as house:
        with locked(empty_sqlite_books_url):
            assert (await house.feed.command("/ask", "--here why?", user=BEN, channel=GENERAL)).ok
        await house.quiet()
        assert len(server.calls) == 1
        assert [each["state"] for each in await house.requests()] == ["settled"]


@pytest.mark.usefixtures("quickly")
async def test_a_question_is_acknowledged_only_once_it_stands_in_the_books(
    empty_sqlite_books_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    """The first copy cannot be claimed, so Slack delivers it again: answered once, paid once."""
    async with chipin_in(slack, empty_sqlite_books_url, server, transport=transport) as house:
        patience, house.feed.patience_seconds = house.feed.patience_seconds, 0.2
        with locked(empty_sqlite_books_url):
            first = await house.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
            assert not first.ok
            assert not await house.requests()
        house.feed.patience_seconds = patience
        await house.quiet()  # Slack delivers it again a moment later
        copies = [await house.feed.again(first, retry=number) for number in (1, 2)]
        await house.quiet()
        assert [each.ok for each in copies] == [True, True]
        assert len(server.calls) == len(house.answers()) == len(await house.requests()) == 1


async def test_a_question_is_acknowledged_while_its_answer_is_far_away(
    empty_sqlite_books_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with chipin_in(slack, empty_sqlite_books_url, server, transport=transport) as house:
        heard = await house.feed.dm("what is a deadlock?", user=BEN)
        assert heard.ok and not opened.is_set()
        assert [each["state"] for each in await house.requests()] != ["settled"]
        opened.set()
        await house.quiet()
        assert len(server.calls) == 1
