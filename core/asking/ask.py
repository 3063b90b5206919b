"""The ask: a question becomes an answer, and the books are closed on it whatever happens in between.

An ask is a task of its own that owns claim, hold, call, deadline and settlement. Its reader may be slow, cancelled
or gone; the money does not depend on it.

    claim -> plan -> (confirm) -> hold -> call -> settle or release -> receipt
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from core.asking.calling import CallResult, run_call
from core.asking.charging import charged_lines, ending_of
from core.asking.claiming import GONE, NotKept, Ours, claim_ask
from core.asking.event_stream import EventStream
from core.asking.hold import AskHold, Attempt
from core.asking.hold_line import HoldLine
from core.asking.insist import Insistence
from core.asking.unbroken import unbroken
from core.errors import BadInput, BooksFailed, BooksUncertain
from core.estimate import PlannedCall, plan_call
from core.events import AskEvent, Delta, Ending, Finished, NeedsConfirmation, Refused, Started, Waiting
from core.models import PRACTICE, Model
from core.operations import Conclude, ConfirmDelivery, Held, RequestState, Settled
from core.operations import Refused as BooksRefused
from core.ports import Books, Catalogue, Clock, Reports, Requests, TokenCounter, Vault
from core.question import AskSettings, Question
from core.quota import next_month_starts
from core.receipt import PricedLine, Receipt
from core.routing.plan import Choice, choose
from core.text import wording

STOP_POLL_SECONDS = 1.0
"""How often a running ask looks for a stop that another process wrote down."""

UNKNOWN_CHARGE = (
    "Whether this answer was booked is not known yet; if it was not, nothing is charged. /balance shows it."
)
LOST = "The database was lost for a moment."
MAX_REFUSAL_CHARS = 500


@dataclass(frozen=True, slots=True)
class AskPorts:
    """What an ask needs from outside."""

    books: Books
    requests: Requests
    reports: Reports
    catalogue: Catalogue
    counter: TokenCounter
    vault: Vault
    clock: Clock


class Ask:
    """One ask, from its claim to its receipt."""

    def __init__(
        self,
        ports: AskPorts,
        settings: AskSettings,
        question: Question,
        events: EventStream,
        *,
        line: HoldLine,
        insist: Insistence,
    ) -> None:
        self._ports = ports
        self._settings = settings
        self._line = line
        self._insist = insist
        self._question = question
        self._events = events
        self._unasked_nanos = settings.confirm_above_nanos
        """What it may cost without (another) confirmation."""
        self._began = ports.clock.monotonic()
        self._started = self._answered = self._ended = False
        self.member = question.member
        self.ask_id, self.attempt = "", 0
        self.stop = asyncio.Event()

    async def run(self) -> None:
        """Run to the end. Every ask ends in one event, even if a defect or a cancellation leaves as an exception."""
        try:
            attempt = await self._claim()
            if attempt is not None:
                await self._answer(attempt)
        except BooksFailed as failed:
            self._fail(failed)
        finally:
            self.close()

    async def confirm_delivery(self) -> None:
        """The asker was shown how this attempt ended. Refused by the books while it is not over."""
        await self._ports.books.apply(
            ConfirmDelivery(
                id=f"{self.ask_id}.{self.attempt}.delivered",
                wallet_id=self.member.team.wallet_id,
                ask_id=self.ask_id,
                attempt=self.attempt,
                member_id=self.member.id,
            )
        )

    def close(self) -> None:
        """Let the reader go; also for a task that was cancelled before its first step. Harmless when it has ended."""
        self._end(Refused(f"This was interrupted. {self._what_of_the_money()}"))

    def _fail(self, failed: BooksFailed) -> None:
        """Tell that the database is away, and let the reader go: the books may be closed long after."""
        # A hold that was taken all the same charges nothing: nobody called a provider, and it is given back.
        reason = LOST if isinstance(failed, BooksUncertain) else str(failed)
        self._end(Refused(f"{reason} {self._what_of_the_money()}"))

    def _end(self, event: AskEvent) -> None:
        """Tell how it ended; only the first time counts."""
        if not self._ended:
            self._ended = True
            self._events.put(event)
            self._events.close()

    def _what_of_the_money(self) -> str:
        return UNKNOWN_CHARGE if self._answered else f"{wording.NOT_CHARGED} Try again in a minute."

    async def _claim(self) -> Attempt | None:
        ports = self._ports
        claimed = await claim_ask(
            self._question,
            books=ports.books,
            requests=ports.requests,
            vault=ports.vault,
            clock=ports.clock,
            lease_seconds=self._settings.hold_ttl_seconds,
        )
        match claimed:
            case Ours(attempt, question, agreed_nanos):
                self.ask_id, self.attempt = attempt.ask_id, attempt.number
                self._question = question
                self._unasked_nanos = max(self._unasked_nanos, agreed_nanos)
                return attempt
            case NotKept(attempt):
                self.ask_id, self.attempt = attempt.ask_id, attempt.number
                await self._refuse(attempt, GONE)
            case ended:
                self._end(ended)
        return None

    async def _answer(self, attempt: Attempt) -> None:
        try:
            choice = choose(self._offered(), self._question.model)
            planned = await plan_call(
                self._question,
                choice.model,
                self._ports.counter,
                today=self._ports.clock.now().date(),
                max_output_tokens=self._settings.max_output_tokens,
            )
        except BadInput as bad:
            # The sentence may quote what was typed: only its kind is written down.
            await self._refuse(attempt, f"{bad} {wording.NOT_CHARGED}", why=type(bad).__name__)
            return
        if planned.at_most_nanos > self._unasked_nanos:
            await self._ask_first(attempt, choice, planned)
        else:
            await self._spend(attempt, choice, planned)

    def _offered(self) -> tuple[Model, ...]:
        """Practice is for demo teams: nobody else is ever charged for it."""
        models = self._ports.catalogue.models
        return models if self.member.team.demo else tuple(model for model in models if model.provider != PRACTICE)

    async def _ask_first(self, attempt: Attempt, choice: Choice, planned: PlannedCall) -> None:
        about, at_most = planned.about_nanos, planned.at_most_nanos
        await self._conclude(attempt, RequestState.AWAITING, "waiting for a confirmation", choice.model, at_most)
        sentence = wording.confirm_price(choice.model.title, about_nanos=about, at_most_nanos=at_most)
        self._end(NeedsConfirmation(self.ask_id, attempt.id, sentence, about, at_most))

    async def _refuse(self, attempt: Attempt, sentence: str, *, why: str = "") -> None:
        await self._conclude(attempt, RequestState.REFUSED, why or sentence)
        self._end(Refused(sentence))

    async def _conclude(
        self, attempt: Attempt, state: RequestState, why: str, shown: Model | None = None, shown_nanos: int = 0
    ) -> None:
        await self._ports.books.apply(
            Conclude(
                id=attempt.operation_id(state),
                wallet_id=self.member.team.wallet_id,
                ask_id=attempt.ask_id,
                attempt=attempt.number,
                state=state,
                why=why,
                shown_model=shown.id if shown is not None else "",
                shown_nanos=shown_nanos,
            )
        )

    # --- from here on money may be held, and `_close` follows whatever happens ---

    async def _spend(self, attempt: Attempt, choice: Choice, planned: PlannedCall) -> None:
        hold = AskHold(
            attempt, self._ports.books, self._ports.clock, self._settings, line=self._line, insist=self._insist
        )
        result = CallResult()
        nothing_held, refused = False, None
        try:
            async with self._stop_from_elsewhere():
                held = await hold.take(
                    planned, seconds_left=self._seconds_left(), on_wait=self._tell_waiting, stop=self.stop
                )
                if isinstance(held, Held):
                    planned = self._start(choice, planned, held.amount_nanos)
                    await self._call(planned, result)
                else:
                    nothing_held, refused = True, held
        except BooksFailed as failed:
            self._fail(failed)
            raise
        finally:
            if not nothing_held:
                await unbroken(self._close(hold, choice, planned, result))
        if nothing_held:
            await self._refuse(attempt, await self._why_nothing_held(refused))

    def _seconds_left(self) -> float:
        return self._began + self._settings.deadline_seconds - self._ports.clock.monotonic()

    async def _tell_waiting(self) -> None:
        report = await self._ports.reports.wallet(self.member.team.wallet_id)
        if report.running_asks:  # else they have just ended, and the next look finds their money
            self._events.put(Waiting(report.running_asks))

    async def _why_nothing_held(self, refused: BooksRefused | None) -> str:
        if refused is None:
            return f"Stopped. {wording.NOT_CHARGED}"
        report = await self._ports.reports.wallet(self.member.team.wallet_id)
        renews_on = next_month_starts(self._ports.clock.now(), self.member.team.zone)
        return wording.cannot_hold(refused, running_asks=report.running_asks, renews_on=renews_on)

    def _start(self, choice: Choice, planned: PlannedCall, held_nanos: int) -> PlannedCall:
        note = ""
        if held_nanos < planned.at_most_nanos:
            planned = planned.within(held_nanos)
            note = wording.shortened(planned.call.output_cap_tokens)
        self._started = True
        self._events.put(Started(self.ask_id, choice.model.title, held_nanos, note))
        return planned

    async def _call(self, planned: PlannedCall, result: CallResult) -> None:
        model = planned.call.model
        await run_call(
            self._ports.catalogue.providers[model.provider],
            planned.call,
            result,
            counter=self._ports.counter,
            on_text=lambda text: self._events.put(Delta(text)),
            stop=self.stop,
            seconds_left=self._seconds_left(),
        )

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
        while not self.stop.is_set():
            await self._ports.clock.sleep(STOP_POLL_SECONDS)
            try:
                if await self._ports.requests.stop_requested(self.ask_id):
                    self.stop.set()
            except BooksFailed:
                continue  # the answer goes on; the next look may reach the database again

    async def _close(self, hold: AskHold, choice: Choice, planned: PlannedCall, result: CallResult) -> None:
        """Settle what was delivered, or give the hold back, and tell the reader."""
        lines, ending = await charged_lines(planned, result, self._ports.counter), ending_of(result)
        if result.answered:
            self._answered, sealed = True, self._ports.vault.seal(result.text)
            closed = await hold.settle(lines, ending=ending, why=choice.why, sealed_answer=sealed, on_delay=self._fail)
        else:
            closed = await hold.release(lines, ending=ending, why=choice.why, on_delay=self._fail)
        if isinstance(closed, Settled):
            receipt = _receipt(self.ask_id, choice, lines, closed, hold.month_left_nanos(closed))
            self._end(Finished(ending, receipt, _sentence(ending, result, receipt)))
        elif self._started:
            self._end(Refused(f"This ask was taken over or is already over. {wording.NOT_CHARGED}"))


def _sentence(ending: Ending, result: CallResult, receipt: Receipt) -> str:
    reason = str(result.failure or "This was interrupted.")
    sentence = wording.ended(ending, reason, charged_nanos=receipt.charged_nanos, estimated=receipt.estimated)
    words = result.refusal.strip()[:MAX_REFUSAL_CHARS]
    return f"{sentence} It said: {words}" if words else sentence


def _receipt(
    ask_id: str, choice: Choice, lines: tuple[PricedLine, ...], closed: Settled, month_left_nanos: int
) -> Receipt:
    charged = zip(lines, closed.charged_by_line, strict=True)
    return Receipt(
        ask_id=ask_id,
        model_title=choice.model.title,
        lines=tuple(replace(line, charged_nanos=charge) for line, charge in charged),
        why=choice.why,
        month_left_nanos=month_left_nanos,
        practice=choice.model.provider == PRACTICE,
    )
