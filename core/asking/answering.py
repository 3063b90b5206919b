"""Getting the answer: the hops of a plan in order, until one of them speaks. The only retry loop there is.

    hop -> (its turn) -> call -> answered
                              -> the same model again, before its first word only
                              -> the next hop, once its worst case is held
                              -> whoever can be asked soonest, while there are tries left
                              -> a better model, when the first answer is weak and nobody has read it yet

At most `MAX_UPSTREAM_TRIES` calls in all. Nothing here is awaited past the ask's deadline or a stop.
"""

import asyncio
from collections.abc import Callable

from core.asking.calling import CallResult, EndedBy, run_call
from core.asking.gate import Gate
from core.asking.hold import AskHold
from core.asking.telling import Telling
from core.asking.upstream import Step, Upstream
from core.asking.waits import LAST_PATIENCE_SECONDS, Waits, usual_pause
from core.call import StopReason
from core.errors import (
    BooksUnavailable,
    BooksUncertain,
    ProviderBroken,
    ProviderBusy,
    ProviderUnreachable,
    TooLongForModel,
)
from core.estimate import PlannedCall
from core.events import Delta, SwitchedModel
from core.models import AUTO
from core.operations import Held
from core.receipt import ANSWER, PricedLine
from core.routing.plan import RoutePlan
from core.routing.rules import MAX_UPSTREAM_TRIES
from core.routing.weak import WEAK_AT_MOST_CHARS, is_weak
from core.text import wording

FIRST_TRY = "first try"
"""The step of a receipt for an answer that was too weak to be shown."""
CANNOT_BE_ASKED = "cannot be asked now"
ESCALATES_FROM_TIER = 2
"""Only questions that need this tier or a higher one are given to a better model after a weak answer."""

_AGAIN_MAY_HELP = (ProviderUnreachable, ProviderBroken, ProviderBusy)


