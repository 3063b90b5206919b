"""What is set, read word by word: a hold refuses nobody and lets nobody through by a rule that it cannot read."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from adapters.store.audit_rules import Rule
from core.policy import Setting, can_be_set

POLICIES = "policy"
READABLE = Rule(
    "rule-can-be-read",
    "What is set is a known setting with a value that it can have for its target, and says who set it and when.",
    "SELECT p.id, p.target, p.entries FROM policy p WHERE {p.id in chunk}",
)


def unreadable(rows: Iterable[Sequence[Any]]) -> list[str]:
    """The rows that break `READABLE`, in words."""
    return [
        f"id {row_id}, entries {entries[:200]}" for row_id, target, entries in rows if not _is_read(target, entries)
    ]


def _is_read(target: str, entries: str) -> bool:
    try:
        told = json.loads(entries)
    except ValueError:
        return False
    return isinstance(told, dict) and all(_is_entry(target, name, each) for name, each in told.items())


def _is_entry(target: str, name: str, entry: Any) -> bool:
    if not isinstance(entry, dict) or entry.keys() != {"value", "by", "at_ms"} or name not in list(Setting):
        return False
    value, by, at_ms = entry["value"], entry["by"], entry["at_ms"]
    is_said = isinstance(value, str) and isinstance(by, str) and type(at_ms) is int and at_ms >= 0
    return is_said and can_be_set(target, Setting(name), value)
