"""What the books know of one person: to show it to them, and to find what is to be erased."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlmodel import col

from adapters.store.database import Store
from adapters.store.export import paged, plain
from adapters.store.persons import accounts_of
from adapters.store.tables import (
    Act,
    BudgetRequest,
    Counter,
    Identity,
    Kept,
    KeptPress,
    Link,
    Member,
    Notice,
    Policy,
    Preference,
    Request,
    Team,
    Transfer,
)
from adapters.store.walk import CHUNK_ROWS, read_by_index
from core.operations import RequestState
from core.policy import TYPED, member_target, own_target, policy_id
from core.reports import Traces

AT_MOST = 200
"""How many rows of a kind are erased in one operation: others' asks go in between."""
LATELY_MS = 2 * 24 * 3600 * 1000
"""An ask that still ran when its asker was forgotten is over, and told, within a day."""


class StorePersonalData:
    """`core.ports.PersonalData` on a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def identities(self, member_id: str) -> tuple[str, ...]:
        """The keys of their identities, by all of their accounts."""
        async with self._store.snapshot() as session:
            ids = (member_id, *await accounts_of(session, member_id))
            keys = select(col(Identity.id)).where(col(Identity.member_id).in_(ids)).order_by(col(Identity.id))
            return tuple((await (await session.connection()).execute(keys)).scalars())

    async def accounts(self, member_id: str) -> tuple[str, ...]:
        """The ids of their further accounts."""
        async with self._store.snapshot() as session:
            return await accounts_of(session, member_id)

    async def traces(self, member_id: str) -> Traces:
        """What is left of them beside their name, at most so much at a time."""
        return await traces_of(self._store, member_id)

    async def export(self, member_id: str) -> AsyncGenerator[str, None]:
        """Everything there is of them, of one snapshot."""
        async with self._store.snapshot() as session:
            connection = await session.connection()
            await read_by_index(connection)
            whose = select(*_columns(Member, "id", "team_id")).where(col(Member.id) == member_id)
            _, team_id = (await connection.execute(whose)).one()
            ids = (member_id, *await accounts_of(session, member_id))
            yield "{"
            comma = ""
            for name, (query, row_id) in _lists(ids, team_id).items():
                yield f'{comma}"{name}":['
                comma = ""
                async for row in paged(connection, query, row_id, CHUNK_ROWS):
                    yield comma + json.dumps(_unfolded(plain(row, {})), ensure_ascii=False)
                    comma = ","
                yield "]"
                comma = ","
            yield "}\n"

    async def scrub(self) -> bool:
        """Write over what erased rows left in the files."""
        return await self._store.driver.scrub()


def _columns(table: Any, *names: str) -> list[Any]:
    return [col(getattr(table, name)) for name in names]


def _lists(ids: Sequence[str], team_id: str) -> dict[str, tuple["Select[Any]", Any]]:
    """Each list of somebody's data, of all their accounts, as a query, and the id it is walked by."""
    whose = [target(each) for each in ids for target in (member_target, own_target)]
    settings = [policy_id(team_id, target) for target in whose]
    mine = col(Act.actor).in_(ids), col(Act.subject).in_([*ids, *whose])
    acts = select(*_columns(Act, "id", "actor", "kind", "subject", "words", "amount_nanos", "at_ms"))
    used = select(*_columns(Counter, "scope", "label", "used", "held", "granted"))
    return {
        "member": (_of(Member, Member.id, ids), col(Member.id)),
        "identities": (_of(Identity, Identity.member_id, ids), col(Identity.id)),
        "settings": (
            select(*_columns(Policy, "target", "entries")).where(col(Policy.id).in_(settings)),
            col(Policy.id),
        ),
        "preferences": (_preferences(ids), col(Preference.id)),
        "used": (used.where(col(Counter.subject).in_(ids)), col(Counter.id)),
        "asks": (_asks().where(col(Request.member_id).in_(ids)), col(Request.id)),
        "budget_requests": (_of(BudgetRequest, BudgetRequest.member_id, ids), col(BudgetRequest.id)),
        "transfers": (_of(Transfer, Transfer.actor, ids), col(Transfer.id)),
        "acts": (acts.where(col(Act.team_id) == team_id, or_(*mine)), col(Act.id)),
        "notices": (
            select(*_columns(Notice, "id", "kind", "words", "at_ms", "delivered_at_ms")).where(
                col(Notice.team_id) == team_id, col(Notice.member_id).in_(ids)
            ),
            col(Notice.id),
        ),
        "buttons": (
            select(*_columns(KeptPress, "id", "erase_after_ms")).where(col(KeptPress.member_id).in_(ids)),
            col(KeptPress.id),
        ),
        "links": (_links(ids), col(Link.id)),
    }


