"""Rounds: the same for one team or member after another, where what is wrong with one is nobody else's trouble."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from core.errors import BooksDamaged, OperationConflict

T = TypeVar("T")


async def each_in_turn(things: Iterable[T], do: Callable[[T], Awaitable[int]]) -> int:
    """Do it for each; the sum of what that returns. What is damaged does not stop the rest.

    The first `BooksDamaged` or `OperationConflict` is raised once all had their turn, and anything else at once.
    """
    done, failed = 0, None
    for thing in things:
        try:
            done += await do(thing)
        except (BooksDamaged, OperationConflict) as damaged:
            failed = failed or damaged
    if failed is not None:
        raise failed
    return done
