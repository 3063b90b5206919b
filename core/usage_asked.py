"""What is asked of /usage, and what it comes to: values, and how what is typed is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.errors import BadInput
from core.forecast import Forecast
from core.periods import Period
from core.spending import SpendBy, Spent


class Whose(StrEnum):
    """Whose numbers."""

    ME = "me"
    TEAM = "team"
    MEMBERS = "members"  # the team's, by who spent them: for admins


_WHOSE = {each.value: each for each in Whose}
_BY = {"models": SpendBy.MODEL, "tags": SpendBy.TAG, "channels": SpendBy.CHANNEL}
_PERIODS = {"week": Period.WEEK, "month": Period.MONTH}
_LAST = "last"
WHOSE_WORDS, BY_WORDS = tuple(_WHOSE), tuple(_BY)
PERIOD_WORDS = (*_PERIODS, *(f"{_LAST} {each}" for each in _PERIODS))
"""All that may be typed, for chats that list it."""
HOW = (
    "Type /usage, and if you like after it whose numbers (me, team, members), by what (models, tags, channels) and "
    "when (week, month, last week, last month); or: /usage weekly on."
)


@dataclass(frozen=True, slots=True)
class UsageAsked:
    """Whose numbers, by what (None: by model, and by tag where there are tags), of the period that runs or the last."""

    whose: Whose | None = None
    by: SpendBy | None = None
    period: Period = Period.MONTH
    last: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """What one stretch of time came to: `total`, the same of the period before it (`before`), and its parts.

    `first_day` and `last_day` are local days. While the period runs, `before` is of as much of the one before.
    `names` are those of members, by id.
    """

    asked: UsageAsked
    first_day: date
    last_day: date
    total: Spent
    before: Spent
    parts: Mapping[SpendBy, tuple[Spent, ...]]
    names: Mapping[str, str] = field(default_factory=dict)
    forecast: Forecast | None = None


def asked_from(typed: str) -> UsageAsked:
    """What was typed after /usage, in any order. `BadInput` names the word that means nothing there."""
    words = typed.casefold().split()
    whose: Whose | None = None
    by: SpendBy | None = None
    period: Period | None = None
    last = False
    for number, word in enumerate(words):
        if word in _WHOSE and whose is None:
            whose = _WHOSE[word]
        elif word in _BY and by is None:
            by = _BY[word]
        elif word in _PERIODS and period is None:
            period = _PERIODS[word]
        elif word == _LAST and not last and words[number + 1 : number + 2] and words[number + 1] in _PERIODS:
            last = True
        else:
            shown = typed.split()[number][:40]
            raise BadInput(f'I do not know what "{shown}" means there. {HOW}')
    return UsageAsked(whose, by, period or Period.MONTH, last)
