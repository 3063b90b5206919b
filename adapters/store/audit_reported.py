"""What providers say they took, beside what the receipts count: a price that is wrong or old shows here first.

Both are added up by provider and model, chunk by chunk. Lines whose usage is an estimate of ours are left out: they
differ although the price is right.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.store.audit_rules import Rule
from core.money import NANOS_PER_USD, format_exact

DRIFT = Rule(
    "reported-cost-drift",
    "This provider says that its calls cost something else than their receipts: the price here is wrong or old. "
    "Check the model's price against the provider's list, and correct it in MODELS_FILE.",
    "SELECT l.provider, l.model, sum(l.reported_nanos), sum(l.cost_nanos) FROM receipt_line l "
    "WHERE {l.request_id in chunk} AND l.reported_nanos >= 0 AND l.estimated = 0 GROUP BY l.provider, l.model",
    notice=True,
)
WALKED = "request"
"""The table by whose ids receipt lines are found."""

ONE_IN = 100
"""A difference within 1 % is rounding, and the provider's own."""
AT_LEAST_NANOS = NANOS_PER_USD // 1000
"""What is not worth looking after: a tenth of a cent in all."""


@dataclass(slots=True)
class Reported:
    """What providers say they took and what the receipts count so far, in nano-dollars, by provider and model."""

    by_model: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def add(self, parts: Iterable[Sequence[Any]]) -> None:
        """Add what one chunk gave."""
        for provider, model, reported, counted in parts:
            before = self.by_model.get((provider, model), (0, 0))
            self.by_model[provider, model] = before[0] + int(reported), before[1] + int(counted)

    def drifting(self) -> Iterator[str]:
        """The models of which the two are further apart than is worth nothing, in words."""
        for (provider, model), (reported, counted) in sorted(self.by_model.items()):
            apart = abs(reported - counted)
            if apart > AT_LEAST_NANOS and apart * ONE_IN > counted:
                said, told = format_exact(reported), format_exact(counted)
                yield f"{model} of {provider}: the provider says {said}, the receipts say {told}"
