"""One running Chipin in Slack: wired as in production, with the Slack of tests/slack and a provider on real sockets."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from adapters.slack.app import SlackChat
from bot.http import serving
from bot.settings import Settings
from bot.slack import slack_chat, slack_endpoints
from bot.wiring import App, wire
from core.defaults import MEMBER_MONTH_LIMIT_NANOS
from core.membership import TeamDefaults
from core.operations import Welcome
from core.operator_lists import LetIn
from core.people import Asker, Identity, Member
from core.ports import Clock
from tests.end_to_end import booked
from tests.end_to_end.house import settings_for
from tests.fakes import FakeDrawing
from tests.provider_server import ProviderServer
from tests.slack.feed import Feed, HttpFeed, SocketFeed
from tests.slack.server import FakeSlack
from tests.slack.state import Message
from tests.waiting import until

TRANSPORTS = ("socket", "http")
ANNA, BEN = "U1ANNA", "U2BEN"
GENERAL = "C1GENERAL"
UNHURRIED_SECONDS = 60.0
"""How long a claim and its acknowledgement may take on a busy machine, where a test is not about that."""


@dataclass(frozen=True, slots=True)
class SlackHouse:
    """Chipin in Slack. Anna looks after the workspace, Ben is a member; both are in #general, and so is the bot."""

    app: App
    chat: SlackChat
    slack: FakeSlack
    feed: Feed
    provider: ProviderServer

    async def member(self, user: str) -> Member | None:
        """Whom the books know by that Slack user."""
        return await self.app.use_cases.membership._people.find(Identity("slack", self.slack.team_id, user, ""))

    async def top_up(self, nanos: int = 1_000_000_000) -> None:
        """Put budget into the team's wallet, which is made when somebody first speaks."""
        anna = await self.member(ANNA)
        assert anna is not None
        await booked.top_up(self.app, anna, f"top-up {self.slack.numbers.id('N')}", nanos)

    async def requests(self) -> list[Mapping[str, Any]]:
        """What was asked, as the books have it."""
        return await booked.requests_of(self.app)

    async def charged_nanos(self) -> int:
        """What all asks together cost the team."""
        return await booked.charged_nanos(self.app)

    async def quiet(self) -> None:
        """Until nothing runs any more: no ask, and nothing in the background of the chat."""
        await until(lambda: not self.app.use_cases.asks.running and self.chat.tasks.idle)

    def answers(self, channel: str = GENERAL) -> list[Message]:
        """What the bot said in a channel, threads included."""
        return [each for each in self.slack.messages(channel) if each.user == self.slack.bot_user_id]


async def open_house(
    settings: Settings, slack: FakeSlack, transport: str, clock: Clock | None
) -> AsyncIterator[tuple[App, SlackChat, Feed]]:
    """The process, and the way in to it."""
    async with wire(settings, practice=False, clock=clock, drawing=FakeDrawing()) as app:
        chat = slack_chat(app)
        running = asyncio.create_task(chat.run())
        try:
            async with serving(app, slack_endpoints(chat)) as port:
                if transport == "socket":
                    await slack.sockets.connected()
                    yield app, chat, SocketFeed(slack, patience_seconds=UNHURRIED_SECONDS)
                else:
                    address = f"http://127.0.0.1:{port}/slack/events"
                    async with HttpFeed(slack, address, patience_seconds=UNHURRIED_SECONDS) as feed:
                        yield app, chat, feed
        finally:
            chat.leave()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def a_slack() -> AsyncIterator[FakeSlack]:
    """A Slack with Anna, Ben and #general; nothing that was sent to it broke a limit."""
    async with FakeSlack() as slack:
        slack.add_user(ANNA, "anna", admin=True, owner=True)
        slack.add_user(BEN, "ben")
        slack.add_channel(GENERAL, "general", [ANNA, BEN])
        yield slack
        assert slack.violations == [], slack.violations


@asynccontextmanager
async def chipin_in(
    slack: FakeSlack,
    database_url: str,
    provider: ProviderServer,
    *,
    transport: str = "socket",
    nanos: int = 1_000_000_000,
    clock: Clock | None = None,
    welcomed: bool = True,
    settings: Mapping[str, Any] | None = None,
    **numbers: Any,
) -> AsyncIterator[SlackHouse]:
    """A running process. `nanos` in the wallet, unless it is 0: then nobody has spoken yet. `numbers` as of an ask.

    `welcomed`: Anna and Ben were told before what asking means. At the end the books balance and nothing is held.
    """
    given: dict[str, Any] = {
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_api_url": slack.api_url,
        "http_port": 0,
    }
    given |= (
        {"slack_app_token": SecretStr(slack.app_token)}
        if transport == "socket"
        else {"slack_signing_secret": SecretStr(slack.signing_secret)}
    )
    chosen = settings_for(database_url, provider.base_url, **numbers).model_copy(update=given | dict(settings or {}))
    opening = asynccontextmanager(open_house)(chosen, slack, transport, clock)
    async with opening as (app, chat, feed):
        house = SlackHouse(app, chat, slack, feed, provider)
        if nanos:
            await _move_in(house, welcomed=welcomed)
            await house.top_up(nanos)
        yield house
        await house.quiet()
        await booked.assert_books_balance(app)


async def _move_in(house: SlackHouse, *, welcomed: bool) -> None:
    """Anna and Ben are known, as if each had spoken before."""
    home, membership = house.slack.workspace, house.app.use_cases.membership
    defaults = TeamDefaults(home.name, "UTC", MEMBER_MONTH_LIMIT_NANOS, let_in=LetIn.ALWAYS)
    for user, name in ((ANNA, "anna"), (BEN, "ben")):
        identity = Identity("slack", home.team_id, user, name)
        member, _ = await membership.member(identity, defaults, admin=False, asker=Asker(admin=user == ANNA))
        if welcomed:
            team = member.team
            op = Welcome(id=f"welcome {user}", wallet_id=team.wallet_id, team_id=team.id, member_id=member.id)
            await house.app.store.books.apply(op)
