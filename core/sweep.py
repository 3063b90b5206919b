"""The sweep: gives back holds whose owner is gone, and erases text that nobody came for."""

from dataclasses import dataclass

from core.errors import BooksDamaged, OperationConflict
from core.ids import new_id
from core.operations import EraseKept, Expire, Settled
from core.ports import Books, Clock, Overdue


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What one round did: how many holds it gave back, and which holds and asks the books refused to touch."""

    expired: int = 0
    failed: tuple[str, ...] = ()


class Sweep:
    """One round is `run`; something like a scheduler calls it again and again."""

    def __init__(self, books: Books, overdue: Overdue, clock: Clock) -> None:
        self._books = books
        self._overdue = overdue
        self._clock = clock

    async def run(self) -> SweepReport:
        """Expire and erase what is due by the database's clock. What is damaged does not stop the rest.

        `BooksUnavailable` ends the round: the next one finds the rest.
        """
        expired, failed = 0, []
        for hold_id, wallet_id in await self._overdue.holds():
            try:
                outcome = await self._books.apply(Expire(id=f"{hold_id}.expire", wallet_id=wallet_id, hold_id=hold_id))
                expired += isinstance(outcome, Settled) and not outcome.replayed  # else another process did it
            except (BooksDamaged, OperationConflict):
                failed.append(hold_id)
        for ask_id, wallet_id in await self._overdue.kept():
            erase = EraseKept(id=new_id("erase", self._clock.now()), wallet_id=wallet_id, ask_id=ask_id)
            try:
                await self._books.apply(erase)
            except (BooksDamaged, OperationConflict):
                failed.append(ask_id)
        return SweepReport(expired, tuple(failed))
