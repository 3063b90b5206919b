"""Asking for more: members ask, admins decide with one press, and everybody concerned reads what became of it.

What counts is decided by the books (core/ledger/deciding.py); here is who presses, and what they read.
"""

from collections import Counter
from datetime import datetime

from core.allowance import Allowances
from core.defaults import MIN_TOP_UP_NANOS, SECOND_ADMIN_ABOVE_NANOS
from core.errors import BadInput, NotAllowed
from core.events import Shortfall
from core.ids import new_id
from core.ledger.budget_requests import scope_of
from core.ledger.deciding import granted_nanos
from core.lookup import admins_of
from core.moments import to_ms
from core.money import format_usd, parse_usd
from core.operations import AskForMore, CancelRequest, DecideRequest, Decision, Reason, Refused, TopUp
from core.operator_lists import OperatorLists
from core.people import Member, Place
from core.periods import Period
from core.policy import own_target
from core.ports import Books, BudgetRequestBooks, Clock, People, Reports
from core.quota import UNLIMITED, Scope, counter_id_of
from core.reports import BudgetRequest
from core.text import budget_requests as words
from core.text.names import name_of
from core.text.typed import reason_of
from core.text.wallet import over_ceiling
from core.top_up_ceiling import TopUpCeiling
from core.usual_amounts import sensible_nanos

NEWEST_TOP_UPS = 5


