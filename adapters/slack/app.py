"""Chipin in Slack: everything of this adapter, built and connected."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.answering.responder import Responder
from adapters.slack.api import Rejected, ResponseUrls, SlackApi, SlackFailed, web_client
from adapters.slack.asking import Asking
from adapters.slack.connection import SocketConnection
from adapters.slack.conversation.begun import BegunByCommands
from adapters.slack.conversation.files import Files
from adapters.slack.conversation.gathering import Belongings
from adapters.slack.conversation.names import PlaceCalls
from adapters.slack.conversation.threads import Threads
from adapters.slack.home import Homes
from adapters.slack.http import SlackEndpoint
from adapters.slack.install.first_minutes import FirstMinutes
from adapters.slack.install.installations import FRESH_SECONDS, Installations, Installed, InstalledWorkspaces
from adapters.slack.install.pages import InstallPages
from adapters.slack.install.uninstalled import Uninstalled
from adapters.slack.later.announcer import SlackAnnouncer
from adapters.slack.library_logs import library_logger
from adapters.slack.listeners.actions import Actions
from adapters.slack.listeners.agent_view import AgentView
from adapters.slack.listeners.ask_actions import AskActions
from adapters.slack.listeners.commands import Commands
from adapters.slack.listeners.desk import Desk
from adapters.slack.listeners.events import Events
from adapters.slack.listeners.home_actions import HomeActions
from adapters.slack.listeners.modals import Modals
from adapters.slack.listeners.questions import Questions
from adapters.slack.listeners.shortcuts import Shortcuts
from adapters.slack.origin import Origin
from adapters.slack.people import People
from adapters.slack.private import Private
from adapters.slack.workspaces import PLATFORM, OneWorkspace, Workspace, Workspaces, refused_token
from core.bot_turns import BotTurns
from core.errors import BooksFailed
from core.next_round import NextRound
from core.operator_lists import OperatorLists
from core.ports import Clock, Drawing
from core.tasks import Tasks
from core.use_cases import UseCases

_PRESSED_OR_SENT = frozenset({"block_actions", "message_action", "view_submission"})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """How to reach Slack, and how it reaches us: by `app_token` over a connection of ours, else signed over HTTP.

    `bot_token` is of one workspace; empty where workspaces install Chipin with `client_id` and `client_secret`.
    `zone` is that of new teams where the operator set one. Secrets do not show in its `repr`.
    """

    api_url: str
    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    client_id: str = ""
    client_secret: str = ""
    redirect_uri: str = ""
    zone: str = ""
    proxy: str | None = None

    def __repr__(self) -> str:
        return f"SlackConfig(api_url={self.api_url!r})"


class SlackChat:
    """One process's Slack: `run` until told to `leave`."""

    def __init__(
        self,
        use_cases: UseCases,
        config: SlackConfig,
        clock: Clock,
        *,
        drawing: Drawing,
        listed: OperatorLists | None = None,
        installations: Installations | None = None,
    ) -> None:
        """With `installations` workspaces install Chipin, those that are `listed`; else there is that of one token."""
        self._config = config
        self._listed = listed or OperatorLists()
        self._installations = installations
        self._clock = clock
        self._leaving = asyncio.Event()
        self._session = aiohttp.ClientSession()
        self.tasks = Tasks(_defect)
        self.workspaces: Workspaces = (
            OneWorkspace(self._api(config.bot_token))
            if installations is None
            else InstalledWorkspaces(installations, self._api, clock)
        )
        self._first_minutes = greeting = FirstMinutes(use_cases.notices)
        self._people = people = People(
            use_cases.membership, use_cases.departures, self.tasks, clock, zone=config.zone, greet=greeting.greet
        )
        self._homes = Homes(use_cases, self.workspaces, people, clock)
        self.announcer = SlackAnnouncer(self.workspaces, clock, self._homes.changed, drawing)
        self.next_round = NextRound(use_cases, self.announcer, self.tasks)
        self.bolt = bolt_app(config.signing_secret)
        self.bolt.use(self._while_there_is_room)
        self._listen(use_cases, people)
        self.endpoint = SlackEndpoint(self.bolt, config.signing_secret) if config.signing_secret else None
        self.pages = None if installations is None else self._pages(installations)

    def _listen(self, use_cases: UseCases, people: People) -> None:
        """Everything that Slack may tell, each with what answers it. What listens to the rest comes last."""
        clock, tasks, workspaces, bolt = self._clock, self.tasks, self.workspaces, self.bolt
        response_urls = ResponseUrls(self._session, self._config.api_url, clock, proxy=self._config.proxy)
        private = Private(response_urls)
        responder = Responder(private, response_urls, clock)
        asking = Asking(use_cases, workspaces, people, responder=responder, tasks=tasks, done=self._done)
        calls = PlaceCalls(clock)
        desk = Desk(
            use_cases, workspaces=workspaces, people=people, private=private, calls=calls, tasks=tasks, done=self._done
        )
        questions = Questions(use_cases, asking)
        modals = Modals(desk, questions, use_cases.models, use_cases.top_ups)
        actions = Actions(desk, questions, modals, asking)
        files = Files(self._session, proxy=self._config.proxy)
        threads = Threads(people, files)
        belongings, going_on = Belongings(files, threads), use_cases.going_on
        begun = BegunByCommands(use_cases.membership, going_on, workspaces, threads)
        for listener in (
            Commands(desk, questions, modals, asking),
            actions,
            AskActions(use_cases, desk, asking),
            modals,
            self._homes,
            HomeActions(use_cases, desk, modals, self._homes),
            Shortcuts(desk, questions, asking, people=people, threads=threads, files=files),
            AgentView(workspaces, people, responder, asks=use_cases.asks, going_on=going_on, tasks=tasks),
            Uninstalled(workspaces, people, tasks, self._installations),
            Events(asking, people, belongings, going_on=going_on, begun=begun, bot_turns=BotTurns(clock)),
        ):
            listener.register(bolt)
        actions.register_rest(bolt)

    def _pages(self, installations: Installations) -> InstallPages:
        config = self._config
        return InstallPages(
            installations,
            self._listed,
            self._api,
            self._installed,
            api_url=config.api_url,
            client_id=config.client_id,
            client_secret=config.client_secret,
            redirect_uri=config.redirect_uri,
        )

    def _api(self, token: str) -> SlackApi:
        return SlackApi(
            web_client(self._config.api_url, token, session=self._session, proxy=self._config.proxy), self._clock
        )

    async def run(self) -> None:
        """Take what Slack delivers until told to leave; then show to its end what is being shown."""
        following = asyncio.create_task(self._follow()) if self._installations is not None else None
        try:
            if self._config.app_token:
                web = web_client(self._config.api_url, self._config.app_token, proxy=self._config.proxy)
                socket = SocketConnection(self.bolt, self._config.app_token, web, self._clock, proxy=self._config.proxy)
                await socket.run(self._leaving, self._meet)
            else:
                await self._meet()
                await self._leaving.wait()
            await self.tasks.finish()
        finally:
            if following is not None:
                following.cancel()
            await self.close()

    async def close(self) -> None:
        """Let go of Slack. What is not shown by now is told later."""
        await self._homes.end()
        await self.tasks.end()
        await self._session.close()
        if self._installations is not None:
            await self._installations.close()

    def leave(self) -> None:
        """Take nothing more."""
        self._leaving.set()

    async def _meet(self) -> None:
        """Learn which workspaces there are, so that they can be told what waits for them. `NotConfigured`: none."""
        try:
            known = await self.workspaces.everyone()
        except Rejected as said:
            raise refused_token("SLACK_BOT_TOKEN", said) from said
        except (SlackFailed, BooksFailed) as failed:
            _log.warning("slack_workspaces_not_known_yet", kind=type(failed).__name__)
            return
        _log.info("slack_connected", workspaces=len(known))
        self.next_round.soon()
        for workspace in known:
            self.tasks.start(self._greet(workspace), "first minutes")

    async def _while_there_is_room(
        self,
        body: Mapping[str, Any],
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - slack-bolt's name
    ) -> BoltResponse:
        """What cannot be taken on is not acknowledged: Slack says so to whoever pressed, and keeps what was typed.

        That is everything once this is closed: nobody could be answered, though the HTTP server may still listen.
        """
        if self._session.closed or (self.tasks.full and body.get("type") in _PRESSED_OR_SENT):
            return BoltResponse(status=503, body="")
        return await next()

    def _done(self, origin: Origin) -> None:
        """Somebody was served: what that has to tell others is told now, and their Home shows it."""
        self._homes.changed(origin.team_id, origin.user_id)
        self.next_round.soon()

    async def _greet(self, workspace: Workspace) -> None:
        """Meet whoever installed it, and the admins whom the operator named: nobody may have asked anything yet."""
        with suppress(BooksFailed):
            installed = await self._installations.one(workspace.team_id) if self._installations is not None else None
            installers = (installed.installer,) if installed is not None else ()
            users = dict.fromkeys((*installers, *self._listed.admins_on(PLATFORM, workspace.team_id)))
            await self._first_minutes.meet(self._people, workspace, users)
            self.next_round.soon()

    async def _installed(self, installed: Installed) -> None:
        """Meet the workspace. Nobody has to wait for it in their browser."""
        self.workspaces.forget(installed.team_id)
        workspace = await self.workspaces.of(installed.team_id)
        if workspace is not None:
            self.tasks.start(self._greet(workspace), "first minutes")

    async def _follow(self) -> None:
        """Hear of what other processes installed and removed."""
        while True:
            await self._clock.sleep(FRESH_SECONDS)
            with suppress(SlackFailed, BooksFailed):
                await self.workspaces.everyone()


