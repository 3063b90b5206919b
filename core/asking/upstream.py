"""What calls go to, and what is remembered of each."""

from dataclasses import dataclass, field, replace

from core.asking.calling import CallResult
from core.asking.charging import charged_lines
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
