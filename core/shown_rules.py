"""The team's rules as people are shown them: values, which core/text/policy.py puts into sentences.

`called` names targets and the people who set them, by target and by member id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.allowance import Allowance
from core.people import Member
from core.policy import Entries, Ruled, Ruling, Setting, Whom

Called = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What was set, or taken away where `after` is empty. Nothing was `changed` where it was so before.

    `others` are further targets for which the same thing is set. `applies` is what counts then for the member that it
    was set for; None where it is no member, or nothing counts.
    """

    whom: Whom
    setting: Setting
    before: str
    after: str
    changed: bool
    others: tuple[tuple[Whom, Ruled], ...]
    applies: Ruled | None
    called: Called


@dataclass(frozen=True, slots=True)
class TeamRules:
    """Everything that is set in a team: for everyone first, then for who differs. `here` is the target of this place.

    `in_flight` is how many asks a member may have running where nobody set it.
    """

    rules: tuple[tuple[Whom, Entries], ...]
    here: str
    in_flight: int
    called: Called
    zone_key: str


@dataclass(frozen=True, slots=True)
class TargetRules:
    """What is set for one role, channel or standing."""

    whom: Whom
    entries: Entries
    called: Called
    zone_key: str


@dataclass(frozen=True, slots=True)
class MemberRules:
    """What applies to one member in a place now, what is used of it, and who set it. `mine`: they ask themselves."""

    member: Member
    mine: bool
    allowance: Allowance
    in_flight: int
    now: datetime
    called: Called


@dataclass(frozen=True, slots=True)
class TeamLimits:
    """What each member may use, by name. `everyone` is what applies to who has no rule of their own."""

    members: tuple[tuple[Member, Ruling], ...]
    everyone: Ruling
    called: Called


Shown = RuleChange | TeamRules | TargetRules | MemberRules | TeamLimits
