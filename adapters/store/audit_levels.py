"""How low wallets run, proven: no level was passed without a notice, and every level that was told has one."""

from adapters.store.audit_rules import Rule
from core.announcement import WALLET_LOW
from core.defaults import WALLET_LEVELS_PERCENT
from core.ledger.levels import NOTHING_TOLD

_ALLOWED = ", ".join(map(str, WALLET_LEVELS_PERCENT))
_BALANCE = "w.available_nanos + w.held_nanos"
# A level is full * percent / 100, rounded down, in two parts: a BIGINT has no room for a hundred times a wallet.
_PASSED = " OR ".join(
    f"(w.told_percent > {level} AND {_BALANCE} <= w.full_nanos / 100 * {level} + w.full_nanos % 100 * {level} / 100)"
    for level in WALLET_LEVELS_PERCENT
)
OF_WALLETS = (
    Rule(
        "level-was-told",
        "No wallet is at or below a level that its admins were not told of since budget last came in.",
        f"SELECT w.id, {_BALANCE} AS balance_nanos, w.full_nanos, w.told_percent FROM wallet w "
        f"WHERE {{w.id in chunk}} AND w.full_nanos > 0 AND ({_PASSED})",
    ),
    Rule(
        "told-is-a-notice",
        "What the admins of a wallet were told last of its levels is one of the levels, and a notice.",
        "SELECT w.id, w.told_percent, w.marked_by FROM wallet w "
        f"WHERE {{w.id in chunk}} AND w.told_percent <> {NOTHING_TOLD} AND (w.told_percent NOT IN ({_ALLOWED}) "
        "OR coalesce((SELECT n.kind FROM notice n WHERE n.id = "
        f"'{WALLET_LOW}:' || w.id || ':' || w.marked_by || ':' || w.told_percent), '') <> '{WALLET_LOW}')",
    ),
    Rule(
        "mark-is-a-top-up",
        "What the levels of a wallet go by is a top-up of that wallet.",
        "SELECT w.id, w.marked_by FROM wallet w WHERE {w.id in chunk} AND w.marked_by <> '' "
        "AND coalesce((SELECT u.wallet_id FROM top_up u WHERE u.id = w.marked_by), '') <> w.id",
    ),
)
