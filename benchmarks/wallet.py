"""How many asks' worth of bookkeeping one wallet takes in a second: claim, hold, settle, confirm delivery."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.store.database import Store
from core.ids import new_id
from core.operations import Claim, ConfirmDelivery, Enrol, Hold, Settle, TopUp
from core.ports import Books
from core.prices import Usage
from core.quota import Limit, Scope
from core.receipt import PricedLine

_USD = 1_000_000_000
_LINE = PricedLine("bench", "bench", Usage(100, output_tokens=200), 40_000, 40_000, estimated=False)


@dataclass(frozen=True, slots=True)
class Team:
    """A team with money, made for one measurement."""

    id: str
    wallet_id: str
    member_id: str


async def make_team(books: Books) -> Team:
    """A fresh team, so that measurements do not share a wallet."""
    name = new_id("bench", datetime.now(UTC))
    team = Team(f"team_{name}", f"wal_{name}", f"mbr_{name}")
    await books.apply(
        Enrol(
            id=f"{name}.enrol",
            wallet_id=team.wallet_id,
            team_id=team.id,
            member_id=team.member_id,
            workspace=f"bench:{name}",
            identity=f"bench:{name}/x",
            display_name="bench",
            admin=True,
            team_name=name,
            zone="UTC",
            demo=False,
            member_month_limit_nanos=1_000 * _USD,
        )
    )
    await books.apply(
        TopUp(id=f"{name}.topup", wallet_id=team.wallet_id, team_id=team.id, amount_nanos=900 * _USD, actor="bench")
    )
    return team


async def cycles_per_second(store: Store, *, callers: int, cycles: int) -> float:
    """Cycles of four operations a second, by so many callers on one wallet."""
    team = await make_team(store.books)
    numbers = iter(range(cycles))
    began = time.perf_counter()
    await asyncio.gather(*(_caller(store.books, team, numbers) for _ in range(callers)))
    return cycles / (time.perf_counter() - began)


async def _caller(books: Books, team: Team, numbers: Iterator[int]) -> None:
    for number in numbers:
        await one_cycle(books, team, f"{team.id}.{number}")


async def one_cycle(books: Books, team: Team, ask_id: str) -> None:
    """The bookkeeping of one ask."""
    limits = (
        Limit(Scope.MEMBER_IN_FLIGHT, team.member_id, "", 1_000_000),
        Limit(Scope.MEMBER_MONTH, team.member_id, "2026-11", 1_000 * _USD),
    )
    await books.apply(
        Claim(
            id=f"{ask_id}.claim",
            wallet_id=team.wallet_id,
            ask_id=ask_id,
            team_id=team.id,
            member_id=team.member_id,
            keys=(f"{ask_id}.key", f"{ask_id}.other-key"),
            platform="bench",
            channel="bench",
            thread="",
            lease_seconds=180,
            sealed_question=b"x" * 200,
        )
    )
    hold_id = f"{ask_id}.1.hold"
    await books.apply(
        Hold(
            id=hold_id,
            wallet_id=team.wallet_id,
            ask_id=ask_id,
            attempt=1,
            amount_nanos=900_000,
            min_nanos=900_000,
            limits=limits,
            provider="bench",
            model="bench",
            ttl_seconds=180,
        )
    )
    await books.apply(
        Settle(
            id=f"{ask_id}.1.close",
            wallet_id=team.wallet_id,
            hold_id=hold_id,
            attempt=1,
            lines=(_LINE,),
            ending="answered",
            why="bench",
            sealed_answer=b"y" * 800,
        )
    )
    await books.apply(
        ConfirmDelivery(id=f"{ask_id}.delivered", wallet_id=team.wallet_id, ask_id=ask_id, member_id=team.member_id)
    )
