"""Operations as tests write them: what matters is said, everything else is filled in. Amounts are nano-dollars."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import text

from adapters.store.database import Store
from core.defaults import DELIVERY_LEASE_SECONDS
from core.money import NANOS_PER_USD
from core.operations import (
    AskForMore,
    CancelRequest,
    Claim,
    CloseRequest,
    Conclude,
    ConfirmDelivery,
    ConfirmNotice,
    DecideRequest,
    Decision,
    Enrol,
    EraseKept,
    Expire,
    Hold,
    Interrupt,
    NoteIdentity,
    PostNotice,
    Prefer,
    RateAnswer,
    RecogniseSecret,
    Refund,
    Rehold,
    Release,
    RequestState,
    RequestStop,
    Restore,
    Reverse,
    SetAdmin,
    SetFrozen,
    SetGone,
    SetRule,
    Settle,
    SetZone,
    TakeDelivery,
    TakeNotice,
    TellChange,
    Thumb,
    TopUp,
)
from core.people import to_digest
from core.policy import EVERYONE, Setting, member_target
from core.ports import Books
from core.prices import Usage
from core.quota import Limit, Scope
from core.receipt import PricedLine
from core.rows import KINDS, Row
from tests.fakes import PlainVault

USD = NANOS_PER_USD
DECEMBER_MS = 1_796_083_200_000
"""The first of December 2026 in UTC."""
LEASE_SECONDS = 120
TTL_SECONDS = 180
AT_MS = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp() * 1000)
"""When they ask, as far as periods go: the same in every store, whatever its own clock says."""
R = TypeVar("R", bound=Row)


def enrol(member: str = "anna", *, team: str = "team", wallet: str = "wal", **fields: Any) -> Enrol:
    """A member of a team, by default Anna."""
    known: dict[str, Any] = {
        "id": f"enrol-{team}-{member}",
        "wallet_id": wallet,
        "team_id": team,
        "member_id": member,
        "workspace": f"test:{team}",
        "identity": f"test:{team}/{member}",
        "identity_digest": digest_of(f"test:{team}/{member}"),
        "display_name": member.title(),
        "admin": member == "anna",
        "team_name": team.title(),
        "zone": "UTC",
        "demo": False,
        "member_month_limit_nanos": 5 * USD,
    }
    return Enrol(**(known | fields))


def prefer(op_id: str, name: str, value: str, **fields: Any) -> Prefer:
    """What Anna likes to have."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "owner": "anna", "actor": "anna"}
    return Prefer(id=op_id, name=name, value=value, **(known | fields))


def top_up(op_id: str, nanos: int, **fields: Any) -> TopUp:
    """Budget from Anna."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "actor": "anna"}
    return TopUp(id=op_id, amount_nanos=nanos, **(known | fields))


def refund(op_id: str, top_up_id: str, **fields: Any) -> Refund:
    """Anna takes a top-up back."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "actor": "anna"}
    return Refund(id=op_id, top_up_id=top_up_id, **(known | fields))


def month_limit(op_id: str, nanos: int, member: str = "", **fields: Any) -> SetRule:
    """Anna sets a monthly limit, by default everyone's."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "actor": "anna"}
    target = member_target(member) if member else EVERYONE
    return rule(op_id, target, Setting.MONTH, str(nanos), **(known | fields))


def rule(op_id: str, target: str, setting: Setting, value: str, **fields: Any) -> SetRule:
    """Anna sets one thing for somebody."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "actor": "anna"}
    return SetRule(id=op_id, target=target, setting=setting, value=value, **(known | fields))


def zone(op_id: str, name: str, **fields: Any) -> SetZone:
    """Anna sets the team's time zone."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "actor": "anna"}
    return SetZone(id=op_id, zone=name, **(known | fields))


def freeze(op_id: str, member: str = "", *, frozen: bool = True, **fields: Any) -> SetFrozen:
    """The operator pauses asking, by default everybody's."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "actor": "operator"}
    return SetFrozen(id=op_id, member_id=member, frozen=frozen, **(known | fields))


