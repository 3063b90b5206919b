"""The whole books as one JSON object, written piece by piece: integers and strings only, no floats, no text of asks.

Each list is walked by the ids of its table, some thousand rows at a time, all on one snapshot: however long the books
are, one page of them is in memory, and whoever writes meanwhile waits for nothing.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from adapters.store.database import Store
from adapters.store.tables import (
    Bill,
    BudgetRequest,
    Counter,
    Digest,
    Entry,
    Hold,
    Link,
    Member,
    Notice,
    ReceiptLine,
    Request,
    Team,
    Transfer,
    Wallet,
)
from adapters.store.walk import CHUNK_ROWS, read_by_index

_PAGED_BY = "paged_by"
_IN_WALLET = "in_wallet"


def _lists() -> dict[str, tuple["Select[Any]", Any]]:
    """Each list of the export as a query, and the id it is walked by; columns named `..._ms` come out as times."""
    entries: tuple[Any, ...] = (
        col(Entry.id),
        col(Entry.transfer_id),
        col(Entry.account),
        col(Entry.amount_nanos),
        col(Entry.wallet_id).label(_IN_WALLET),
        col(Transfer.request_id).label("request_key"),
        col(Transfer.kind),
        col(Transfer.reverses),
        col(Transfer.actor),
        col(Transfer.at_ms),
    )
    balances: tuple[Any, ...] = (col(Wallet.id).label(_IN_WALLET), col(Wallet.available_nanos), col(Wallet.held_nanos))
    quotas: tuple[Any, ...] = (
        col(Counter.scope),
        col(Counter.subject),
        col(Counter.label),
        col(Counter.used),
        col(Counter.held),
        col(Counter.granted),
        col(Counter.limited_to),
    )
    return {
        "entries": (select(*entries).join(Transfer, col(Transfer.id) == Entry.transfer_id), col(Entry.id)),
        "balances": (select(*balances), col(Wallet.id)),
        "holds": (_holds(), col(Hold.id)),
        "requests": (_requests(), col(Request.id)),
        "lines": (_lines(), col(ReceiptLine.id)),
        "quotas": (select(*quotas), col(Counter.id)),
        "notices": (_notices(), col(Notice.id)),
        "budget_requests": (_budget_requests(), col(BudgetRequest.id)),
        "members": (_members(), col(Member.id)),
        "links": (_links(), col(Link.id)),
        "digests": (_digests(), col(Digest.id)),
        "bills": (_bills(), col(Bill.id)),
    }


def _holds() -> "Select[Any]":
    columns: tuple[Any, ...] = (
        col(Hold.id),
        col(Hold.wallet_id).label(_IN_WALLET),
        col(Hold.request_id).label("request_key"),
        col(Hold.state),
        col(Hold.amount_nanos),
        col(Hold.charged_nanos),
        col(Hold.absorbed_nanos),
        col(Hold.reversed_nanos),
        col(Hold.opened_at_ms),
        col(Hold.closed_at_ms),
    )
    return select(*columns)


def _requests() -> "Select[Any]":
    columns: tuple[Any, ...] = (
        col(Request.id).label("request_key"),
        col(Request.team_id).label("team"),
        col(Request.member_id).label("member"),
        col(Request.platform),
        col(Request.channel),
        col(Request.tag),
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
        col(Request.finished_at_ms).label("finished_ms"),
    )
    return select(*columns)


def _lines() -> "Select[Any]":
    """What each call of an ask took, and how much of it the team paid: by provider, which no entry of the pool says."""
    columns: tuple[Any, ...] = (
        col(ReceiptLine.id),
        col(ReceiptLine.request_id).label("request_key"),
        col(ReceiptLine.step),
        col(ReceiptLine.provider),
        col(ReceiptLine.model),
        col(ReceiptLine.cost_nanos),
        col(ReceiptLine.charged_nanos),
        col(ReceiptLine.estimated),
    )
    return select(*columns)


def _notices() -> "Select[Any]":
    columns: tuple[Any, ...] = (
        col(Notice.id),
        col(Notice.team_id).label("team"),
        col(Notice.kind),
        col(Notice.words),
        col(Notice.at_ms),
        col(Notice.delivered_at_ms),
        col(Notice.tries),
    )
    return select(*columns)


def _budget_requests() -> "Select[Any]":
    """Without their reasons: those are the members' own words."""
    columns: tuple[Any, ...] = (
        col(BudgetRequest.id),
        col(BudgetRequest.team_id).label("team"),
        col(BudgetRequest.member_id).label("member"),
        col(BudgetRequest.counter_id).label("counter"),
        col(BudgetRequest.amount_nanos),
        col(BudgetRequest.granted_nanos),
        col(BudgetRequest.state),
        col(BudgetRequest.confirmed_by),
        col(BudgetRequest.decided_by),
        col(BudgetRequest.asked_at_ms),
        col(BudgetRequest.expires_at_ms),
        col(BudgetRequest.decided_at_ms),
    )
    return select(*columns)


