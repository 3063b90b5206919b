"""One round of the sweep: what is due is given back and erased, and what is damaged does not stop the rest."""

from dataclasses import dataclass
from typing import Any

import pytest

from core.errors import BooksDamaged, BooksFailed, BooksUnavailable, OperationConflict
from core.operations import EraseKept, Interrupt, Operation, Reason, Refused, Settled
from core.ports import Books
from core.reports import Traces
from core.sweep import Sweep, SweepReport
from tests.fakes import FakeClock

EXPIRED = Settled(
    charged_nanos=0, absorbed_nanos=0, available_nanos=0, charged_by_line=(), used_by_counter=(), late=False
)


@dataclass
class Due:
    """Three holds and six asks of three teams are overdue."""

    async def holds(self) -> tuple[tuple[str, str], ...]:
        return ("hold1", "wal1"), ("hold2", "wal2"), ("hold3", "wal3")

    async def abandoned(self) -> tuple[tuple[str, str], ...]:
        return ("gone1", "wal1"), ("gone2", "wal2"), ("gone3", "wal3")

    async def kept(self) -> tuple[tuple[str, str], ...]:
        return ("ask1", "wal1"), ("ask2", "wal2"), ("ask3", "wal3")

    async def presses(self) -> tuple[tuple[str, str], ...]:
        return ()

    async def forgotten(self) -> tuple[tuple[str, str], ...]:
        return ()

    async def traces(self) -> tuple[Traces, ...]:
        return ()


class TroubledBooks(Books):
    """Every operation of the second wallet ends as it is told."""

    def __init__(self, trouble: BooksFailed | Refused) -> None:
        self.trouble = trouble
        self.done: list[str] = []

    async def apply(self, operation: Operation[Any]) -> Any:
        if operation.wallet_id == "wal2":
            if isinstance(self.trouble, BooksFailed):
                raise self.trouble
            return self.trouble
        self.done.append(operation.ask_id if isinstance(operation, EraseKept | Interrupt) else operation.id)
        return EXPIRED


@pytest.mark.parametrize("trouble", [BooksDamaged("a total below zero"), OperationConflict("other fields")])
async def test_one_that_is_damaged_does_not_stop_the_rest(trouble: BooksFailed) -> None:
    books = TroubledBooks(trouble)
    assert await Sweep(books, Due(), FakeClock()).run() == SweepReport(2, 2, failed=("hold2", "gone2", "ask2"))
    assert books.done == ["hold1.expire", "hold3.expire", "gone1", "gone3", "ask1", "ask3"]


async def test_one_that_somebody_closed_meanwhile_is_no_failure() -> None:
    books = TroubledBooks(Refused(reason=Reason.SUPERSEDED))
    assert await Sweep(books, Due(), FakeClock()).run() == SweepReport(expired=2, interrupted=2)


async def test_a_database_that_is_away_ends_the_round() -> None:
    books = TroubledBooks(BooksUnavailable("away"))
    with pytest.raises(BooksUnavailable):
        await Sweep(books, Due(), FakeClock()).run()
    assert books.done == ["hold1.expire"]
