"""Rights that Slack took away a moment ago are gone at once, even where it told nobody that they are."""

import asyncio

import pytest

from adapters.slack import home
from adapters.slack.listeners.agent_view import NOT_YOURS
from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.end_to_end.slack.test_home import opened, shows
from tests.end_to_end.slack.test_typed import types
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.waiting import until


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "DEBOUNCE_SECONDS", 0.01)
    monkeypatch.setattr(home, "PACE_SECONDS", 0.01)


async def no_admin_any_more(house: SlackHouse) -> None:
    """Anna asked a moment ago, so that what Slack said of her is remembered; then she lost her rights."""
    await types(house, "/request 7 big migration", BEN)
    await types(house, "/ask --here why?", BEN)
    assert "big migration" in await types(house, "/chipin requests", ANNA)
    assert "The team, since" in await types(house, "/usage", ANNA)
    user = house.slack.workspace.users[ANNA]
    user.admin = user.owner = False


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("/chipin requests", "big migration"),
        ("/usage", "The team, since"),
        ("/chipin audit", "anna"),
        ("/chipin admin policy", "month"),
        ("/chipin routing", "auto"),
        ("/topup 25", "Recorded $25"),
        ("/chipin freeze", "is paused"),
    ],
)
async def test_what_admins_alone_may_see_and_do(
    line: str, secret: str, sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await no_admin_any_more(house)
        assert secret not in await types(house, line, ANNA)


async def test_home_shows_no_wallet_any_more(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await no_admin_any_more(house)
        await opened(house, ANNA)
        text = await shows(house, ANNA, "Your month")
        assert "Team wallet" not in text and "big migration" not in text
        await until(lambda: not house.chat._homes._publishing)


async def test_somebody_elses_answer_is_not_stopped_any_more(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    opened = asyncio.Event()
    async with chipin_in(slack, sqlite_url, server) as house:
        await no_admin_any_more(house)
        server.answer_with(gate(opened))
        asked = (await house.feed.mention("why?", user=BEN, channel=GENERAL)).message
        assert asked is not None
        await house.feed.session_stopped(GENERAL, asked.ts, ANNA)
        await until(lambda: NOT_YOURS in "".join(slack.text_of(each) for each in slack.ephemerals(ANNA)))
        opened.set()
        await house.quiet()