def bolt_app(signing_secret: str) -> AsyncApp:
    """slack-bolt as a dispatcher: nothing of it looks anything up before a listener runs, so acknowledging is instant.

    Listeners acknowledge, hand over to a task and return: with `process_before_response` their acknowledgement is
    sent at once, where slack-bolt would otherwise look for it every ten milliseconds. Who asks, and with which token
    they are answered, is looked up in the task.
    """
    app = AsyncApp(
        name="chipin",
        logger=library_logger(),
        signing_secret=signing_secret or "unused in Socket Mode",
        authorize=_nobody_yet,
        process_before_response=True,
        ignoring_self_events_enabled=False,  # events.py leaves bots out, ours among them
        attaching_conversation_kwargs_enabled=False,
        attaching_function_token_enabled=False,
    )
    app.error(_failed)
    return app


async def _nobody_yet(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="looked up by the task")  # noqa: S106


def _defect(work: str, error: BaseException) -> None:
    """Of what runs in the background. What people wrote is not logged."""
    _log.error("defect_in_the_background", work=work, kind=type(error).__name__, exc_info=error)


async def _failed(error: Exception, body: Mapping[str, Any], request: AsyncBoltRequest) -> BoltResponse:
    """A defect of a listener's. What people wrote is not logged."""
    del request
    _log.error("defect_in_a_listener", kind=type(error).__name__, payload=str(body.get("type", "")), exc_info=error)
    return BoltResponse(status=500, body="")
