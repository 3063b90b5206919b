"""What one rule says and who made it, as parts of sentences: "$5.00 a month", "for everyone, set by Ada on 3 May".

The one home of that: refusals.py, not_enough.py, limits.py, policy.py and acts.py put their sentences together from it.
"""

from zoneinfo import ZoneInfo

from core.moments import from_ms
from core.policy import ALL, AMOUNTS, DENY, EVERYONE, NONE, Setting, TargetKind, kind_of
from core.quota import SetBy
from core.shown_rules import Called
from core.text.models import PLACES
from core.text.names import name_of
from core.text.wording import amount, count_of, day_in_words, listing

MOST_LINES = 20
"""How many of a long list are shown."""

EACH = {
    Setting.DAY: "{} a day",
    Setting.WEEK: "{} a week",
    Setting.MONTH: "{} a month",
    Setting.ASK: "{} for one ask",
    Setting.THREAD: "{} for one conversation",
    Setting.CHANNEL_DAY: "{} a day for the whole channel",
    Setting.CHANNEL_WEEK: "{} a week for the whole channel",
    Setting.CHANNEL_MONTH: "{} a month for the whole channel",
}


NAMES = {
    Setting.DAY: "the daily limit",
    Setting.WEEK: "the weekly limit",
    Setting.MONTH: "the monthly limit",
    Setting.ASK: "the limit of one ask",
    Setting.IN_FLIGHT: "the number of asks at a time",
    Setting.THREAD: "the limit of one conversation",
    Setting.CHANNEL_DAY: "the daily limit of the whole channel",
    Setting.CHANNEL_WEEK: "the weekly limit of the whole channel",
    Setting.CHANNEL_MONTH: "the monthly limit of the whole channel",
    Setting.CARRY_OVER: "the rule of what is carried over",
    Setting.MODELS: "the list of models",
    Setting.REGIONS: "the rule of where questions may go",
    Setting.DATA_COLLECTION: "the rule of who may keep or train on questions",
    Setting.UNPROVEN_RETENTION: "the rule of who keeps nothing",
    Setting.MAY_ASK: "the rule of who may ask",
    Setting.SECRETS: "the rule of questions with a secret in them",
    Setting.TAG: "the tag of questions that name none",
}
"""What each setting is called where there is no value of it."""


def in_words(setting: Setting, value: str) -> str:
    """What is set, as one part of a sentence: "$5.00 a month"; empty for nothing."""
    if not value:
        return ""
    if setting is Setting.CARRY_OVER:
        return f"up to {amount(int(value))} carried over" if int(value) else "nothing carried over"
    if setting in AMOUNTS:
        return (
            f"no {NAMES[setting].removeprefix('the ')}" if value == NONE else EACH[setting].format(amount(int(value)))
        )
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
        case Setting.TAG:
            return "no tag of its own" if value == NONE else f"tag {value} where a question names none"
        case _:
            return "may not ask" if value == DENY else "may ask"


def source(set_by: SetBy | None, called: Called, zone: ZoneInfo, *, mine: bool = False) -> str:
    """Whose rule it is and who made it: "for everyone, set by Ada on 3 November"."""
    if set_by is None:
        return "the default"
    whose = _whose(set_by.target, called, mine=mine)
    if not set_by.at_ms:
        return f"{whose}, as the team began" if set_by.target == EVERYONE else whose
    if kind_of(set_by.target) is TargetKind.OWN:
        return f"{whose}, set on {day_of(set_by, zone)}"
    return f"{whose}, set by {name_of(set_by.by, called)} on {day_of(set_by, zone)}"


def day_of(set_by: SetBy, zone: ZoneInfo) -> str:
    """The team's day on which something was set: "3 May"."""
    return day_in_words(from_ms(set_by.at_ms).astimezone(zone))


def for_whom(target: str, *, by_reader: bool = False) -> str:
    """For whom something was set, as whoever it applies to reads it: "for a role of yours".

    `by_reader`: they set it themselves.
    """
    match kind_of(target):
        case TargetKind.OWN | TargetKind.MEMBER:
            return "for yourself" if by_reader else "for you"
        case TargetKind.ROLE:
            return "for a role of yours"
        case TargetKind.CHANNEL:
            return "for this channel"
        case _:
            return f"for {target}"


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
