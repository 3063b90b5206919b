"""One running Chipin on Discord: wired as in production, with a Discord and a provider of the tests on real sockets."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from adapters.discord.app import DiscordChat
from bot.discord import discord_chat
from bot.wiring import App, wire
from core.defaults import MEMBER_MONTH_LIMIT_NANOS
from core.membership import TeamDefaults
from core.operations import Refused, SetRule, Welcome
from core.operator_lists import LetIn
from core.people import Asker, Identity, Member
from core.policy import ALLOW, Setting, role_target
from core.ports import Clock
from tests.discord.feed import Feed
from tests.discord.people import User
from tests.discord.server import FakeDiscord
from tests.discord.state import Channel, Message
from tests.discord.town import Town
from tests.end_to_end import booked
from tests.end_to_end.house import settings_for
from tests.fakes import FakeDrawing
from tests.provider_server import ProviderServer
from tests.waiting import until

UNHURRIED_SECONDS = 60.0
"""How long an acknowledgement may take on a busy machine, where a test is not about that."""
_HANDED_ON = 5
"""Turns of the loop from discord.py's hearing something to its being in the background of the chat."""


@dataclass(frozen=True, slots=True)
class DiscordHouse:
    """Chipin in the server of that town. The crew may ask, and Ben is of it."""

    app: App
    chat: DiscordChat
    town: Town
    feed: Feed
    provider: ProviderServer

    @property
    def discord(self) -> FakeDiscord:
        """The Discord that it is on."""
        return self.town.discord

    async def member(self, user: User) -> Member | None:
        """Whom the books know by that user."""
        return await self.app.use_cases.membership.known(Identity("discord", self.discord.guild.id, user.id, ""))

    async def top_up(self, nanos: int = 1_000_000_000) -> None:
        """Put budget into the team's wallet, which is made when somebody first speaks."""
        anna = await self.member(self.town.anna)
        assert anna is not None
        await booked.top_up(self.app, anna, f"top-up {self.discord.numbers.snowflake()}", nanos)

    async def requests(self) -> list[Mapping[str, Any]]:
        """What was asked, as the books have it."""
        return await booked.requests_of(self.app)

    async def charged_nanos(self) -> int:
        """What all asks together cost the team."""
        return await booked.charged_nanos(self.app)

    async def heard(self) -> None:
        """Until discord.py has heard everything that was told so far, and handed it on."""
        told = {session: len(session.events) for session in self.discord.gateway.live}
        most = max(told.values(), default=0)
        await until(lambda: max((each.heard for each in self.chat.shards), default=0) >= most)
        for _ in range(_HANDED_ON):
            await asyncio.sleep(0)

    async def quiet(self) -> None:
        """Until everything is heard and nothing runs any more: no ask, and nothing in the background of the chat."""
        await self.heard()
        await until(lambda: not self.app.use_cases.asks.running and self.chat.tasks.idle)

    def answers(self, channel: Channel | None = None) -> list[Message]:
        """What the bot said in a channel for all to see."""
        return self.discord.answers(channel or self.town.general)


async def open_house(
    settings: Any, discord: FakeDiscord, clock: Clock | None
) -> AsyncIterator[tuple[App, DiscordChat]]:
    async with wire(settings, practice=False, clock=clock, drawing=FakeDrawing()) as app:
        assert settings.discord_token is not None
        chat = discord_chat(app, settings.discord_token)
        running = asyncio.create_task(chat.run())
        try:
            await discord.gateway.connected()
            await until(lambda: bool(chat.servers.reachable) or running.done())
            yield app, chat
        finally:
            chat.leave()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def chipin_in(
    town: Town,
    database_url: str,
    provider: ProviderServer,
    *,
    nanos: int = 1_000_000_000,
    clock: Clock | None = None,
    welcomed: bool = True,
    settings: Mapping[str, Any] | None = None,
    **numbers: Any,
) -> AsyncIterator[DiscordHouse]:
    """A running process. `nanos` in the wallet, unless it is 0: then nobody has spoken yet. `numbers` as of an ask.

    `welcomed`: Anna and Ben were told before what asking means. At the end the books balance and nothing is held.
    """
    discord = town.discord
    discord.acknowledge_within_seconds = UNHURRIED_SECONDS
    given: dict[str, Any] = {
        "discord_token": SecretStr(discord.token),
        "discord_api_url": discord.api_url,
        "discord_gateway_url": discord.gateway_url,
    }
    chosen = settings_for(database_url, provider.base_url, **numbers).model_copy(update=given | dict(settings or {}))
    async with asynccontextmanager(open_house)(chosen, discord, clock) as (app, chat):
        house = DiscordHouse(app, chat, town, Feed(discord), provider)
        if nanos:
            await _move_in(house, welcomed=welcomed)
            await house.top_up(nanos)
        yield house
        await house.quiet()
        await booked.assert_books_balance(app)


async def _move_in(house: DiscordHouse, *, welcomed: bool) -> None:
    """Anna and Ben are known, as if each had spoken before, and Anna let the crew ask."""
    town, membership = house.town, house.app.use_cases.membership
    defaults = TeamDefaults(town.discord.guild.name, "UTC", MEMBER_MONTH_LIMIT_NANOS, let_in=LetIn.ALWAYS)
    for user in (town.anna, town.ben):
        identity = Identity("discord", town.discord.guild.id, user.id, user.name)
        member, _ = await membership.member(identity, defaults, admin=False, asker=Asker(admin=user is town.anna))
        if welcomed:
            team = member.team
            op = Welcome(id=f"welcome {user.id}", wallet_id=team.wallet_id, team_id=team.id, member_id=member.id)
            await house.app.store.books.apply(op)
    anna = await house.member(town.anna)
    assert anna is not None
    op_id, team = "the crew may ask", anna.team
    may_ask = SetRule(
        id=op_id,
        wallet_id=team.wallet_id,
        team_id=team.id,
        target=role_target(f"discord:{town.crew.id}"),
        setting=Setting.MAY_ASK,
        value=ALLOW,
        actor=anna.id,
        by_right=True,
    )
    assert not isinstance(await house.app.store.books.apply(may_ask), Refused)
