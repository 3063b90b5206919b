"""The ask: a question becomes an answer, and the books are closed on it whatever happens in between.

An ask is a task of its own that owns claim, hold, call, deadline and settlement. Its reader may be slow, cancelled
or gone; the money does not depend on it.

    claim -> plan -> (quote | confirm) -> hold -> call, fall back -> settle or release -> receipt
    claiming.py     core/routing/         hold.py answering.py       spending.py
"""

import asyncio
from dataclasses import dataclass

from core.asking.care import Cared, take_care
from core.asking.claiming import GONE, NotKept, Ours, claim_ask
from core.asking.event_stream import EventStream
from core.asking.first_use import first_use
from core.asking.gathering import gathered, keep, without_large_pictures
from core.asking.hold import Attempt
from core.asking.planning import Planning
from core.asking.refusing import refusal_of
from core.asking.spending import Spending, Till
from core.asking.telling import Telling
from core.asking.upstream import Upstream
from core.errors import BadInput, BooksFailed, NobodyAnswers
from core.events import NeedsCare, NeedsConfirmation, Pausing, Quoted, Refused, Shortfall
from core.operations import Conclude, ConfirmDelivery, Reason, RequestState
from core.operations import Refused as BooksRefused
from core.policy import as_typed, tagged_under
from core.ports import Books, Catalogue, Clock, People, Policies, Reports, Requests, TokenCounter, Vault
from core.question import Question
from core.quote import quote_of
from core.routing.plan import RoutePlan
from core.text import wording
from core.text.tags import tag_line

_STOPPED = Refused(f"Stopped. {wording.NOT_CHARGED}")


@dataclass(frozen=True, slots=True)
class AskPorts:
    """What an ask needs from outside."""

    books: Books
    requests: Requests
    reports: Reports
    policies: Policies
    people: People
    catalogue: Catalogue
    counter: TokenCounter
    vault: Vault
    clock: Clock


