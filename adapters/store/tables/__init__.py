"""The schema as SQLModel tables: the same columns as core/rows (a test holds them equal), plus indexes.

CHECKs and the append-only triggers are in migrations/, where each database gets them in its own words. Money is
BIGINT nano-dollars, times are BIGINT milliseconds. The files are those of
core/rows: money.py, requests.py, people.py, policy.py, notices.py, upkeep.py; columns.py is what they share.

`..._IS_OPEN` and the like say for queries what the indexes over some rows are over. They are written out and no
parameters: such an index serves only a query that is seen to ask for no other rows.
"""

from adapters.store.tables.money import (
    HOLD_IS_OPEN,
    HOLD_WAS_ABSORBED,
    TRANSFER_IS_NO_SETTLEMENT,
    Counter,
    Entry,
    Hold,
    TopUp,
    Transfer,
    Wallet,
)
from adapters.store.tables.notices import NOTICE_IS_UNTOLD, Digest, Notice, Told
from adapters.store.tables.people import ACCOUNT_IS_JOINED, Forgotten, Guess, Identity, Link, Member, Team, Workspace
from adapters.store.tables.policy import REQUEST_FOR_MORE_IS_OPEN, Act, BudgetRequest, Policy, Preference
from adapters.store.tables.requests import (
    REQUEST_IS_IN_A_THREAD,
    REQUEST_IS_SETTLED,
    REQUEST_IS_UNTOLD,
    TEXT_IS_KEPT,
    Kept,
    KeptPress,
    ReceiptLine,
    Request,
    RequestKey,
)
from adapters.store.tables.upkeep import Bill, BillAct, Lease, Operation, Secret

__all__ = [
    "ACCOUNT_IS_JOINED",
    "HOLD_IS_OPEN",
    "HOLD_WAS_ABSORBED",
    "NOTICE_IS_UNTOLD",
    "REQUEST_FOR_MORE_IS_OPEN",
    "REQUEST_IS_IN_A_THREAD",
    "REQUEST_IS_SETTLED",
    "REQUEST_IS_UNTOLD",
    "TEXT_IS_KEPT",
    "TRANSFER_IS_NO_SETTLEMENT",
    "Act",
    "Bill",
    "BillAct",
    "BudgetRequest",
    "Counter",
    "Digest",
    "Entry",
    "Forgotten",
    "Guess",
    "Hold",
    "Identity",
    "Kept",
    "KeptPress",
    "Lease",
    "Link",
    "Member",
    "Notice",
    "Operation",
    "Policy",
    "Preference",
    "ReceiptLine",
    "Request",
    "RequestKey",
    "Secret",
    "Team",
    "Told",
    "TopUp",
    "Transfer",
    "Wallet",
    "Workspace",
]
