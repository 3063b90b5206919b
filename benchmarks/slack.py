"""How soon a slash command of Slack's is acknowledged: Chipin's listeners against slack-bolt as it comes."""

import hashlib
import hmac
import time
from collections.abc import Sequence
from itertools import count
from urllib.parse import urlencode

from pydantic import SecretStr
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.app import SlackChat, SlackConfig
from benchmarks.databases import NewDatabase
from benchmarks.measure import percentile
from benchmarks.table import Table, at_least, number
from bot.settings import load_settings
from bot.wiring import wire

SIGNING_SECRET = "secret of the benchmark"  # noqa: S105 - nobody else's
SOONER_BY = 20
_NOBODY = "http://127.0.0.1:9/api/"
"""What is looked up after the acknowledgement finds nobody: that is not measured."""
_numbers = count()


async def tables(kind: str, new_database: NewDatabase, *, rounds: int = 300) -> list[Table]:
    """Both in turn. No database takes part before an acknowledgement, so it is measured once."""
    if kind != "SQLite":
        return []
    settings = load_settings(None).model_copy(update={"database_url": SecretStr(await new_database("slack"))})
    async with wire(settings, practice=False) as app:
        chat = SlackChat(
            app.use_cases,
            SlackConfig(_NOBODY, "xoxb-bench", signing_secret=SIGNING_SECRET),
            app.clock,
            drawing=app.drawing,
        )
        try:
            found = await _in_turn(chat, _as_it_comes(), rounds)
        finally:
            await chat.tasks.end()
            await chat.close()
    return [_table(*found)]


async def _in_turn(chat: SlackChat, usual: AsyncApp, rounds: int) -> tuple[list[float], list[float]]:
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(await _milliseconds(usual))
        ours.append(await _milliseconds(chat.bolt))
        await chat.tasks.end()
    return ours, theirs


def _table(ours: list[float], theirs: list[float]) -> Table:
    middle, usual = percentile(ours, 0.5), percentile(theirs, 0.5)
    return Table(
        title="Acknowledging /ask in Slack",
        heading=("listener", "half of them within", "99 % of them within", "sooner"),
        rows=(
            ("slack-bolt as it comes", f"{number(usual)} ms", f"{number(percentile(theirs, 0.99))} ms", ""),
            (
                "Chipin",
                f"{number(middle)} ms",
                f"{number(percentile(ours, 0.99))} ms",
                at_least(usual / middle, SOONER_BY),
            ),
        ),
        notes=("A signed command, dispatched in this process to its acknowledgement; both in turn, one at a time.",),
    )


def _as_it_comes() -> AsyncApp:
    """slack-bolt's defaults, with a listener that does nothing but acknowledge."""
    app = AsyncApp(signing_secret=SIGNING_SECRET, authorize=_anybody)

    async def ask(ack: AsyncAck) -> None:
        await ack("Asking ...")

    app.command("/ask")(ask)
    return app


async def _anybody(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-bench")  # noqa: S106


async def _milliseconds(app: AsyncApp) -> float:
    request = _signed_command()
    began = time.perf_counter()
    response = await app.async_dispatch(request)
    took = (time.perf_counter() - began) * 1000
    if response.status != 200:
        raise RuntimeError(f"It was answered with {response.status}.")
    return took


def _signed_command() -> AsyncBoltRequest:
    fields = {
        "command": "/ask",
        "text": "why does my migration deadlock?",
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "U1",
        "user_name": "anna",
        "trigger_id": f"trigger.{next(_numbers)}",
        "response_url": "http://127.0.0.1:9/response",
    }
    body, at = urlencode(fields), str(int(time.time()))
    signature = hmac.new(SIGNING_SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    headers: dict[str, str | Sequence[str]] = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={signature}",
    }
    return AsyncBoltRequest(body=body, headers=headers)
