"""/usage in words: what was asked and spent, by what, and beside what was before; the amount always as text."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from core.money import format_price
from core.periods import Period
from core.spending import SpendBy, Spent
from core.text.bars import bar
from core.text.forecast import forecast_line
from core.text.names import name_of
from core.text.tags import tag_name
from core.text.wording import count_of, day_in_words, period_in_words
from core.usage_asked import UsageAsked, Used, Whose

MOST_PARTS = 10
"""Of each list; what is beyond is told in one line."""
MOST_ON_A_CARD = 3
DIRECT, NOT_HERE = "direct messages", "direct messages, or channels that are gone"
FOR_ADMINS = (
    "Only admins see what the team and others spend. Your own: /usage, also with tags, models, channels or week."
)
WEEKLY_ON = (
    "Your own numbers will come as a direct message with each weekly digest; nobody else reads them. A week in which "
    "you asked nothing sends nothing. /usage weekly off ends it."
)
WEEKLY_OFF = "Your own numbers come no more as a direct message. /usage shows them whenever you like."
WEEKLY_SAME = "It was so already. Nothing was changed."
WEEKLY_HOW = "Type /usage weekly on, or /usage weekly off. Nothing was changed."
WEEKLY_IS_ON = "Your own numbers come as a direct message with each weekly digest. /usage weekly off ends it."
WEEKLY_IS_OFF = "Your own numbers do not come by themselves. /usage weekly on sends them with each weekly digest."
NO_DIGEST = "Your team's digest is off, so nothing comes before an admin turns it on."
_HEADS = {
    SpendBy.MODEL: "By model:",
    SpendBy.TAG: "By tag:",
    SpendBy.CHANNEL: "By channel:",
    SpendBy.MEMBER: "By member (admins see what people spend, not what they ask):",
}

Called = Callable[[str], str]
"""What people call a channel, by its target (core/policy); empty for a direct message, or one that is gone."""


def usage_lines(used: Sequence[Used], titles: Mapping[str, str], called: Called) -> tuple[str, ...]:
    """All of it. `titles` names models by id. The team's is left out where it is the one member's own."""
    first, *more = used
    lines = [*_lines(first, titles, called)]
    for each in more:
        if each.total != first.total or each.forecast is not None:
            lines += _lines(each, titles, called)
    return tuple(lines)


def own_week(used: Used, titles: Mapping[str, str]) -> str:
    """The direct message that comes with the digest."""
    return "\n".join((*_lines(used, titles, str), "Only you read this. /usage weekly off ends it."))


def compact_lines(used: Used, titles: Mapping[str, str]) -> tuple[str, ...]:
    """One's month on a card: the sum beside the month before, and the dearest models; nothing of an empty month."""
    if not used.total.asks:
        return ()
    models = used.parts.get(SpendBy.MODEL, ())[:MOST_ON_A_CARD]
    return (f"{headline(used)} {compared(used)}", *part_lines(models, lambda name: titles.get(name, name)))


def headline(used: Used) -> str:
    """The sum in a sentence: "You, since 1 November: 3 asks for 0.9 cents."."""
    if not used.total.asks:
        return f"{_whose(used.asked)}, {_when(used)}: nothing asked{'' if used.asked.last else ' yet'}."
    return f"{_whose(used.asked)}, {_when(used)}: {_sum(used.total)}."


def compared(used: Used) -> str:
    """The same of the period before; empty where both are nothing."""
    if not used.total.asks and not used.before.asks:
        return ""
    period = str(used.asked.period)
    which = f"The {period} before" if used.asked.last else f"By then last {period}"
    return f"{which}: {_sum(used.before) if used.before.asks else 'nothing'}."


def _lines(used: Used, titles: Mapping[str, str], called: Called) -> Iterator[str]:
    yield " ".join(filter(None, (headline(used), compared(used))))
    named: Mapping[SpendBy, Called] = {
        SpendBy.MODEL: lambda name: titles.get(name, name),
        SpendBy.TAG: tag_name,
        SpendBy.CHANNEL: lambda name: (called(name) or NOT_HERE) if name else DIRECT,
        SpendBy.MEMBER: lambda name: name_of(name, used.names),
    }
    asked_for = used.asked.by is not None or used.asked.whose is Whose.MEMBERS
    for by, parts in used.parts.items():
        if not parts or (by is SpendBy.TAG and not asked_for and all(not each.name for each in parts)):
            continue
        if by is not SpendBy.MODEL or asked_for:
            yield _HEADS[by]
        yield from part_lines(_of_one_name(parts, named[by]) if by is SpendBy.CHANNEL else parts, named[by])
    if used.forecast is not None:
        yield forecast_line(used.forecast)


def _of_one_name(parts: Sequence[Spent], named: Called) -> Sequence[Spent]:
    """Parts that are called the same as one: who writes to Chipin alone is told apart by nobody."""
    together: dict[str, list[Spent]] = {}
    for each in parts:
        together.setdefault(named(each.name), []).append(each)
    sums = [
        Spent(
            first.name, sum(each.asks for each in (first, *others)), sum(each.cost_nanos for each in (first, *others))
        )
        for first, *others in together.values()
    ]
    return sorted(sums, key=lambda each: -each.cost_nanos)


def part_lines(parts: Sequence[Spent], named: Called) -> Iterator[str]:
    """A line for each part, with a bar in proportion to the dearest."""
    most = max(each.cost_nanos for each in parts)
    for each in parts[:MOST_PARTS]:
        yield f"  {named(each.name)}: {count_of(each.asks, 'ask')}, {_bar(each, most)}"
    if rest := parts[MOST_PARTS:]:
        others = Spent("", sum(each.asks for each in rest), sum(each.cost_nanos for each in rest))
        yield f"  {len(rest)} more: {count_of(others.asks, 'ask')}, {format_price(others.cost_nanos)}"


def _bar(spent: Spent, most: int) -> str:
    return f"{format_price(spent.cost_nanos)} {bar(spent.cost_nanos, most)}".rstrip()


def _sum(spent: Spent) -> str:
    return f"{count_of(spent.asks, 'ask')} for {format_price(spent.cost_nanos)}"


def _whose(asked: UsageAsked) -> str:
    return "The team" if asked.whose in (Whose.TEAM, Whose.MEMBERS) else "You"


def _when(used: Used) -> str:
    first = day_in_words(used.first_day)
    if not used.asked.last:
        return f"since {first}"
    month = used.asked.period is Period.MONTH
    return f"{used.first_day:%B %Y}" if month else period_in_words(used.first_day, used.last_day)
