"""What a team was charged in a stretch of time, grouped as an export tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.people import Team
from core.periods import Span


@dataclass(frozen=True, slots=True)
class Charge:
    """What one member's asks with one model under one tag came to, from `start` until before `end`.

    `asks` were charged (those that cost nothing with them); `estimated` of them without the provider's own count. One
    that was passed on counts under each model that took part. `given_back`: what was given back of such charges;
    `cost_nanos` is negative then, nothing was consumed, and `of_earlier` says whether it was charged before the month.
    """

    start: datetime
    end: datetime
    member_id: str
    provider: str
    model: str
    tag: str
    asks: int
    input_tokens: int
    output_tokens: int
    estimated: int
    cost_nanos: int
    given_back: bool = False
    of_earlier: bool = False


@dataclass(frozen=True, slots=True)
class ChargeNames:
    """What ids are called now: members, providers and models; who is forgotten is not among them."""

    members: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Export:
    """A team's charges of a month. `by_day`: a row is of one day; else of the whole month, as days were too many."""

    team: Team
    span: Span
    charges: tuple[Charge, ...]
    names: ChargeNames
    by_day: bool