def note_identity(op_id: str, member: str = "anna", **fields: Any) -> NoteIdentity:
    """A platform says something else of somebody, by default that Anna looks after the workspace."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "admin": True, "display_name": member.title()}
    known["identity"] = f"test:{(known | fields)['team_id']}/{member}"
    return NoteIdentity(id=op_id, member_id=member, **(known | fields))


def set_admin(op_id: str, member: str, *, admin: bool = True, **fields: Any) -> SetAdmin:
    """Anna makes somebody an admin, or no admin."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "actor": "anna"}
    return SetAdmin(id=op_id, member_id=member, admin=admin, **(known | fields))


def set_gone(op_id: str, member: str, *, gone: bool = True, **fields: Any) -> SetGone:
    """A platform says that somebody has left, or is back."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "actor": "chipin"}
    known["identity"] = f"test:{(known | fields)['team_id']}/{member}"
    return SetGone(id=op_id, member_id=member, gone=gone, **(known | fields))


def restore(op_id: str, member: str, **fields: Any) -> Restore:
    """Anna lets somebody ask again."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "actor": "anna"}
    return Restore(id=op_id, member_id=member, **(known | fields))


def digest_of(identity: str) -> str:
    """What a vault without a lock makes of an identity (tests/fakes.py)."""
    return PlainVault().digest(to_digest(identity))


def claim(ask: str, *keys: str, member: str = "anna", **fields: Any) -> Claim:
    """The first copy of an ask, with one key of its own unless told otherwise."""
    known: dict[str, Any] = {
        "id": f"{ask}.claim",
        "wallet_id": "wal",
        "team_id": "team",
        "platform": "test",
        "workspace": "one",
        "channel": "general",
        "thread": "",
        "lease_seconds": LEASE_SECONDS,
        "sealed_question": b"sealed question",
    }
    return Claim(ask_id=ask, member_id=member, keys=keys or (f"{ask}.key",), **(known | fields))


def conclude(ask: str, state: RequestState, *, attempt: int = 1, **fields: Any) -> Conclude:
    """An ask that ends (or waits) before money is held."""
    known: dict[str, Any] = {"id": f"{ask}.{attempt}.{state}", "wallet_id": "wal", "why": "because"}
    return Conclude(ask_id=ask, attempt=attempt, state=state, **(known | fields))


def stop(ask: str, member: str = "", **fields: Any) -> RequestStop:
    """A press on Stop, by default an admin's."""
    known: dict[str, Any] = {"id": f"{ask}.stop", "wallet_id": "wal", "team_id": "team"}
    return RequestStop(ask_id=ask, member_id=member, **(known | fields))


def rate(ask: str, thumb: Thumb = 1, **fields: Any) -> RateAnswer:
    """Anna's thumb on an answer, by default up."""
    known: dict[str, Any] = {"id": f"{ask}.rate", "wallet_id": "wal", "team_id": "team", "member_id": "anna"}
    return RateAnswer(ask_id=ask, thumb=thumb, **(known | fields))


def delivered(ask: str, **fields: Any) -> ConfirmDelivery:
    """The reader has everything."""
    known: dict[str, Any] = {"id": f"{ask}.delivered", "wallet_id": "wal", "member_id": "anna", "attempt": 1}
    return ConfirmDelivery(ask_id=ask, **(known | fields))


def take(ask: str, **fields: Any) -> TakeDelivery:
    """Somebody takes it on to tell how it ended."""
    known: dict[str, Any] = {"id": f"{ask}.take", "wallet_id": "wal", "lease_seconds": DELIVERY_LEASE_SECONDS}
    return TakeDelivery(ask_id=ask, **(known | fields))


def interrupt(ask: str, **fields: Any) -> Interrupt:
    """The sweep found an ask whose process is gone."""
    known: dict[str, Any] = {"id": f"{ask}.interrupt", "wallet_id": "wal"}
    return Interrupt(ask_id=ask, **(known | fields))


