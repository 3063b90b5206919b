"""Surrogate ids: opaque, sortable by the time they were made, so that new rows land at the end of an index."""

import secrets
from datetime import datetime

from core.moments import to_ms


def new_id(prefix: str, now: datetime) -> str:
    """For example "ask_0199c0ffee42a1b2c3d4e5": 11 hex digits of milliseconds, 12 of chance."""
    return f"{prefix}_{to_ms(now):011x}{secrets.token_hex(6)}"


def attempt_id(ask_id: str, number: int) -> str:
    """One attempt at an ask, for example "ask_0199c0ffee42a1b2c3d4e5.2"."""
    return f"{ask_id}.{number}"


def ask_of(attempt: str) -> str:
    """The ask of an `attempt_id`; of anything else an id that no ask has."""
    return attempt.rpartition(".")[0]
