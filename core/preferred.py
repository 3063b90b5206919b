"""The names of what members and teams can prefer, and how what is preferred is kept."""

import json
from collections.abc import Mapping

from core.errors import BooksDamaged
from core.people import Place
from core.policy import channel_target

MODEL = "model"
"""Of a member: the model that is asked where their question names none."""
WEEKLY = "weekly"
"""Of a member: ON where their own numbers come to them with each digest. It is the word that is typed for it, too."""
GOES_ON = "goes_on"
"""Of a team, by channel: ON where threads there go on without a mention."""
ANNOUNCE = "announce"
"""Of a team, by workspace: the channel in which everybody reads what was recorded. Without one, admins are told."""
DIGEST_AT, DIGEST_IN, DIGEST_SEAT = "digest_at", "digest_in", "digest_seat"
"""Of a team: when its digest comes (core/digest/schedule.py), in which channel, and what a seat costs a month."""
REFILL_RULE = "refill"
"""Of a team: its refill rule, as core/refill_rule.py writes it."""
HERE, ONLY_ME = "here", "only me"
"""Where a member likes to read answers to what they asked in a channel."""
ON = "on"
MAX_ENTRIES = 200
MAX_CHARS = 200
"""Of a name, and of a value."""


def answers_in(place: Place) -> str:
    """Of a member: whether answers to what they ask in this channel stand there, or only they read them."""
    return f"answers {place.platform} {place.workspace} {place.channel}"


def goes_on_in(place: Place) -> str:
    """Of a team: ON where threads in this channel go on without a mention."""
    return f"{GOES_ON} {place.platform} {place.workspace} {place.channel}"


def channels_that_go_on(liked: Mapping[str, str], platform: str, workspace: str) -> tuple[str, ...]:
    """The channels of a workspace in which threads go on without a mention, of what a team set."""
    begins = goes_on_in(Place(platform, workspace, ""))
    return tuple(name.removeprefix(begins) for name, value in liked.items() if name.startswith(begins) and value == ON)


def home_on(platform: str) -> str:
    """Of a member: the workspace that pays for what they ask on this platform in a direct message."""
    return f"home {platform}"


def announced_in(platform: str, workspace: str) -> str:
    """Of a team: the channel of this workspace in which what was recorded is announced."""
    return f"{ANNOUNCE} {platform} {workspace}"


def channel_in(name: str, value: str) -> str:
    """The target (core/policy) of the channel that a team's preference is about; empty where it is about none."""
    if name == DIGEST_IN:
        place = place_in(value)
        return channel_target(place.platform, place.channel) if place is not None else ""
    kind, platform, *named = [*name.split(" "), ""][:4]
    channel = value if kind == ANNOUNCE else "".join(named[-1:])
    return channel_target(platform, channel) if platform and channel else ""


def kept_place(place: Place) -> str:
    """A channel as the value of a preference."""
    return f"{place.platform} {place.workspace} {place.channel}"


def place_in(value: str) -> Place | None:
    """The channel that a value is; None where it is none."""
    parts = value.split(" ")
    return Place(*parts) if len(parts) == 3 and all(parts) else None


def act_words(name: str, value: str) -> str:
    """What an act says of a preference that admins set: its value where that is for people, else that there is one."""
    return value if name in (DIGEST_AT, DIGEST_SEAT, REFILL_RULE) or not value else ON


def preferred_from(entries: str) -> dict[str, str]:
    """What a row keeps; `BooksDamaged` where nobody can read it."""
    try:
        found = json.loads(entries)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BooksDamaged("What was chosen before cannot be read. Whoever runs Chipin has to look at it.")
    return {str(name): str(value) for name, value in found.items()}


def to_keep(preferred: Mapping[str, str]) -> str:
    """As a row keeps it: the newest, if there are more than so many."""
    return json.dumps(dict(list(preferred.items())[-MAX_ENTRIES:]), separators=(",", ":"))
