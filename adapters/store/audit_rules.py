"""The rules of the audit: for each a name, a sentence, and a query for the rows that break it. Both databases run them.

They know nothing of core/ledger but its words: what they find wrong must not be wrong in the same way.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.defaults import CLOCK_SLACK_MS
from core.ledger.entries import FUNDING, OPERATOR, POOL, TransferKind
from core.ledger.holding import HoldState
from core.quota import Measure, Scope


@dataclass(frozen=True, slots=True)
class Rule:
    """A name, a sentence, and a query for the rows that break it."""

    name: str
    sentence: str
    query: str


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _scopes(measure: Measure) -> str:
    return _quoted(scope for scope in Scope if scope.measure is measure)


_SPENT = "e.account LIKE 'spend:%'"
_OPEN = f"state = '{HoldState.OPEN}'"
# Every counter that a hold names, one row each. {split} is each database's way to take the names apart.
_TAKEN = """taken AS (
    SELECT h.id, h.wallet_id, h.state, h.amount_nanos, h.charged_nanos, h.absorbed_nanos, h.reversed_nanos,
        named.value AS counter_id
    FROM hold h, {split} WHERE h.counters <> '')"""
SPLIT = {
    "sqlite": """json_each('["' || replace(h.counters, ' ', '","') || '"]') AS named""",
    "postgresql": "unnest(string_to_array(h.counters, ' ')) AS named(value)",
}

VIOLATIONS = (
    Rule(
        "transfer-sums-to-zero",
        "The entries of every transfer sum to zero.",
        "SELECT transfer_id, sum(amount_nanos) AS sum_nanos FROM entry GROUP BY transfer_id "
        "HAVING sum(amount_nanos) <> 0",
    ),
    Rule(
        "entry-in-its-wallet",
        "An entry belongs to the wallet of its transfer, and every transfer has entries.",
        "SELECT t.id AS transfer_id FROM transfer t LEFT JOIN entry e ON e.transfer_id = t.id "
        "WHERE e.id IS NULL OR e.wallet_id <> t.wallet_id",
    ),
    Rule(
        "account-known",
        "Entries stand on pool, funding, operator or spend:<provider>.",
        f"SELECT id, account FROM entry WHERE account NOT IN ('{POOL}', '{FUNDING}', '{OPERATOR}') "
        "AND account NOT LIKE 'spend:%'",
    ),
    Rule(
        "wallet-is-its-pool",
        "What is available and held in a wallet is the sum of its pool entries.",
        "SELECT w.id, w.available_nanos, w.held_nanos, coalesce(p.nanos, 0) AS pool_nanos FROM wallet w LEFT JOIN "
        f"(SELECT wallet_id, sum(amount_nanos) AS nanos FROM entry WHERE account = '{POOL}' GROUP BY wallet_id) p "
        "ON p.wallet_id = w.id WHERE w.available_nanos + w.held_nanos <> coalesce(p.nanos, 0)",
    ),
    Rule(
        "held-is-open-holds",
        "What is held in a wallet is the sum of its open holds.",
        "SELECT w.id, w.held_nanos, coalesce(o.nanos, 0) AS open_nanos FROM wallet w LEFT JOIN "
        f"(SELECT wallet_id, sum(amount_nanos) AS nanos FROM hold WHERE {_OPEN} GROUP BY wallet_id) o "
        "ON o.wallet_id = w.id WHERE w.held_nanos <> coalesce(o.nanos, 0)",
    ),
    Rule(
        "hold-is-its-transfer",
        "What a closed hold charged and what the operator paid for it are what its transfer moved.",
        "SELECT h.id, h.state, h.charged_nanos, h.absorbed_nanos FROM hold h LEFT JOIN "
        f"(SELECT transfer_id, sum(CASE WHEN account = '{POOL}' THEN -amount_nanos ELSE 0 END) AS pool_nanos, "
        f"sum(CASE WHEN account = '{OPERATOR}' THEN -amount_nanos ELSE 0 END) AS operator_nanos FROM entry "
        "GROUP BY transfer_id) t ON t.transfer_id = h.transfer_id "
        "WHERE h.charged_nanos <> coalesce(t.pool_nanos, 0) OR h.absorbed_nanos <> coalesce(t.operator_nanos, 0) "
        f"OR (h.{_OPEN} AND h.transfer_id <> '') OR h.charged_nanos > h.amount_nanos",
    ),
    Rule(
        "spending-has-a-hold",
        "Every transfer to a provider belongs to one hold.",
        "SELECT t.id, count(h.id) AS holds FROM transfer t LEFT JOIN hold h ON h.transfer_id = t.id "
        f"WHERE t.kind IN ('{TransferKind.SETTLE}', '{TransferKind.ABSORB}') GROUP BY t.id HAVING count(h.id) <> 1",
    ),
    Rule(
        "receipt-is-the-charge",
        "What an ask cost is what the lines of its receipt and its holds charged, less what was reversed; "
        "the operator paid the rest.",
        "SELECT r.id, r.cost_nanos, coalesce(l.nanos, 0) AS lines_nanos, coalesce(h.nanos, 0) AS holds_nanos, "
        "coalesce(l.rest_nanos, 0) AS lines_rest_nanos, coalesce(h.rest_nanos, 0) AS holds_rest_nanos "
        "FROM request r LEFT JOIN (SELECT request_id, sum(charged_nanos) AS nanos, "
        "sum(cost_nanos - charged_nanos) AS rest_nanos FROM receipt_line GROUP BY request_id) l "
        "ON l.request_id = r.id LEFT JOIN (SELECT request_id, sum(charged_nanos) AS nanos, "
        "sum(absorbed_nanos) AS rest_nanos, "
        "sum(reversed_nanos) AS back_nanos FROM hold GROUP BY request_id) h ON h.request_id = r.id "
        "WHERE r.cost_nanos <> coalesce(l.nanos, 0) - coalesce(h.back_nanos, 0) "
        "OR r.cost_nanos <> coalesce(h.nanos, 0) - coalesce(h.back_nanos, 0) "
        "OR coalesce(l.rest_nanos, 0) <> coalesce(h.rest_nanos, 0)",
    ),
    Rule(
        "transfer-has-its-kind",
        "Every transfer is a top-up, a refund of a known top-up, a settlement, what the operator paid, or a reversal.",
        "SELECT t.id, t.kind, t.reverses FROM transfer t LEFT JOIN top_up u "
        "ON u.id = t.reverses AND u.wallet_id = t.wallet_id LEFT JOIN transfer s "
        f"ON s.id = t.reverses AND s.wallet_id = t.wallet_id AND s.kind = '{TransferKind.SETTLE}' "
        f"WHERE t.kind NOT IN ({_quoted(TransferKind)}) "
        f"OR (CASE WHEN t.kind = '{TransferKind.REFUND}' THEN u.id IS NULL "
        f"WHEN t.kind = '{TransferKind.REVERSE}' THEN s.id IS NULL ELSE t.reverses <> '' END)",
    ),
    Rule(
        "refunds-of-a-top-up",
        "What was taken back of a top-up is what its reversing transfers moved, and never more than the top-up.",
        "SELECT u.id, u.refunded_nanos, coalesce(b.nanos, 0) AS reversed_nanos FROM top_up u LEFT JOIN "
        "(SELECT t.reverses, sum(-e.amount_nanos) AS nanos FROM transfer t JOIN entry e ON e.transfer_id = t.id "
        f"WHERE e.account = '{POOL}' AND t.reverses <> '' GROUP BY t.reverses) b ON b.reverses = u.id "
        "WHERE u.refunded_nanos <> coalesce(b.nanos, 0) OR u.refunded_nanos > u.amount_nanos",
    ),
    Rule(
        "reversals-of-a-hold",
        "What was given back of a hold's charge is what the transfers that reverse it moved, and never more.",
        "SELECT h.id, h.reversed_nanos, coalesce(b.nanos, 0) AS given_back_nanos FROM hold h LEFT JOIN "
        "(SELECT t.reverses, sum(e.amount_nanos) AS nanos FROM transfer t JOIN entry e ON e.transfer_id = t.id "
        f"WHERE e.account = '{POOL}' AND t.kind = '{TransferKind.REVERSE}' GROUP BY t.reverses) b "
        "ON b.reverses = h.transfer_id "
        "WHERE h.reversed_nanos <> coalesce(b.nanos, 0) OR h.reversed_nanos > h.charged_nanos",
    ),
    Rule(
        "top-up-is-its-transfer",
        "Every top-up stands in the ledger with its amount, and every top-up in the ledger is known.",
        "SELECT t.id FROM transfer t LEFT JOIN top_up u ON u.id = t.id AND u.wallet_id = t.wallet_id "
        f"LEFT JOIN entry e ON e.transfer_id = t.id AND e.account = '{POOL}' "
        f"WHERE t.kind = '{TransferKind.TOP_UP}' "
        "AND (u.id IS NULL OR e.id IS NULL OR e.amount_nanos <> u.amount_nanos) "
        "UNION ALL SELECT u.id FROM top_up u LEFT JOIN transfer t "
        f"ON t.id = u.id AND t.kind = '{TransferKind.TOP_UP}' WHERE t.id IS NULL",
    ),
    Rule(
        "counter-is-its-holds",
        "A counter holds what its open holds took, and has used what its closed holds left.",
        f"WITH {_TAKEN}, told AS (SELECT c.id, c.held, c.used, "
        f"coalesce(sum(CASE WHEN k.{_OPEN} AND c.scope IN ({_scopes(Measure.SPEND)}) THEN k.amount_nanos "
        f"WHEN k.{_OPEN} AND c.scope IN ({_scopes(Measure.IN_FLIGHT)}) THEN 1 ELSE 0 END), 0) AS holds_held, "
        f"coalesce(sum(CASE WHEN c.scope IN ({_scopes(Measure.SPEND)}) THEN k.charged_nanos - k.reversed_nanos "
        f"WHEN c.scope IN ({_scopes(Measure.ABSORBED)}) THEN k.absorbed_nanos ELSE 0 END), 0) AS holds_used "
        "FROM counter c LEFT JOIN taken k ON k.counter_id = c.id AND k.wallet_id = c.wallet_id "
        "GROUP BY c.id, c.held, c.used) SELECT id, held, holds_held, used, holds_used FROM told "
        "WHERE held <> holds_held OR used <> holds_used",
    ),
    Rule(
        "hold-has-its-counters",
        "Every counter that a hold names exists.",
        f"WITH {_TAKEN} SELECT k.id, k.counter_id FROM taken k LEFT JOIN counter c "
        "ON c.id = k.counter_id AND c.wallet_id = k.wallet_id WHERE c.id IS NULL",
    ),
    Rule(
        "entry-has-its-transfer",
        "Every entry has its transfer.",
        "SELECT e.id, e.transfer_id FROM entry e LEFT JOIN transfer t ON t.id = e.transfer_id WHERE t.id IS NULL",
    ),
    Rule(
        "entry-on-its-account",
        "A top-up and a refund move between funding and pool, a charge goes from pool and operator to providers, "
        "what the operator pays alone touches no pool, and a reversal goes from the operator to the pool.",
        "SELECT e.id, t.kind, e.account FROM entry e JOIN transfer t ON t.id = e.transfer_id WHERE NOT CASE "
        f"WHEN t.kind IN ('{TransferKind.TOP_UP}', '{TransferKind.REFUND}') THEN e.account IN ('{FUNDING}', '{POOL}') "
        f"WHEN t.kind = '{TransferKind.SETTLE}' THEN e.account IN ('{POOL}', '{OPERATOR}') OR {_SPENT} "
        f"WHEN t.kind = '{TransferKind.REVERSE}' THEN e.account IN ('{POOL}', '{OPERATOR}') "
        f"WHEN t.kind = '{TransferKind.ABSORB}' THEN e.account = '{OPERATOR}' OR {_SPENT} ELSE 1 = 1 END",
    ),
    Rule(
        "hold-in-its-wallet",
        "The wallet of a hold is its request's and its transfer's.",
        "SELECT h.id, h.wallet_id, r.wallet_id AS request_wallet_id, t.wallet_id AS transfer_wallet_id FROM hold h "
        "LEFT JOIN request r ON r.id = h.request_id LEFT JOIN transfer t ON t.id = h.transfer_id "
        "WHERE r.id IS NULL OR r.wallet_id <> h.wallet_id OR t.wallet_id <> h.wallet_id",
    ),
    Rule(
        "hold-state-known",
        "A hold is open, settled, released or expired, and only a settled one has charged.",
        "SELECT id, state, charged_nanos FROM hold "
        f"WHERE state NOT IN ({_quoted(HoldState)}) OR (charged_nanos > 0 AND state <> '{HoldState.SETTLED}')",
    ),
    Rule(
        "spending-is-the-receipt",
        "What a provider took for an ask is what the lines of its receipt say.",
        "SELECT request_id, account, sum(nanos) AS nanos_apart FROM ("
        "SELECT t.request_id, e.account, e.amount_nanos AS nanos FROM entry e JOIN transfer t "
        f"ON t.id = e.transfer_id WHERE {_SPENT} "
        "UNION ALL SELECT request_id, 'spend:' || provider, -cost_nanos FROM receipt_line) each_side "
        "GROUP BY request_id, account HAVING sum(nanos) <> 0",
    ),
    Rule(
        "hold-on-its-members-month",
        "Every monthly counter that a hold names is that of the member who asked.",
        f"WITH {_TAKEN} SELECT k.id, k.counter_id, r.member_id FROM taken k JOIN counter c ON c.id = k.counter_id "
        f"JOIN hold h ON h.id = k.id JOIN request r ON r.id = h.request_id "
        f"WHERE c.scope = '{Scope.MEMBER_MONTH}' AND c.subject <> r.member_id",
    ),
)

NOTICES = (
    Rule(
        "hold-overdue",
        "A hold is past its deadline; the sweep of a running Chipin gives it back.",
        f"SELECT id, wallet_id, amount_nanos FROM hold WHERE {_OPEN} AND deadline_ms < :now_ms",
    ),
    Rule(
        "hold-from-the-future",
        "A hold was opened while the clock was ahead; the sweep of a running Chipin gives it back.",
        f"SELECT id, wallet_id, amount_nanos FROM hold WHERE {_OPEN} AND opened_at_ms - {CLOCK_SLACK_MS} > :now_ms",
    ),
    Rule(
        "settled-late",
        "An answer ended after its hold was given back: the operator paid for it, the team did not.",
        f"SELECT id, request_id, absorbed_nanos FROM hold WHERE state = '{HoldState.EXPIRED}' AND transfer_id <> ''",
    ),
)
