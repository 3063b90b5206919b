"""What teams are told, by hand."""

from typing import Any

from core.operations import PostDigest

_MONDAY_MS = 1_795_993_200_000  # 2026-11-30 in Berlin


def post_digest(label: str, **fields: Any) -> PostDigest:
    """A week of Anna's team."""
    known: dict[str, Any] = {"id": f"{label}.digest", "wallet_id": "wal", "team_id": "team", "weeks": 1}
    known |= {"start_ms": _MONDAY_MS - 604_800_000, "end_ms": _MONDAY_MS, "words": f"{label}!", "chart": ""}
    return PostDigest(label=label, **(known | {"workspace": "", "channel": ""} | fields))