def _members() -> "Select[Any]":
    """Who is one person with whom, and until when accounts count together; without names."""
    columns: tuple[Any, ...] = (
        col(Member.id),
        col(Member.team_id).label("team"),
        col(Member.same_as),
        col(Member.counts_with),
        col(Member.created_at_ms),
    )
    return select(*columns)


def _links() -> "Select[Any]":
    """Codes that were given, without what their hashes are."""
    columns: tuple[Any, ...] = (
        col(Link.kind),
        col(Link.team_id).label("team"),
        col(Link.member_id).label("member"),
        col(Link.state),
        col(Link.typed_by),
        col(Link.typed_team),
        col(Link.made_at_ms),
    )
    return select(*columns)


def _digests() -> "Select[Any]":
    """The weeks that teams were told of; what they read stands in the notices."""
    columns: tuple[Any, ...] = (
        col(Digest.id),
        col(Digest.team_id).label("team"),
        col(Digest.label),
        col(Digest.start_ms),
        col(Digest.end_ms),
        col(Digest.weeks),
        col(Digest.at_ms),
    )
    return select(*columns)


def _bills() -> "Select[Any]":
    """What providers say that they took of the operator, by month of UTC; of no team."""
    columns: tuple[Any, ...] = (col(Bill.provider), col(Bill.month), col(Bill.total_nanos), col(Bill.at_ms))
    return select(*columns)


async def export_json(store: Store, *, page_rows: int = CHUNK_ROWS) -> AsyncGenerator[str, None]:
    """The pieces of one JSON object, all of one snapshot."""
    async with store.snapshot() as session:
        connection = await session.connection()
        await read_by_index(connection)
        teams = await _first_teams(connection)
        before = "{"
        for name, (query, row_id) in _lists().items():
            yield f'{before}"{name}":['
            before, comma = ",", ""
            async for row in paged(connection, query, row_id, page_rows):
                yield comma + json.dumps(plain(row, teams), ensure_ascii=False)
                comma = ","
            yield "]"
        yield "}\n"


async def _first_teams(connection: AsyncConnection) -> dict[str, str]:
    """Teams may share a wallet; what stands in it is told once, under the first of them. Team by wallet."""
    first = select(col(Team.wallet_id), func.min(Team.id)).group_by(col(Team.wallet_id))
    return {row[0]: row[1] for row in await connection.execute(first)}


async def paged(
    connection: AsyncConnection, query: "Select[Any]", row_id: Any, page_rows: int
) -> AsyncIterator[Mapping[str, Any]]:
    """The rows of a query by their id, a page at a time."""
    paged = query.add_columns(row_id.label(_PAGED_BY)).order_by(row_id).limit(page_rows)
    page = (await connection.execute(paged.where(row_id >= ""))).mappings().all()
    while page:
        for row in page:
            yield dict(row)
        page = (await connection.execute(paged.where(row_id > page[-1][_PAGED_BY]))).mappings().all()


def plain(row: Mapping[str, Any], teams: Mapping[str, str]) -> dict[str, str | int]:
    """Times as ISO 8601 in UTC (empty while they have not come), a wallet as its team, everything else as it is."""
    plain: dict[str, str | int] = {}
    for name, value in row.items():
        if name == _IN_WALLET:
            plain["team"] = teams.get(value, "")
        elif name.endswith("_ms"):
            plain[name.removesuffix("_ms")] = _iso(value) if value else ""
        elif name != _PAGED_BY:
            plain[name] = value
    return plain


def _iso(at_ms: int) -> str:
    seconds, milliseconds = divmod(at_ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"
