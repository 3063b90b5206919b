"""Homes are published one after the other, at Slack's pace, for those who look at them; never in anybody's way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
import pytest_asyncio

from adapters.slack import home
from adapters.slack.api import SlackApi, web_client
from adapters.slack.home import DEBOUNCE_SECONDS, OPEN_SECONDS, PACE_SECONDS, Homes
from adapters.slack.people import People
from adapters.slack.workspaces import OneWorkspace
from core.tasks import Tasks
from tests.adapters.terminal.house import open_house
from tests.fakes import FakeClock, fail
from tests.slack.server import FakeSlack
from tests.waiting import until

USERS = [f"U{number}" for number in range(1, 6)]


class NotingClock(FakeClock):
    """Remembers how long was slept; time goes on at once."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await super().sleep(seconds)


@dataclass
class House:
    slack: FakeSlack
    homes: Homes
    clock: NotingClock = field(default_factory=NotingClock)

    async def open(self, user: str) -> None:
        body = {"team_id": self.slack.team_id, "event": {"type": "app_home_opened", "user": user, "tab": "home"}}
        await self.homes.opened(body)

    async def quiet(self) -> None:
        await until(lambda: not self.homes._publishing)

    @property
    def published(self) -> list[str]:
        return [call.fields["user_id"] for call in self.slack.calls_of("views.publish")]


@pytest_asyncio.fixture
async def house(sqlite_url: str) -> AsyncIterator[House]:
    async with FakeSlack() as slack, aiohttp.ClientSession() as session, open_house(sqlite_url) as books:
        clock = NotingClock()
        for user in USERS:
            slack.add_user(user, user.lower())
        workspaces = OneWorkspace(SlackApi(web_client(slack.api_url, slack.bot_token, session=session), clock))
        homes = Homes(
            books.use_cases,
            workspaces,
            People(books.use_cases.membership, books.use_cases.departures, Tasks(fail), clock),
            clock,
        )
        yield House(slack, homes, clock)
        await homes.end()
        assert slack.violations == []


async def test_changes_in_quick_succession_are_shown_once(house: House) -> None:
    await house.open("U1")
    await house.quiet()
    for _ in range(10):
        house.homes.changed(house.slack.team_id, "U1")
    await house.quiet()
    assert house.published == ["U1", "U1"]
    assert house.clock.slept[0] == pytest.approx(max(DEBOUNCE_SECONDS, PACE_SECONDS))


async def test_nobody_is_shown_what_they_do_not_look_at(house: House) -> None:
    house.homes.changed(house.slack.team_id, "U1")
    house.homes.changed(house.slack.team_id)
    await house.quiet()
    await house.open("U2")
    house.homes.changed("T0OTHER")
    house.homes.changed(house.slack.team_id, "U1")
    await house.quiet()
    assert house.published == ["U2"]
    house.clock.advance(OPEN_SECONDS + 1)
    house.homes.changed(house.slack.team_id)
    await house.quiet()
    assert house.published == ["U2"]


async def test_many_in_one_workspace_come_at_a_pace_that_slack_takes(house: House) -> None:
    house.slack.enforce_rates = True
    await asyncio.gather(*map(house.open, USERS))
    await house.quiet()
    house.homes.changed(house.slack.team_id)
    await house.quiet()
    assert sorted(house.published) == sorted(USERS * 2)
    assert sum(house.clock.slept) >= PACE_SECONDS * (len(USERS) * 2 - 1) - 0.001


async def test_the_longest_open_are_let_go_first(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "MOST_OPEN", 2)
    for user in "U1", "U2", "U3":
        await house.open(user)
        await house.quiet()
    house.homes.changed(house.slack.team_id)
    await house.quiet()
    assert sorted(house.published[3:]) == ["U2", "U3"]


async def test_a_later_that_slack_says_is_waited_for(house: House) -> None:
    house.slack.fail("views.publish", retry_after=30, times=1)
    await house.open("U1")
    await house.quiet()
    assert house.published == ["U1", "U1"]
    assert any(seconds == pytest.approx(30) for seconds in house.clock.slept)
    assert house.slack.home("U1") is not None


@pytest.mark.parametrize("error", ["not_enabled", "fatal_error", "invalid_auth"])
async def test_what_slack_does_not_take_hurts_nobody(house: House, error: str) -> None:
    house.slack.fail("views.publish", error=error, times=1)
    await house.open("U1")
    await house.quiet()
    assert house.slack.home("U1") is None
    await house.open("U1")
    await house.quiet()
    assert house.slack.home("U1") is not None
