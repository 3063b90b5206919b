"""The part of an ask in which money may be held: hold, answer, and close the books whatever happened in between."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.allowance import Allowances
from core.asking.answering import Answering
from core.asking.charging import ending_of
from core.asking.hold import AskHold, Attempt
from core.asking.hold_line import HoldLine
from core.asking.insist import Insistence
from core.asking.recall import PlannedRecall, recall, unheard, with_recalled
from core.asking.telling import Telling
from core.asking.unbroken import unbroken
from core.asking.upstream import Step, Upstream
from core.call import Message
from core.errors import BooksFailed
from core.estimate import PlannedCall
from core.events import Ending, Finished, Refused, Started, Waiting
from core.models import PRACTICE
from core.operations import Held, Settled
from core.operations import Refused as BooksRefused
from core.policy import Ruling
from core.ports import Books, Clock, People, Reports, Requests, Vault
from core.question import AskSettings
from core.quote import quote_of
from core.receipt import PricedLine, Receipt
from core.routing.plan import RoutePlan
from core.text import wording

STOP_POLL_SECONDS = 1.0
"""How often a running ask looks for a stop that another process wrote down."""
MAX_REFUSAL_CHARS = 500
SAID_FROM = timedelta(minutes=1)
"""A provider that was away for less is said to be away, and not since when."""
_UNANSWERED = (Ending.FAILED, Ending.EMPTY, Ending.TIMED_OUT, Ending.DECLINED)


@dataclass(frozen=True, slots=True)
class Till:
    """What money is moved with, and what it is told by; shared by every ask of a process."""

    books: Books
    requests: Requests
    reports: Reports
    allowances: Allowances
    people: People
    vault: Vault
    clock: Clock
    settings: AskSettings
    line: HoldLine
    insist: Insistence


@dataclass(frozen=True, slots=True)
class NothingHeld:
    """No money was put aside: the books refused it, or with None it was stopped before."""

    refused: BooksRefused | None


class Spending:
    """One attempt at an ask whose plan is made and agreed to; `ceiling_nanos` is the most that may ever be held."""

    def __init__(
        self,
        till: Till,
        upstream: Upstream,
        attempt: Attempt,
        plan: RoutePlan,
        telling: Telling,
        *,
        ruling: Ruling,
        stop: asyncio.Event,
        seconds_left: Callable[[], float],
        ceiling_nanos: int,
        notes: tuple[str, ...] = (),
        looking: PlannedRecall | None = None,
    ) -> None:
        self._till = till
        self._upstream = upstream
        self._attempt = attempt
        self._plan = plan
        self._telling = telling
        self._stop = stop
        self._seconds_left = seconds_left
        self._ceiling_nanos = ceiling_nanos
        self._notes = notes
        self._looking = looking
        self._started = False
        self._hold = AskHold(
            attempt,
            plan,
            ruling=ruling,
            books=till.books,
            clock=till.clock,
            settings=till.settings,
            line=till.line,
            insist=till.insist,
        )
        self._answering = self._answering_with(plan)

    async def run(self) -> NothingHeld | None:
        """Hold, answer, close. Returns why no money was held; None when the ask is over and told."""
        nothing_held, refused = False, None
        try:
            async with self._stop_from_elsewhere():
                held = await self._hold.take(
                    self._plan.hops[0],
                    seconds_left=self._seconds_left(),
                    on_wait=self._tell_waiting,
                    stop=self._stop,
                )
                if isinstance(held, Held):
                    await self._recall(self._start(held.amount_nanos))
                    await self._answering.run()
                else:
                    nothing_held, refused = True, held
        except BooksFailed as failed:
            self._telling.answered = self._answering.final.result.answered
            self._telling.books_failed(failed)
            raise
        finally:
            if not nothing_held:
                await unbroken(self._close())
        return NothingHeld(refused) if nothing_held else None

    def _answering_with(self, plan: RoutePlan, before: tuple[PricedLine, ...] = ()) -> Answering:
        return Answering(
            self._upstream,
            plan,
            self._hold,
            self._telling,
            before=before,
            stop=self._stop,
            seconds_left=self._seconds_left,
            ceiling_nanos=self._ceiling_nanos,
        )

    def _start(self, held_nanos: int) -> tuple[PlannedCall, ...]:
        """Tell that it begins; returns the hops, the first of them as short as the money makes it."""
        first, notes = self._plan.hops[0], list(self._notes)
        if held_nanos < first.at_most_nanos:
            first = first.within(held_nanos)
            notes.append(wording.shortened(first.call.output_cap_tokens))
        self._started = True
        self._telling.put(Started(self._attempt.ask_id, first.call.model.title, held_nanos, " ".join(notes)))
        return (first, *self._plan.hops[1:])

    async def _recall(self, hops: tuple[PlannedCall, ...]) -> None:
        """Look for what the conversation leaves out, if that was planned, and send it along whoever answers."""
        found: tuple[Message, ...] = ()
        before: tuple[PricedLine, ...] = ()
        better = self._plan.better
        if self._looking is not None:
            upstream = self._upstream
            # Whoever is cancelled while it looks may have been billed for it: the operator pays, and the books show it.
            self._answering = self._answering_with(self._plan, (unheard(self._looking),))
            found, before = await recall(
                upstream.catalogue.providers[self._looking.call.model.provider],
                self._looking,
                upstream.counter,
                {hop.call.model.tokenizer for hop in (*hops, *([better] if better is not None else []))},
                clock=upstream.clock,
                seconds_left=self._seconds_left(),
                stop=self._stop,
            )
        better = with_recalled(better, found) if better is not None else None
        hops = tuple(with_recalled(hop, found) for hop in hops)
        self._answering = self._answering_with(replace(self._plan, hops=hops, better=better), before)

    async def _tell_waiting(self) -> None:
        report = await self._till.reports.wallet(self._attempt.member.team.wallet_id)
        if report.running_asks:  # else they have just ended, and the next look finds their money
            self._telling.put(Waiting(report.running_asks))

    @asynccontextmanager
    async def _stop_from_elsewhere(self) -> AsyncIterator[None]:
        """Within it, a stop that another process wrote down is one of ours."""
        watching = asyncio.create_task(self._watch_for_stop())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _watch_for_stop(self) -> None:
        while not self._stop.is_set():
            await self._till.clock.sleep(STOP_POLL_SECONDS)
            try:
                if await self._till.requests.stop_requested(self._attempt.ask_id):
                    self._stop.set()
            except BooksFailed:
                continue  # the answer goes on; the next look may reach the database again

    async def _close(self) -> None:
        """Settle what was delivered, or give the hold back, and tell the reader."""
        step, telling = self._answering.final, self._telling
        ending = ending_of(step.result)
        if self._stop.is_set() and not step.result.answered:
            ending = Ending.STOPPED  # perhaps between two calls
        lines, why = await self._answering.lines(), self._why(step)
        if step.result.answered:
            telling.answered, sealed = True, self._till.vault.seal(step.result.text)
            closed = await self._hold.settle(
                lines,
                ending=ending,
                why=why,
                first_word_ms=step.first_word_ms,
                sealed_answer=sealed,
                on_delay=telling.books_failed,
            )
        else:
            closed = await self._hold.release(lines, ending=ending, why=why, on_delay=telling.books_failed)
        if isinstance(closed, Settled):
            telling.end(self._finished(step, ending, self._receipt(step, lines, closed, why)))
        elif self._started:
            telling.end(Refused(f"This ask was taken over or is already over. {wording.NOT_CHARGED}"))

    def _why(self, step: Step) -> str:
        first, last = self._plan.hops[0].call.model, step.planned.call.model
        if first.id == last.id:
            return self._plan.why
        # Without what a stronger model would have cost: it may be the one that answered.
        reason, _, _ = self._plan.why.partition(";")
        return f"{reason}; {first.title} gave no good answer"

    def _receipt(self, step: Step, lines: tuple[PricedLine, ...], closed: Settled, why: str) -> Receipt:
        model, charged = step.planned.call.model, zip(lines, closed.charged_by_line, strict=True)
        return Receipt(
            ask_id=self._attempt.ask_id,
            model_title=model.title,
            lines=tuple(replace(line, charged_nanos=charge) for line, charge in charged),
            why=why,
            month_left_nanos=self._hold.month_left_nanos(closed),
            practice=model.provider == PRACTICE,
        )

    def _finished(self, step: Step, ending: Ending, receipt: Receipt) -> Finished:
        better = self._plan.better
        if not step.result.answered or better is None or better.call.model.tier <= step.planned.call.model.tier:
            better = None
        return Finished(
            ending,
            receipt,
            self._sentence(step, ending, receipt),
            better=quote_of(better) if better is not None else None,
            again=self._attempt.id if ending in _UNANSWERED and not step.result.answered else "",
        )

    def _sentence(self, step: Step, ending: Ending, receipt: Receipt) -> str:
        reason = str(step.result.failure or "This was interrupted.")
        if not step.result.answered:
            reason = self._since_when(reason)
        sentence = wording.ended(ending, reason, charged_nanos=receipt.charged_nanos, estimated=receipt.estimated)
        words = step.result.refusal.strip()[:MAX_REFUSAL_CHARS]
        return f"{sentence} It said: {words}" if words else sentence

    def _since_when(self, reason: str) -> str:
        """Why nobody answered, and since when: of one provider where it is no news, of several always."""
        failed, zone = self._failed_providers(), self._attempt.member.team.zone
        if len(failed) > 1:
            return wording.nobody_answered(failed, zone)
        silent = [since for _, since in failed if self._till.clock.now() - since >= SAID_FROM]
        return f"{reason} {wording.silent_since(silent[0], zone)}" if silent else reason

    def _failed_providers(self) -> list[tuple[str, datetime]]:
        """Who failed in this ask, each once, and since when they do."""
        now, health = self._till.clock.now(), self._upstream.health
        models = (step.planned.call.model for step in self._answering.steps if step.result.failure is not None)
        titles = {model.provider: model.provider_title for model in models}
        return [(title, health.down_since(provider) or now) for provider, title in titles.items()]
