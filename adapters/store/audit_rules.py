"""The rules of the audit: for each a name, a sentence, and a query for the rows that break it. Both databases run them.

They know nothing of core/ledger but its words: what they find wrong must not be wrong in the same way. Each query
looks at one chunk of the table that is walked, and finds everything else by an index (adapters/store/walk.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.defaults import CLOCK_SLACK_MS
from core.ledger.entries import FUNDING, OPERATOR, POOL, TransferKind
from core.ledger.holding import HoldState
from core.operations import RequestedState, RequestState
from core.quota import CARRIED_FOR, Measure, Scope


@dataclass(frozen=True, slots=True)
class Rule:
    """A name, a sentence, and a query for the rows that break it (or, of a notice, that an operator should know)."""

    name: str
    sentence: str
    query: str
    notice: bool = False


def quoted(words: Iterable[str]) -> str:
    """Words as SQL texts."""
    return ", ".join(f"'{word}'" for word in words)


def scopes(measure: Measure) -> str:
    """The scopes of one measure as SQL texts."""
    return quoted(scope for scope in Scope if scope.measure is measure)


_SPENT = "e.account LIKE 'spend:%'"
OPEN = f"state = '{HoldState.OPEN}'"
# Every counter that a hold names, one row each. {split} is each database's way to take the names apart.
TAKEN = """taken AS (
    SELECT h.id, h.wallet_id, h.request_id, h.state, h.amount_nanos, h.charged_nanos, h.absorbed_nanos,
        h.reversed_nanos, named.value AS counter_id
    FROM hold h, {split} WHERE {h.id in chunk} AND h.counters <> '')"""
SPLIT = {
    "sqlite": """json_each('["' || replace(h.counters, ' ', '","') || '"]') AS named""",
    "postgresql": "unnest(string_to_array(h.counters, ' ')) AS named(value)",
}

OF_TRANSFERS = (
    Rule(
        "transfer-sums-to-zero",
        "The entries of every transfer sum to zero.",
        "SELECT e.transfer_id, sum(e.amount_nanos) AS sum_nanos FROM entry e WHERE {e.transfer_id in chunk} "
        "GROUP BY e.transfer_id HAVING sum(e.amount_nanos) <> 0",
    ),
    Rule(
        "entry-has-its-transfer",
        "Every entry has its transfer.",
        "SELECT e.id, e.transfer_id FROM entry e LEFT JOIN transfer t ON t.id = e.transfer_id "
        "WHERE {e.transfer_id in chunk} AND t.id IS NULL",
    ),
    Rule(
        "entry-in-its-wallet",
        "An entry belongs to the wallet of its transfer, and every transfer has entries.",
        "SELECT t.id AS transfer_id FROM transfer t LEFT JOIN entry e ON e.transfer_id = t.id "
        "WHERE {t.id in chunk} AND (e.id IS NULL OR e.wallet_id <> t.wallet_id)",
    ),
    Rule(
        "account-known",
        "Entries stand on pool, funding, operator or spend:<provider>.",
        f"SELECT e.id, e.account FROM entry e WHERE {{e.transfer_id in chunk}} "
        f"AND e.account NOT IN ('{POOL}', '{FUNDING}', '{OPERATOR}') AND NOT {_SPENT}",
    ),
    Rule(
        "entry-on-its-account",
        "A top-up and a refund move between funding and pool, a charge goes from pool and operator to providers, "
        "what the operator pays alone touches no pool, and a reversal goes from the operator to the pool.",
        "SELECT e.id, t.kind, e.account FROM entry e JOIN transfer t ON t.id = e.transfer_id "
        "WHERE {e.transfer_id in chunk} AND NOT CASE "
        f"WHEN t.kind IN ('{TransferKind.TOP_UP}', '{TransferKind.REFUND}') THEN e.account IN ('{FUNDING}', '{POOL}') "
        f"WHEN t.kind = '{TransferKind.SETTLE}' THEN e.account IN ('{POOL}', '{OPERATOR}') OR {_SPENT} "
        f"WHEN t.kind = '{TransferKind.REVERSE}' THEN e.account IN ('{POOL}', '{OPERATOR}') "
        f"WHEN t.kind = '{TransferKind.ABSORB}' THEN e.account = '{OPERATOR}' OR {_SPENT} ELSE 1 = 1 END",
    ),
    Rule(
        "transfer-has-its-kind",
        "Every transfer is a top-up, a refund of a known top-up, a settlement, what the operator paid, or a reversal.",
        "SELECT t.id, t.kind, t.reverses FROM transfer t LEFT JOIN top_up u "
        "ON u.id = t.reverses AND u.wallet_id = t.wallet_id LEFT JOIN transfer s "
        f"ON s.id = t.reverses AND s.wallet_id = t.wallet_id AND s.kind = '{TransferKind.SETTLE}' "
        f"WHERE {{t.id in chunk}} AND (t.kind NOT IN ({quoted(TransferKind)}) "
        f"OR (CASE WHEN t.kind = '{TransferKind.REFUND}' THEN u.id IS NULL "
        f"WHEN t.kind = '{TransferKind.REVERSE}' THEN s.id IS NULL ELSE t.reverses <> '' END))",
    ),
    Rule(
        "spending-has-a-hold",
        "Every transfer to a provider belongs to one hold of its ask.",
        "SELECT t.id, count(h.id) AS holds FROM transfer t "
        "LEFT JOIN hold h ON h.request_id = t.request_id AND h.transfer_id = t.id WHERE {t.id in chunk} "
        f"AND t.kind IN ('{TransferKind.SETTLE}', '{TransferKind.ABSORB}') GROUP BY t.id HAVING count(h.id) <> 1",
    ),
    Rule(
        "top-up-is-its-transfer",
        "Every top-up stands in the ledger with its amount, and every top-up in the ledger is known.",
        "SELECT t.id FROM transfer t LEFT JOIN top_up u ON u.id = t.id AND u.wallet_id = t.wallet_id "
        f"LEFT JOIN entry e ON e.transfer_id = t.id AND e.account = '{POOL}' "
        f"WHERE {{t.id in chunk}} AND t.kind = '{TransferKind.TOP_UP}' "
        "AND (u.id IS NULL OR e.id IS NULL OR e.amount_nanos <> u.amount_nanos)",
    ),
)

OF_TOP_UPS = (
    Rule(
        "top-up-is-its-transfer",
        "Every top-up stands in the ledger with its amount, and every top-up in the ledger is known.",
        "SELECT u.id FROM top_up u LEFT JOIN transfer t "
        f"ON t.id = u.id AND t.kind = '{TransferKind.TOP_UP}' WHERE {{u.id in chunk}} AND t.id IS NULL",
    ),
    Rule(
        "refunds-of-a-top-up",
        "What was taken back of a top-up is what its reversing transfers moved, and never more than the top-up.",
        "SELECT u.id, u.refunded_nanos, coalesce(sum(-e.amount_nanos), 0) AS taken_back_nanos FROM top_up u "
        "LEFT JOIN transfer t ON t.reverses = u.id AND t.reverses <> '' "
        f"LEFT JOIN entry e ON e.transfer_id = t.id AND e.account = '{POOL}' WHERE {{u.id in chunk}} GROUP BY u.id "
        "HAVING u.refunded_nanos <> coalesce(sum(-e.amount_nanos), 0) OR u.refunded_nanos > u.amount_nanos",
    ),
)


def _moved(account: str) -> str:
    return f"coalesce(sum(CASE WHEN e.account = '{account}' THEN -e.amount_nanos ELSE 0 END), 0)"


OF_HOLDS = (
    Rule(
        "hold-state-known",
        "A hold is open, settled, released or expired, and only a settled one has charged.",
        "SELECT h.id, h.state, h.charged_nanos FROM hold h WHERE {h.id in chunk} "
        f"AND (h.state NOT IN ({quoted(HoldState)}) OR (h.charged_nanos > 0 AND h.state <> '{HoldState.SETTLED}'))",
    ),
    Rule(
        "hold-is-its-transfer",
        "What a closed hold charged and what the operator paid for it are what its transfer moved.",
        f"SELECT h.id, h.state, h.charged_nanos, {_moved(POOL)} AS pool_nanos, h.absorbed_nanos, "
        f"{_moved(OPERATOR)} AS operator_nanos FROM hold h LEFT JOIN entry e ON e.transfer_id = h.transfer_id "
        f"WHERE {{h.id in chunk}} GROUP BY h.id HAVING h.charged_nanos <> {_moved(POOL)} "
        f"OR h.absorbed_nanos <> {_moved(OPERATOR)} OR (h.{OPEN} AND h.transfer_id <> '') "
        "OR h.charged_nanos > h.amount_nanos",
    ),
    Rule(
        "hold-is-what-was-taken",
        "The amount of a hold is the one that was answered when it was taken, or changed last.",
        "SELECT h.id, h.amount_nanos, o.outcome FROM hold h LEFT JOIN operation o "
        "ON o.id = CASE WHEN h.reheld_by = '' THEN h.id ELSE h.reheld_by END WHERE {h.id in chunk} AND (o.id IS NULL "
        """OR o.outcome NOT LIKE '["Held",%"hold_id":"' || h.id || '",%"amount_nanos":' || h.amount_nanos || '}]')""",
    ),
    Rule(
        "reversals-of-a-hold",
        "What was given back of a hold's charge is what the transfers that reverse it moved, and never more.",
        f"SELECT h.id, h.reversed_nanos, -{_moved(POOL)} AS given_back_nanos FROM hold h "
        "LEFT JOIN transfer t ON t.reverses = h.transfer_id AND t.reverses <> '' "
        f"AND t.kind = '{TransferKind.REVERSE}' LEFT JOIN entry e ON e.transfer_id = t.id "
        f"WHERE {{h.id in chunk}} GROUP BY h.id HAVING h.reversed_nanos <> -{_moved(POOL)} "
        "OR h.reversed_nanos > h.charged_nanos",
    ),
    Rule(
        "hold-in-its-wallet",
        "A hold, its request and its transfer are there, of one wallet and of one ask.",
        "SELECT h.id, h.wallet_id, r.wallet_id AS request_wallet_id, t.wallet_id AS transfer_wallet_id FROM hold h "
        "LEFT JOIN request r ON r.id = h.request_id LEFT JOIN transfer t ON t.id = h.transfer_id "
        "WHERE {h.id in chunk} AND (r.id IS NULL OR r.wallet_id <> h.wallet_id OR t.wallet_id <> h.wallet_id "
        "OR t.request_id <> h.request_id OR (t.id IS NULL AND h.transfer_id <> ''))",
    ),
    Rule(
        "hold-has-its-counters",
        "Every counter that a hold names exists, and is one that holds count on.",
        f"WITH {TAKEN} SELECT k.id, k.counter_id FROM taken k LEFT JOIN counter c "
        "ON c.id = k.counter_id AND c.wallet_id = k.wallet_id "
        f"WHERE c.id IS NULL OR c.scope IN ({scopes(Measure.EACH)}, {scopes(Measure.TOPPED_UP)})",
    ),
    Rule(
        "hold-on-its-members-limits",
        "Every daily, weekly and monthly counter of a member that a hold names is of the member who asked.",
        f"WITH {TAKEN} SELECT k.id, k.counter_id, r.member_id FROM taken k JOIN counter c ON c.id = k.counter_id "
        "JOIN request r ON r.id = k.request_id "
        f"WHERE c.scope IN ({quoted(CARRIED_FOR)}) AND c.subject <> r.member_id",
    ),
    Rule(
        "hold-overdue",
        "A hold is past its deadline; the sweep of a running Chipin gives it back.",
        "SELECT h.id, h.wallet_id, h.amount_nanos FROM hold h "
        f"WHERE {{h.id in chunk}} AND h.{OPEN} AND h.deadline_ms < :now_ms",
        notice=True,
    ),
    Rule(
        "hold-from-the-future",
        "A hold was opened while the clock was ahead; the sweep of a running Chipin gives it back.",
        "SELECT h.id, h.wallet_id, h.amount_nanos FROM hold h "
        f"WHERE {{h.id in chunk}} AND h.{OPEN} AND h.opened_at_ms - {CLOCK_SLACK_MS} > :now_ms",
        notice=True,
    ),
    Rule(
        "settled-late",
        "An answer ended after its hold was given back: the operator paid for it, the team did not.",
        "SELECT h.id, h.request_id, h.absorbed_nanos FROM hold h "
        f"WHERE {{h.id in chunk}} AND h.state = '{HoldState.EXPIRED}' AND h.transfer_id <> ''",
        notice=True,
    ),
    Rule(
        "call-not-charged",
        "The process that held this money was gone before the answer was charged: the provider may have billed a "
        "call, for amount_nanos at most. Nobody was charged; look at the provider's bill.",
        "SELECT h.id, h.request_id, h.provider, h.model, h.amount_nanos, h.opened_at_ms FROM hold h "
        f"WHERE {{h.id in chunk}} AND h.state = '{HoldState.EXPIRED}' AND h.transfer_id = ''",
        notice=True,
    ),
)

OF_REQUESTS = (
    Rule(
        "line-of-its-request",
        "Every line of a receipt belongs to a request, and to its wallet.",
        "SELECT l.id, l.request_id, l.wallet_id FROM receipt_line l LEFT JOIN request r ON r.id = l.request_id "
        "WHERE {l.request_id in chunk} AND (r.id IS NULL OR r.wallet_id <> l.wallet_id)",
    ),
    Rule(
        "receipt-is-the-charge",
        "What an ask cost is what the lines of its receipt and its holds charged, less what was reversed; "
        "the operator paid the rest.",
        "SELECT request_id AS id, sum(cost) AS cost_nanos, sum(line) AS lines_nanos, sum(hold) AS holds_nanos, "
        "sum(back) AS reversed_nanos, sum(line_rest) AS lines_rest_nanos, sum(hold_rest) AS holds_rest_nanos FROM ("
        "SELECT r.id AS request_id, 1 AS known, r.cost_nanos AS cost, 0 AS line, 0 AS line_rest, 0 AS hold, "
        "0 AS hold_rest, 0 AS back FROM request r WHERE {r.id in chunk} "
        "UNION ALL SELECT l.request_id, 0, 0, l.charged_nanos, l.cost_nanos - l.charged_nanos, 0, 0, 0 "
        "FROM receipt_line l WHERE {l.request_id in chunk} "
        "UNION ALL SELECT h.request_id, 0, 0, 0, 0, h.charged_nanos, h.absorbed_nanos, h.reversed_nanos "
        "FROM hold h WHERE {h.request_id in chunk}) told GROUP BY request_id HAVING sum(known) = 1 "
        "AND (sum(cost) <> sum(line) - sum(back) OR sum(cost) <> sum(hold) - sum(back) "
        "OR sum(line_rest) <> sum(hold_rest))",
    ),
    Rule(
        "charged-answer-is-there",
        "An answer that is charged was told, or is still kept for its asker.",
        "SELECT r.id, r.cost_nanos FROM request r LEFT JOIN kept k ON k.id = r.id "
        f"WHERE {{r.id in chunk}} AND r.state = '{RequestState.SETTLED}' AND r.cost_nanos > 0 "
        "AND r.delivered_at_ms = 0 AND (k.id IS NULL OR length(k.answer) = 0)",
    ),
    # By way of the holds: that every transfer to a provider has its hold is said by spending-has-a-hold.
    Rule(
        "spending-is-the-receipt",
        "What a provider took for an ask is what the lines of its receipt say.",
        "SELECT request_id, account, sum(nanos) AS nanos_apart FROM ("
        "SELECT h.request_id, e.account, e.amount_nanos AS nanos FROM hold h "
        f"JOIN entry e ON e.transfer_id = h.transfer_id AND {_SPENT} WHERE {{h.request_id in chunk}} "
        "UNION ALL SELECT l.request_id, 'spend:' || l.provider, -l.cost_nanos FROM receipt_line l "
        "WHERE {l.request_id in chunk}) told GROUP BY request_id, account HAVING sum(nanos) <> 0",
    ),
)

OF_NOTICES = (
    Rule(
        "notice-told-by-whoever-took-it",
        "A notice for admins belongs to a team, and is told only by whoever took it on.",
        "SELECT n.id, n.team_id, n.tries, n.delivered_at_ms FROM notice n LEFT JOIN team t ON t.id = n.team_id "
        "WHERE {n.id in chunk} AND (t.id IS NULL OR (n.delivered_at_ms > 0 AND n.tries = 0))",
    ),
)

OF_BUDGET_REQUESTS = (
    Rule(
        "request-decided-by-somebody",
        "A request for more belongs to a member of its team; what was decided was decided by somebody, granted only "
        "where it was approved, and never more than was asked for.",
        "SELECT b.id, b.state, b.amount_nanos, b.granted_nanos, b.decided_by FROM budget_request b "
        "WHERE {b.id in chunk} AND (b.granted_nanos > b.amount_nanos "
        "OR NOT EXISTS (SELECT 1 FROM member m WHERE m.id = b.member_id AND m.team_id = b.team_id) OR NOT CASE b.state "
        f"WHEN '{RequestedState.OPEN}' THEN b.decided_by = '' AND (b.granted_nanos = 0 OR b.confirmed_by <> '') "
        f"WHEN '{RequestedState.APPROVED}' THEN b.decided_by NOT IN ('', b.confirmed_by) AND b.granted_nanos > 0 "
        "ELSE b.decided_by <> '' AND b.granted_nanos = 0 END)",
    ),
)

OF_PRESSES = (
    Rule(
        "button-of-its-member",
        "What a button stands for belongs to a member of its team.",
        "SELECT p.id, p.team_id, p.member_id FROM kept_press p WHERE {p.id in chunk} "
        "AND p.team_id <> coalesce((SELECT m.team_id FROM member m WHERE m.id = p.member_id), '')",
    ),
)

OF_POLICIES = (
    Rule(
        "rule-of-its-team",
        "What is set stands under its team and whom it is for.",
        "SELECT p.id, p.team_id, p.target FROM policy p LEFT JOIN team t ON t.id = p.team_id "
        "WHERE {p.id in chunk} AND (t.id IS NULL OR p.id <> p.team_id || ' ' || p.target)",
    ),
)

OF_COUNTERS = (
    Rule(
        "counter-is-what-its-id-says",
        "What a counter counts, for whom and in which period is what its id says: holds find it by that.",
        "SELECT c.id, c.scope, c.subject, c.label FROM counter c "
        "WHERE {c.id in chunk} AND c.id <> c.scope || ':' || c.subject || ':' || c.label",
    ),
)

RULES_OF: dict[str, tuple[Rule, ...]] = {
    "transfer": OF_TRANSFERS,
    "top_up": OF_TOP_UPS,
    "hold": OF_HOLDS,
    "request": OF_REQUESTS,
    "notice": OF_NOTICES,
    "budget_request": OF_BUDGET_REQUESTS,
    "kept_press": OF_PRESSES,
    "policy": OF_POLICIES,
    "counter": OF_COUNTERS,
}
"""The rules by the table whose ids are walked for them."""
