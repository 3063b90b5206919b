"""The weeks that a team was told of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ToldWeek:
    """A week that a digest was posted for `at` a moment, with the ones before it that nobody had told: `weeks` in all.

    `delivered_at` is when it stood where people read it; None while it does not.
    """

    label: str
    end: datetime
    weeks: int
    at: datetime
    delivered_at: datetime | None