class Ask:
    """One ask, from its claim to its receipt."""

    def __init__(self, till: Till, upstream: Upstream, question: Question, events: EventStream) -> None:
        self._till = till
        self._upstream = upstream
        self._question = question
        self._telling = Telling(events)
        self._agreed_nanos = 0
        """What somebody was shown and pressed; 0 when nothing was."""
        self._notes: list[str] = []
        self._began = till.clock.monotonic()
        self.member, self.keys = question.member, question.keys
        self.ask_id, self.attempt = "", 0
        self.stop = asyncio.Event()
        self.claimed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        """Whether the question stands in the books, once that is known: until then a platform may deliver it again."""

    @property
    def shortfall(self) -> Shortfall | None:
        """What was missing, if that is how it ended."""
        return self._telling.shortfall

    async def run(self) -> None:
        """Run to the end. Every ask ends in one event, even if a defect or a cancellation leaves as an exception."""
        try:
            attempt = await self._claim()
            self.claimed.set_result(True)
            if attempt is not None:
                await self._answer(attempt)
        except BooksFailed as failed:
            self._telling.books_failed(failed)
        finally:
            self.close()

    async def confirm_delivery(self) -> None:
        """The asker was shown how this attempt ended. Refused by the books while it is not over."""
        await self._till.books.apply(
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
        if not self.claimed.done():
            self.claimed.set_result(False)
        self._telling.interrupted()

    async def _claim(self) -> Attempt | None:
        till = self._till
        try:
            self._question = without_large_pictures(self._question)
        except BadInput as bad:
            self._telling.end(Refused(f"{bad} {wording.NOT_CHARGED}"))
            return None
        claimed = await claim_ask(
            self._question,
            books=till.books,
            insist=till.insist,
            requests=till.requests,
            vault=till.vault,
            clock=till.clock,
            lease_seconds=till.settings.hold_ttl_seconds,
        )
        match claimed:
            case Ours(attempt, question, agreed_nanos):
                self.ask_id, self.attempt = attempt.ask_id, attempt.number
                self._question, self._agreed_nanos = question, agreed_nanos
                return attempt
            case NotKept(attempt):
                self.ask_id, self.attempt = attempt.ask_id, attempt.number
                await self._refuse(attempt, Refused(GONE))
            case ended:
                self._telling.end(ended)
        return None

    async def _answer(self, attempt: Attempt) -> None:
        try:
            planning = await self._planning(attempt)
            if planning is None:
                return
            self._notes += filter(None, [self._question.left_out, await planning.fit_context()])
            if self._question.quote_only:
                await self._quote(attempt, planning)
                return
            plan = await planning.plan_when_somebody_is_there(
                pressed=self._is_pressed(), stop=self.stop, seconds_left=self._seconds_left(), on_pause=self._tell_pause
            )
        except BadInput as bad:
            # The sentence may quote what was typed: only its kind is written down.
            await self._refuse(attempt, Refused(f"{bad} {wording.NOT_CHARGED}"), why=type(bad).__name__)
            return
        except NobodyAnswers as nobody:
            again = "" if self._question.quote_only else attempt.id
            await self._refuse(attempt, Refused(f"{nobody} {wording.NOT_CHARGED}", again))
            return
        if plan is None:
            await self._refuse(attempt, _STOPPED)
        elif plan.hops[0].at_most_nanos > self._unasked_nanos():
            await self._ask_first(attempt, plan)
        else:
            await self._spend(attempt, planning, plan)

    async def _planning(self, attempt: Attempt) -> Planning | None:
        """What applies to this asker here, told first; None where that ends the ask: they may not, or must choose."""
        ruling = await self._till.allowances.ruling(self.member, self._question.place)
        # Who has left is told that first, as by the books: then no rule is what is in the way.
        has_left = self.member.gone or self.member.suspended
        if has_left or not ruling.may_ask:
            no = BooksRefused(reason=Reason.SUSPENDED if has_left else Reason.MAY_NOT_ASK, set_by=ruling.may_ask_by)
            await self._refuse(attempt, await refusal_of(no, attempt, self._till, self._question.place), why=no.reason)
            return None
        if not await self._is_whole(attempt):
            await self._refuse(attempt, _STOPPED)
            return None
        cared = await take_care(self._question, ruling)
        self._question = cared.question
        planning = Planning(self._upstream, self._till.settings, cared.question, ruling)
        if not self._question.quote_only:  # a price alone is no ask yet
            told = await first_use(self.member, ruling, planning.offered, planning.rules, self._till)
            if told is not None:
                self._telling.put(told)
        if cared.asks:
            await self._ask_about_secrets(attempt, cared)
            return None
        self._notes += filter(None, [cared.note])
        return planning

    async def _is_whole(self, attempt: Attempt) -> bool:
        """Look up what belongs to the question, and keep it; False when it was stopped meanwhile."""
        if self._question.gather is None:
            return True
        stop, clock = self.stop, self._till.clock
        whole = await gathered(self._question, stop=stop, clock=clock, seconds_left=self._seconds_left())
        if whole is None:
            return False
        self._question = without_large_pictures(whole)
        await keep(self._question, attempt, self._till.books, self._till.vault)
        return True

    def _tell_pause(self, seconds: float) -> None:
        self._telling.put(Pausing(wording.pausing_for_anybody(seconds)))

    async def _ask_about_secrets(self, attempt: Attempt, cared: Cared) -> None:
        """Wait for a choice; a price and a model that were pressed before are agreed to still."""
        pressed = (self._question.model, self._unasked_nanos()) if self._is_pressed() else ("", 0)
        await self._conclude(attempt, RequestState.AWAITING, "waiting for a choice about a secret", *pressed)
        self._telling.end(NeedsCare(self.ask_id, attempt.id, cared.asks, cared.may_send))

    def _unasked_nanos(self) -> int:
        """The most that runs without another question: what was shown and pressed, else what nobody is asked about."""
        limit = self._agreed_nanos or self._till.settings.confirm_above_nanos
        return min(limit, self._question.pressed_nanos or limit)

    def _is_pressed(self) -> bool:
        return bool(self._agreed_nanos or self._question.pressed_nanos)

    async def _quote(self, attempt: Attempt, planning: Planning) -> None:
        plan = await planning.plan(pressed=self._is_pressed())  # where nobody can answer, it says why
        recommended = quote_of(plan.hops[0])
        quotes = tuple(quote_of(call) for call in await planning.alternatives())
        if recommended not in quotes:  # taken out for now, but there is nobody else
            quotes = tuple(sorted((*quotes, recommended), key=lambda quote: quote.about_nanos))
        dearest = max(quotes, key=lambda quote: quote.at_most_nanos)
        notes = [*self._notes, tag_line(tagged_under(as_typed(self._question.tag), planning.ruling))]
        why = "a price was asked for"
        await self._conclude(attempt, RequestState.AWAITING, why, dearest.model_id, dearest.at_most_nanos)
        self._telling.end(Quoted(self.ask_id, attempt.id, quotes, recommended, " ".join(filter(None, notes))))

    async def _ask_first(self, attempt: Attempt, plan: RoutePlan) -> None:
        dear, cheaper = quote_of(plan.hops[0]), quote_of(plan.cheaper) if plan.cheaper is not None else None
        why = "waiting for a confirmation"
        await self._conclude(attempt, RequestState.AWAITING, why, dear.model_id, dear.at_most_nanos)
        sentence = wording.confirm_price(dear, cheaper)
        self._telling.end(
            NeedsConfirmation(self.ask_id, attempt.id, sentence, dear.about_nanos, dear.at_most_nanos, cheaper)
        )

    async def _spend(self, attempt: Attempt, planning: Planning, plan: RoutePlan) -> None:
        first = plan.hops[0]
        if first.context_nanos > first.about_nanos - first.context_nanos:
            self._notes.append(wording.dear_context(first.context_nanos, first.about_nanos))
        # Who pressed a price was shown that one: no fallback passes it. Others agreed to whatever is not asked about.
        spending = Spending(
            self._till,
            self._upstream,
            attempt,
            plan,
            self._telling,
            ruling=planning.ruling,
            stop=self.stop,
            seconds_left=self._seconds_left,
            ceiling_nanos=first.at_most_nanos if self._is_pressed() else self._till.settings.confirm_above_nanos,
            notes=tuple(self._notes),
            looking=planning.looking,
        )
        nothing_held = await spending.run()
        if nothing_held is None:
            return
        if nothing_held.refused is None:
            await self._refuse(attempt, _STOPPED)
            return
        refused = nothing_held.refused
        told = await refusal_of(refused, attempt, self._till, self._question.place, planning.alternatives)
        # The sentence names people: only the kind of it is written down.
        scope = f" {refused.limit.scope}" if refused.limit is not None else ""
        await self._refuse(attempt, told, why=f"{refused.reason}{scope}")

    def _seconds_left(self) -> float:
        return self._began + self._till.settings.deadline_seconds - self._till.clock.monotonic()

    async def _refuse(self, attempt: Attempt, refused: Refused, *, why: str = "") -> None:
        await self._conclude(attempt, RequestState.REFUSED, why or refused.sentence)
        self._telling.end(refused)

    async def _conclude(
        self, attempt: Attempt, state: RequestState, why: str, shown_model: str = "", shown_nanos: int = 0
    ) -> None:
        await self._till.books.apply(
            Conclude(
                id=attempt.operation_id(state),
                wallet_id=self.member.team.wallet_id,
                ask_id=attempt.ask_id,
                attempt=attempt.number,
                state=state,
                why=why,
                shown_model=shown_model,
                shown_nanos=shown_nanos,
            )
        )
