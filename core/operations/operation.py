"""What every operation is."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Outcome_co = TypeVar("Outcome_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[Outcome_co]):
    """One change of the books. Every operation names its wallet: the writer locks it before anything is read."""

    id: str
    wallet_id: str
