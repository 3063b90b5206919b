"""The hold of one ask: taken for the worst case, waited for while others hold the money, closed on every ending."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.asking.hold_line import HoldLine, Ticket
from core.asking.insist import Insistence
from core.errors import BooksFailed
from core.estimate import PlannedCall
from core.first_of import first_of
from core.ids import attempt_id
from core.moments import to_ms
from core.operations import Held, Hold, Reason, Refused, Rehold, Release, RowName, Settle, Settled
from core.people import Member
from core.periods import Moment, Period
from core.policy import Ruling, Setting, limits_of, policy_id, targets_of
from core.ports import Books, Clock
from core.question import AskSettings
from core.quota import Limit, Scope
from core.receipt import PricedLine
from core.routing.plan import RoutePlan

WAIT_POLL_SECONDS = 0.2
"""How often an ask that waits for money looks, on average, whether another process gave some back."""
ONLY_HELD = (Reason.WALLET_HELD, Reason.LIMIT_HELD)
"""There would be enough if running asks gave theirs back: worth waiting for."""
OnDelay = Callable[[BooksFailed], None]
"""Told once when the books stay away for long; the closing goes on."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at one ask. A step of it has one id: done twice, it is done once."""

    ask_id: str
    number: int
    member: Member

    @property
    def id(self) -> str:
        """The attempt's own id."""
        return attempt_id(self.ask_id, self.number)

    def operation_id(self, step: str) -> str:
        """The id of an operation of this attempt."""
        return f"{self.id}.{step}"


