"""What reads of spending share: when something was booked, what was given back, and which attempt was charged.

docs/decisions/0043 says why asks are read and not the ledger.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlmodel import col

from adapters.store.tables import TRANSFER_IS_NO_SETTLEMENT, Request, Team, Transfer
from core.ledger.entries import TransferKind
from core.moments import to_ms

ENDED, MOVED = col(Request.finished_at_ms), col(Transfer.at_ms)
"""When an ask was charged; when a transfer was booked."""


def between(moment: Any, start: datetime, end: datetime) -> ColumnElement[bool]:
    """Whether a moment is in a stretch: from its start until before its end."""
    within: ColumnElement[bool] = (moment >= to_ms(start)) & (moment < to_ms(end))
    return within


def wallet_of(team_id: str) -> Any:
    """The wallet that pays for a team."""
    return select(col(Team.wallet_id)).where(col(Team.id) == team_id).scalar_subquery()


def of_reversals(query: Select[Any], wallet: Any) -> Select[Any]:
    """Over what was given back in a wallet, whenever: the transfer and its ask."""
    given_back = (col(Transfer.wallet_id) == wallet) & (col(Transfer.kind) == TransferKind.REVERSE)
    asks = query.select_from(Transfer).join(Request, col(Request.id) == Transfer.request_id)
    return asks.where(given_back, TRANSFER_IS_NO_SETTLEMENT)


def is_of_the_last_attempt(made_id: Any) -> ColumnElement[bool]:
    """Whether the id of a line or a transfer is of the attempt at which its ask ended (core/ids.py)."""
    attempt = col(Request.id).concat(".").concat(cast(col(Request.attempt), String)).concat(".")
    of_it: ColumnElement[bool] = func.substr(col(made_id), 1, func.length(attempt)) == attempt
    return of_it
