"""The rules as the books have them at the moment of a hold: nothing that was read before counts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from core.ledger.persons import LookAt, speaks_as
from core.ledger.policy_rows import policy_from
from core.moments import from_ms
from core.operations import Hold, Rehold
from core.page import Page, Wanted
from core.people import Asker, Place
from core.periods import Moment, calendar_from
from core.policy import (
    Ruling,
    counter_before,
    decide,
    limits_of,
    policy_id,
    targets_of,
)
from core.quota import CARRIED_FOR, Limit, Measure, Scope, Totals, counter_id_of, in_force, lowest
from core.rows import KINDS, CounterRow, MemberRow, PolicyRow, RequestRow, TeamRow
from core.together import Beside, added_up, all_counters_beside, beside_from, counters_beside

_KIND_OF = {kind.table: kind for kind in KINDS}
Look = Callable[[type[CounterRow], str], CounterRow | None]


@dataclass(frozen=True, slots=True)
class InForce:
    """Every limit that a hold has to fit in. `beside` are, by a limit's counter, those that count with it: of the other
    accounts of one person (core/together.py)."""

    limits: tuple[Limit, ...]
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def ruling_on(op: Hold | Rehold, request: RequestRow, page: Page) -> Ruling:
    """What applies to this ask now, as whom its asker speaks now."""
    whom = speaks_as(request.member_id, page.get)
    rows = (page.get(PolicyRow, policy_id(request.team_id, target)) for target in _targets(op, request, whom))
    said = tuple((row.target, row.entries) for row in rows if row is not None)
    ruling = _decided(whom, op.asker, place_of(request), said)
    return ruling if whom == request.member_id else replace(ruling, member_id=request.member_id)


@lru_cache(maxsize=1024)
def _decided(member_id: str, asker: Asker, place: Place, said: tuple[tuple[str, str], ...]) -> Ruling:
    """Of the very words that stand in the rows: whoever asks again and again is not decided on anew."""
    return decide(member_id, asker, place, [policy_from(target, entries) for target, entries in said])


def limits_in_force(op: Hold | Rehold, request: RequestRow, ruling: Ruling, page: Page) -> InForce:
    """Every limit that a hold has to fit in, carried and granted on top: the policy's, and the ask's own."""
    team = page.get(TeamRow, request.team_id)
    if team is None:
        return InForce(op.limits)
    person = _Person.of(request, page.get)
    moment = _counting(op, team, _after(op, team, ruling, person), page.get)
    limits = []
    for limit in limits_of(ruling, moment, request.team_id):
        counter, last, most = None, None, 0
        if limit.scope.measure is Measure.SPEND:
            counter = _totals(page, limit.counter_id, person.beside(limit, moment))
        if before := person.counter_before(limit, ruling, moment):
            last = _totals(page, before, person.beside(limit, moment, before=True))
            most = ruling.carry_at_most(limit.scope)
        limits.append(in_force(limit, counter or Totals(), last, carry_at_most=most))
    counted = lowest((*_beside(op, ruling), *limits))
    beside = {limit.counter_id: others for limit in counted if (others := person.beside(limit, moment))}
    return InForce(counted, beside)


@dataclass(frozen=True, slots=True)
class _Person:
    """Whose ask it is: the account that asked, since when it is here, and those that count with it."""

    account: str
    joined_at: datetime | None
    others: tuple[Beside, ...]

    @staticmethod
    def of(request: RequestRow, look: LookAt) -> "_Person":
        member = look(MemberRow, request.member_id)
        if member is None:
            return _Person(request.member_id, None, ())
        return _Person(member.id, from_ms(member.created_at_ms), beside_from(member.counts_with))

    def beside(self, limit: Limit, moment: Moment, *, before: bool = False) -> tuple[str, ...]:
        """The counters that count with a limit's in the period that runs, or in the one before it."""
        if not self.others:
            return ()
        label, start, period = limit.label, moment.at, limit.scope.period
        if period is not None:
            span = moment.before(period) if before else moment.span(period)
            label, start = span.label if before else label, span.start
        return counters_beside(limit.scope, limit.subject, label, own=self.account, accounts=self.others, start=start)

    def counter_before(self, limit: Limit, ruling: Ruling, moment: Moment) -> str:
        """Where something of the period before may go on from."""
        joined_at = self.joined_at or moment.at
        return counter_before(limit, ruling, moment, joined_at=joined_at, accounts=self.others)

    def every_counter(self, scope: Scope, label: str) -> tuple[str, ...]:
        """What may count with theirs, whenever it began."""
        return all_counters_beside(scope, label, own=self.account, accounts=self.others) if self.others else ()


