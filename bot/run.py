"""`run`: starts the chats that are configured: Slack and Discord where their tokens are set, else the terminal.

What a chat needs is imported only where it runs: slack-bolt alone takes a second.
"""

from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field

from bot.collector import leave_what_stands
from bot.http import Endpoint, serving
from bot.metrics import Watched
from bot.schedule import scheduled
from bot.settings import Settings
from bot.stopping import TeamChat, until_stopped
from bot.wiring import App, wire
from core.errors import NotConfigured

DEMO = "demo"


async def run(settings: Settings, *, team: str, operator: bool) -> None:
    """Run until the chats end or the process is told to stop; then settle what runs."""
    if settings.uses_a_chat and not operator:
        await _run_chats(settings)
    else:
        await _run_terminal(settings, team, operator=operator)


async def _run_terminal(settings: Settings, team: str, *, operator: bool) -> None:
    from bot.terminal import terminal_chat  # noqa: PLC0415

    demo = team == DEMO
    if not demo and not operator:
        raise NotConfigured(f'"{team}" is not the demo team. Start with --operator; every act is recorded as yours.')
    async with wire(settings, practice=demo) as app:
        chat = terminal_chat(app, team, operator=operator)
        leave_what_stands()
        async with scheduled(app, (chat.late_news,)):
            await until_stopped((chat,), app.use_cases.asks)


async def _run_chats(settings: Settings) -> None:
    async with wire(settings, practice=False) as app:
        chats = team_chats(app)
        leave_what_stands()
        async with scheduled(app, [chat.announcer for chat in chats.all]), _server(app, chats):
            await until_stopped(chats.all, app.use_cases.asks)


@dataclass(frozen=True, slots=True)
class TeamChats:
    """The chats that run here, what is to be served for them, and what a monitor is told of them."""

    all: list[TeamChat] = field(default_factory=list)
    endpoints: dict[tuple[str, str], Endpoint] = field(default_factory=dict)
    watched: list[Watched] = field(default_factory=list)


def team_chats(app: App) -> TeamChats:
    """Every chat that is configured, each telling on the others too what happens on it."""
    settings, chats = app.settings, TeamChats()
    if settings.uses_slack:
        from bot.slack import slack_chat, slack_endpoints  # noqa: PLC0415

        slack = slack_chat(app)
        chats.all.append(slack)
        chats.endpoints.update(slack_endpoints(slack))
    if settings.discord_token is not None:
        from bot.discord import discord_chat, discord_watched  # noqa: PLC0415

        discord = discord_chat(app, settings.discord_token)
        chats.all.append(discord)
        chats.watched.append(discord_watched(discord))
    for chat in chats.all:
        for other in chats.all:
            if other is not chat:
                chat.next_round.tell_on(other.announcer)
    return chats


def _server(app: App, chats: TeamChats) -> AbstractAsyncContextManager[object]:
    """Only where somebody calls it: a chat, or a monitor for which the operator set a port."""
    if not chats.endpoints and app.settings.http_port is None:
        return nullcontext()
    return serving(app, chats.endpoints, chats.watched)
