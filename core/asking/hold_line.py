"""The line of asks that wait for money which other asks hold: who may try for their hold now.

    An ask may try exactly when nobody with an earlier ticket waits for something that it wants too.

So a newcomer never overtakes an ask that waits for the same pool, and a member who waits at their own limit does not
hold up the others. The ask with the earliest ticket may always try, so the line never stands still. There is one line
in a process, and the order holds within it; between processes the database decides who comes first.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Ticket:
    """One ask's place in the line. `wants` are the ids of the wallet and the counters that it takes from.

    `waits_for` are those of them that it was refused, or that those before it wait for; empty while it never had to
    wait. `turn` is set whenever trying has become worthwhile: something came back, or those before it are gone.
    """

    wants: frozenset[str]
    waits_for: frozenset[str] = frozenset()
    barred: bool = False
    turn: asyncio.Event = field(default_factory=asyncio.Event)


class HoldLine:
    """The line of one process, in the order of arrival."""

    def __init__(self) -> None:
        self._tickets: dict[Ticket, None] = {}
        self._waited_for: frozenset[str] = frozenset()

    def __len__(self) -> int:
        """How many asks have a ticket."""
        return len(self._tickets)

    @contextmanager
    def ticket(self, wants: frozenset[str]) -> Iterator[Ticket]:
        """Stand at the end of the line until the block is left, however it is left."""
        ahead = wants & self._waited_for
        ticket = Ticket(wants, waits_for=ahead, barred=bool(ahead))
        self._tickets[ticket] = None
        try:
            yield ticket
        finally:
            del self._tickets[ticket]
            if ticket.waits_for:
                self._look_again()

    def refused(self, ticket: Ticket, resource: str) -> None:
        """It tried, and others hold what it needs of this."""
        if ticket.waits_for and ticket.waits_for != {resource}:
            ticket.turn.set()  # what came back of this while it waited for something else was not told to it
        ticket.waits_for = frozenset((resource,))
        self._look_again()

    def given_back(self, resources: frozenset[str]) -> None:
        """A hold on these is closed: whoever may try for one of them need not wait for their next look."""
        for ticket in self._tickets:
            # Who never had to wait is being answered now, perhaps with a refusal from before this.
            if not ticket.barred and resources & (ticket.waits_for or ticket.wants):
                ticket.turn.set()

    def _look_again(self) -> None:
        """Who is barred now, in order. Who is barred waits for what bars it, also while it has its first try."""
        waited_for: frozenset[str] = frozenset()
        for ticket in self._tickets:
            ahead = ticket.wants & waited_for
            if ahead:
                ticket.waits_for = ahead
            elif ticket.barred:
                ticket.turn.set()
            ticket.barred = bool(ahead)
            waited_for |= ticket.waits_for
        self._waited_for = waited_for