class BudgetRequests:
    """Answers /request, the buttons of its card, and "Ask the admins" under an empty wallet."""

    def __init__(
        self,
        books: Books,
        requests: BudgetRequestBooks,
        *,
        people: People,
        allowances: Allowances,
        reports: Reports,
        clock: Clock,
        ceiling: TopUpCeiling | None = None,
        listed: OperatorLists | None = None,
    ) -> None:
        self._books = books
        self._requests = requests
        self._people = people
        self._allowances = allowances
        self._reports = reports
        self._clock = clock
        self._ceiling = ceiling or TopUpCeiling()
        self._listed = listed or OperatorLists()

    # --- members ---

    async def ask(
        self, member: Member, place: Place, typed: str = "", reason: str = "", shortfall: Shortfall | None = None
    ) -> str:
        """Ask the admins for more; returns what to say. `BadInput` says why not.

        `shortfall` is what the member's last question lacked (`Refused.shortfall`); without one it is for their month.
        Without a typed amount it is that, rounded up.
        """
        now = self._clock.now()
        if not (await self._allowances.ruling(member, place)).may_ask:
            raise BadInput(words.MAY_NOT)
        if shortfall is None or (shortfall.ends_at is not None and shortfall.ends_at <= now):
            shortfall = self._of_month(member)
        if shortfall.counter_id:
            await self._require_raisable(member, place, shortfall)
        nanos = _amount(typed) if typed else sensible_nanos(shortfall)
        if not shortfall.counter_id and nanos < MIN_TOP_UP_NANOS:
            raise BadInput(f"The least is {format_usd(MIN_TOP_UP_NANOS)}. Nothing was asked for.")
        asked = await self._books.apply(
            AskForMore(
                id=new_id("more", now),
                wallet_id=member.team.wallet_id,
                team_id=member.team.id,
                member_id=member.id,
                counter_id=shortfall.counter_id,
                amount_nanos=nanos,
                expires_at_ms=to_ms(shortfall.ends_at) if shortfall.ends_at is not None else 0,
                ask_id=shortfall.attempt,
                funded_by=await self._newest_top_up(member) if not shortfall.counter_id else "",
                reason=reason_of(reason),
            )
        )
        if isinstance(asked, Refused):
            raise BadInput(await self._why_not_asked(member, shortfall.counter_id, asked))
        return words.requested(words.asked_for(nanos, scope_of(shortfall.counter_id)), noticed=asked.noticed)

    def _of_month(self, member: Member) -> Shortfall:
        month = member.team.calendar.span(Period.MONTH, self._clock.now())
        return Shortfall(counter_id_of(Scope.MEMBER_MONTH, member.id, month.label), month.label, month.end, 0, "")

    async def _require_raisable(self, member: Member, place: Place, shortfall: Shortfall) -> None:
        """Nobody is asked about a limit that is not there, or that the member set for themselves."""
        limits = (await self._allowances.of(member, place)).limits
        limit = next((limit for limit, _ in limits if limit.counter_id == shortfall.counter_id), None)
        if limit is None or limit.at_most >= UNLIMITED:
            if scope_of(shortfall.counter_id) is Scope.MEMBER_MONTH:
                raise BadInput(words.NO_LIMIT)
            return
        if limit.set_by is not None and limit.set_by.target == own_target(member.id):
            raise BadInput(words.own_limit(limit))

    async def _newest_top_up(self, member: Member) -> str:
        recent = await self._reports.top_ups(member.team.wallet_id, NEWEST_TOP_UPS)
        return next((top_up.id for top_up in recent if top_up.refunded_nanos < top_up.amount_nanos), "")

    async def _why_not_asked(self, member: Member, counter_id: str, refused: Refused) -> str:
        match refused.reason:
            case Reason.UNCHANGED:
                mine = (each for each in await self._requests.open(member.team.id) if each.member_id in member.ids)
                waiting = next((each for each in mine if each.counter_id == counter_id), None)
                if waiting is None:
                    return words.WAITING
                return words.waiting_already(_what(waiting), self._since(waiting.asked_at))
            case Reason.TOO_MUCH:
                return words.TOO_MUCH
            case Reason.OVER:
                return words.TOO_LATE
            case Reason.FROZEN | Reason.MEMBER_FROZEN | Reason.SUSPENDED:
                return words.NOT_NOW
            case _:
                return words.NOTHING_TO_RAISE

    async def cancel(self, member: Member, request_id: str) -> str:
        """Take one's own request back; returns what to say."""
        cancel = CancelRequest(
            id=new_id("cancel", self._clock.now()),
            wallet_id=member.team.wallet_id,
            team_id=member.team.id,
            request_id=request_id,
            member_id=member.id,
        )
        refused = await self._books.apply(cancel)
        if isinstance(refused, Refused):
            raise BadInput(await self._why_not_decided(member, request_id, refused))
        return words.CANCELLED

    async def open_for(self, member: Member) -> tuple[BudgetRequest, ...]:
        """What is still to be decided, the oldest first: all of the team's for an admin, else one's own.

        Admins decide once for everybody who waits for the same wallet: whoever joined stands behind the first.
        """
        waiting = await self._requests.open(member.team.id)
        if not member.admin:
            return tuple(each for each in waiting if each.member_id in member.ids)
        shown = {each.id for each in waiting}
        return tuple(each for each in waiting if each.joins not in shown)

    async def lines(self, member: Member) -> tuple[str, ...]:
        """The same in words, numbered."""
        waiting, everybody = await self.open_for(member), await self._requests.open(member.team.id)
        behind = Counter(each.joins for each in everybody if each.joins) if member.admin else Counter[str]()
        ids = {person for each in waiting for person in (each.member_id, each.confirmed_by) if person}
        names = await self._people.names(member.team.id, ids)
        return tuple(
            words.open_line(
                number,
                name_of(each.member_id, names),
                _what(each),
                self._since(each.asked_at),
                others=behind[each.id],
                reason=each.reason,
                confirmed_by=name_of(each.confirmed_by, names) if each.confirmed_by else "",
            )
            for number, each in enumerate(waiting, start=1)
        )

    # --- admins ---

    async def decide(self, admin: Member, request_id: str, decision: Decision, *, announced: bool = False) -> str:
        """Press Approve, Half or Deny; returns what it did. `NotAllowed` or `BadInput` say why it did nothing.

        `announced`: the team is told of budget that it records.
        """
        await self.run()  # what was funded or is over by now is no request any more
        request = await self._requests.one(admin.team.id, request_id)
        if request is None:
            raise BadInput(words.UNKNOWN)
        others = await self._another_admin(admin, request)
        now = self._clock.now()
        decided = await self._books.apply(
            DecideRequest(
                id=new_id("decide", now),
                wallet_id=admin.team.wallet_id,
                team_id=admin.team.id,
                request_id=request_id,
                decision=decision,
                member_id=admin.id,
                actor=admin.actor,
                admin=admin.by_right or bool(admin.acts_as),
                others=others,
                top_up=self._top_up(admin, request, decision, announced=announced),
            )
        )
        if isinstance(decided, Refused):
            said = await self._why_not_decided(admin, request_id, decided)
            raise (NotAllowed if decided.reason is Reason.NOT_ADMIN else BadInput)(said)
        if not request.counter_id:
            await self.run()  # everybody who waits for the same wallet
        names = await self._people.names(admin.team.id, [request.member_id])
        return words.decision_done(
            decision,
            name_of(request.member_id, names),
            _what(request, decided.granted_nanos if decision is not Decision.DENY else None),
            state=decided.state,
            alone=decided.alone,
            own=request.member_id in admin.ids,
            above_nanos=SECOND_ADMIN_ABOVE_NANOS,
        )

    async def _another_admin(self, admin: Member, request: BudgetRequest) -> bool:
        """Whether somebody else could decide it: made an admin here, by their platform as last seen, or as listed."""
        may = await admins_of(self._people, admin.team, self._listed)
        return bool(may - {admin.id} - ({admin.id} if request.member_id in admin.ids else {request.member_id}))

    def _top_up(self, admin: Member, request: BudgetRequest, decision: Decision, *, announced: bool) -> TopUp | None:
        """What an approval records where the wallet is empty, under the same rules as /topup."""
        if request.counter_id or decision is Decision.DENY:
            return None
        nanos = granted_nanos(request.amount_nanos, decision)
        if nanos < MIN_TOP_UP_NANOS:
            raise BadInput(f"The least is {format_usd(MIN_TOP_UP_NANOS)}. Nothing was recorded.")
        now = self._clock.now()
        return TopUp(
            id=new_id("topup", now),
            wallet_id=admin.team.wallet_id,
            team_id=admin.team.id,
            amount_nanos=nanos,
            actor=admin.actor,
            reason="asked for by members",
            limit=self._ceiling.limit_of(admin.team, now),
            announced=announced,
        )

    async def _why_not_decided(self, member: Member, request_id: str, refused: Refused) -> str:
        request = await self._requests.one(member.team.id, request_id)
        match refused.reason:
            case Reason.NOT_ADMIN:
                return words.NOT_ADMIN
            case Reason.OWN_REQUEST:
                return words.OWN
            case Reason.NEEDS_ANOTHER:
                return words.FIRST_OF_TWO
            case Reason.LIMIT:
                return f"{over_ceiling(refused)} Nothing was recorded."
            case Reason.TOO_MUCH:
                return "The wallet cannot hold that much. Nothing was recorded."
            case Reason.OVER if request is not None and request.ends_at is not None:
                return words.over(request.ends_at, member.team.zone)
            case Reason.DECIDED if request is not None:
                names = await self._people.names(member.team.id, [request.decided_by])
                by, you = name_of(request.decided_by, names), request.decided_by == member.actor
                return words.decided_already(by, request.state, self._since(request.decided_at), you=you)
            case _:
                return words.UNKNOWN

    # --- what closes by itself ---

    async def run(self) -> int:
        """Close what nobody has to decide any more, and let whoever asked be told; returns how many that were.

        One round, to be called again and again, and after budget came in. A `BooksFailed` ends it.
        """
        closed = 0
        for close in await self._requests.to_close(self._clock.now()):
            if not isinstance(await self._books.apply(close), Refused):
                closed += 1
        return closed

    def _since(self, moment: datetime) -> float:
        return (self._clock.now() - moment).total_seconds()


def _what(request: BudgetRequest, nanos: int | None = None) -> str:
    return words.asked_for(request.amount_nanos if nanos is None else nanos, scope_of(request.counter_id))


def _amount(typed: str) -> int:
    try:
        return parse_usd(typed)
    except BadInput as bad:
        raise BadInput(f"{bad} Nothing was asked for.") from bad
