"""When the next call may be made: pauses before a retry, rates, and what is left of the ask's deadline."""

import asyncio
import random
from collections.abc import Callable

from core.asking.telling import Telling
from core.asking.upstream import Step, Upstream
from core.estimate import PlannedCall
from core.events import Pausing
from core.first_of import first_of
from core.text import wording

RETRY_PATIENCE_SECONDS = 2.0
"""A provider that asks for a longer pause is not waited for while another model could answer."""
RATE_PATIENCE_SECONDS = 10.0
"""The same for our own limits per minute."""
RETRY_PAUSE_SECONDS = 0.25
"""The usual pause before the same model is asked again, doubled each time and spread, so that not all come at once."""
LAST_PATIENCE_SECONDS = 15.0
"""How long an ask that has called on everybody, and has tries left, waits for one of them in all."""
LEAST_CALL_SECONDS = 1.0
"""With less than this left of the deadline no call is begun."""
WORTH_SAYING_SECONDS = 1.0


class Waits:
    """All the waiting that one ask does for providers. Nothing is slept past its deadline or a stop."""

    def __init__(
        self, upstream: Upstream, telling: Telling, *, stop: asyncio.Event, seconds_left: Callable[[], float]
    ) -> None:
        self._upstream = upstream
        self._telling = telling
        self._stop = stop
        self._seconds_left = seconds_left

    @property
    def has_time(self) -> bool:
        """Whether another call may begin."""
        return not self._stop.is_set() and self._seconds_left() > LEAST_CALL_SECONDS

    async def before_retry(self, step: Step, retries: int, *, is_last: bool) -> bool:
        """Pause before the same model is asked again; False where that would be too long."""
        failure = step.result.failure
        wished = failure.retry_after_seconds if failure is not None else None
        pause = float(wished) if wished else usual_pause(retries)
        return await self.pause(step.planned, pause, patience=None if is_last else RETRY_PATIENCE_SECONDS)

    async def its_turn(self, planned: PlannedCall, *, is_last: bool) -> bool:
        """Wait for what the provider's account allows in a minute; False where another model is asked sooner."""
        while (wait := self.for_rate(planned)) > 0:
            if not await self.pause(planned, wait, patience=None if is_last else RATE_PATIENCE_SECONDS):
                return False
        if not self._upstream.health.may_try(planned.call.model):
            return False  # it failed for others meanwhile
        self._upstream.rates.take(planned.call.model.provider, _tokens_of(planned))
        return True

    def for_rate(self, planned: PlannedCall) -> float:
        """Seconds until the provider's account allows this call; 0 for now."""
        return self._upstream.rates.wait_seconds(planned.call.model.provider, _tokens_of(planned))

    async def pause(self, planned: PlannedCall, seconds: float, *, patience: float | None) -> bool:
        """Wait, and say so; False when it was stopped, or would be too long for the deadline or for `patience`."""
        if self._seconds_left() - seconds < LEAST_CALL_SECONDS or (patience is not None and seconds > patience):
            return False
        if seconds >= WORTH_SAYING_SECONDS:
            self._telling.put(Pausing(wording.pausing(planned.call.model.provider_title, seconds)))
        await first_of(self._stop.wait(), self._upstream.clock.sleep(seconds))
        return not self._stop.is_set()


def usual_pause(retries: int) -> float:
    """Seconds before a retry, where the provider wishes for none."""
    spread = 0.5 + random.random()  # noqa: S311 - spreads callers
    return RETRY_PAUSE_SECONDS * float(2 ** (retries - 1)) * spread


def _tokens_of(planned: PlannedCall) -> int:
    """What a call counts as against what an account allows in a minute."""
    return planned.input_expected_tokens + planned.call.output_cap_tokens
