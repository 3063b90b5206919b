"""The audit: proves on one snapshot that the books keep every invariant of core/ledger.

A violation is a row that must not exist; a notice is something an operator should know, although the books balance.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from adapters.store.database import Store
from core.ledger.closing import CLOCK_SLACK_MS
from core.ledger.entries import FUNDING, OPERATOR, POOL, TransferKind
from core.ledger.holding import HoldState
from core.quota import Measure, Scope

AT_MOST_EXAMPLES = 20
"""How many rows are shown for one rule; there may be more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks a rule (or is worth a notice): the rule's name and sentence, and the row in words."""

    rule: str
    sentence: str
    row: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the audit found. The books balance when there are no violations."""

    violations: tuple[Finding, ...]
    notices: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A name, a sentence, and a query for the rows that break it."""

    name: str
    sentence: str
    query: str


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _scopes(measure: Measure) -> str:
    return _quoted(scope for scope in Scope if scope.measure is measure)


_OPEN = f"state = '{HoldState.OPEN}'"
# Every counter that a hold names, one row each. {split} is each database's way to take the names apart.
_TAKEN = """taken AS (
    SELECT h.id, h.wallet_id, h.state, h.amount_nanos, h.charged_nanos, h.absorbed_nanos, named.value AS counter_id
    FROM hold h, {split} WHERE h.counters <> '')"""
_SPLIT = {
    "sqlite": """json_each('["' || replace(h.counters, ' ', '","') || '"]') AS named""",
    "postgresql": "unnest(string_to_array(h.counters, ' ')) AS named(value)",
}

