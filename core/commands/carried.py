"""What buttons stand for, as text: it comes back with the press, after a restart too. What cannot be read is None."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.commands.speaking import ForgetWaits, LinkWaits, TopUpWaits, Waits
from core.events import Shortfall


@dataclass(frozen=True, slots=True)
class Agreed:
    """What waits for the agreement of one user."""

    waits: Waits
    user_id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody would ask the admins for."""

    shortfall: Shortfall
    nanos: int
    user_id: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A question that waits until its asker says where the answer is to stand."""

    text: str
    model: str
    key: str
    user_id: str
    tag: str = ""


def agreed_value(waits: Waits, user_id: str) -> str:
    """What waits, for a button."""
    if isinstance(waits, ForgetWaits):
        return _written("forget", user_id, waits.member_id)
    if isinstance(waits, LinkWaits):
        return _written("link", user_id, waits.link_id)
    return _written("topup", user_id, waits.amount, waits.reason, waits.key)


def agreed_from(value: str) -> Agreed | None:
    """It, from a press."""
    match _read(value):
        case ["forget", str(user_id), str(member_id)]:
            return Agreed(ForgetWaits(member_id), user_id)
        case ["link", str(user_id), str(link_id)]:
            return Agreed(LinkWaits(link_id), user_id)
        case ["topup", str(user_id), str(amount), str(reason), str(key)]:
            return Agreed(TopUpWaits(amount, reason, key), user_id)
        case _:
            return None


def wanted_value(wanted: Wanted) -> str:
    """What would be asked for, for a button."""
    missing = wanted.shortfall
    ends = int(missing.ends_at.timestamp()) if missing.ends_at is not None else 0
    parts = (missing.counter_id, missing.label, ends, missing.missing_nanos, missing.attempt, wanted.nanos)
    return _written("want", wanted.user_id, *parts)


def wanted_from(value: str) -> Wanted | None:
    """It, from a press."""
    match _read(value):
        case ["want", str(user), str(counter), str(label), int(ends), int(missing), str(attempt), int(nanos)]:
            ends_at = datetime.fromtimestamp(ends, UTC) if ends else None
            return Wanted(Shortfall(counter, label, ends_at, missing, attempt), nanos, user)
        case _:
            return None


def typed_value(typed: Typed) -> str:
    """A question, for a button."""
    return _written("ask", typed.user_id, typed.model, typed.key, typed.text, *([typed.tag] if typed.tag else []))


def typed_from(value: str) -> Typed | None:
    """It, from a press."""
    match _read(value):
        case ["ask", str(user_id), str(model), str(key), str(text)]:
            return Typed(text, model, key, user_id)
        case ["ask", str(user_id), str(model), str(key), str(text), str(tag)]:
            return Typed(text, model, key, user_id, tag)
        case _:
            return None


def _written(*parts: object) -> str:
    return json.dumps(parts, separators=(",", ":"), ensure_ascii=False)


def _read(value: str) -> list[Any]:
    try:
        parts = json.loads(value)
    except (ValueError, RecursionError):
        return []
    return parts if isinstance(parts, list) else []
