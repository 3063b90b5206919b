"""Short words for what is kept: of a question while it runs, for buttons, and by a process as long as it lives."""

from typing import Any

from core.operations import ErasePress, GiveLeaseUp, KeepPress, KeepQuestion, TakeLease


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


def take_lease(holder: str, seconds: int = 10, *, lease: str = "shard", **fields: Any) -> TakeLease:
    """A process wants to look after a shard, or goes on doing so."""
    known: dict[str, Any] = {"id": f"{lease}-{holder}.take", "wallet_id": ""}
    return TakeLease(lease=lease, holder=holder, seconds=seconds, **(known | fields))


def give_up(holder: str, *, lease: str = "shard", **fields: Any) -> GiveLeaseUp:
    """It leaves."""
    known: dict[str, Any] = {"id": f"{lease}-{holder}.give", "wallet_id": ""}
    return GiveLeaseUp(lease=lease, holder=holder, **(known | fields))
