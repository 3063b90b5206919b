"""What is set, and in which zone its periods run, read word by word: no hold is given by what cannot be read."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from adapters.store.audit_people import TOGETHER, not_together
from adapters.store.audit_rules import Rule
from core.periods import calendar_from
from core.policy import Setting, can_be_set

READABLE = Rule(
    "rule-can-be-read",
    "What is set is a known setting with a value that it can have for its target, and says who set it and when.",
    "SELECT p.id, p.target, p.entries FROM policy p WHERE {p.id in chunk}",
)
ZONES = Rule(
    "zone-can-be-read",
    "A team's time zone is a known one, and the last of those that it had.",
    "SELECT t.id, t.zone, t.zones FROM team t WHERE {t.id in chunk}",
)


def unreadable(rows: Iterable[Sequence[Any]]) -> list[str]:
    """The policies that break `READABLE`, in words."""
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


def without_zone(rows: Iterable[Sequence[Any]]) -> list[str]:
    """The teams that break `ZONES`, in words."""
    return [
        f"id {row_id}, zone {zone}, zones {zones[:200]}" for row_id, zone, zones in rows if not _is_zone(zone, zones)
    ]


def _is_zone(zone: str, zones: str) -> bool:
    try:
        return calendar_from(zone, zones).zone.key == zone
    except (ValueError, LookupError, OSError, OverflowError):  # among them what zoneinfo says of names that are none
        return False


READ: Mapping[str, tuple[Rule, Callable[[Iterable[Sequence[Any]]], list[str]]]] = {
    "policy": (READABLE, unreadable),
    "team": (ZONES, without_zone),
    "member": (TOGETHER, not_together),
}
"""The rules that are read here, by the table whose ids are walked for them."""
