"""`run`: starts the chats that are configured: Slack where its token is set, else the terminal.

What a chat needs is imported only where it runs: slack-bolt alone takes a second.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext

from bot.collector import leave_what_stands
from bot.http import Endpoint, serving
from bot.schedule import scheduled
from bot.settings import Settings
from bot.stopping import until_stopped
from bot.wiring import App, wire
from core.errors import NotConfigured

DEMO = "demo"


async def run(settings: Settings, *, team: str, operator: bool) -> None:
    """Run until the chats end or the process is told to stop; then settle what runs."""
    if settings.uses_slack and not operator:
        await _run_slack(settings)
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


async def _run_slack(settings: Settings) -> None:
    from bot.slack import slack_chat, slack_endpoints  # noqa: PLC0415

    async with wire(settings, practice=False) as app:
        chat = slack_chat(app)
        leave_what_stands()
        async with scheduled(app, (chat.announcer,)), _server(app, slack_endpoints(chat)):
            await until_stopped((chat,), app.use_cases.asks)


def _server(app: App, endpoints: Mapping[tuple[str, str], Endpoint]) -> AbstractAsyncContextManager[object]:
    """Only where somebody calls it: a chat, or a monitor for which the operator set a port."""
    return serving(app, endpoints) if endpoints or app.settings.http_port is not None else nullcontext()
