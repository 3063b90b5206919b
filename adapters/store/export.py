"""The whole books as one JSON object, written piece by piece: integers and strings only, no floats, no text of asks."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from adapters.store.database import Store
from adapters.store.tables import Counter, Entry, Hold, Request, Team, Transfer, Wallet

ROWS_AT_A_TIME = 500


def _sections() -> dict[str, "Select[Any]"]:
    """Each list of the export as a query; columns named `..._ms` come out as times."""
    # Teams may share a wallet; what stands in it is told once, under the first of them.
    first: Any = select(col(Team.wallet_id).label("wallet_id"), func.min(Team.id).label("team"))
    team = first.group_by(col(Team.wallet_id)).subquery()
    balances = select(team.c.team, col(Wallet.available_nanos), col(Wallet.held_nanos))
    quotas = select(col(Counter.scope), col(Counter.subject), col(Counter.label), col(Counter.used), col(Counter.held))
    return {
        "entries": _entries(team),
        "balances": balances.join(team, team.c.wallet_id == Wallet.id).order_by(team.c.team),
        "holds": _holds(team),
        "requests": _requests(),
        "quotas": quotas.order_by(col(Counter.id)),
    }


def _entries(team: Subquery) -> "Select[Any]":
    columns: tuple[Any, ...] = (
        col(Entry.id),
        col(Entry.transfer_id),
        col(Entry.account),
        col(Entry.amount_nanos),
        team.c.team,
        col(Transfer.request_id).label("request_key"),
        col(Transfer.kind),
        col(Transfer.actor),
        col(Transfer.at_ms),
    )
    found = select(*columns).join(Transfer, col(Transfer.id) == Entry.transfer_id)
    return found.join(team, team.c.wallet_id == Entry.wallet_id).order_by(col(Entry.id))


def _holds(team: Subquery) -> "Select[Any]":
    columns: tuple[Any, ...] = (
        col(Hold.id),
        team.c.team,
        col(Hold.request_id).label("request_key"),
        col(Hold.state),
        col(Hold.amount_nanos),
        col(Hold.charged_nanos),
        col(Hold.absorbed_nanos),
        col(Hold.reversed_nanos),
        col(Hold.opened_at_ms),
        col(Hold.closed_at_ms),
    )
    return select(*columns).join(team, team.c.wallet_id == Hold.wallet_id).order_by(col(Hold.id))


def _requests() -> "Select[Any]":
    columns: tuple[Any, ...] = (
        col(Request.id).label("request_key"),
        col(Request.team_id).label("team"),
        col(Request.member_id).label("member"),
        col(Request.platform),
        col(Request.model),
        col(Request.provider),
        col(Request.state),
        col(Request.ending),
        col(Request.input_tokens),
        col(Request.output_tokens),
        col(Request.cost_nanos),
        col(Request.estimated),
        col(Request.why),
        col(Request.started_at_ms).label("at_ms"),
    )
    return select(*columns).order_by(col(Request.id))


async def export_json(store: Store) -> AsyncGenerator[str, None]:
    """The pieces of one JSON object, all of one snapshot."""
    async with store.snapshot() as session:
        connection = await session.connection()
        yield "{"
        for name, query in _sections().items():
            yield f'"{name}":['
            async for piece in _rows(connection, query):
                yield piece
            yield "],"
        yield '"digests":[]}\n'


async def _rows(connection: AsyncConnection, query: "Select[Any]") -> AsyncIterator[str]:
    found = await connection.stream(query, execution_options={"yield_per": ROWS_AT_A_TIME})
    comma = ""
    async for row in found.mappings():
        yield comma + json.dumps(_plain(dict(row)), ensure_ascii=False)
        comma = ","


def _plain(row: dict[str, Any]) -> dict[str, str | int]:
    """Times as ISO 8601 in UTC (empty while they have not come), everything else as it is."""
    plain: dict[str, str | int] = {}
    for name, value in row.items():
        if name.endswith("_ms"):
            plain[name.removesuffix("_ms")] = _iso(value) if value else ""
        else:
            plain[name] = value
    return plain


def _iso(at_ms: int) -> str:
    seconds, milliseconds = divmod(at_ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"
