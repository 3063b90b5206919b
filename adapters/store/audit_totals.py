"""The running totals, proven: sums over every row, added up chunk by chunk, held against wallets and counters.

What is kept meanwhile is one sum for each wallet, and two for each counter that has any.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import Any

from adapters.store.audit_rules import OPEN, TAKEN, scopes
from core.ledger.entries import POOL
from core.operations import RequestedState
from core.quota import Measure


@dataclass(frozen=True, slots=True)
class Total:
    """A rule: what `told` finds in a table of running totals is what `parts` add up to, chunk by chunk of another.

    Both queries give an id and then the numbers, which are called `numbers` where they are shown.
    """

    name: str
    sentence: str
    walked: str
    parts: str
    table: str
    told: str
    numbers: tuple[str, ...]


_TOPPED_UP = scopes(Measure.TOPPED_UP)
TOTALS = (
    Total(
        "wallet-is-its-pool",
        "What is available and held in a wallet is the sum of its pool entries.",
        "transfer",
        "SELECT e.wallet_id, sum(e.amount_nanos) FROM entry e "
        f"WHERE {{e.transfer_id in chunk}} AND e.account = '{POOL}' GROUP BY e.wallet_id",
        "wallet",
        "SELECT w.id, w.available_nanos + w.held_nanos FROM wallet w WHERE {w.id in chunk}",
        ("balance_nanos",),
    ),
    Total(
        "held-is-open-holds",
        "What is held in a wallet is the sum of its open holds.",
        "hold",
        "SELECT h.wallet_id, sum(h.amount_nanos) FROM hold h "
        f"WHERE {{h.id in chunk}} AND h.{OPEN} GROUP BY h.wallet_id",
        "wallet",
        "SELECT w.id, w.held_nanos FROM wallet w WHERE {w.id in chunk}",
        ("held_nanos",),
    ),
    Total(
        "counter-is-its-holds",
        "A counter holds what its open holds took, and has used what its closed holds left.",
        "hold",
        f"WITH {TAKEN}, told AS (SELECT k.counter_id AS id, "
        f"sum(CASE WHEN k.{OPEN} AND c.scope IN ({scopes(Measure.SPEND)}) THEN k.amount_nanos "
        f"WHEN k.{OPEN} AND c.scope IN ({scopes(Measure.IN_FLIGHT)}) THEN 1 ELSE 0 END) AS held, "
        f"sum(CASE WHEN c.scope IN ({scopes(Measure.SPEND)}) THEN k.charged_nanos - k.reversed_nanos "
        f"WHEN c.scope IN ({scopes(Measure.ABSORBED)}) THEN k.absorbed_nanos ELSE 0 END) AS used "
        # A left join: the holds of the chunk lead to the counters, and not the other way round.
        "FROM taken k LEFT JOIN counter c ON c.id = k.counter_id AND c.wallet_id = k.wallet_id GROUP BY k.counter_id) "
        "SELECT id, held, used FROM told WHERE held <> 0 OR used <> 0",
        "counter",
        f"SELECT c.id, c.held, c.used FROM counter c WHERE {{c.id in chunk}} AND c.scope NOT IN ({_TOPPED_UP})",
        ("held", "used"),
    ),
    Total(
        "topped-up-is-its-top-ups",
        "What a month counts as topped up, or refilled, is the sum of its top-ups, less what was taken back of them.",
        "top_up",
        "SELECT u.counter_id, 0, sum(u.amount_nanos - u.refunded_nanos) FROM top_up u "
        "WHERE {u.id in chunk} AND u.counter_id <> '' GROUP BY u.counter_id "
        "UNION ALL SELECT r.refill_counter_id, 0, sum(r.amount_nanos - r.refunded_nanos) FROM top_up r "
        "WHERE {r.id in chunk} AND r.refill_counter_id <> '' GROUP BY r.refill_counter_id",
        "counter",
        f"SELECT c.id, c.held, c.used FROM counter c WHERE {{c.id in chunk}} AND c.scope IN ({_TOPPED_UP})",
        ("held", "used"),
    ),
    Total(
        "granted-was-approved",
        "What was granted on a counter is the sum of the approved requests for it.",
        "budget_request",
        "SELECT b.counter_id, sum(b.granted_nanos) FROM budget_request b WHERE {b.id in chunk} "
        f"AND b.state = '{RequestedState.APPROVED}' AND b.counter_id <> '' GROUP BY b.counter_id",
        "counter",
        "SELECT c.id, c.granted FROM counter c WHERE {c.id in chunk}",
        ("granted_nanos",),
    ),
)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the parts of one total add up to so far, by id."""

    total: Total
    by_id: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def add(self, parts: Iterable[Sequence[Any]]) -> None:
        """Add what one chunk gave."""
        for row_id, *numbers in parts:
            whole = map(int, numbers)  # PostgreSQL sums BIGINT to numeric
            so_far = self.by_id.get(row_id)
            self.by_id[row_id] = tuple(whole) if so_far is None else tuple(map(add, so_far, whole))

    def differing(self, told: Iterable[Sequence[Any]]) -> Iterator[str]:
        """The running totals that differ from their sums, in words. What was compared is forgotten."""
        nothing = (0,) * len(self.total.numbers)
        for row_id, *numbers in told:
            summed = self.by_id.pop(row_id, nothing)
            if tuple(numbers) != summed:
                yield f"id {row_id}, {self._words(numbers)}, but the rows add up to {self._words(summed)}"

    def left_over(self) -> Iterator[str]:
        """Sums for which no running total was told, in words."""
        for row_id, summed in self.by_id.items():
            if any(summed):
                yield f"id {row_id} is not there, but its rows add up to {self._words(summed)}"

    def _words(self, numbers: Sequence[int]) -> str:
        return ", ".join(f"{name} {number}" for name, number in zip(self.total.numbers, numbers, strict=True))
