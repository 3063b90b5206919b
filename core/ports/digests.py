"""What the books know for a digest, beside what was spent."""

from datetime import datetime
from typing import Protocol

from core.digest.savings import AutomaticChoice
from core.digest.weeks import ToldWeek


class DigestBooks(Protocol):
    """The weeks that teams were told of, and how models were chosen in them."""

    async def last(self, team_id: str) -> ToldWeek | None:
        """The newest week that a team was told of; None where there is none."""

    async def chosen(self, team_id: str, start: datetime, end: datetime) -> AutomaticChoice:
        """What was chosen automatically, of the charged asks that ended within this time."""
