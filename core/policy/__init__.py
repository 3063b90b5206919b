"""The team's rules: what is set for whom, and the one function that says what applies to somebody, here and now.

settings.py   what can be set          targets.py   for whom
deciding.py   whose word counts        limits.py    what that means for a hold
typed.py      what people type       tagging.py   which tag a question counts for
"""

from core.policy.deciding import Entries, Policy, Ruled, Ruling, decide, stricter
from core.policy.limits import counter_before, limits_of
from core.policy.settings import (
    ALL,
    ALLOW,
    AMOUNTS,
    DENY,
    LISTS,
    NONE,
    OF_EVERY_TARGET,
    OF_OWN,
    OF_PLACES,
    SWITCHES,
    Setting,
    can_be_set,
)
from core.policy.tagging import TYPED, UNTAGGED, Tagged, as_typed, tagged_under
from core.policy.targets import (
    EVERYONE,
    STANDINGS,
    TargetKind,
    Whom,
    channel_target,
    kind_of,
    member_target,
    named_in,
    own_target,
    policy_id,
    role_target,
    targets_of,
)

__all__ = [
    "ALL",
    "ALLOW",
    "AMOUNTS",
    "DENY",
    "EVERYONE",
    "LISTS",
    "NONE",
    "OF_EVERY_TARGET",
    "OF_OWN",
    "OF_PLACES",
    "STANDINGS",
    "SWITCHES",
    "TYPED",
    "UNTAGGED",
    "Entries",
    "Policy",
    "Ruled",
    "Ruling",
    "Setting",
    "Tagged",
    "TargetKind",
    "Whom",
    "as_typed",
    "can_be_set",
    "channel_target",
    "counter_before",
    "decide",
    "kind_of",
    "limits_of",
    "member_target",
    "named_in",
    "own_target",
    "policy_id",
    "role_target",
    "stricter",
    "tagged_under",
    "targets_of",
]
