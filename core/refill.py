"""The refill rule: admins set it, are asked once for each dip of the wallet, and add it with one press.

What counts is decided by the books (core/ledger/refills.py); here is who presses, and what they read.
"""

from datetime import timedelta

from core.defaults import UNDO_TOP_UP_SECONDS
from core.errors import BadInput, NotAllowed
from core.ids import new_id
from core.in_turn import each_in_turn
from core.operations import OfferRefill, Prefer, Reason, Refill, Refused, TopUp
from core.people import Member, Team
from core.periods import Period
from core.ports import Books, Clock, People, PreferenceBooks, Reports
from core.preferred import REFILL_RULE
from core.quota import Scope
from core.refill_rule import Refilled, RefillRule, RefillState, carried_from, refill_id, rule_from, rule_typed
from core.text import refills as words
from core.text.presses import NOT_READABLE
from core.text.wallet import over_ceiling
from core.top_up_ceiling import TopUpCeiling

NEWEST_TOP_UPS = 100
"""Among so many of the last ones one is looked for that was not taken back."""


class Refills:
    """Answers /admin refill and the button under its notice; `run` is one round that asks where a wallet is low."""

    def __init__(
        self,
        books: Books,
        reports: Reports,
        people: People,
        *,
        preferred: PreferenceBooks,
        clock: Clock,
        ceiling: TopUpCeiling | None = None,
    ) -> None:
        self._books = books
        self._reports = reports
        self._people = people
        self._preferred = preferred
        self._clock = clock
        self._ceiling = ceiling or TopUpCeiling()

    # --- the rule ---

    async def state(self, admin: Member) -> RefillState:
        """The rule of an admin's team, and how much of its month is used. `NotAllowed` for who is none."""
        _require_admin(admin)
        rule, wallet = await self._rule_of(admin.team), await self._reports.wallet(admin.team.wallet_id)
        if rule is None:
            return RefillState(None, balance_nanos=wallet.balance_nanos)
        counter = rule.limit_of(admin.team.id, self._month(admin.team)).counter_id
        totals = (await self._reports.counters([counter])).get(counter)
        return RefillState(rule, totals.used if totals is not None else 0, wallet.balance_nanos)

    async def set(self, admin: Member, typed: str) -> RefillState:
        """Set what was typed. `BadInput` or `NotAllowed` say why not."""
        _require_admin(admin)
        rule = rule_typed(typed)
        if self._ceiling.nanos is not None and rule.most_nanos > self._ceiling.nanos:
            raise BadInput(words.over_operators_ceiling(rule, self._ceiling.nanos))
        if not await self._prefer(admin, rule.kept):
            raise BadInput(words.SAME_RULE)
        return await self.state(admin)

    async def take_away(self, admin: Member) -> bool:
        """Ask nobody any more; whether there was a rule."""
        _require_admin(admin)
        return await self._prefer(admin, "")

    async def _prefer(self, admin: Member, value: str) -> bool:
        """Whether it was otherwise before."""
        done = await self._books.apply(
            Prefer(
                id=new_id("prefer", self._clock.now()),
                wallet_id=admin.team.wallet_id,
                team_id=admin.team.id,
                owner=admin.team.id,
                name=REFILL_RULE,
                value=value,
                actor=admin.actor,
                by_right=admin.by_right,
            )
        )
        if isinstance(done, Refused) and done.reason is not Reason.UNCHANGED:
            raise NotAllowed(words.RULE_NOT_YOURS)
        return not isinstance(done, Refused)

    # --- the round ---

    async def run(self) -> int:
        """Ask the admins of every team whose wallet is below its rule's line, once for each dip; how many were asked.

        A `BooksFailed` is raised at the end where it is of one team, and ends the round where it is of all.
        """
        return await each_in_turn(await self._people.teams(), self._ask)

    async def _ask(self, team: Team) -> bool:
        rule = await self._rule_of(team)
        if rule is None or (await self._reports.wallet(team.wallet_id)).balance_nanos >= rule.below_nanos:
            return False
        offer = OfferRefill(
            id=new_id("offer", self._clock.now()),
            wallet_id=team.wallet_id,
            team_id=team.id,
            since=await self._since(team),
            month=self._month(team),
        )
        return not isinstance(await self._books.apply(offer), Refused)

    # --- the press ---

    async def press(self, admin: Member, carried: str, *, announced: bool = False) -> Refilled:
        """Add what a notice's button offers. `NotAllowed` or `BadInput` say why nothing was added."""
        offer = carried_from(carried)
        if offer is None:
            raise BadInput(NOT_READABLE)
        return await self._press(admin, offer[0], await self._rule_of(admin.team), announced=announced)

    async def agree(self, admin: Member, *, announced: bool = False) -> Refilled:
        """The same of what the rule offers now, where there is no button."""
        _require_admin(admin)
        rule = await self._rule_of(admin.team)
        if rule is None:
            raise BadInput(words.NO_RULE)
        offer = refill_id(admin.team.wallet_id, await self._since(admin.team), rule)
        return await self._press(admin, offer, rule, announced=announced)

    async def _press(self, admin: Member, offer: str, rule: RefillRule | None, *, announced: bool) -> Refilled:
        moved = await self._books.apply(
            Refill(
                id=offer,
                wallet_id=admin.team.wallet_id,
                team_id=admin.team.id,
                member_id=admin.id,
                admin=admin.by_right or bool(admin.acts_as),
                since=await self._since(admin.team),
                month=self._month(admin.team),
                top_up=TopUp(
                    id=offer,
                    wallet_id=admin.team.wallet_id,
                    team_id=admin.team.id,
                    amount_nanos=rule.add_nanos if rule is not None else 0,
                    actor=admin.actor,
                    reason=words.reason_for(rule) if rule is not None else "",
                    limit=self._ceiling.limit_of(admin.team, self._clock.now()),
                    announced=announced,
                ),
            )
        )
        if isinstance(moved, Refused):
            raise _why_not(moved, rule)
        before, after = moved.balance_before_nanos, moved.balance_nanos
        undoable = not moved.replayed or await self._undoable(admin.team, moved.transfer_id)
        return Refilled(moved.transfer_id, moved.amount_nanos, before, after, moved.replayed, undoable)

    async def _undoable(self, team: Team, top_up_id: str) -> bool:
        since = self._clock.now() - timedelta(seconds=UNDO_TOP_UP_SECONDS)
        recent = await self._reports.top_ups(team.wallet_id, NEWEST_TOP_UPS)
        return any(each.id == top_up_id and each.at >= since and not each.refunded_nanos for each in recent)

    async def _rule_of(self, team: Team) -> RefillRule | None:
        return rule_from((await self._preferred.of(team.id, team.id)).get(REFILL_RULE, ""))

    async def _since(self, team: Team) -> str:
        """The newest top-up of which something is there: a new one arms the rule again, one that is undone does not."""
        recent = await self._reports.top_ups(team.wallet_id, NEWEST_TOP_UPS)
        return next((top_up.id for top_up in recent if top_up.refunded_nanos < top_up.amount_nanos), "")

    def _month(self, team: Team) -> str:
        return team.calendar.label(Period.MONTH, self._clock.now())


def _require_admin(member: Member) -> None:
    if not member.admin:
        raise NotAllowed(words.RULE_NOT_YOURS)


def _why_not(refused: Refused, rule: RefillRule | None) -> BadInput | NotAllowed:
    limit = refused.limit
    match refused.reason:
        case Reason.NOT_ADMIN:
            return NotAllowed(words.NOT_ADMIN)
        case Reason.NOT_DUE if rule is not None:
            return BadInput(words.above_again(rule, refused.available))
        case Reason.LIMIT if limit is not None and limit.scope is Scope.TEAM_MONTH_REFILLED:
            return BadInput(words.over_maximum(refused.used, limit.at_most, refused.needed))
        case Reason.LIMIT:
            return BadInput(f"{over_ceiling(refused)} Nothing was recorded.")
        case Reason.TOO_MUCH:
            return BadInput("The wallet cannot hold that much. Nothing was recorded.")
        case _:
            return BadInput(words.NOT_OFFERED)
