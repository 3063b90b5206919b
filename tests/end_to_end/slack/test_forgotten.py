"""Who is forgotten on Slack is not brought back by what Chipin does on its own: Home, a restart, a card."""

import pytest

from adapters.slack import home
from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.end_to_end.slack.test_home import opened, shows
from tests.end_to_end.slack.test_typed import last, types
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.waiting import until


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "DEBOUNCE_SECONDS", 0.01)
    monkeypatch.setattr(home, "PACE_SECONDS", 0.01)


async def forgets(house: SlackHouse, user: str) -> None:
    """They have themselves forgotten."""
    await types(house, "/chipin forget", user)
    assert (await house.feed.press("agree", user=user, on=last(house, user))).ok
    await house.quiet()


async def test_an_open_home_shows_nothing_of_them_any_more_and_does_not_know_them_again(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await house.feed.mention("why?", user=BEN, channel=GENERAL)
        await house.quiet()
        await opened(house, BEN)
        await shows(house, BEN, "Your month")
        await forgets(house, BEN)
        await shows(house, BEN, home.NOT_KNOWN)
        assert await house.member(BEN) is None
        assert house.chat._people.name(slack.team_id, BEN) == ""
        await types(house, "/topup 25", ANNA)  # shown to everybody who has their Home open
        await house.quiet()
        assert await house.member(BEN) is None
        await opened(house, BEN)
        await shows(house, BEN, "Your month")  # who comes back is welcome
        await until(lambda: not house.chat._homes._publishing)


async def test_an_admin_whom_the_operator_named_stays_forgotten_after_a_restart(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    named = {"admins": f"slack:{slack.team_id}/{ANNA}"}
    async with chipin_in(slack, sqlite_url, server, settings=named) as house:
        await forgets(house, ANNA)
        assert await house.member(ANNA) is None
    async with chipin_in(slack, sqlite_url, server, nanos=0, settings=named) as house:
        await until(lambda: bool(house.chat.workspaces.reachable))
        await house.quiet()
        assert await house.member(ANNA) is None