def recognise(digest: str, **fields: Any) -> RecogniseSecret:
    """A process that starts with a secret."""
    known: dict[str, Any] = {"id": f"start-{digest}", "wallet_id": ""}
    return RecogniseSecret(digest=digest, **(known | fields))


def erase(ask: str, **fields: Any) -> EraseKept:
    """Nobody came for the text."""
    known: dict[str, Any] = {"id": f"{ask}.erase", "wallet_id": "wal"}
    return EraseKept(ask_id=ask, **(known | fields))


def post_notice(notice: str, **fields: Any) -> PostNotice:
    """Something for Anna, who is the team's admin."""
    known: dict[str, Any] = {"id": f"{notice}.post", "wallet_id": "wal", "team_id": "team", "kind": "test"}
    return PostNotice(notice_id=notice, **(known | {"words": f"{notice}!"} | fields))


def tell_change(subject: str, was: str, value: str, **fields: Any) -> TellChange:
    """Something is otherwise than she was told."""
    known: dict[str, Any] = {"id": f"{subject}-{value}.tell", "wallet_id": "wal", "team_id": "team", "kind": "test"}
    return TellChange(subject=subject, was=was, value=value, **(known | {"words": f"{subject} is {value}"} | fields))


def take_notice(notice: str, **fields: Any) -> TakeNotice:
    """Somebody takes it on to tell her."""
    known: dict[str, Any] = {"id": f"{notice}.take", "wallet_id": "wal", "team_id": "team"}
    return TakeNotice(notice_id=notice, **(known | {"lease_seconds": DELIVERY_LEASE_SECONDS} | fields))


def confirm_notice(notice: str, **fields: Any) -> ConfirmNotice:
    """She has it."""
    known: dict[str, Any] = {"id": f"{notice}.told", "wallet_id": "wal", "team_id": "team"}
    return ConfirmNotice(notice_id=notice, **(known | fields))


def ask_more(op_id: str, nanos: int, counter: str = "member_month:ben:2026-11", **fields: Any) -> AskForMore:
    """Ben asks for more, by default for his November."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "member_id": "ben"}
    known |= {"counter_id": counter, "expires_at_ms": DECEMBER_MS if counter else 0}
    return AskForMore(id=op_id, amount_nanos=nanos, **(known | fields))


def decide(op_id: str, request: str, decision: Decision = Decision.APPROVE, **fields: Any) -> DecideRequest:
    """Anna presses a button under a request, by default the one that approves."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "member_id": "anna"}
    known |= {"actor": fields.get("member_id", "anna")}
    return DecideRequest(id=op_id, request_id=request, decision=decision, **(known | fields))


def cancel_request(op_id: str, request: str, **fields: Any) -> CancelRequest:
    """Ben takes his request back."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "member_id": "ben"}
    return CancelRequest(id=op_id, request_id=request, **(known | fields))


def close_request(op_id: str, request: str, **fields: Any) -> CloseRequest:
    """The round found a request that nobody has to decide."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team"}
    return CloseRequest(id=op_id, request_id=request, **(known | fields))


def hold(ask: str, nanos: int, *limits: Limit, least: int | None = None, attempt: int = 1, **fields: Any) -> Hold:
    """The hold of one attempt: all of it, or what fits down to `least`."""
    known: dict[str, Any] = {
        "id": f"{ask}.{attempt}.hold",
        "wallet_id": "wal",
        "min_nanos": nanos if least is None else least,
        "provider": "acme",
        "model": "acme-1",
        "ttl_seconds": TTL_SECONDS,
        "at_ms": AT_MS,
    }
    return Hold(ask_id=ask, attempt=attempt, amount_nanos=nanos, limits=limits, **(known | fields))


def rehold(ask: str, nanos: int, *limits: Limit, attempt: int = 1, **fields: Any) -> Rehold:
    """Another amount for the hold of an attempt."""
    known: dict[str, Any] = {
        "id": f"{ask}.{attempt}.rehold",
        "wallet_id": "wal",
        "hold_id": f"{ask}.{attempt}.hold",
        "provider": "other",
        "model": "other-1",
        "at_ms": AT_MS,
    }
    return Rehold(attempt=attempt, amount_nanos=nanos, limits=limits, **(known | fields))


