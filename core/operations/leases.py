"""Operations on what one process at a time looks after: a shard of Discord's."""

from dataclasses import dataclass

from core.operations.operation import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedTo:
    """Who has it: `holder`, empty for nobody."""

    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeLease(Operation[LeasedTo]):
    """Have it for so long from now on, by the database's clock, where nobody else has it; whoever has it keeps it so.

    `instead_of` is a holder that is known to be dead: what that one has is free. No id is remembered: the same again
    finds that it is so already, and is what keeps a lease.
    """

    lease: str
    holder: str
    seconds: int
    instead_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveLeaseUp(Operation[LeasedTo]):
    """Whoever has it does not need it any more. What somebody else has stays theirs."""

    lease: str
    holder: str
