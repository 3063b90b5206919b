"""Erases what is left of somebody who is forgotten, piece by piece."""

from core.ids import new_id
from core.operations import EraseTraces
from core.ports import Books, Clock
from core.reports import Traces


async def erase(traces: Traces, books: Books, clock: Clock) -> None:
    """Erase these. What was charged stays charged, also for an answer that still waited for its asker."""
    await books.apply(
        EraseTraces(
            id=new_id("erase", clock.now()),
            wallet_id=traces.wallet_id,
            team_id=traces.team_id,
            member_id=traces.member_id,
            asks=traces.asks,
            notices=traces.notices,
            budget_requests=traces.budget_requests,
            presses=traces.presses,
        )
    )
