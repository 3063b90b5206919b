"""What every operation is."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Outcome_co = TypeVar("Outcome_co", covariant=True)

CAME_LATER = "came_later"


def came_later(default: Any) -> Any:
    """A field that an earlier release did not have.

    Where it has its default it is not part of what was asked: an operation that an earlier release did is still
    recognised when it comes again.
    """
    return field(default=default, metadata={CAME_LATER: True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[Outcome_co]):
    """One change of the books. Every operation names its wallet: the writer locks it before anything is read."""

    id: str
    wallet_id: str

    @property
    def wallets(self) -> tuple[str, ...]:
        """Those that are locked for it."""
        return (self.wallet_id,)