def _beside(op: Hold | Rehold, ruling: Ruling) -> Iterator[Limit]:
    """What the operator sets; how many run at a time only where the team does not say at this moment."""
    said = ruling.in_flight is not None
    return (limit for limit in op.limits if not (said and limit.scope is Scope.MEMBER_IN_FLIGHT))


def _totals(page: Page, counter_id: str, beside: Iterable[str] = ()) -> Totals | None:
    """What a counter says, together with those beside it."""
    return added_up(totals_of(page.get(CounterRow, each)) for each in (counter_id, *beside))


def totals_of(counter: CounterRow | None) -> Totals | None:
    """What a counter's row says."""
    return None if counter is None else Totals(counter.used, counter.held, counter.granted, counter.limited_to)


def place_of(request: RequestRow) -> Place:
    """Where an ask was asked."""
    return Place(request.platform, request.workspace, request.channel, request.thread)


def likely(op: Hold | Rehold) -> Wanted:
    """The rows that whoever asks thinks it will need: looked for with the first ones, they save a round."""
    return [(_KIND_OF[table], row_id) for table, row_id in op.likely]


def wanted_in_force(op: Hold | Rehold, request: RequestRow, page: Page) -> Wanted:
    """The rows that say what limits allow: whose they are, the policy, and then the counters."""
    whom = speaks_as(request.member_id, page.peek)
    wanted: Wanted = [(TeamRow, request.team_id), (MemberRow, request.member_id), (MemberRow, whom)]
    wanted += [(PolicyRow, policy_id(request.team_id, target)) for target in _targets(op, request, whom)]
    wanted += [(CounterRow, limit.counter_id) for limit in op.limits]
    team = page.peek(TeamRow, request.team_id)
    if team is None or not all(page.knows(kind, row_id) for kind, row_id in wanted):
        return wanted
    person = _Person.of(request, page.peek)
    ruling = ruling_on(op, request, page)
    after = _after(op, team, ruling, person)
    counters = {*after, *(each for limit in op.limits for each in person.every_counter(limit.scope, limit.label))}
    moment = _counting(op, team, after, page.peek)
    for limit in limits_of(ruling, moment, request.team_id):
        before = person.counter_before(limit, ruling, moment)
        counters |= {limit.counter_id, *person.every_counter(limit.scope, limit.label)}
        if before and limit.scope.period is not None:
            label = moment.before(limit.scope.period).label
            counters |= {before, *person.every_counter(limit.scope, label)}
    return wanted + [(CounterRow, counter_id) for counter_id in sorted(counters)]


def _targets(op: Hold | Rehold, request: RequestRow, whom: str) -> tuple[str, ...]:
    return targets_of(whom, op.asker, place_of(request))


def _moment(op: Hold | Rehold, team: TeamRow) -> Moment:
    """The moment whose periods count: the asker's process says, so that all of an ask counts in the same ones."""
    return Moment(calendar_from(team.zone, team.zones), from_ms(op.at_ms))


def _after(op: Hold | Rehold, team: TeamRow, ruling: Ruling, person: _Person) -> dict[str, datetime]:
    """Where something may go on into the next period: its counters, and when it begins."""
    moment, after = _moment(op, team), {}
    for scope in CARRIED_FOR:
        if scope.period is not None and ruling.carry_at_most(scope):
            begins = moment.span(scope.period).end
            label = moment.calendar.label(scope.period, begins)
            own = counter_id_of(scope, ruling.member_id, label)
            after.update(dict.fromkeys((own, *person.every_counter(scope, label)), begins))
    return after


def _counting(op: Hold | Rehold, team: TeamRow, after: Mapping[str, datetime], look: Look) -> Moment:
    """As `_moment`, unless somebody has asked in the next period: what was left of this one has gone on into that.

    So a hold that comes late, or is made larger after midnight, counts there, and nothing is used twice.
    """
    moment = _moment(op, team)
    found = ((begins, look(CounterRow, counter_id)) for counter_id, begins in after.items())
    asked = (begins for begins, counter in found if counter is not None and counter.limited_to)
    return Moment(moment.calendar, max(asked, default=moment.at))