class Answering:
    """The calls of one ask. `steps` and `final` are true at every moment: any ending can be settled from them.

    The calls of `plan` are as they are to be sent; `before` is what steps before the answer took.
    """

    def __init__(
        self,
        upstream: Upstream,
        plan: RoutePlan,
        hold: AskHold,
        telling: Telling,
        *,
        before: tuple[PricedLine, ...] = (),
        stop: asyncio.Event,
        seconds_left: Callable[[], float],
        ceiling_nanos: int,
    ) -> None:
        self._upstream = upstream
        self._plan = plan
        self._hops = plan.hops
        self._before = before
        self._hold = hold
        self._telling = telling
        self._stop = stop
        self._seconds_left = seconds_left
        self._waits = Waits(upstream, telling, stop=stop, seconds_left=seconds_left)
        self._ceiling_nanos = ceiling_nanos
        self._held_for = plan.hops[0]
        self._hold_is_known = True
        self.steps: list[Step] = []
        self.final = Step(plan.hops[0])
        self.gate = Gate(lambda text: telling.put(Delta(text)), withheld_chars=0)

    async def run(self) -> None:
        """Call until somebody has answered, nobody is left, or the ask is over."""
        try:
            await self._find_an_answer()
        finally:
            self.gate.open()  # whatever happened: what is charged for has been shown

    async def _find_an_answer(self) -> None:
        for number, planned in enumerate(self._hops):
            if number == 0 or await self._switch_to(planned):
                await self._try_hop(planned, number)
            if self._is_over():
                break
        await self._use_what_is_left()
        if self._may_escalate(self.final.planned) and is_weak(self.final.result.text):
            await self._escalate()

    async def lines(self) -> tuple[PricedLine, ...]:
        """Every call as lines of the receipt, in order."""
        counter = self._upstream.counter
        return (*self._before, *[line for step in self.steps for line in await step.lines(counter)])

    def _is_over(self) -> bool:
        result = self.final.result
        return result.answered or result.ended_by is not EndedBy.PROVIDER or not self._has_tries()

    def _has_tries(self) -> bool:
        return len(self.steps) < MAX_UPSTREAM_TRIES and self._waits.has_time

    async def _try_hop(self, planned: PlannedCall, number: int) -> None:
        """Ask one model, and again where that may help. Providers bill each time, so it is not done for long."""
        is_last = number == len(self._hops) - 1
        for retries in range(self._upstream.rules.num_retries + 1):
            if retries and not self._has_tries():
                return
            if retries and not await self._waits.before_retry(self.final, retries, is_last=is_last):
                return
            if not await self._waits.its_turn(planned, is_last=is_last):
                self._never_asked(planned)
                return
            await self._call(Step(planned))
            failure = self.final.result.failure
            if self._is_over() or not isinstance(failure, _AGAIN_MAY_HELP):
                return

    async def _use_what_is_left(self) -> None:
        """Everybody had their turn, and some were away then: ask whoever is back soonest, as long as there are tries.

        Many asks at a time make a provider that is well on the whole look away for a second to each of them.
        """
        patient_until = self._upstream.clock.monotonic() + LAST_PATIENCE_SECONDS
        left = list(self._hops)
        while not self._is_over() and (left := [hop for hop in left if self._may_ask_again(hop)]):
            soonest = min(left, key=lambda hop: self._upstream.health.wait_seconds(hop.call.model))
            wait = max(self._upstream.health.wait_seconds(soonest.call.model), usual_pause(1))
            patience = patient_until - self._upstream.clock.monotonic()
            if not await self._waits.pause(soonest, wait, patience=patience):
                return
            if self._upstream.health.wait_seconds(soonest.call.model) > 0:
                continue
            is_held_for = soonest is self._held_for and self._hold_is_known
            if not is_held_for and not await self._switch_to(soonest):
                left.remove(soonest)
            elif await self._waits.its_turn(soonest, is_last=False):
                await self._call(Step(soonest))
            elif self._waits.for_rate(soonest) > 0:
                left.remove(soonest)

    def _may_ask_again(self, planned: PlannedCall) -> bool:
        """Whether a model was not asked as often as it may be, and nothing it said makes that pointless."""
        results = [step.result for step in self.steps if step.planned is planned]
        return len(results) <= self._upstream.rules.num_retries and all(
            isinstance(result.failure, _AGAIN_MAY_HELP) for result in results
        )

    def _never_asked(self, planned: PlannedCall) -> None:
        if not self.steps:
            busy = ProviderBusy(wording.at_its_rate(planned.call.model.provider_title))
            self.final = Step(planned, result=CallResult(failure=busy))

    async def _switch_to(self, planned: PlannedCall, because: str = "") -> bool:
        """Hold the worst case of another model in place of what is held; False where it is not to be had."""
        model, old, final = planned.call.model, self._held_for.call.model, self.final
        if not self._has_tries() or self._upstream.health.wait_seconds(model) > 0:
            return False
        too_long = isinstance(final.result.failure, TooLongForModel)
        if too_long and model.context_window_tokens <= final.planned.call.model.context_window_tokens:
            return False
        at_most_nanos = await self._spent_nanos() + planned.at_most_nanos
        if at_most_nanos > self._ceiling_nanos:
            return False
        try:
            held = await self._hold.rehold(planned, at_most_nanos)
        except (BooksUnavailable, BooksUncertain):
            self._hold_is_known = False  # the old hold or the new one: no model is called on either
            return False
        if not isinstance(held, Held):
            return False
        self._hold_is_known = True
        if not because:
            because = _because(final.result) if final.planned is self._held_for else CANNOT_BE_ASKED
        self._held_for = planned
        self._telling.put(SwitchedModel(old.title, model.title, at_most_nanos, because))
        return True

    async def _spent_nanos(self) -> int:
        return sum(line.charged_nanos for line in await self.lines())

    def _may_escalate(self, planned: PlannedCall) -> bool:
        plan, result = self._plan, self.final.result
        return (
            self._upstream.rules.escalate
            and plan.route == AUTO
            and not any(route.name.casefold() == AUTO for route in self._upstream.rules.routes)  # it says who answers
            and plan.better is not None
            and plan.better.call.model.tier > planned.call.model.tier
            and plan.needed_tier >= ESCALATES_FROM_TIER
            and result.failure is None
            and result.ended_by is EndedBy.PROVIDER
        )

    async def _escalate(self) -> None:
        """Ask the better model; if it has no answer either, the weak one is still the best there is."""
        weak, weak_words, better = self.final, self.gate, self._plan.better
        if better is None or weak_words.is_open or not await self._switch_to(better, "was not sure"):
            return
        if await self._waits.its_turn(better, is_last=False):
            weak.name = FIRST_TRY
            await self._call(Step(better))
        if not self.final.result.answered:
            self.final, self.gate, weak.name = weak, weak_words, ANSWER

    async def _call(self, step: Step) -> None:
        self.steps.append(step)
        self.final = step
        upstream, model, clock = self._upstream, step.planned.call.model, self._upstream.clock
        withheld = WEAK_AT_MOST_CHARS if step.name == ANSWER and self._may_escalate(step.planned) else 0
        self.gate = Gate(self.gate.show, withheld_chars=withheld)
        began = clock.monotonic()

        def hear(text: str) -> None:
            step.first_word_ms = step.first_word_ms or max(1, int((clock.monotonic() - began) * 1000))
            self.gate.put(text)

        try:
            await run_call(
                upstream.catalogue.providers[model.provider],
                step.planned.call,
                step.result,
                counter=upstream.counter,
                on_text=hear,
                stop=self._stop,
                seconds_left=self._seconds_left(),
            )
        finally:
            self._upstream.report(step, seconds=clock.monotonic() - began)


def _because(result: CallResult) -> str:
    """Why another model answers, after the name of the one that did not."""
    if not result.sent:
        return CANNOT_BE_ASKED
    if result.stop_reason is StopReason.DECLINED:
        return "declined to answer"
    if isinstance(result.failure, ProviderBusy):
        return "is too busy"
    if isinstance(result.failure, TooLongForModel):
        return "cannot read that much"
    return "did not answer"
