"""Which tag a question counts for: the one that was typed, else what is set where it was asked."""

from dataclasses import dataclass

from core.policy.deciding import Ruling
from core.policy.targets import TargetKind, kind_of
from core.tags import NO_TAG, is_tag

TYPED = "question"
"""`Tagged.by` of what its asker typed; else it is the kind of target whose rule it was."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag and who named it; both empty where nobody has. Who wants no tag has typed that: only `name` is empty."""

    name: str = ""
    by: str = ""


UNTAGGED = Tagged()


def as_typed(tag: str) -> Tagged:
    """What a new question says of itself. Nothing that is no tag is ever kept as one."""
    if tag == NO_TAG:
        return Tagged(by=TYPED)
    return Tagged(tag, TYPED) if is_tag(tag) else UNTAGGED


def tagged_under(typed: Tagged, ruling: Ruling) -> Tagged:
    """The same once the rules are read."""
    rule = ruling.default_tag
    if typed.by or rule is None:
        return typed
    of_channel = kind_of(rule.set_by.target) is TargetKind.CHANNEL
    return Tagged(rule.value, TargetKind.CHANNEL if of_channel else TargetKind.EVERYONE)
