"""The refill rule in words: what it is, what it offers, and what became of that."""

from core.money import format_usd
from core.refill_rule import RefillRule, RefillState
from core.text.wallet import exact_usd

NO_RULE = (
    "There is no refill rule. /admin refill below 5 add 25 at most 100 makes one: when the wallet falls below $5.00, "
    "admins are asked whether to add $25.00. Nothing is ever added before an admin says so."
)
NOTHING_BY_ITSELF = (
    "Admins are asked once each time the wallet falls below that. Nothing is added before one of them says so, and no "
    "card is charged."
)
TAKEN_AWAY = "The refill rule is taken away: nobody is asked any more."
NO_RULE_TO_TAKE = "There was no refill rule. Nothing was changed."
SAME_RULE = "That is the refill rule already. Nothing was changed."
NOT_OFFERED = (
    "That is not what the refill rule offers any more: the rule was changed, or budget came in since. Nothing was "
    "recorded. If the wallet is still low, a new notice asks; /topup adds budget at any time."
)
NOT_ADMIN = "Only admins of the team can change its budget. Nothing was recorded."
RULE_NOT_YOURS = "Only admins of the team can see and set its refill rule. Nothing was changed."


def in_words(rule: RefillRule) -> str:
    """The rule, without what is around it."""
    below, add, most = map(format_usd, (rule.below_nanos, rule.add_nanos, rule.most_nanos))
    return f"below {below} add {add}, at most {most} a month"


def state_lines(state: RefillState) -> tuple[str, ...]:
    """What the rule is, and how much of its month is used."""
    if state.rule is None:
        return (NO_RULE,)
    used, most = format_usd(state.used_nanos), format_usd(state.rule.most_nanos)
    return (f"Refill rule: {in_words(state.rule)}. {used} of this month's {most} is used.", NOTHING_BY_ITSELF)


def set_lines(state: RefillState) -> tuple[str, ...]:
    """What was set; where the wallet is low already, that admins are asked now."""
    assert state.rule is not None  # noqa: S101 - it was set just now
    lines = (f"The refill rule is set: {in_words(state.rule)}.", NOTHING_BY_ITSELF)
    if state.balance_nanos >= state.rule.below_nanos:
        return lines
    asked = "so admins are asked within a minute, unless they were asked the same since the last top-up"
    return (*lines, f"The wallet has {exact_usd(state.balance_nanos)}, {asked}.")


def over_operators_ceiling(rule: RefillRule, ceiling_nanos: int) -> str:
    """A month's maximum that the operator does not allow."""
    most, ceiling = format_usd(rule.most_nanos), format_usd(ceiling_nanos)
    return (
        f"At most {most} a month is more than the {ceiling} that this team may record in a month. Nothing was changed. "
        "Whoever runs Chipin can change that (TOPUP_MAX_USD_PER_MONTH)."
    )


def offered(rule: RefillRule, *, balance_nanos: int, used_nanos: int) -> str:
    """The notice with a button."""
    add, before, after = format_usd(rule.add_nanos), format_usd(balance_nanos), balance_nanos + rule.add_nanos
    return (
        f"The team wallet is below {format_usd(rule.below_nanos)}: it has {before}. The refill rule would add {add}, "
        f"which makes it {format_usd(after)}; {_used(rule, used_nanos)}. Nothing is added before an admin says so, "
        "and no card is charged."
    )


def used_up(rule: RefillRule, *, balance_nanos: int, used_nanos: int) -> str:
    """The notice where the month has no room for what the rule would add."""
    return (
        f"The team wallet is below {format_usd(rule.below_nanos)}: it has {format_usd(balance_nanos)}. The refill rule "
        f"offers nothing more this month: {_used(rule, used_nanos)}, and another {format_usd(rule.add_nanos)} would "
        "pass that. /topup adds budget all the same."
    )


def _used(rule: RefillRule, used_nanos: int) -> str:
    return f"{format_usd(used_nanos)} of its {format_usd(rule.most_nanos)} for this month is used"


def add_label(nanos: int) -> str:
    """The button."""
    return f"Add {format_usd(nanos).removesuffix('.00')}"


def above_again(rule: RefillRule, balance_nanos: int) -> str:
    """A press that came when there was enough again."""
    return (
        f"The wallet has {format_usd(balance_nanos)}, which is not below {format_usd(rule.below_nanos)} (any more). "
        "Nothing was recorded. /topup adds budget all the same."
    )


def over_maximum(used_nanos: int, most_nanos: int, add_nanos: int) -> str:
    """A press that would pass what the rule lets in a month."""
    used, most, add = map(format_usd, (used_nanos, most_nanos, add_nanos))
    return (
        f"{used} of the {most} that the refill rule allows this month is used, so {add} does not fit. Nothing was "
        "recorded. /topup adds budget all the same."
    )


def added_already(amount_nanos: int, before_nanos: int, after_nanos: int) -> str:
    """A press that came when another had recorded it."""
    add, before, after = map(format_usd, (amount_nanos, before_nanos, after_nanos))
    return (
        f"{add} was added already ({before} -> {after}), so nothing more was recorded. /topup adds budget at any time."
    )


def reason_for(rule: RefillRule) -> str:
    """Why it was recorded, as the books keep it."""
    return f"refill rule: below {format_usd(rule.below_nanos)}"
