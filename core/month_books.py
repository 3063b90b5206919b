"""The books of one month as values: what moved a wallet, in the team's own month, and what providers billed.

Money is booked in nano-dollars and read in cents. `in_cents` is how: parts that were rounded so that they add up to
their whole as printed, each less than a cent from what it is. Decision 0042.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.money import NANOS_PER_CENT
from core.people import Team
from core.periods import Span
from core.spending import SpentOn, WalletMovements


@dataclass(frozen=True, slots=True)
class BilledMonth:
    """What a provider says that it took in a month of UTC, beside what the books say: of all teams and the operator."""

    provider: str
    month: str
    billed_nanos: int
    booked_nanos: int

    @property
    def drift_nanos(self) -> int:
        """How much more the provider says than the books; negative where it says less."""
        return self.billed_nanos - self.booked_nanos

    @property
    def drift_permille(self) -> int | None:
        """The same in tenths of a per cent of what is booked, rounded away from zero: a drift is never told as none.

        None where nothing is booked.
        """
        if self.booked_nanos == 0:
            return None
        more = -(-abs(self.drift_nanos) * 1000 // self.booked_nanos)
        return more if self.drift_nanos >= 0 else -more


@dataclass(frozen=True, slots=True)
class MonthBooks:
    """A team's month. `made_at` is before its end while it runs; then it tells what came so far.

    `names` are those of the members in it, by id, as they are now; who was forgotten has none. `titles` are what its
    providers call themselves, by id. `part_of` is the name of the team that this one has joined; empty for none.
    """

    team: Team
    span: Span
    made_at: datetime
    movements: WalletMovements
    names: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    bills: Sequence[BilledMonth] = ()
    part_of: str = ""

    @property
    def so_far(self) -> bool:
        """Whether the month still runs."""
        return self.made_at < self.span.end

    @property
    def until(self) -> datetime:
        """Up to when it tells."""
        return min(self.made_at, self.span.end)


@dataclass(frozen=True, slots=True)
class Sums:
    """The five amounts of a statement, in nano-dollars (or in whole cents, as printed): the first four make the last.

    opening + topped_up - taken_back + given_back - spent = closing
    """

    opening: int
    topped_up: int
    taken_back: int
    spent: int
    given_back: int
    closing: int


def sums_of(movements: WalletMovements) -> Sums:
    """What was moved, exactly."""
    return Sums(
        opening=movements.opening_nanos,
        topped_up=sum(each.amount_nanos for each in movements.top_ups),
        taken_back=sum(each.amount_nanos for each in movements.taken_back),
        spent=sum(each.cost_nanos for each in movements.spent),
        given_back=sum(each.cost_nanos for each in movements.given_back),
        closing=movements.closing_nanos,
    )


def sums_in_cents(exact: Sums) -> Sums:
    """The same as printed. A balance is rounded by itself, so that a month opens as the one before it closed.

    What moved it is what the rounded balance moved by, one after the other: so they add up, and each is less than a
    cent from what it is.
    """
    steps = (exact.opening, exact.topped_up, -exact.taken_back, exact.given_back, -exact.spent)
    printed, sum_nanos, sum_cents = [], 0, 0
    for step in steps:
        sum_nanos += step
        cents = nearest_cents(sum_nanos)
        printed.append(cents - sum_cents)
        sum_cents = cents
    opening, topped_up, taken_back, given_back, spent = printed
    return Sums(opening, topped_up, -taken_back, -spent, given_back, sum_cents)


def nearest_cents(nanos: int) -> int:
    """Whole cents, a half upwards."""
    return (nanos + NANOS_PER_CENT // 2) // NANOS_PER_CENT


def in_cents(parts: Sequence[int], whole_cents: int) -> list[int]:
    """Parts of nano-dollars in whole cents which sum to `whole_cents`: rounded down, and the cents that are left go
    to those that lost most by it (the largest remainder; of equal ones the first).

    `whole_cents` has to be what their sum rounds to, up or down.
    """
    printed = [part // NANOS_PER_CENT for part in parts]
    left = whole_cents - sum(printed)
    lost_most = sorted(range(len(parts)), key=lambda place: -(parts[place] % NANOS_PER_CENT))
    for place in lost_most[:left]:
        printed[place] += 1
    return printed


def by_provider(spent: Sequence[SpentOn]) -> dict[str, list[SpentOn]]:
    """What was spent under each provider: the dearest provider first, and its dearest tag."""
    ordered = sorted(spent, key=lambda each: (-each.cost_nanos, each.tag))
    totals: dict[str, list[SpentOn]] = {}
    for each in ordered:
        totals.setdefault(each.provider, []).append(each)
    return dict(sorted(totals.items(), key=lambda item: (-sum(each.cost_nanos for each in item[1]), item[0])))


def by_tag(spent: Sequence[SpentOn]) -> dict[str, int]:
    """Nano-dollars by tag, the dearest first; what has none under an empty one."""
    totals: dict[str, int] = {}
    for each in spent:
        totals[each.tag] = totals.get(each.tag, 0) + each.cost_nanos
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


def billed_months(
    bills: Mapping[tuple[str, str], int], booked: Mapping[str, Mapping[str, int]]
) -> tuple[BilledMonth, ...]:
    """Bills by provider and month beside what is booked, by month and provider: the newest month first."""
    ordered = sorted(bills, key=lambda key: key[0])
    return tuple(
        BilledMonth(provider, month, bills[provider, month], booked.get(month, {}).get(provider, 0))
        for provider, month in sorted(ordered, key=lambda key: key[1], reverse=True)
    )
