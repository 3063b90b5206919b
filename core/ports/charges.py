"""What the books tell of charges one by one, and of what providers bill."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.charges import Charge


class ChargeBooks(Protocol):
    """What a team was charged, grouped for an export."""

    async def charges(
        self, team_id: str, spans: Sequence[tuple[datetime, datetime]], *, at_most: int
    ) -> tuple[Charge, ...] | None:
        """What came to something in each of these stretches, in their order; None where those are more than `at_most`.

        In each by member, provider, model and tag; then what was given back in it. All of one moment. What was charged
        before the first stretch is `of_earlier`.
        """


class BillBooks(Protocol):
    """What providers bill, and what the books say that they took."""

    async def bills(self) -> Mapping[tuple[str, str], int]:
        """Every bill that is recorded: nano-dollars by provider and month of UTC."""

    async def booked(self, start: datetime, end: datetime) -> Mapping[str, int]:
        """What each provider took of all teams and of the operator, in nano-dollars."""
