"""The sweep: ends what dead processes left behind, and erases what nobody came for or nobody may keep."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from core.erasing import erase
from core.errors import BooksDamaged, OperationConflict
from core.ids import new_id
from core.operations import EraseKept, ErasePress, Expire, Interrupt, LetGo, Operation, Refused
from core.ports import Books, Clock, Overdue

Due = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What one round did: how many holds it gave back, how many asks that held nothing it ended.

    `failed` are the holds and asks that the books refused to touch.
    """

    expired: int = 0
    interrupted: int = 0
    failed: tuple[str, ...] = ()


class Sweep:
    """One round is `run`; something like a scheduler calls it again and again."""

    def __init__(self, books: Books, overdue: Overdue, clock: Clock) -> None:
        self._books = books
        self._overdue = overdue
        self._clock = clock

    async def run(self) -> SweepReport:
        """Expire, end and erase what is due by the database's clock. What is damaged does not stop the rest.

        `BooksUnavailable` ends the round: the next one finds the rest.
        """
        failed: list[str] = []
        expired = await self._each(await self._overdue.holds(), self._expire, failed)
        interrupted = await self._each(await self._overdue.abandoned(), self._interrupt, failed)
        await self._each(await self._overdue.kept(), self._erase, failed)
        await self._each(await self._overdue.presses(), self._erase_press, failed)
        await self._each(await self._overdue.forgotten(), self._let_go, failed)
        for traces in await self._overdue.traces():
            await erase(traces, self._books, self._clock)
        return SweepReport(expired, interrupted, tuple(failed))

    async def _each(self, due: Due, operation: Callable[[str, str], Operation[Any]], failed: list[str]) -> int:
        done = 0
        for row_id, wallet_id in due:
            try:
                outcome = await self._books.apply(operation(row_id, wallet_id))
                done += not isinstance(outcome, Refused) and not outcome.replayed  # else another process did it
            except (BooksDamaged, OperationConflict):
                failed.append(row_id)
        return done

    def _expire(self, hold_id: str, wallet_id: str) -> Expire:
        return Expire(id=f"{hold_id}.expire", wallet_id=wallet_id, hold_id=hold_id)

    def _interrupt(self, ask_id: str, wallet_id: str) -> Interrupt:
        return Interrupt(id=new_id("interrupt", self._clock.now()), wallet_id=wallet_id, ask_id=ask_id)

    def _let_go(self, forgotten_id: str, wallet_id: str) -> LetGo:
        return LetGo(id=new_id("let_go", self._clock.now()), wallet_id=wallet_id, forgotten_id=forgotten_id)

    def _erase(self, ask_id: str, wallet_id: str) -> EraseKept:
        return EraseKept(id=new_id("erase", self._clock.now()), wallet_id=wallet_id, ask_id=ask_id)

    def _erase_press(self, press_id: str, wallet_id: str) -> ErasePress:
        return ErasePress(id=new_id("erase", self._clock.now()), wallet_id=wallet_id, press_id=press_id)
