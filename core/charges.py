"""What a team was charged in a stretch of time, grouped as an export tells it."""

from dataclasses import dataclass
from datetime import datetime


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
