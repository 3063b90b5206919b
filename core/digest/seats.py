"""Seats beside pay-per-use: what one for everybody who asked would cost, and for whom it would have been cheaper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.spending import Spent

COMPARED_DAYS = 30
"""A seat is paid by the month."""
FEWEST_DAYS = 7
"""What a team does in its first days says nothing of a month."""


@dataclass(frozen=True, slots=True)
class SeatsBeside:
    """A month of a team: at `seat_nanos` a seat and month for each of the `members` who asked, and as it paid.

    `members` asked in the last `days`; fewer than `COMPARED_DAYS` are counted up to a month. For `cheaper_for` of them
    a seat would have been cheaper. Nobody is counted who asked nothing: seats for them would only add to the price.
    """

    seat_nanos: int
    members: int
    paid_nanos: int
    cheaper_for: int
    days: int

    @property
    def seats_nanos(self) -> int:
        """What the seats would cost."""
        return self.seat_nanos * self.members


def seats_beside(by_member: Sequence[Spent], seat_nanos: int, known_for: timedelta) -> SeatsBeside | None:
    """Compare what members spent in the last `COMPARED_DAYS`, or as long as the team is known where that is less.

    None where nobody asked, or it is too early to tell.
    """
    days = min(known_for.days, COMPARED_DAYS)
    if not by_member or days < FEWEST_DAYS:
        return None
    months = [_a_month(each.cost_nanos, days) for each in by_member]
    cheaper_for = sum(nanos > seat_nanos for nanos in months)
    return SeatsBeside(seat_nanos, len(months), sum(months), cheaper_for, days)


def _a_month(nanos: int, days: int) -> int:
    """Counted up to a month, never down to less than it was: in the seats' favour."""
    return -(-nanos * COMPARED_DAYS // days)
