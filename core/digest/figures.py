"""What a week came to: values, all of one moment, no names of people in them. Amounts are nano-dollars."""

from dataclasses import dataclass
from datetime import date

from core.digest.savings import Savings
from core.digest.seats import SeatsBeside
from core.reports import Arm
from core.spending import Spent


@dataclass(frozen=True, slots=True)
class Stretch:
    """Charged asks of a stretch of time, what they cost, and how many members asked them."""

    asks: int
    cost_nanos: int
    members: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """So many weeks before this one, of which nobody was told."""

    weeks: int
    asks: int
    cost_nanos: int


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The month that the week began in, so far or, once it is `over`, whole.

    `forecast_nanos` is what it comes to at this pace; None where it is over, or a team is too new to have a pace.
    """

    first_day: date
    cost_nanos: int
    over: bool
    forecast_nanos: int | None


@dataclass(frozen=True, slots=True)
class Purse:
    """The wallet now. `days_left` is None while there is no pace to tell it from."""

    balance_nanos: int
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A team's week. `running`: it is not over, and `before` is the one before it up to the same moment.

    `before` is None where the team had not asked anything by then. `models` and `tags` are dearest first; `tags` is
    empty where nothing has a tag. `absorbed_nanos` is what the operator paid beside the team, `given_back_nanos` what
    came back of charges. `practice`: it is all practice money.
    """

    first_day: date
    last_day: date
    running: bool
    week: Stretch
    before: Stretch | None
    given_back_nanos: int
    absorbed_nanos: int
    models: tuple[Spent, ...]
    tags: tuple[Spent, ...]
    purse: Purse
    month: MonthFigures
    saved: Savings | None
    seats: SeatsBeside | None
    arms: tuple[Arm, ...]
    earlier: Earlier | None
    practice: bool = False
