"""The refill rule of a team: below so much, admins are asked once whether to add so much, at most so much a month.

It adds nothing by itself: every refill is a top-up that an admin pressed for.
"""

import hashlib
import re
from dataclasses import dataclass

from core.defaults import MIN_TOP_UP_NANOS
from core.errors import BadInput
from core.money import MAX_AMOUNT_NANOS, format_usd, parse_usd
from core.quota import Limit, Scope

HOW = "Type it like: /admin refill below 5 add 25 at most 100. Nothing was changed."
_TYPED = re.compile(
    r"below (?P<below>\S+?),? (?:and )?add (?P<add>\S+?),? (?:and )?at most (?P<most>\S+?)(?: (?:a|per) month)?\.?",
    re.IGNORECASE,
)
_KEPT = re.compile(r"([0-9]{1,16}) ([0-9]{1,16}) ([0-9]{1,16})", re.ASCII)
_CARRIED = re.compile(r"(refill_[0-9a-f]{32})\.([0-9]{1,16})", re.ASCII)


@dataclass(frozen=True, slots=True)
class RefillRule:
    """When the wallet has less than `below_nanos`, offer `add_nanos`; at most `most_nanos` a month of the team's."""

    below_nanos: int
    add_nanos: int
    most_nanos: int

    @property
    def kept(self) -> str:
        """As the team's preferences keep it: three amounts in nano-dollars."""
        return f"{self.below_nanos} {self.add_nanos} {self.most_nanos}"

    def limit_of(self, team_id: str, month: str) -> Limit:
        """What its refills have to fit in, in a month ("2026-11"). Equality is allowed."""
        return Limit(Scope.TEAM_MONTH_REFILLED, team_id, month, self.most_nanos)


@dataclass(frozen=True, slots=True)
class RefillState:
    """What a team's rule is, if there is one, and what its refills recorded in the month that runs."""

    rule: RefillRule | None
    used_nanos: int = 0
    balance_nanos: int = 0


@dataclass(frozen=True, slots=True)
class Refilled:
    """What a press recorded, or had recorded before (`again`); whether it can still be undone."""

    top_up_id: str
    amount_nanos: int
    balance_before_nanos: int
    balance_nanos: int
    again: bool = False
    undoable: bool = True


def rule_from(kept: str) -> RefillRule | None:
    """The rule that a preference keeps; None where there is none."""
    found = _KEPT.fullmatch(kept)
    return RefillRule(*map(int, found.groups())) if found is not None else None


def rule_typed(typed: str) -> RefillRule:
    """What an admin typed: "below 5 add 25 at most 100". `BadInput` says what is wrong with it."""
    found = _TYPED.fullmatch(" ".join(typed.split()))
    if found is None:
        raise BadInput(f"I cannot read that as a refill rule. {HOW}")
    try:
        below, add, most = (parse_usd(found[name]) for name in ("below", "add", "most"))
    except BadInput as bad:
        raise BadInput(f"{bad} Nothing was changed.") from bad
    if below <= 0:
        raise BadInput(f"A wallet is never below nothing: name an amount after the word below. {HOW}")
    if add < MIN_TOP_UP_NANOS:
        raise BadInput(f"The least that is added at a time is {format_usd(MIN_TOP_UP_NANOS)}. Nothing was changed.")
    if most < add:
        raise BadInput(
            f"At most {format_usd(most)} a month would never let {format_usd(add)} be added. Nothing was changed."
        )
    return RefillRule(below, add, most)


def refill_id(wallet_id: str, since: str, rule: RefillRule) -> str:
    """The one refill that a rule offers while the top-up `since` is the wallet's newest: the id of its operation.

    Whoever offers or presses it names the same one, on every platform and in every process.
    """
    named = f"{wallet_id} {since} {rule.kept}".encode()
    return f"refill_{hashlib.sha256(named).hexdigest()[:32]}"


def carried(refill: str, nanos: int) -> str:
    """What the button of a refill carries: which one it is, and for its label how much."""
    return f"{refill}.{nanos}"


def carried_from(text: str) -> tuple[str, int] | None:
    """It, from a button: the id and the nano-dollars; None for what no button of ours carries."""
    found = _CARRIED.fullmatch(text)
    if found is None or int(found[2]) > MAX_AMOUNT_NANOS:
        return None
    return found[1], int(found[2])
