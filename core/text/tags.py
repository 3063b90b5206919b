"""A question's tag, in words."""

from core.policy import Tagged, TargetKind

_WHOSE = {TargetKind.CHANNEL.value: " (this channel's)", TargetKind.EVERYONE.value: " (the team's)"}
NO_TAG = "no tag"


def tag_name(tag: str) -> str:
    """A tag as people read it, among others."""
    return f"#{tag}" if tag else NO_TAG


def tag_line(tagged: Tagged) -> str:
    """What an ask counts for, and whose word that is where its asker named none; empty for nothing."""
    return f"Tag: {tagged.name}{_WHOSE.get(tagged.by, '')}" if tagged.name else ""
