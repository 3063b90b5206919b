"""Chipin on Discord: everything of this adapter, built and connected."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp
import discord
import structlog

from adapters.discord.answering.responder import Responder
from adapters.discord.api import DiscordApi
from adapters.discord.asking import Asking
from adapters.discord.client import ChipinClient, ShardedChipinClient, TakesInteraction, point_at
from adapters.discord.commands.choices import Choices
from adapters.discord.commands.sync import CommandSync
from adapters.discord.connection import GatewayConnection
from adapters.discord.conversation.files import Files
from adapters.discord.conversation.gathering import Belongings
from adapters.discord.conversation.history import History
from adapters.discord.conversation.talks import Talks
from adapters.discord.homes import HomeServers
from adapters.discord.later.announcer import DiscordAnnouncer
from adapters.discord.later.first_minutes import FirstMinutes
from adapters.discord.library_logs import quiet_library
from adapters.discord.listeners.about import AskAbout
from adapters.discord.listeners.ask_presses import AskPresses
from adapters.discord.listeners.commands import Commands
from adapters.discord.listeners.desk import Desk
from adapters.discord.listeners.forms import Forms
from adapters.discord.listeners.homes import HomeMenu
from adapters.discord.listeners.messages import Messages
from adapters.discord.listeners.presses import Presses
from adapters.discord.listeners.suggestions import Suggestions
from adapters.discord.origin import Origin
from adapters.discord.people import People
from adapters.discord.private import Private
from adapters.discord.servers import Server, Servers
from adapters.discord.shards import Replica, ShardState
from core.errors import BooksFailed
from core.next_round import NextRound
from core.operator_lists import OperatorLists
from core.ports import Clock, Drawing
from core.tasks import Tasks
from core.use_cases import UseCases

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DiscordConfig:
    """How to reach Discord. `zone` is that of new teams, `shards` as of `GatewayConnection`."""

    api_url: str
    gateway_url: str
    token: str = field(repr=False)
    zone: str = "UTC"
    proxy: str | None = None
    shards: int | str | None = None


class DiscordChat:
    """One process's Discord: `run` until told to `leave`."""

    def __init__(
        self,
        use_cases: UseCases,
        config: DiscordConfig,
        clock: Clock,
        *,
        replica: Replica,
        drawing: Drawing,
        listed: OperatorLists | None = None,
    ) -> None:
        quiet_library()
        point_at(config.api_url, config.gateway_url)
        self._config = config
        self._clock = clock
        self.session = aiohttp.ClientSession()
        self._listed = listed or OperatorLists()
        self._leaving = asyncio.Event()
        self.tasks = Tasks(_defect)
        client = ChipinClient if config.shards is None else ShardedChipinClient
        self.client = client(proxy=config.proxy)
        self.api = DiscordApi(self.client.http, clock)
        self.servers = Servers(self.client, self.api)
        self._first_minutes = FirstMinutes(use_cases.notices)
        self.people = People(
            use_cases.membership,
            use_cases.departures,
            self.api,
            zone=config.zone,
            greet=self._first_minutes.greet,
        )
        self.announcer = DiscordAnnouncer(self.servers, self.people, self.api, clock, drawing)
        self.next_round = NextRound(use_cases, self.announcer, self.tasks)
        self._commands = CommandSync(self.api, self.tasks)
        self._connection = GatewayConnection(self.client, self.api, config.token, clock, replica, shards=config.shards)
        self._listen(use_cases)

    def _listen(self, use_cases: UseCases) -> None:
        """Everything that Discord may tell, each with what answers it."""
        responder = Responder(self.api, use_cases.kept_presses, self._clock)
        asking = Asking(use_cases, self.servers, self.people, responder=responder, tasks=self.tasks, done=self._done)
        files, history = Files(self.session, self._config.api_url, proxy=self._config.proxy), History(self.api)
        belongings = Belongings(files, Talks(history, files, self.servers))
        self._listen_to_what_is_said(use_cases, asking, belongings, history)
        rest = self._listen_to_what_is_typed(use_cases, asking, belongings)
        self.client.takes_interactions.append(rest)  # last: whatever nobody has taken
        self.client.takes_servers.append(self._met)

    def _listen_to_what_is_typed(self, use_cases: UseCases, asking: Asking, belongings: Belongings) -> TakesInteraction:
        """Commands, suggestions, presses and forms; returns what takes whatever is left."""
        desk = Desk(
            use_cases,
            servers=self.servers,
            people=self.people,
            private=Private(self.api),
            tasks=self.tasks,
            done=self._done,
        )
        forms = Forms(desk, self._clock)
        kept = use_cases.kept_presses
        presses = Presses(desk, forms, asking, kept=kept, clock=self._clock)
        about = AskAbout(desk, asking, belongings, kept=kept, servers=self.servers, clock=self._clock)
        self.client.takes_interactions += [
            about.takes,
            Commands(desk, asking, belongings, self._clock).takes,
            Suggestions(Choices(use_cases.models)).takes,
            presses.takes,
            AskPresses(use_cases, desk, asking, self._clock).takes,
            forms.takes,
        ]
        return presses.takes_rest

    def _listen_to_what_is_said(
        self, use_cases: UseCases, asking: Asking, belongings: Belongings, history: History
    ) -> None:
        homes = HomeServers(use_cases.homes, self.servers)
        messages = Messages(
            self.api,
            self.servers,
            asking,
            belongings=belongings,
            homes=homes,
            tasks=self.tasks,
        )
        menu = HomeMenu(
            self.api,
            homes,
            messages,
            history=history,
            servers=self.servers,
            tasks=self.tasks,
            clock=self._clock,
        )
        self.client.takes_messages.append(messages.said)
        self.client.takes_interactions.append(menu.chosen)

    async def run(self) -> None:
        """Take what Discord tells until told to leave; then show to its end what is being shown."""
        try:
            await self._connection.run(self._leaving)
            await self.tasks.finish()
        finally:
            await self.close()

    async def close(self) -> None:
        """Let go of Discord. What is not shown by now is told later."""
        await self.tasks.end()
        await self._connection.close()
        await self.session.close()

    @property
    def shards(self) -> tuple[ShardState, ...]:
        """How each shard of the connection stands in this process."""
        return self._connection.shards

    def leave(self) -> None:
        """Take nothing more."""
        self._leaving.set()

    def _done(self, origin: Origin) -> None:
        """Somebody was served: what that has to tell others is told now."""
        del origin
        self.next_round.soon()

    async def _met(self, guild: discord.Guild) -> None:
        """A server is known now: its owner is met once, and what waits for it is told."""
        self._commands.soon(str(self.client.application_id))
        server = self.servers.of(str(guild.id))
        if server is not None and not self.tasks.full:
            self.tasks.start(self._greet(server), "first minutes")

    async def _greet(self, server: Server) -> None:
        with suppress(BooksFailed):
            await self._first_minutes.meet(self.people, server, self._listed)
            self.next_round.soon()


def _defect(work: str, error: BaseException) -> None:
    """Of what runs in the background. What people wrote is not logged."""
    _log.error("defect_in_the_background", work=work, kind=type(error).__name__, exc_info=error)