def _links(ids: Sequence[str]) -> "Select[Any]":
    """Codes that they gave or typed; who was on the other side is told by the accounts that joined."""
    columns = _columns(Link, "kind", "place", "typed_place", "state", "made_at_ms")
    return select(*columns).where(or_(col(Link.member_id).in_(ids), col(Link.typed_by).in_(ids)))


def _preferences(ids: Sequence[str]) -> "Select[Any]":
    return select(col(Preference.entries)).where(col(Preference.id).in_(ids))


def _of(table: Any, column: Any, ids: Sequence[str]) -> "Select[Any]":
    """Every column of the rows of a person."""
    return select(*(col(getattr(table, name)) for name in table.model_fields)).where(col(column).in_(ids))


def _asks() -> "Select[Any]":
    """What the whole export tells of an ask, and where it was asked; no text of it is there to tell."""
    told = ("platform", "workspace", "channel", "thread", "model", "provider", "state", "ending", "input_tokens")
    more = ("output_tokens", "cost_nanos", "estimated", "why", "thumb", "secrets", "tag", "tag_by")
    return select(
        col(Request.id).label("request_key"),
        *_columns(Request, *told, *more),
        col(Request.started_at_ms).label("at_ms"),
    )


def _unfolded(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose rules are told as what they are, not as a text."""
    return {name: json.loads(value) if name == "entries" else value for name, value in row.items()}


async def traces_of(store: Store, member_id: str) -> Traces:
    """What is left of a member beside their name."""
    told = or_(
        col(Request.channel) != "",
        col(Request.thread) != "",
        col(Request.tag_by) == TYPED,
        col(Kept.question) != b"",
        col(Kept.answer) != b"",
    )
    asks = (
        select(col(Request.id))
        .join(Kept, col(Kept.id) == col(Request.id), isouter=True)
        .where(col(Request.member_id) == member_id, col(Request.state) != RequestState.RUNNING, told)
        .limit(AT_MOST)
    )
    whose = (
        select(col(Member.team_id), col(Team.wallet_id))
        .join(Team, col(Team.id) == col(Member.team_id))
        .where(col(Member.id) == member_id)
    )
    notices = select(col(Notice.id)).where(col(Notice.member_id) == member_id, col(Notice.words) != "").limit(AT_MOST)
    reasons = select(col(BudgetRequest.id)).where(
        col(BudgetRequest.member_id) == member_id, col(BudgetRequest.reason) != ""
    )
    presses = select(col(KeptPress.id)).where(col(KeptPress.member_id) == member_id).limit(AT_MOST)
    async with store.snapshot() as session:
        connection = await session.connection()
        team_id, wallet_id = (await connection.execute(whose)).one()
        asked = tuple((await connection.execute(asks)).scalars())
        told_them = tuple((await connection.execute(notices)).scalars())
        wished = tuple((await connection.execute(reasons.limit(AT_MOST))).scalars())
        pressable = tuple((await connection.execute(presses)).scalars())
    return Traces(
        member_id,
        team_id,
        wallet_id,
        asks=asked,
        notices=told_them,
        budget_requests=wished,
        presses=pressable,
        more=AT_MOST in map(len, (asked, told_them, wished, pressable)),
    )


async def forgotten_lately(store: Store) -> tuple[str, ...]:
    """Members who were forgotten in the last days."""
    since_ms = await store.now_ms() - LATELY_MS
    lately = select(col(Member.id)).where(col(Member.forgotten_at_ms) > since_ms)
    async with store.snapshot() as session:
        return tuple((await (await session.connection()).execute(lately)).scalars())
