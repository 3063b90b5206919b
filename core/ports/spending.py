"""What the books tell of spending (core/spending.py). Each call reads one moment."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from core.spending import SpendBy, Spent, WalletMovements


class SpendBooks(Protocol):
    """What was spent, by whatever it is asked for."""

    async def spent(
        self, team_id: str, start: datetime, end: datetime, by: SpendBy, member_ids: Collection[str] = ()
    ) -> tuple[Spent, ...]:
        """Dearest first, then by name; of these members together, or with none of them of the whole team."""

    async def totals(
        self, team_id: str, spans: Sequence[tuple[datetime, datetime]], member_ids: Collection[str] = ()
    ) -> tuple[Spent, ...]:
        """The sum of each of these stretches, in their order."""

    async def movements(self, wallet_id: str, start: datetime, end: datetime) -> WalletMovements:
        """All that moved a wallet; the tuples by time, or dearest first."""

    async def first_ask_at(self, team_id: str) -> datetime | None:
        """When a team's first ask ended that was charged; None where none was."""
