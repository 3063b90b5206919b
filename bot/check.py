"""What `doctor` says of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and where it is not well, how to mend it."""

    name: str
    ok: bool
    finding: str
    fix: str = ""
