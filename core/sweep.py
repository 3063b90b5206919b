"""The sweep: gives back holds whose owner is gone, and erases text that nobody came for."""

from core.ids import new_id
from core.operations import EraseKept, Expire, Refused
from core.ports import Books, Clock, Overdue


class Sweep:
    """One round is `run`; something like a scheduler calls it again and again."""

    def __init__(self, books: Books, overdue: Overdue, clock: Clock) -> None:
        self._books = books
        self._overdue = overdue
        self._clock = clock

    async def run(self) -> int:
        """Expire what is due by the database's clock; returns how many holds were given back."""
        expired = 0
        for hold_id, wallet_id in await self._overdue.holds():
            outcome = await self._books.apply(Expire(id=f"{hold_id}.expire", wallet_id=wallet_id, hold_id=hold_id))
            expired += not isinstance(outcome, Refused)
        for ask_id, wallet_id in await self._overdue.kept():
            await self._books.apply(
                EraseKept(id=new_id("erase", self._clock.now()), wallet_id=wallet_id, ask_id=ask_id)
            )
        return expired
