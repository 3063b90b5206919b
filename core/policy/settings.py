"""What can be set, for whom, and which values it can have. All of it is stored as text."""

import re
from enum import StrEnum

from core.defaults import MAX_MEMBER_ASKS
from core.money import MAX_AMOUNT_NANOS
from core.policy.targets import EVERYONE, TargetKind, kind_of
from core.tags import NO_TAG, is_tag

NONE = "none"
"""The value of an amount where there is no limit, and of a tag where there is none."""
ALL = "all"
"""The value of a list of models that leaves none out."""
ALLOW, DENY = "allow", "deny"

_MOST_LISTED = 100
_DIGITS = re.compile(r"0|[1-9][0-9]{0,18}")
_NAME = re.compile(r"[^\s,]{1,100}")


class Setting(StrEnum):
    """What can be set. Amounts are nano-dollars (or NONE), lists have commas between, switches say ALLOW or DENY."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ASK = "ask"  # the most that one ask may cost
    IN_FLIGHT = "in_flight"  # how many asks a member may have running
    THREAD = "thread"
    CHANNEL_DAY = "channel_day"
    CHANNEL_WEEK = "channel_week"
    CHANNEL_MONTH = "channel_month"
    CARRY_OVER = "carry_over"  # the most of what is left that goes on into the next period
    MODELS = "models"  # ids of models, or names of providers; or ALL
    REGIONS = "regions"
    DATA_COLLECTION = "data_collection"  # models whose provider may keep or train on what it is sent
    UNPROVEN_RETENTION = "unproven_retention"  # models without zero data retention; DENY is `zdr`
    MAY_ASK = "may_ask"
    SECRETS = "secrets"  # sending a question that has a secret in it all the same
    TAG = "tag"  # of questions that name none


BOUNDS_OF_PLACES = frozenset({Setting.THREAD, Setting.CHANNEL_DAY, Setting.CHANNEL_WEEK, Setting.CHANNEL_MONTH})
"""What bounds a place, whoever asks there."""
OF_PLACES = BOUNDS_OF_PLACES | {Setting.TAG}
"""What is said of a place: set for a channel, or for every one of them."""
OF_OWN = frozenset({Setting.DAY, Setting.WEEK, Setting.MONTH, Setting.ASK})
"""What members may set for themselves."""
AMOUNTS = BOUNDS_OF_PLACES | OF_OWN | {Setting.CARRY_OVER}
LISTS = frozenset({Setting.MODELS, Setting.REGIONS})
SWITCHES = frozenset({Setting.DATA_COLLECTION, Setting.UNPROVEN_RETENTION, Setting.MAY_ASK, Setting.SECRETS})
OF_EVERY_TARGET = frozenset({Setting.REGIONS, Setting.DATA_COLLECTION, Setting.UNPROVEN_RETENTION, Setting.SECRETS})
"""What forbids where a question may go: it holds from wherever it is said, and nothing more particular lifts it."""


def can_be_set(target: str, setting: Setting, value: str) -> bool:
    """Whether a value means anything for this setting, and the setting for this target."""
    kind = kind_of(target)
    if kind is None or (kind is TargetKind.OWN and setting not in OF_OWN):
        return False
    if setting in OF_PLACES and kind is not TargetKind.CHANNEL and target != EVERYONE:
        return False
    if setting in AMOUNTS:
        nothing = value == NONE and setting is not Setting.CARRY_OVER
        return nothing or (bool(_DIGITS.fullmatch(value)) and int(value) <= MAX_AMOUNT_NANOS)
    if setting is Setting.IN_FLIGHT:
        return bool(_DIGITS.fullmatch(value)) and 1 <= int(value) <= MAX_MEMBER_ASKS
    if setting in LISTS:
        names = value.split(",")
        return len(names) <= _MOST_LISTED and all(_NAME.fullmatch(name) for name in names)
    if setting is Setting.TAG:
        return value == NO_TAG or is_tag(value)
    return value in (ALLOW, DENY)
