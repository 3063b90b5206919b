"""The same bookkeeping as an ordinary good application would write it: one SQLModel session and one transaction each.

It makes the same rows in the same tables with the same durability, checks the same limits behind a lock on the wallet,
answers after the commit, and its books pass the audit. It is here to be measured, and only knows an ask that goes well.
"""

import hashlib
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import MISSING, asdict, fields
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from adapters.store import tables
from adapters.store.database import parse_database_url
from core.defaults import KEEP_SEALED_MS
from core.errors import OperationConflict
from core.ledger.entries import POOL, TransferKind, spend_account
from core.ledger.holding import HoldState
from core.ledger.policy_rows import policy_from
from core.operations import (
    AlreadyClaimed,
    Claim,
    Claimed,
    Concluded,
    ConfirmDelivery,
    Held,
    Hold,
    Operation,
    Reason,
    Refused,
    RequestState,
    Settle,
    Settled,
)
from core.policy import EVERYONE, Setting, member_target, policy_id
from core.quota import Limit, Measure, Scope
from core.rows import NOT_REPORTED, HoldRow, RequestRow, Row


class SessionBooks:
    """`core.ports.Books` as far as an ask that goes well needs it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def apply(self, operation: Operation[Any]) -> Any:
        """One session, one transaction; refusals leave nothing behind."""
        async with AsyncSession(self._engine, expire_on_commit=False) as session:
            await session.get_one(tables.Wallet, operation.wallet_id, with_for_update=True)
            if await session.get(tables.Operation, operation.id) is not None:
                raise OperationConflict(f"Operation {operation.id} was done before.")
            outcome = await _book(session, operation)
            if not isinstance(outcome, Refused | AlreadyClaimed):
                session.add(_done(operation, outcome))
                await session.commit()
            return outcome


async def _book(session: AsyncSession, operation: Operation[Any]) -> Any:
    match operation:
        case Claim():
            return await _claim(session, operation)
        case Hold():
            return await _hold(session, operation)
        case Settle():
            return await _settle(session, operation)
        case ConfirmDelivery():
            return await _confirm(session, operation)
    raise NotImplementedError(type(operation).__name__)


async def _claim(session: AsyncSession, op: Claim) -> Claimed | AlreadyClaimed:
    known = (
        await session.exec(select(tables.RequestKey).where(col(tables.RequestKey.id).in_(op.keys)).limit(1))
    ).first()
    if known is not None:
        request = await session.get_one(tables.Request, known.request_id)
        return AlreadyClaimed(ask_id=request.id, state=RequestState(request.state), charged_nanos=request.cost_nanos)
    now_ms = _now_ms()
    session.add(
        tables.Request(
            id=op.ask_id,
            wallet_id=op.wallet_id,
            team_id=op.team_id,
            member_id=op.member_id,
            platform=op.platform,
            workspace=op.workspace,
            channel=op.channel,
            thread=op.thread,
            state=RequestState.RUNNING,
            attempt=1,
            lease_until_ms=now_ms + op.lease_seconds * 1000,
            started_at_ms=now_ms,
            **_NEW_REQUEST,
        )
    )
    session.add(
        tables.Kept(id=op.ask_id, question=op.sealed_question, answer=b"", erase_after_ms=now_ms + KEEP_SEALED_MS)
    )
    session.add_all([tables.RequestKey(id=key, request_id=op.ask_id) for key in op.keys])
    return Claimed(ask_id=op.ask_id, attempt=1)


def _defaults(kind: type[Row]) -> dict[str, Any]:
    return {field.name: field.default for field in fields(kind) if field.default is not MISSING}


_NEW_REQUEST, _NEW_HOLD = _defaults(RequestRow), _defaults(HoldRow)


async def _hold(session: AsyncSession, op: Hold) -> Held | Refused:
    request = await session.get(tables.Request, op.ask_id)
    if request is None or request.state != RequestState.RUNNING or request.attempt != op.attempt or request.hold_id:
        return Refused(reason=Reason.SUPERSEDED)
    if request.stop_requested:
        return Refused(reason=Reason.STOPPED)
    wallet = await session.get_one(tables.Wallet, op.wallet_id)
    if wallet.available_nanos < op.amount_nanos:
        return Refused(reason=Reason.WALLET_EMPTY, needed=op.amount_nanos, available=wallet.available_nanos)
    month_limit = await _month_limit(session, request)
    counters = await _counters(session, op)
    for limit, counter in zip(op.limits, counters, strict=True):
        takes = _takes(limit.scope, op.amount_nanos)
        limit_now = min(limit.at_most, month_limit) if limit.scope is Scope.MEMBER_MONTH else limit.at_most
        if counter.used + counter.held + takes > limit_now:
            return Refused(reason=Reason.LIMIT, needed=takes, used=counter.used, held=counter.held, limit=limit)
        counter.held += takes
    wallet.available_nanos -= op.amount_nanos
    wallet.held_nanos += op.amount_nanos
    request.hold_id, request.provider, request.model = op.id, op.provider, op.model
    now_ms = _now_ms()
    session.add_all(counters)
    session.add(
        tables.Hold(
            id=op.id,
            wallet_id=op.wallet_id,
            request_id=op.ask_id,
            attempt=op.attempt,
            state=HoldState.OPEN,
            provider=op.provider,
            model=op.model,
            amount_nanos=op.amount_nanos,
            counters=" ".join(limit.counter_id for limit in op.limits),
            opened_at_ms=now_ms,
            deadline_ms=now_ms + op.ttl_seconds * 1000,
            **_NEW_HOLD,
        )
    )
    return Held(hold_id=op.id, amount_nanos=op.amount_nanos)


async def _month_limit(session: AsyncSession, request: tables.Request) -> int:
    """What is set for the member, else for everyone."""
    targets = member_target(request.member_id), EVERYONE
    ids = [policy_id(request.team_id, target) for target in targets]
    found = (await session.exec(select(tables.Policy).where(col(tables.Policy.id).in_(ids)))).all()
    said = {row.target: policy_from(row.target, row.entries) for row in found}
    return next(int(said[target].entries[Setting.MONTH].value) for target in targets if target in said)


async def _counters(session: AsyncSession, op: Hold) -> list[tables.Counter]:
    """Of each limit, in their order; those that nobody used before are new."""
    ids = [limit.counter_id for limit in op.limits]
    known = {found.id: found for found in await _by_id(session, ids)}
    return [known.get(limit.counter_id) or _new_counter(limit, op.wallet_id) for limit in op.limits]


async def _by_id(session: AsyncSession, ids: Sequence[str]) -> Sequence[tables.Counter]:
    return (await session.exec(select(tables.Counter).where(col(tables.Counter.id).in_(ids)))).all()


def _new_counter(limit: Limit, wallet_id: str) -> tables.Counter:
    return tables.Counter(
        id=limit.counter_id,
        wallet_id=wallet_id,
        scope=limit.scope,
        subject=limit.subject,
        label=limit.label,
        used=0,
        held=0,
        granted=0,
        limited_to=limit.at_most,
    )


def _takes(scope: Scope, amount_nanos: int) -> int:
    return {Measure.SPEND: amount_nanos, Measure.IN_FLIGHT: 1, Measure.ABSORBED: 0}[scope.measure]


async def _settle(session: AsyncSession, op: Settle) -> Settled | Refused:
    hold = await session.get(tables.Hold, op.hold_id)
    if hold is None or hold.state != HoldState.OPEN or hold.attempt != op.attempt:
        return Refused(reason=Reason.SUPERSEDED)
    request = await session.get_one(tables.Request, hold.request_id)
    wallet = await session.get_one(tables.Wallet, op.wallet_id)
    kept = await session.get_one(tables.Kept, request.id)
    (line,) = op.lines
    charged, now_ms = min(line.charged_nanos, hold.amount_nanos), _now_ms()
    assert charged == line.cost_nanos, "what the operator pays is not measured here"
    wallet.held_nanos -= hold.amount_nanos
    wallet.available_nanos += hold.amount_nanos - charged
    counters = await _by_id(session, hold.counters.split())
    for counter in counters:
        counter.held -= _takes(Scope(counter.scope), hold.amount_nanos)
        counter.used += charged if Scope(counter.scope).measure is Measure.SPEND else 0
    hold.state, hold.charged_nanos, hold.transfer_id, hold.closed_at_ms = HoldState.SETTLED, charged, op.id, now_ms
    request.state, request.ending, request.why = RequestState.SETTLED, op.ending, op.why
    request.input_tokens, request.output_tokens = line.usage.all_input_tokens, line.usage.all_output_tokens
    request.cost_nanos, request.finished_at_ms = charged, now_ms
    kept.answer = op.sealed_answer
    session.add(_transfer(op, request.id, now_ms))
    await session.flush()  # before its entries, which refer to it
    session.add_all(_entries(op, charged))
    session.add(_line(op, request.id, charged))
    return Settled(
        charged_nanos=charged,
        absorbed_nanos=0,
        available_nanos=wallet.available_nanos,
        charged_by_line=(charged,),
        used_by_counter=tuple((counter.id, counter.used) for counter in counters),
    )


def _transfer(op: Settle, request_id: str, now_ms: int) -> tables.Transfer:
    return tables.Transfer(
        id=op.id,
        wallet_id=op.wallet_id,
        kind=TransferKind.SETTLE,
        request_id=request_id,
        reverses="",
        actor="chipin",
        reason="",
        at_ms=now_ms,
    )


def _entries(op: Settle, charged: int) -> list[tables.Entry]:
    sides = {POOL: -charged, spend_account(op.lines[0].provider): charged}
    return [
        tables.Entry(
            id=f"{op.id}/{number}", transfer_id=op.id, wallet_id=op.wallet_id, account=account, amount_nanos=amount
        )
        for number, (account, amount) in enumerate(sides.items())
    ]


def _line(op: Settle, request_id: str, charged: int) -> tables.ReceiptLine:
    (line,) = op.lines
    return tables.ReceiptLine(
        id=f"{op.id}/0",
        request_id=request_id,
        wallet_id=op.wallet_id,
        step=line.step,
        provider=line.provider,
        model=line.model,
        input_tokens=line.usage.input_tokens,
        cache_read_tokens=line.usage.cache_read_tokens,
        cache_write_tokens=line.usage.cache_write_tokens,
        output_tokens=line.usage.output_tokens,
        reasoning_tokens=line.usage.reasoning_tokens,
        cost_nanos=line.cost_nanos,
        charged_nanos=charged,
        estimated=int(line.estimated),
        reported_nanos=NOT_REPORTED,
    )


async def _confirm(session: AsyncSession, op: ConfirmDelivery) -> Concluded | Refused:
    request = await session.get(tables.Request, op.ask_id)
    if request is None or request.member_id != op.member_id:
        return Refused(reason=Reason.NOT_FOUND)
    kept = await session.get_one(tables.Kept, op.ask_id)
    request.delivered_at_ms = _now_ms()
    kept.question, kept.answer, kept.erase_after_ms = b"", b"", 0
    return Concluded()


def _done(operation: Operation[Any], outcome: Any) -> tables.Operation:
    said = {name: value for name, value in asdict(outcome).items() if name != "replayed"}
    return tables.Operation(
        id=operation.id,
        fingerprint=hashlib.sha256(repr(operation).encode()).hexdigest()[:32],
        outcome=json.dumps([type(outcome).__name__, said], separators=(",", ":")),
        at_ms=_now_ms(),
    )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


CONNECTIONS = {"sqlite": 1, "postgresql": 5}
"""SQLite lets one writer in at a time: callers that queue for its one connection are served, those that fight over the
file are told that it is locked. 5 is SQLAlchemy's own default; on PostgreSQL 1 and 15 made no difference."""


@asynccontextmanager
async def open_session_books(database_url: str) -> AsyncIterator[SessionBooks]:
    """Books at a URL whose schema is there."""
    url = parse_database_url(database_url)
    backend = url.get_backend_name()
    engine = create_async_engine(url, pool_size=CONNECTIONS[backend], max_overflow=0, pool_timeout=60)
    if backend == "sqlite":
        _as_the_store_has_it(engine)
    try:
        yield SessionBooks(engine)
    finally:
        await engine.dispose()


def _as_the_store_has_it(engine: AsyncEngine) -> None:
    """The same durability, and BEGIN IMMEDIATE: two that read first and then write would be told to start again."""

    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
