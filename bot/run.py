"""`run`: starts the chats that are configured: Slack and Discord where their tokens are set, else the terminal.

What a chat needs is imported only where it runs: slack-bolt alone takes a second.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext

from bot.collector import leave_what_stands
from bot.http import Endpoint, serving
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
        chats, endpoints = team_chats(app)
        leave_what_stands()
        async with scheduled(app, [chat.announcer for chat in chats]), _server(app, endpoints):
            await until_stopped(chats, app.use_cases.asks)


def team_chats(app: App) -> tuple[list[TeamChat], dict[tuple[str, str], Endpoint]]:
    """Every chat that is configured, each telling on the others too what happens on it; and what is to be served."""
    settings, chats, endpoints = app.settings, list[TeamChat](), dict[tuple[str, str], Endpoint]()
    if settings.uses_slack:
        from bot.slack import slack_chat, slack_endpoints  # noqa: PLC0415

        slack = slack_chat(app)
        chats.append(slack)
        endpoints |= slack_endpoints(slack)
    if settings.discord_token is not None:
        from bot.discord import discord_chat  # noqa: PLC0415

        chats.append(discord_chat(app, settings.discord_token))
    for chat in chats:
        for other in chats:
            if other is not chat:
                chat.next_round.tell_on(other.announcer)
    return chats, endpoints


def _server(app: App, endpoints: Mapping[tuple[str, str], Endpoint]) -> AbstractAsyncContextManager[object]:
    """Only where somebody calls it: a chat, or a monitor for which the operator set a port."""
    return serving(app, endpoints) if endpoints or app.settings.http_port is not None else nullcontext()
