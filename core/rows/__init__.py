"""The rows of the books as values.

One class here is one table in adapters/store/tables with the same columns; a test holds them equal. Every row
has a text `id`. Times are UTC in whole milliseconds since 1970 (`*_ms`). They have no slots: core/columns.py fills
them whole, which is most of what a rule does with them.

    row.py       what all rows share
    money.py     wallets, counters, holds, the ledger      requests.py  questions, receipts, kept text
    people.py    teams, members, identities                policy.py    rules, requests for more, what admins did
    notices.py   what people are to be told                upkeep.py    by which the books know themselves
    links.py     codes by which accounts and teams come together
"""

from core.rows.links import GuessRow, LinkRow
from core.rows.money import CounterRow, EntryRow, HoldRow, TopUpRow, TransferRow, WalletRow
from core.rows.notices import DigestRow, NoticeRow, ToldRow
from core.rows.people import ForgottenRow, IdentityRow, MemberRow, TeamRow, WorkspaceRow
from core.rows.policy import ActRow, BudgetRequestRow, PolicyRow, PreferenceRow
from core.rows.requests import NOT_REPORTED, KeptPressRow, KeptRow, LineRow, RequestKeyRow, RequestRow
from core.rows.row import R, Row
from core.rows.upkeep import BillActRow, BillRow, LeaseRow, OperationRow, SecretRow

KINDS: tuple[type[Row], ...] = (
    WalletRow,  # first: it is the lock that all else stands behind
    OperationRow,
    TeamRow,  # from here on: each before the rows that refer to it
    WorkspaceRow,
    MemberRow,
    IdentityRow,
    ForgottenRow,
    LinkRow,
    GuessRow,
    PolicyRow,
    PreferenceRow,
    CounterRow,
    HoldRow,
    RequestRow,
    RequestKeyRow,
    TransferRow,
    EntryRow,
    TopUpRow,
    LineRow,
    KeptRow,
    KeptPressRow,
    BudgetRequestRow,
    ActRow,
    NoticeRow,
    ToldRow,
    DigestRow,
    SecretRow,
    LeaseRow,
    BillRow,
    BillActRow,
)
"""Every kind of row, in the order in which a batch reads and writes them."""

__all__ = [
    "KINDS",
    "NOT_REPORTED",
    "ActRow",
    "BillActRow",
    "BillRow",
    "BudgetRequestRow",
    "CounterRow",
    "DigestRow",
    "EntryRow",
    "ForgottenRow",
    "GuessRow",
    "HoldRow",
    "IdentityRow",
    "KeptPressRow",
    "KeptRow",
    "LeaseRow",
    "LineRow",
    "LinkRow",
    "MemberRow",
    "NoticeRow",
    "OperationRow",
    "PolicyRow",
    "PreferenceRow",
    "R",
    "RequestKeyRow",
    "RequestRow",
    "Row",
    "SecretRow",
    "TeamRow",
    "ToldRow",
    "TopUpRow",
    "TransferRow",
    "WalletRow",
    "WorkspaceRow",
]
