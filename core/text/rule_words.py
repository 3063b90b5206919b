"""What one rule says and whose it is, as parts of sentences: "$5.00 a month", "for everyone, set by Ada on 3 May"."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.money import format_usd
from core.policy import ALL, AMOUNTS, DENY, EVERYONE, NONE, Setting, TargetKind, kind_of
from core.quota import SetBy
from core.shown_rules import Called
from core.text.models import PLACES
from core.text.names import name_of
from core.text.wording import count_of, day_in_words

MOST_LINES = 20
"""How many of a long list are shown."""

EACH = {
    Setting.DAY: "{} a day",
    Setting.WEEK: "{} a week",
    Setting.MONTH: "{} a month",
    Setting.ASK: "{} for one ask",
    Setting.THREAD: "{} for one thread",
    Setting.CHANNEL_DAY: "{} a day for the whole channel",
    Setting.CHANNEL_WEEK: "{} a week for the whole channel",
    Setting.CHANNEL_MONTH: "{} a month for the whole channel",
}


def in_words(setting: Setting, value: str) -> str:
    """What is set, as one part of a sentence: "$5.00 a month"; empty for nothing."""
    if not value:
        return ""
    if setting is Setting.CARRY_OVER:
        return f"up to {format_usd(int(value))} carried over" if int(value) else "nothing carried over"
    if setting in AMOUNTS:
        return EACH[setting].format("no limit" if value == NONE else format_usd(int(value)))
    match setting:
        case Setting.IN_FLIGHT:
            return f"{count_of(int(value), 'ask')} at a time"
        case Setting.MODELS:
            return "every model" if value == ALL else f"only {listing(value.split(','))}"
        case Setting.REGIONS:
            return f"questions only {listing([PLACES.get(place, f'in {place}') for place in value.split(',')])}"
        case Setting.DATA_COLLECTION:
            return "no provider that may keep or train on questions" if value == DENY else "any provider"
        case Setting.UNPROVEN_RETENTION:
            return "only providers that keep nothing" if value == DENY else "any provider"
        case Setting.SECRETS:
            return "no questions with a secret in them" if value == DENY else "questions with a secret in them"
        case _:
            return "may not ask" if value == DENY else "may ask"


def listing(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def source(set_by: SetBy | None, called: Called, zone: ZoneInfo, *, mine: bool = False) -> str:
    """Whose rule it is and who made it: "everyone's, set by Ada on 3 November"."""
    if set_by is None:
        return "the default"
    whose = _whose(set_by.target, called, mine=mine)
    if not set_by.at_ms:
        return f"{whose}, as the team began" if set_by.target == EVERYONE else whose
    day = datetime.fromtimestamp(set_by.at_ms / 1000, UTC).astimezone(zone)
    if kind_of(set_by.target) is TargetKind.OWN:
        return f"{whose}, set on {day_in_words(day)}"
    return f"{whose}, set by {name_of(set_by.by, called)} on {day_in_words(day)}"


def _whose(target: str, called: Called, *, mine: bool) -> str:
    name = called.get(target, "")
    match kind_of(target):
        case TargetKind.OWN:
            return "your own limit" if mine else "a limit of their own choice"
        case TargetKind.MEMBER:
            return "for you alone" if mine else "for them alone"
        case TargetKind.EVERYONE:
            return "for everyone"
        case _:
            return f"for {name}"
