"""What is set for whom, as rows keep it: JSON, by setting."""

import json
from collections.abc import Mapping
from functools import lru_cache

from core.policy import Policy, Ruled, Setting
from core.quota import SetBy


@lru_cache(maxsize=1024)
def policy_from(target: str, entries: str) -> Policy:
    """What a policy row says."""
    told: Mapping[str, Mapping[str, str | int]] = json.loads(entries)
    return Policy(
        target,
        {
            Setting(name): Ruled(str(each["value"]), SetBy(target, str(each["by"]), int(each["at_ms"])))
            for name, each in told.items()
        },
    )


def entries_of(policy: Policy) -> str:
    """The same as a row keeps it."""
    told = {
        name.value: {"value": ruled.value, "by": ruled.set_by.by, "at_ms": ruled.set_by.at_ms}
        for name, ruled in policy.entries.items()
    }
    return json.dumps(told, separators=(",", ":"), sort_keys=True)
