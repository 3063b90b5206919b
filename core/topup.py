"""Budget: admins record it, unusual sums are confirmed, a slip is undone. No card is charged anywhere."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from core.defaults import (
    CONFIRM_TOP_UP_ABOVE_NANOS,
    MIN_TOP_UP_NANOS,
    UNDO_TOP_UP_SECONDS,
    UNUSUAL_TOP_UP_FACTOR,
)
from core.errors import BadInput, NotAllowed, OperationConflict
from core.ids import new_id
from core.money import format_usd, parse_usd
from core.operations import Reason, Refund, Refused, TopUp
from core.people import Member
from core.ports import Books, Clock, Reports
from core.text.typed import reason_of
from core.text.wallet import over_ceiling
from core.top_up_ceiling import TopUpCeiling

USUAL_TOP_UPS = 5
"""The usual top-up is the middle one of this many last ones."""

MOST_TO_UNDO = 100
"""So many of the last ones are looked at for one that may be undone; nobody records more in ten minutes."""

USUAL_NEEDS_TOP_UPS = 3
"""Fewer than this make no habit to compare with."""

RECORDED_OTHERWISE = (
    "That was recorded already, with another amount or another reason. "
    "Nothing more was recorded: begin anew to add more."
)
UNDONE = "That top-up was taken back already."


@dataclass(frozen=True, slots=True)
class Recorded:
    """Budget came in."""

    top_up_id: str
    amount_nanos: int
    balance_before_nanos: int
    balance_nanos: int


@dataclass(frozen=True, slots=True)
class Unusual:
    """Not recorded yet: the sum is unusual. `sentence` shows before and after."""

    amount_nanos: int
    sentence: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A top-up was undone, as far as it was not spent or held: `amount_nanos` of `top_up_nanos`."""

    amount_nanos: int
    top_up_nanos: int
    balance_nanos: int


class TopUps:
    """Answers /topup and /undo. `actor` says on whose behalf it is recorded: a member, or the operator."""

    def __init__(self, books: Books, reports: Reports, clock: Clock, ceiling: TopUpCeiling | None = None) -> None:
        self._books = books
        self._reports = reports
        self._clock = clock
        self._ceiling = ceiling or TopUpCeiling()

    @staticmethod
    def require_right(member: Member) -> None:
        """`NotAllowed` for who may not record budget: said before they fill in a form."""
        _require_admin(member)

    async def record(
        self,
        member: Member,
        typed: str,
        reason: str,
        *,
        confirmed: bool = False,
        announced: bool = False,
        request_key: str = "",
    ) -> Recorded | Unusual:
        """Record the typed amount for the member's team. `BadInput` or `NotAllowed` say why not.

        The same `request_key` records once, however often it comes. `announced`: the team is told of it.
        """
        _require_admin(member)
        amount_nanos = parse_usd(typed)
        if amount_nanos < MIN_TOP_UP_NANOS:
            raise BadInput(f"The least is {format_usd(MIN_TOP_UP_NANOS)}. Nothing was recorded.")
        wallet = await self._reports.wallet(member.team.wallet_id)
        top_up_id = _id_of(member, request_key) if request_key else new_id("topup", self._clock.now())
        if not confirmed and (unusual := await self._why_unusual(member, amount_nanos, top_up_id)):
            before, after = format_usd(wallet.balance_nanos), format_usd(wallet.balance_nanos + amount_nanos)
            return Unusual(amount_nanos, f"{unusual} It would take the wallet from {before} to {after}.")
        top_up = TopUp(
            id=top_up_id,
            wallet_id=member.team.wallet_id,
            team_id=member.team.id,
            amount_nanos=amount_nanos,
            actor=member.actor,
            reason=reason_of(reason),
            limit=self._ceiling.limit_of(member.team, self._clock.now()),
            announced=announced,
        )
        try:
            moved = await self._books.apply(top_up)
        except OperationConflict as had:
            raise BadInput(RECORDED_OTHERWISE) from had
        if isinstance(moved, Refused) and moved.reason is Reason.LIMIT:
            raise BadInput(f"{over_ceiling(moved)} Nothing was recorded.")
        if isinstance(moved, Refused):
            raise BadInput("The wallet cannot hold that much. Nothing was recorded.")
        return Recorded(moved.transfer_id, moved.amount_nanos, moved.balance_before_nanos, moved.balance_nanos)

    async def undo(self, member: Member, top_up_id: str = "") -> TakenBack:
        """Take a top-up of the last ten minutes back, as far as it is neither spent nor held; else the newest.

        A button says which: pressed twice, it takes back once. Without an id every call takes back one more.
        """
        _require_admin(member)
        since = self._clock.now() - timedelta(seconds=UNDO_TOP_UP_SECONDS)
        recent = await self._reports.top_ups(member.team.wallet_id, MOST_TO_UNDO)
        late = [top_up for top_up in recent if top_up.at >= since]
        wanted = [top_up for top_up in late if top_up.id == top_up_id or not (top_up_id or top_up.refunded_nanos)]
        if not wanted:
            minutes = UNDO_TOP_UP_SECONDS // 60
            raise BadInput(f"There is nothing to undo: no top-up in the last {minutes} minutes.")
        last = wanted[0]
        back = Refund(
            id=f"{last.id}.undo",
            wallet_id=member.team.wallet_id,
            team_id=member.team.id,
            top_up_id=last.id,
            actor=member.actor,
            reason="undone",
        )
        try:
            moved = await self._books.apply(back)
        except OperationConflict as had:  # another admin was faster
            raise BadInput(UNDONE) from had
        if isinstance(moved, Refused):
            spent = format_usd(last.amount_nanos)
            raise BadInput(f"All of the {spent} is spent or held by running asks. Nothing was taken back.")
        return TakenBack(moved.amount_nanos, last.amount_nanos, moved.balance_nanos)

    async def _why_unusual(self, member: Member, amount_nanos: int, top_up_id: str) -> str:
        """Empty for what is usual, and for what was agreed to and is recorded by now."""
        recent = await self._reports.top_ups(member.team.wallet_id, USUAL_TOP_UPS)
        if any(top_up.id == top_up_id for top_up in recent):
            return ""
        if amount_nanos > CONFIRM_TOP_UP_ABOVE_NANOS:
            return f"{format_usd(amount_nanos)} is more than {format_usd(CONFIRM_TOP_UP_ABOVE_NANOS)}."
        usual = sorted(top_up.amount_nanos for top_up in recent)[len(recent) // 2] if recent else 0
        if len(recent) >= USUAL_NEEDS_TOP_UPS and amount_nanos > UNUSUAL_TOP_UP_FACTOR * usual:
            factor = UNUSUAL_TOP_UP_FACTOR
            return f"{format_usd(amount_nanos)} is more than {factor} times the usual {format_usd(usual)}."
        return ""


def _require_admin(member: Member) -> None:
    if not member.admin:
        raise NotAllowed("Only admins of the team can change its budget. Nothing was recorded.")


def _id_of(member: Member, request_key: str) -> str:
    """The operation's id for a key from outside: of this wallet only, whatever characters the key has."""
    named = f"{member.team.wallet_id} {request_key}".encode("utf-8", "surrogatepass")
    return f"topup_{hashlib.sha256(named).hexdigest()[:32]}"
