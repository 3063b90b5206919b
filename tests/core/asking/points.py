"""Fakes that count the places where an ask waits, and let something happen at one of them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.operations import Operation
from core.ports import TokenCount
from tests.fakes import ByteCounter, MemoryBooks

Outcome = TypeVar("Outcome")


@dataclass
class Points:
    """Counts the places where an ask waits, and lets something happen at one of them."""

    at: int = 0
    happen: Callable[[], object] = lambda: None
    passed: int = 0

    async def pass_(self) -> None:
        """One place. What happens there is felt at once, since there is a pause after it."""
        self.passed += 1
        if self.passed == self.at:
            self.happen()
        await asyncio.sleep(0)


@dataclass
class PointedBooks:
    """Like the writer: a caller that is cancelled meanwhile does not undo what is on its way."""

    inner: MemoryBooks
    points: Points
    done: list[asyncio.Future[Any]] = field(default_factory=list)

    async def apply(self, operation: Operation[Outcome]) -> Outcome:
        await self.points.pass_()
        self.done.append(answer := asyncio.ensure_future(self.inner.apply(operation)))
        outcome: Outcome = await asyncio.shield(answer)
        await self.points.pass_()
        return outcome


@dataclass
class PointedCounter:
    """Counts bytes, after a while."""

    points: Points

    async def count(self, text: str, tokenizer: str) -> TokenCount:
        await self.points.pass_()
        return await ByteCounter().count(text, tokenizer)