_VIOLATIONS = (
    _Rule(
        "transfer-sums-to-zero",
        "The entries of every transfer sum to zero.",
        "SELECT transfer_id, sum(amount_nanos) AS sum_nanos FROM entry GROUP BY transfer_id "
        "HAVING sum(amount_nanos) <> 0",
    ),
    _Rule(
        "entry-in-its-wallet",
        "An entry belongs to the wallet of its transfer, and every transfer has entries.",
        "SELECT t.id AS transfer_id FROM transfer t LEFT JOIN entry e ON e.transfer_id = t.id "
        "WHERE e.id IS NULL OR e.wallet_id <> t.wallet_id",
    ),
    _Rule(
        "account-known",
        "Entries stand on pool, funding, operator or spend:<provider>.",
        f"SELECT id, account FROM entry WHERE account NOT IN ('{POOL}', '{FUNDING}', '{OPERATOR}') "  # noqa: S608
        "AND account NOT LIKE 'spend:%'",
    ),
    _Rule(
        "wallet-is-its-pool",
        "What is available and held in a wallet is the sum of its pool entries.",
        "SELECT w.id, w.available_nanos, w.held_nanos, coalesce(p.nanos, 0) AS pool_nanos FROM wallet w LEFT JOIN "  # noqa: S608
        f"(SELECT wallet_id, sum(amount_nanos) AS nanos FROM entry WHERE account = '{POOL}' GROUP BY wallet_id) p "
        "ON p.wallet_id = w.id WHERE w.available_nanos + w.held_nanos <> coalesce(p.nanos, 0)",
    ),
    _Rule(
        "held-is-open-holds",
        "What is held in a wallet is the sum of its open holds.",
        "SELECT w.id, w.held_nanos, coalesce(o.nanos, 0) AS open_nanos FROM wallet w LEFT JOIN "  # noqa: S608
        f"(SELECT wallet_id, sum(amount_nanos) AS nanos FROM hold WHERE {_OPEN} GROUP BY wallet_id) o "
        "ON o.wallet_id = w.id WHERE w.held_nanos <> coalesce(o.nanos, 0)",
    ),
    _Rule(
        "hold-is-its-transfer",
        "What a closed hold charged and what the operator paid for it are what its transfer moved.",
        "SELECT h.id, h.state, h.charged_nanos, h.absorbed_nanos FROM hold h LEFT JOIN "  # noqa: S608
        f"(SELECT transfer_id, sum(CASE WHEN account = '{POOL}' THEN -amount_nanos ELSE 0 END) AS pool_nanos, "
        f"sum(CASE WHEN account = '{OPERATOR}' THEN -amount_nanos ELSE 0 END) AS operator_nanos FROM entry "
        "GROUP BY transfer_id) t ON t.transfer_id = h.transfer_id "
        "WHERE h.charged_nanos <> coalesce(t.pool_nanos, 0) OR h.absorbed_nanos <> coalesce(t.operator_nanos, 0) "
        f"OR (h.{_OPEN} AND h.transfer_id <> '') OR h.charged_nanos > h.amount_nanos",
    ),
    _Rule(
        "spending-has-a-hold",
        "Every transfer to a provider belongs to one hold.",
        "SELECT t.id, count(h.id) AS holds FROM transfer t LEFT JOIN hold h ON h.transfer_id = t.id "  # noqa: S608
        f"WHERE t.kind IN ('{TransferKind.SETTLE}', '{TransferKind.ABSORB}') GROUP BY t.id HAVING count(h.id) <> 1",
    ),
    _Rule(
        "receipt-is-the-charge",
        "What an ask cost is the sum of its receipt's lines and of what its holds charged; the operator paid the rest.",
        "SELECT r.id, r.cost_nanos, coalesce(l.nanos, 0) AS lines_nanos, coalesce(h.nanos, 0) AS holds_nanos, "
        "coalesce(l.rest_nanos, 0) AS lines_rest_nanos, coalesce(h.rest_nanos, 0) AS holds_rest_nanos "
        "FROM request r LEFT JOIN (SELECT request_id, sum(charged_nanos) AS nanos, "
        "sum(cost_nanos - charged_nanos) AS rest_nanos FROM receipt_line GROUP BY request_id) l "
        "ON l.request_id = r.id LEFT JOIN (SELECT request_id, sum(charged_nanos) AS nanos, "
        "sum(absorbed_nanos) AS rest_nanos FROM hold GROUP BY request_id) h ON h.request_id = r.id "
        "WHERE r.cost_nanos <> coalesce(l.nanos, 0) OR r.cost_nanos <> coalesce(h.nanos, 0) "
        "OR coalesce(l.rest_nanos, 0) <> coalesce(h.rest_nanos, 0)",
    ),
    _Rule(
        "transfer-has-its-kind",
        "Every transfer is a top-up, a refund of a known top-up, a settlement, or something the operator paid.",
        "SELECT t.id, t.kind, t.reverses FROM transfer t LEFT JOIN top_up u "  # noqa: S608
        "ON u.id = t.reverses AND u.wallet_id = t.wallet_id "
        f"WHERE t.kind NOT IN ({_quoted(TransferKind)}) "
        f"OR (CASE WHEN t.kind = '{TransferKind.REFUND}' THEN u.id IS NULL ELSE t.reverses <> '' END)",
    ),
    _Rule(
        "refunds-of-a-top-up",
        "What was taken back of a top-up is what its reversing transfers moved, and never more than the top-up.",
        "SELECT u.id, u.refunded_nanos, coalesce(b.nanos, 0) AS reversed_nanos FROM top_up u LEFT JOIN "  # noqa: S608
        "(SELECT t.reverses, sum(-e.amount_nanos) AS nanos FROM transfer t JOIN entry e ON e.transfer_id = t.id "
        f"WHERE e.account = '{POOL}' AND t.reverses <> '' GROUP BY t.reverses) b ON b.reverses = u.id "
        "WHERE u.refunded_nanos <> coalesce(b.nanos, 0) OR u.refunded_nanos > u.amount_nanos",
    ),
    _Rule(
        "top-up-is-its-transfer",
        "Every top-up stands in the ledger with its amount, and every top-up in the ledger is known.",
        "SELECT t.id FROM transfer t LEFT JOIN top_up u ON u.id = t.id AND u.wallet_id = t.wallet_id "  # noqa: S608
        f"LEFT JOIN entry e ON e.transfer_id = t.id AND e.account = '{POOL}' "
        f"WHERE t.kind = '{TransferKind.TOP_UP}' "
        "AND (u.id IS NULL OR e.id IS NULL OR e.amount_nanos <> u.amount_nanos) "
        "UNION ALL SELECT u.id FROM top_up u LEFT JOIN transfer t "
        f"ON t.id = u.id AND t.kind = '{TransferKind.TOP_UP}' WHERE t.id IS NULL",
    ),
    _Rule(
        "counter-is-its-holds",
        "A counter holds what its open holds took, and has used what its closed holds left.",
        f"WITH {_TAKEN}, told AS (SELECT c.id, c.held, c.used, "  # noqa: S608
        f"coalesce(sum(CASE WHEN k.{_OPEN} AND c.scope IN ({_scopes(Measure.SPEND)}) THEN k.amount_nanos "
        f"WHEN k.{_OPEN} AND c.scope IN ({_scopes(Measure.IN_FLIGHT)}) THEN 1 ELSE 0 END), 0) AS holds_held, "
        f"coalesce(sum(CASE WHEN c.scope IN ({_scopes(Measure.SPEND)}) THEN k.charged_nanos "
        f"WHEN c.scope IN ({_scopes(Measure.ABSORBED)}) THEN k.absorbed_nanos ELSE 0 END), 0) AS holds_used "
        "FROM counter c LEFT JOIN taken k ON k.counter_id = c.id AND k.wallet_id = c.wallet_id "
        "GROUP BY c.id, c.held, c.used) SELECT id, held, holds_held, used, holds_used FROM told "
        "WHERE held <> holds_held OR used <> holds_used",
    ),
    _Rule(
        "hold-has-its-counters",
        "Every counter that a hold names exists.",
        f"WITH {_TAKEN} SELECT k.id, k.counter_id FROM taken k LEFT JOIN counter c "  # noqa: S608
        "ON c.id = k.counter_id AND c.wallet_id = k.wallet_id WHERE c.id IS NULL",
    ),
)

