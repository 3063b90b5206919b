"""Short words for what is kept of a question while it runs."""

from typing import Any

from core.operations import KeepQuestion


def keep(ask: str, sealed: bytes, *, attempt: int = 1, **fields: Any) -> KeepQuestion:
    """The question of a running ask, whole."""
    known: dict[str, Any] = {"id": f"{ask}.{attempt}.kept", "wallet_id": "wal"}
    return KeepQuestion(ask_id=ask, attempt=attempt, sealed_question=sealed, **(known | fields))
