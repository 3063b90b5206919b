"""What an ask that got no money is told: why not, what admins could give, and which model there is still room for."""

from collections.abc import Awaitable, Callable, Sequence

from core.asking.hold import Attempt
from core.asking.spending import Till
from core.estimate import PlannedCall
from core.events import Refused, Shortfall
from core.operations import Reason
from core.operations import Refused as BooksRefused
from core.people import Member, Place
from core.periods import Moment
from core.quota import UNLIMITED, Measure
from core.quote import Quote, quote_of
from core.text.not_enough import cannot_hold, still_fits
from core.text.refusals import may_not

Others = Callable[[], Awaitable[Sequence[PlannedCall]]]
_MAY_NOT = (Reason.MAY_NOT_ASK, Reason.MODEL_NOT_ALLOWED, Reason.SUSPENDED, Reason.FROZEN, Reason.MEMBER_FROZEN)


async def refusal_of(
    refused: BooksRefused, attempt: Attempt, till: Till, place: Place, others: Others | None = None
) -> Refused:
    """The end of an ask that the books refused there.

    `others` plans the models that could answer it: that takes counting, so only where money is what is missing.
    """
    team = attempt.member.team
    report = await till.reports.wallet(team.wallet_id)
    moment = Moment(team.calendar, till.clock.now())
    by = refused.limit.set_by if refused.limit is not None else refused.set_by
    names = await till.people.names(team.id, [by.by] if by is not None and by.by else [])
    if refused.reason in _MAY_NOT:
        return Refused(may_not(refused, attempt.member.asker, names=names, reader=attempt.member.id))
    sentence = cannot_hold(
        refused, running_asks=report.running_asks, moment=moment, names=names, reader=attempt.member.id
    )
    cheaper, room = None, _room(refused)
    if room is not None and others is not None:
        room = min(room, report.available_nanos, await _least_room(attempt.member, place, till))
        cheaper = _still_fitting(room, await others())
    if cheaper is not None:
        sentence = f"{sentence} {still_fits(cheaper)}"
    return Refused(sentence, attempt.id, _shortfall(refused, attempt, moment), cheaper)


async def _least_room(member: Member, place: Place, till: Till) -> int:
    """What every limit has room for: the books name only the first that has not enough."""
    limits = (await till.allowances.of(member, place)).limits
    spending = (each for each in limits if each[0].scope.measure in (Measure.SPEND, Measure.EACH))
    return min((limit.at_most - used.used - used.held for limit, used in spending), default=UNLIMITED)


def _still_fitting(room: int, others: Sequence[PlannedCall]) -> Quote | None:
    """The best model that what is left surely pays for."""
    fitting = [call for call in others if call.at_most_nanos <= room]
    best = max(fitting, key=lambda call: (call.call.model.tier, -call.about_nanos), default=None)
    return quote_of(best) if best is not None else None


def _room(refused: BooksRefused) -> int | None:
    limit = refused.limit
    if limit is not None:
        return limit.at_most - refused.used - refused.held if limit.scope.measure is Measure.SPEND else None
    return refused.available if refused.reason in (Reason.WALLET_EMPTY, Reason.WALLET_HELD) else None


def _shortfall(refused: BooksRefused, attempt: Attempt, moment: Moment) -> Shortfall | None:
    """What admins could give: budget, or more of a limit that is used up; not of one that the member set."""
    room = _room(refused)
    if room is None or refused.reason not in (Reason.WALLET_EMPTY, Reason.LIMIT):
        return None
    missing = max(refused.needed - room, 0)
    limit = refused.limit
    if limit is None:
        return Shortfall("", "", None, missing, attempt.id)
    if limit.set_by is not None and limit.set_by.target.startswith("own:"):
        return None
    period = limit.scope.period
    ends_at = moment.span(period).end if period is not None else None
    return Shortfall(limit.counter_id, limit.label, ends_at, missing, attempt.id)
