"""A team to measure with, and the bookkeeping of one of its asks as the use case does it."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.defaults import HOLD_TTL_SECONDS, MEMBER_DAY_ABSORBED_NANOS
from core.ids import new_id
from core.money import MAX_AMOUNT_NANOS
from core.operations import Claim, Claimed, ConfirmDelivery, Enrol, Held, Hold, Settle, Settled, TopUp
from core.ports import Books
from core.prices import Usage
from core.quota import Limit, Scope
from core.receipt import PricedLine

MEMBERS = 50
"""A team in the middle of the sizes that Chipin is for."""

HELD_NANOS = 900_000
COST_NANOS = 40_000
_LINE = PricedLine("bench", "bench-1", Usage(100, output_tokens=200), COST_NANOS, COST_NANOS, estimated=False)
_QUESTION, _ANSWER = b"x" * 200, b"y" * 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Whose asks are booked."""

    id: str
    wallet_id: str
    member_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Latencies:
    """How long holds and settlements took, in seconds."""

    hold: list[float] = field(default_factory=list)
    settle: list[float] = field(default_factory=list)


async def make_team(
    books: Books, name: str = "", *, members: int = MEMBERS, budget_nanos: int = MAX_AMOUNT_NANOS
) -> Team:
    """A new team with money; nobody's limit is in the way. `name` stands in all its ids; without one it is unique."""
    name = name or new_id("bench", datetime.now(UTC))
    team = Team(id=f"team_{name}", wallet_id=f"wal_{name}", member_ids=tuple(f"mbr_{name}_{n}" for n in range(members)))
    enrolments = (
        Enrol(
            id=f"{member_id}.enrol",
            wallet_id=team.wallet_id,
            team_id=team.id,
            member_id=member_id,
            workspace=f"bench:{name}",
            identity=f"bench:{name}/{member_id}",
            display_name=member_id,
            admin=member_id == team.member_ids[0],
            team_name=name,
            zone="UTC",
            demo=False,
            member_month_limit_nanos=MAX_AMOUNT_NANOS,
        )
        for member_id in team.member_ids
    )
    await asyncio.gather(*map(books.apply, enrolments))
    await books.apply(
        TopUp(id=f"{name}.topup", wallet_id=team.wallet_id, team_id=team.id, amount_nanos=budget_nanos, actor="bench")
    )
    return team


async def book_one_ask(books: Books, team: Team, member_id: str, latencies: Latencies) -> None:
    """Claim, hold, settle, confirm delivery: what every answered ask writes."""
    ask_id = new_id("ask", datetime.now(UTC))
    assert isinstance(await books.apply(claim_of(ask_id, team, member_id)), Claimed)
    began = time.perf_counter()
    assert isinstance(await books.apply(hold_of(ask_id, team, member_id)), Held)
    held = time.perf_counter()
    assert isinstance(await books.apply(_settle_of(ask_id, team)), Settled)
    latencies.settle.append(time.perf_counter() - held)
    latencies.hold.append(held - began)
    await books.apply(
        ConfirmDelivery(
            id=f"{ask_id}.delivered", wallet_id=team.wallet_id, ask_id=ask_id, attempt=1, member_id=member_id
        )
    )


def claim_of(ask_id: str, team: Team, member_id: str) -> Claim:
    """The first copy of an ask that may be delivered under two names."""
    return Claim(
        id=f"{ask_id}.claim",
        wallet_id=team.wallet_id,
        ask_id=ask_id,
        team_id=team.id,
        member_id=member_id,
        keys=(f"{ask_id}.event", f"{ask_id}.message"),
        platform="bench",
        workspace="one",
        channel="general",
        thread="",
        lease_seconds=HOLD_TTL_SECONDS,
        sealed_question=_QUESTION,
    )


def hold_of(ask_id: str, team: Team, member_id: str) -> Hold:
    """The worst case, taken from the wallet and from the three limits that every ask has."""
    now = datetime.now(UTC)
    return Hold(
        id=f"{ask_id}.1.hold",
        wallet_id=team.wallet_id,
        ask_id=ask_id,
        attempt=1,
        amount_nanos=HELD_NANOS,
        min_nanos=HELD_NANOS,
        limits=(
            Limit(Scope.MEMBER_IN_FLIGHT, member_id, "", 1_000),
            Limit(Scope.MEMBER_DAY_ABSORBED, member_id, f"{now:%Y-%m-%d}", MEMBER_DAY_ABSORBED_NANOS),
            Limit(Scope.MEMBER_MONTH, member_id, f"{now:%Y-%m}", MAX_AMOUNT_NANOS),
        ),
        provider="bench",
        model="bench-1",
        ttl_seconds=HOLD_TTL_SECONDS,
        at_ms=int(now.timestamp() * 1000),
    )


def _settle_of(ask_id: str, team: Team) -> Settle:
    return Settle(
        id=f"{ask_id}.1.close",
        wallet_id=team.wallet_id,
        hold_id=f"{ask_id}.1.hold",
        attempt=1,
        lines=(_LINE,),
        ending="answered",
        why="cheapest model that is good enough",
        sealed_answer=_ANSWER,
    )