def line(
    cost: int,
    charged: int | None = None,
    *,
    provider: str = "acme",
    estimated: bool = False,
    reported: int | None = None,
) -> PricedLine:
    """One call's line on a receipt, charged whole unless told otherwise."""
    usage = Usage(input_tokens=10, cache_read_tokens=1, cache_write_tokens=2, output_tokens=20, reasoning_tokens=3)
    charge = cost if charged is None else charged
    return PricedLine(provider, f"{provider}-1", usage, cost, charge, estimated, reported_nanos=reported)


def settle(ask: str, *lines: PricedLine, attempt: int = 1, **fields: Any) -> Settle:
    """The hold of an attempt is charged."""
    known: dict[str, Any] = {
        "id": f"{ask}.{attempt}.close",
        "wallet_id": "wal",
        "hold_id": f"{ask}.{attempt}.hold",
        "ending": "answered",
        "why": "cheapest",
        "sealed_answer": b"sealed answer",
    }
    return Settle(attempt=attempt, lines=lines, **(known | fields))


def release(ask: str, *lines: PricedLine, attempt: int = 1, **fields: Any) -> Release:
    """The hold of an attempt is given back."""
    known: dict[str, Any] = {
        "id": f"{ask}.{attempt}.close",
        "wallet_id": "wal",
        "hold_id": f"{ask}.{attempt}.hold",
        "ending": "failed",
        "why": "no answer",
    }
    return Release(attempt=attempt, lines=lines, **(known | fields))


def reverse(ask: str, **fields: Any) -> Reverse:
    """The charge of an ask is given back."""
    known: dict[str, Any] = {"id": f"{ask}.reverse", "wallet_id": "wal", "actor": "chipin", "reason": "undelivered"}
    return Reverse(ask_id=ask, **(known | fields))


def expire(ask: str, *, attempt: int = 1, **fields: Any) -> Expire:
    """The sweep found the hold of an attempt."""
    hold_id = f"{ask}.{attempt}.hold"
    known: dict[str, Any] = {"id": f"{hold_id}.expire", "wallet_id": "wal", "hold_id": hold_id}
    return Expire(**(known | fields))


def month(at_most: int, member: str = "anna") -> Limit:
    """A monthly limit."""
    return Limit(Scope.MEMBER_MONTH, member, "2026-11", at_most)


def ceiling(at_most: int, team: str = "team", label: str = "2026-11") -> Limit:
    """So much of budget in a month."""
    return Limit(Scope.TEAM_MONTH_TOPPED_UP, team, label, at_most)


def in_flight(at_most: int, member: str = "anna") -> Limit:
    """So many asks at one time."""
    return Limit(Scope.MEMBER_IN_FLIGHT, member, "", at_most)


def absorbed(at_most: int, member: str = "anna") -> Limit:
    """So much at the operator's cost in a day."""
    return Limit(Scope.MEMBER_DAY_ABSORBED, member, "2026-11-21", at_most)


async def ask_with_hold(books: Books, ask: str, nanos: int, *limits: Limit) -> None:
    """An ask that runs and holds so much."""
    await books.apply(claim(ask))
    await books.apply(hold(ask, nanos, *limits))


async def ask_settled(books: Books, ask: str, held: int, cost: int, *limits: Limit) -> None:
    """An ask that is over and charged."""
    await ask_with_hold(books, ask, held, *limits)
    await books.apply(settle(ask, line(cost)))


async def rows_of(store: Store, kind: type[R]) -> list[R]:
    """All rows of a kind as the database has them, by id."""
    async with store.snapshot() as session:
        connection = await session.connection()
        found = (await connection.execute(text(f'SELECT * FROM "{kind.table}"'))).mappings().all()
    return sorted((kind(**row) for row in found), key=lambda row: row.id)


async def books_of(store: Store) -> dict[str, list[Row]]:
    """Everything there is, table by table."""
    return {kind.table: [*await rows_of(store, kind)] for kind in KINDS}
