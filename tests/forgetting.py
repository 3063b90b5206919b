"""Operations on what is known of a person, as tests write them (see tests/bookkeeping.py)."""

from typing import Any

from core.operations import EraseTraces, Forget, LetGo, Welcome
from tests.bookkeeping import digest_of


def welcome(op_id: str, member: str = "anna", **fields: Any) -> Welcome:
    """Somebody is told what asking means, by default Anna."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team"}
    return Welcome(id=op_id, member_id=member, **(known | fields))


def forget(op_id: str, member: str = "anna", *, team: str = "team", **fields: Any) -> Forget:
    """Somebody is forgotten with the one identity they have, by default Anna by her own wish."""
    key = f"test:{team}/{member}"
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": team, "actor": member}
    return Forget(id=op_id, member_id=member, **({"identities": ((key, digest_of(key)),)} | known | fields))


def erase_traces(op_id: str, member: str = "anna", **fields: Any) -> EraseTraces:
    """What else tells of them goes: of nothing unless told otherwise."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team"}
    return EraseTraces(id=op_id, member_id=member, **(known | fields))


def let_go(op_id: str, member: str = "anna", *, team: str = "team", **fields: Any) -> LetGo:
    """The sweep found a hash that nothing counts for."""
    known: dict[str, Any] = {"wallet_id": "wal", "forgotten_id": digest_of(f"test:{team}/{member}")}
    return LetGo(id=op_id, **(known | fields))
