"""Short words for what is kept: of a question while it runs, and for buttons."""

from typing import Any

from core.operations import ErasePress, KeepPress, KeepQuestion


def keep(ask: str, sealed: bytes, *, attempt: int = 1, **fields: Any) -> KeepQuestion:
    """The question of a running ask, whole."""
    known: dict[str, Any] = {"id": f"{ask}.{attempt}.kept", "wallet_id": "wal"}
    return KeepQuestion(ask_id=ask, attempt=attempt, sealed_question=sealed, **(known | fields))


def keep_press(op_id: str, press: str = "press", member: str = "anna", **fields: Any) -> KeepPress:
    """What a button of somebody's stands for."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "sealed": b"sealed value"}
    return KeepPress(id=op_id, press_id=press, member_id=member, **(known | fields))


def erase_press(op_id: str, press: str = "press", **fields: Any) -> ErasePress:
    """The sweep found that its day is over."""
    return ErasePress(id=op_id, press_id=press, **({"wallet_id": "wal"} | fields))