_NOTICES = (
    _Rule(
        "hold-overdue",
        "A hold is past its deadline; the sweep of a running Chipin gives it back.",
        f"SELECT id, wallet_id, amount_nanos FROM hold WHERE {_OPEN} AND deadline_ms < :now_ms",  # noqa: S608
    ),
    _Rule(
        "hold-from-the-future",
        "A hold was opened while the clock was ahead; the sweep of a running Chipin gives it back.",
        f"SELECT id, wallet_id, amount_nanos FROM hold WHERE {_OPEN} AND opened_at_ms - {CLOCK_SLACK_MS} > :now_ms",  # noqa: S608
    ),
    _Rule(
        "settled-late",
        "An answer ended after its hold was given back: the operator paid for it, the team did not.",
        f"SELECT id, request_id, absorbed_nanos FROM hold WHERE state = '{HoldState.EXPIRED}' AND transfer_id <> ''",  # noqa: S608
    ),
)

RULES = tuple(rule.name for rule in _VIOLATIONS)


async def audit(store: Store) -> AuditReport:
    """Check every rule on one snapshot. Reads only; a running Chipin is not held up."""
    now_ms = await store.now_ms()
    split = _SPLIT[store.read_engine.dialect.name]

    async with store.snapshot() as session:
        connection = await session.connection()

        async def broken(rule: _Rule) -> list[Finding]:
            query = text(rule.query.replace("{split}", split))
            values = {"now_ms": now_ms} if ":now_ms" in rule.query else {}
            found = (await connection.execute(query, values)).mappings().fetchmany(AT_MOST_EXAMPLES)
            rows = (", ".join(f"{name} {value}" for name, value in row.items()) for row in found)
            return [Finding(rule.name, rule.sentence, row) for row in rows]

        violations = [finding for rule in _VIOLATIONS for finding in await broken(rule)]
        notices = [finding for rule in _NOTICES for finding in await broken(rule)]
    return AuditReport(tuple(violations), tuple(notices))
