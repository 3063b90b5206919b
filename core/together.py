"""Several accounts of one person have one quota: what is used of a limit is the sum over them.

Nothing is moved when accounts come together: each keeps its counters, and a hold is checked against all of them.
docs/decisions/0034.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from core.moments import from_ms
from core.quota import Scope, Totals, counter_id_of

OF_PEOPLE = frozenset(
    {
        Scope.MEMBER_DAY,
        Scope.MEMBER_WEEK,
        Scope.MEMBER_MONTH,
        Scope.MEMBER_IN_FLIGHT,
        Scope.MEMBER_DAY_ABSORBED,
    }
)
"""The limits of a person. What bounds a place, or one ask, is the same whoever asks."""
_FOLLOWS = "after"


@dataclass(frozen=True, slots=True)
class Beside:
    """Another account whose counters count with one's own: for good, or with `until_ms` in periods begun before that.

    `leads`: what is left of a period that both counted in goes on with that account alone, and not with one's own.
    """

    member_id: str
    until_ms: int = 0
    leads: bool = False

    def counts_in(self, start: datetime) -> bool:
        """Whether both count together in a period that begins then: to its end, so that nobody has it twice."""
        return not self.until_ms or start < from_ms(self.until_ms)


@lru_cache(maxsize=1024)
def beside_from(counts_with: str) -> tuple[Beside, ...]:
    """What `MemberRow.counts_with` says."""
    parts = (each.split(":") for each in counts_with.split())
    return tuple(Beside(member_id, int(until_ms), _FOLLOWS in more) for member_id, until_ms, *more in parts)


def counts_with(accounts: Iterable[Beside]) -> str:
    """The same as a row keeps it, by id."""
    ordered = sorted(accounts, key=lambda each: each.member_id)
    return " ".join(f"{each.member_id}:{each.until_ms}" + (f":{_FOLLOWS}" if each.leads else "") for each in ordered)


def counters_beside(
    scope: Scope, subject: str, label: str, *, own: str, accounts: Iterable[Beside], start: datetime
) -> tuple[str, ...]:
    """The ids of the counters that count with one of a person's, in a period that begins at `start`.

    `own` is the account that asks, `accounts` are those beside it. None for counters that are nobody's of them.
    """
    if scope not in OF_PEOPLE:
        return ()
    people = (own, *(each.member_id for each in accounts if each.counts_in(start)))
    return tuple(counter_id_of(scope, each, label) for each in people if each != subject) if subject in people else ()


def all_counters_beside(scope: Scope, label: str, *, own: str, accounts: Iterable[Beside]) -> tuple[str, ...]:
    """Every counter that may count with one's own, whenever the period began: what is to be looked for."""
    if scope not in OF_PEOPLE:
        return ()
    return tuple(counter_id_of(scope, each, label) for each in (own, *(each.member_id for each in accounts)))


def goes_on_elsewhere(accounts: Iterable[Beside], *, before: datetime, begins: datetime) -> bool:
    """Whether what is left of a period goes on with another account: it began while both counted together.

    `before` is when that period began, `begins` when the one after it does, in which they count apart.
    """
    ends = (from_ms(each.until_ms) for each in accounts if each.leads and each.until_ms)
    return any(before < end <= begins for end in ends)


def added_up(totals: Iterable[Totals | None]) -> Totals | None:
    """What counters say together: None where none of them is there. Of the limits they had, the lowest counts."""
    known = [each for each in totals if each is not None]
    if len(known) < 2:
        return known[0] if known else None
    return Totals(
        used=sum(each.used for each in known),
        held=sum(each.held for each in known),
        granted=sum(each.granted for each in known),
        limited_to=min((each.limited_to for each in known if each.limited_to), default=0),
    )