class AskHold:
    """The money side of one attempt. Its id is known before it exists, so that it can always be released."""

    def __init__(
        self,
        attempt: Attempt,
        plan: RoutePlan,
        *,
        ruling: Ruling,
        books: Books,
        clock: Clock,
        settings: AskSettings,
        line: HoldLine,
        insist: Insistence,
    ) -> None:
        self._attempt = attempt
        self._plan = plan
        self._ruling = ruling
        self._books = books
        self._clock = clock
        self._settings = settings
        self._line = line
        self._insist = insist
        self._tried_at = clock.monotonic()
        self._now = clock.now()
        self._reheld = 0
        self.id = attempt.operation_id("hold")

    async def take(
        self,
        planned: PlannedCall,
        *,
        seconds_left: float,
        on_wait: Callable[[], Awaitable[None]],
        stop: asyncio.Event,
    ) -> Held | Refused | None:
        """Hold the worst case. Wait in line while only running asks' money is missing; at the end, take what fits.

        None when it was stopped before anything was held. The wait is a part of the ask's own `seconds_left`.
        """
        ends_at, told = self._clock.monotonic() + min(self._settings.hold_wait_seconds, seconds_left), False
        with self._line.ticket(self._wants()) as ticket:
            while not stop.is_set():
                ticket.turn.clear()
                time_is_up = self._clock.monotonic() >= ends_at
                # All wait equally long, so whoever came earlier has had their last try before.
                if time_is_up or not ticket.barred:
                    outcome = await self._try(planned, whole=not time_is_up)
                    if isinstance(outcome, Refused) and outcome.reason is Reason.STOPPED:
                        return None
                    if time_is_up or isinstance(outcome, Held) or outcome.reason not in ONLY_HELD:
                        return outcome
                    self._line.refused(ticket, self._missing(outcome))
                if not told:
                    await on_wait()
                    told = True
                await self._next_look(ticket, stop, ends_at)
        return None

    async def _try(self, planned: PlannedCall, *, whole: bool) -> Held | Refused:
        """Hold all of it; what fits, down to the floor, where `whole` is given up or would never fit."""
        if whole:
            outcome = await self._books.apply(self._hold(planned, planned.at_most_nanos))
            if isinstance(outcome, Held) or outcome.reason in ONLY_HELD:
                return outcome
        return await self._books.apply(self._hold(planned, planned.floor_nanos))

    async def _next_look(self, ticket: Ticket, stop: asyncio.Event, ends_at: float) -> None:
        """Until it is worth trying again. Other processes give money back too, so who may try looks now and then."""
        seconds = ends_at - self._clock.monotonic()
        if not ticket.barred:
            seconds = min(seconds, WAIT_POLL_SECONDS * (0.5 + random.random()))  # noqa: S311 - spreads pollers
        await first_of(ticket.turn.wait(), stop.wait(), self._clock.sleep(max(0.0, seconds)))

    def _wants(self) -> frozenset[str]:
        counters = (limit.counter_id for limit in (*self._counted(), *self._beside()))
        return frozenset((self._attempt.member.team.wallet_id, *counters))

    def _missing(self, refused: Refused) -> str:
        return refused.limit.counter_id if refused.limit is not None else self._attempt.member.team.wallet_id

    def _hold(self, planned: PlannedCall, least_nanos: int) -> Hold:
        self._now, self._tried_at = self._clock.now(), self._clock.monotonic()
        model = planned.call.model
        return Hold(
            id=self.id,
            wallet_id=self._attempt.member.team.wallet_id,
            ask_id=self._attempt.ask_id,
            attempt=self._attempt.number,
            amount_nanos=planned.at_most_nanos,
            min_nanos=least_nanos,
            limits=self._beside(),
            provider=model.provider,
            model=model.id,
            ttl_seconds=self._settings.hold_ttl_seconds,
            route=self._plan.route,
            needed_tier=self._plan.needed_tier,
            variant=self._plan.variant,
            asker=self._attempt.member.asker,
            at_ms=self._at_ms,
            likely=self._likely(),
        )

    @property
    def _at_ms(self) -> int:
        """When it was last tried: what is reheld counts in the same periods."""
        return to_ms(self._now)

    async def rehold(self, planned: PlannedCall, amount_nanos: int) -> Held | Refused:
        """Hold so much for another call instead, against the same limits: at once or not at all, it never waits."""
        self._reheld += 1
        model = planned.call.model
        outcome = await self._books.apply(
            Rehold(
                id=self._attempt.operation_id(f"rehold.{self._reheld}"),
                wallet_id=self._attempt.member.team.wallet_id,
                hold_id=self.id,
                attempt=self._attempt.number,
                amount_nanos=amount_nanos,
                limits=self._beside(),
                provider=model.provider,
                model=model.id,
                asker=self._attempt.member.asker,
                at_ms=self._at_ms,
                likely=self._likely(),
            )
        )
        if isinstance(outcome, Held):
            self._line.given_back(self._wants())  # perhaps less is held now
        return outcome

    def _counted(self) -> tuple[Limit, ...]:
        """What the team's rules count this ask on, as they were read when it began: for who waits in line for what."""
        team = self._attempt.member.team
        return limits_of(self._ruling, Moment(team.calendar, self._now), team.id)

    def _likely(self) -> tuple[RowName, ...]:
        """What the books will look at if the rules are still as they were read."""
        member, counted = self._attempt.member, (*self._counted(), *self._beside())
        targets = targets_of(member.id, member.asker, self._ruling.place)
        return (
            ("team", member.team.id),
            ("member", member.id),
            *(("policy", policy_id(member.team.id, target)) for target in targets),
            *(("counter", limit.counter_id) for limit in counted),
        )

    def _beside(self) -> tuple[Limit, ...]:
        """What the operator sets: what failures may cost in a day, and how many run at a time.

        The books leave the second out where the team says another number, as they find it at the hold.
        """
        member, settings = self._attempt.member, self._settings
        today = member.team.calendar.label(Period.DAY, self._now)
        absorbed = Limit(Scope.MEMBER_DAY_ABSORBED, member.id, today, settings.member_day_absorbed_nanos)
        return (Limit(Scope.MEMBER_IN_FLIGHT, member.id, "", settings.max_in_flight), absorbed)

    async def settle(
        self,
        lines: tuple[PricedLine, ...],
        *,
        ending: str,
        why: str,
        first_word_ms: int,
        sealed_answer: bytes,
        on_delay: OnDelay,
    ) -> Settled | Refused:
        """Charge the lines, at most the hold."""
        return await self._close(
            Settle(
                id=self._attempt.operation_id("close"),
                wallet_id=self._attempt.member.team.wallet_id,
                hold_id=self.id,
                attempt=self._attempt.number,
                lines=lines,
                ending=ending,
                why=why,
                first_word_ms=first_word_ms,
                sealed_answer=sealed_answer,
            ),
            on_delay,
        )

    async def release(
        self, lines: tuple[PricedLine, ...], *, ending: str, why: str, on_delay: OnDelay
    ) -> Settled | Refused:
        """Give everything back; the lines are the operator's. Harmless when there is no hold."""
        return await self._close(
            Release(
                id=self._attempt.operation_id("close"),
                wallet_id=self._attempt.member.team.wallet_id,
                hold_id=self.id,
                attempt=self._attempt.number,
                lines=lines,
                ending=ending,
                why=why,
            ),
            on_delay,
        )

    async def _close(self, close: Settle | Release, on_delay: OnDelay) -> Settled | Refused:
        """As long as the hold lives; after that, the sweep has given it back."""
        lives_until = self._tried_at + self._settings.hold_ttl_seconds
        left_seconds = lives_until - self._clock.monotonic()
        closed = await self._insist.apply(close, for_seconds=left_seconds, on_delay=on_delay)
        self._line.given_back(self._wants())
        return closed

    def month_left_nanos(self, settled: Settled) -> int | None:
        """What is left of the member's month after this ask; None where nothing limits it."""
        if self._ruling.amount(Setting.MONTH) is None:
            return None
        month = f"{Scope.MEMBER_MONTH}:"
        left = next((left for counter, left in settled.left_by_counter if counter.startswith(month)), 0)
        own = self._ruling.own.get(Setting.MONTH)
        if own is None:
            return left
        used = next((used for counter, used in settled.used_by_counter if counter.startswith(month)), 0)
        return max(0, min(left, int(own.value) - used))  # nothing that was granted comes on top of their own
