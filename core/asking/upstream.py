"""What calls go to, and what is remembered of each."""

from dataclasses import dataclass, field, replace

from core.asking.calling import CallResult, EndedBy
from core.asking.charging import charged_lines
from core.errors import ModelGone
from core.estimate import PlannedCall
from core.ports import Catalogue, Clock, TokenCounter
from core.receipt import ANSWER, PricedLine
from core.routing.health import Health
from core.routing.rates import Rates
from core.routing.rules import Rules


@dataclass(frozen=True, slots=True)
class Upstream:
    """The providers as one process knows them: who is there, who is well, and what their accounts allow."""

    catalogue: Catalogue
    counter: TokenCounter
    clock: Clock
    rules: Rules
    health: Health
    rates: Rates

    def report(self, step: "Step", *, seconds: float) -> None:
        """Tell the health of the model how it went."""
        health, model, result = self.health, step.planned.call.model, step.result
        if result.failure is not None:
            health.failed(model, result.failure)
            if isinstance(result.failure, ModelGone):
                self.catalogue.withdraw(model)
        elif result.ended_by is EndedBy.PROVIDER and result.stop_reason is not None:
            made = result.usage.all_output_tokens if result.usage is not None else len(result.text) // 4
            health.succeeded(
                model,
                first_word_seconds=(step.first_word_ms / 1000) or seconds,
                tokens_per_second=made / max(seconds, 0.001),
            )
        else:
            health.given_up(model)


@dataclass(slots=True)
class Step:
    """One call: as it was planned, and as it went. `first_word_ms` is 0 as long as there was none."""

    planned: PlannedCall
    name: str = ANSWER
    result: CallResult = field(default_factory=CallResult)
    first_word_ms: int = 0

    async def lines(self, counter: TokenCounter) -> tuple[PricedLine, ...]:
        """The receipt's line for this call, if the provider takes anything for it."""
        lines = await charged_lines(self.planned, self.result, counter)
        return tuple(replace(line, step=self.name) for line in lines)
