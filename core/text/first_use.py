"""What is said before somebody's first ask, and never again."""

from collections.abc import Sequence

from core.models import PRACTICE, Model
from core.money import format_price
from core.policy import Ruling, Setting
from core.text.models import places
from core.text.wording import amount

MOST_NAMED = 6
"""How many providers the notice names one by one."""
_LIMITS = {Setting.DAY: "a day", Setting.WEEK: "a week", Setting.MONTH: "a month", Setting.ASK: "for one question"}


def first_use_lines(answering: Sequence[Model], ruling: Ruling, *, confirm_above_nanos: int) -> tuple[str, ...]:
    """The notice, line by line. `answering` are the models that may answer this member, under every rule."""
    return (
        "Before your first question, once:",
        f"  {_where(answering)}",
        f"  Your team's wallet pays for each question by itself; the price stands under every answer. You are asked "
        f"before one may cost more than {format_price(confirm_above_nanos)}, and one that fails is not charged.",
        f"  {_limit(ruling)}",
        "  Admins see what you spend, not what you ask; public channels stay public.",
        "  /mydata shows what is known about you, /forget erases your name.",
    )


def _where(answering: Sequence[Model]) -> str:
    if not answering:
        return "No provider may answer you at the moment, so a question goes nowhere."
    if all(model.provider == PRACTICE for model in answering):
        return "Questions stay on this machine: practice makes up the answers, and no AI reads them."
    regions = {model.provider_title or model.provider: model.region for model in answering}
    named = [
        f"{title} ({places(region) or 'wherever it has room'})"
        for title, region in sorted(regions.items())[:MOST_NAMED]
    ]
    more = len(regions) - len(named)
    every = ", ".join(named) + (f" and {more} more (/models lists them)" if more > 0 else "")
    return f"Your question goes to one of: {every}." if len(regions) > 1 else f"Your question goes to {every}."


def _limit(ruling: Ruling) -> str:
    said = [
        f"{amount(nanos)} {period}"
        for setting, period in _LIMITS.items()
        if (nanos := ruling.amount(setting)) is not None
    ]
    return f"You can use up to {', '.join(said)}." if said else "Nobody has set a limit for you."
