"""One process on Slack and on Discord, as `run` starts it; people type and read on both."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from adapters.discord.app import DiscordChat
from adapters.slack.app import SlackChat
from bot.http import serving
from bot.run import TeamChats, team_chats
from bot.schedule import scheduled
from bot.stopping import run_all
from bot.wiring import App, wire
from core.people import Identity, Member
from tests.discord.feed import Feed
from tests.discord.people import User
from tests.discord.reading import buttons, text_of
from tests.discord.state import Message
from tests.discord.town import Town
from tests.end_to_end import booked
from tests.end_to_end.house import settings_for
from tests.end_to_end.slack.house import GENERAL
from tests.provider_server import ProviderServer
from tests.slack.feed import SocketFeed
from tests.slack.server import FakeSlack
from tests.waiting import until


@dataclass(frozen=True, slots=True)
class Both:
    """The process; `port` is of its HTTP server."""

    app: App
    chats: TeamChats
    town: Town
    slack: FakeSlack
    port: int

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs any more."""
        chats = [chat for chat in self.chats.all if isinstance(chat, SlackChat | DiscordChat)]
        return not self.app.use_cases.asks.running and all(chat.tasks.idle for chat in chats)

    async def tell(self) -> None:
        """Let each chat tell what is due there, as it does by itself every few seconds."""
        for chat in self.chats.all:
            await self.app.use_cases.notices.run(chat.announcer)

    # --- Slack ---

    async def on_slack(self, line: str, user: str) -> str:
        """Type `/chipin line`; what they alone read then."""
        before = len(self.slack.ephemerals(user))
        feed = SocketFeed(self.slack, patience_seconds=60)
        assert (await feed.command("/chipin", line, user=user, channel=GENERAL)).ok
        await until(lambda: self.is_idle and len(self.slack.ephemerals(user)) > before)
        return "\n".join(map(self.slack.text_of, self.slack.ephemerals(user)[before:]))

    async def slack_says_gone(self, user: str) -> None:
        """Their account is deactivated, and Slack tells it."""
        account = self.slack.workspace.users[user]
        account.deleted = True
        feed = SocketFeed(self.slack, patience_seconds=60)
        assert (await feed.event({"type": "user_change", "user": account.as_json(self.slack.team_id)})).ok
        identity = Identity("slack", self.slack.team_id, user, "")
        async with asyncio.timeout(30):
            while not (await self._member(identity)).gone:  # noqa: ASYNC110 (it is seen in the books alone)
                await asyncio.sleep(0.002)

    async def slack_member(self, user: str) -> Member:
        """Whom the books know by that Slack user."""
        return await self._member(Identity("slack", self.slack.team_id, user, ""))

    # --- Discord ---

    async def on_discord(self, command: str, options: Mapping[str, Any] | None = None, *, user: User) -> Message:
        """Use a command; the newest that they alone read then."""
        typed = await Feed(self.town.discord).command(command, options, user=user, channel=self.town.general)
        await until(lambda: self.is_idle and any(text_of(each) for each in typed.said))
        return [each for each in typed.said if text_of(each)][-1]

    async def presses(self, action: str, on: Message, user: User) -> str:
        """Press what does this; what they read in its place or beside it."""
        pressed = next(each for each in buttons(on) if each["custom_id"].partition(" ")[0] == action)
        before = text_of(on)
        heard = await Feed(self.town.discord).press(on, pressed["custom_id"], user=user)
        await until(lambda: self.is_idle and (text_of(on) != before or bool(heard.followed)))
        return "\n".join([text_of(on), *map(text_of, heard.followed)])

    async def mentions(self, text: str, user: User) -> str:
        """Mention the bot; what they read alone then."""
        discord = self.town.discord
        before = len(discord.answers(discord.direct(user)))
        await Feed(discord).mention(text, user=user, channel=self.town.general)
        await until(lambda: self.is_idle and len(discord.answers(discord.direct(user))) > before)
        return "\n".join(map(text_of, discord.answers(discord.direct(user))[before:]))

    async def discord_member(self, user: User) -> Member:
        """Whom the books know by that Discord user."""
        return await self._member(Identity("discord", self.town.discord.guild.id, user.id, ""))

    async def _member(self, identity: Identity) -> Member:
        found = await self.app.use_cases.membership.known(identity)
        assert found is not None
        return found


@asynccontextmanager
async def on_both(
    town: Town,
    slack: FakeSlack,
    url: str,
    provider: ProviderServer,
    *,
    settings: Mapping[str, Any] | None = None,
    **numbers: Any,
) -> AsyncIterator[Both]:
    """The process as `run` starts it. `numbers` as of an ask. At the end the books balance."""
    given: dict[str, Any] = {
        "discord_token": SecretStr(town.discord.token),
        "discord_api_url": town.discord.api_url,
        "discord_gateway_url": town.discord.gateway_url,
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_app_token": SecretStr(slack.app_token),
        "slack_api_url": slack.api_url,
        "http_port": 0,
    }
    chosen = settings_for(url, provider.base_url, **numbers).model_copy(update=given | dict(settings or {}))
    async with wire(chosen, practice=False) as app:
        chats = team_chats(app)
        async with (
            scheduled(app, [chat.announcer for chat in chats.all]),
            serving(app, chats.endpoints, chats.watched) as port,
        ):
            running = asyncio.create_task(run_all(chats.all))
            try:
                both = Both(app, chats, town, slack, port)
                yield both
                assert not running.done()
                await until(lambda: both.is_idle)
                await booked.assert_books_balance(app)
            finally:
                for chat in chats.all:
                    chat.leave()
                await asyncio.gather(running, return_exceptions=True)


async def connected(both: Both) -> None:
    """Until both hear what people do."""
    await both.slack.sockets.connected()
    discord = both.town.discord
    await until(lambda: bool(discord.gateway.live and Feed(discord).offers(both.town.anna, both.town.general)))
