"""The rules as the books have them at the moment of a hold: nothing that was read before counts."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from core.operations import Hold, Rehold
from core.page import Page, Wanted
from core.people import Asker, Place
from core.periods import Moment, calendar_from
from core.policy import (
    Policy,
    Ruled,
    Ruling,
    Setting,
    counter_before,
    decide,
    limits_of,
    policy_id,
    targets_of,
)
from core.quota import CARRIED_FOR, Limit, Measure, Scope, SetBy, Totals, counter_id_of, in_force, lowest
from core.rows import KINDS, CounterRow, MemberRow, PolicyRow, RequestRow, TeamRow

_KIND_OF = {kind.table: kind for kind in KINDS}
Look = Callable[[type[CounterRow], str], CounterRow | None]


def ruling_on(op: Hold | Rehold, request: RequestRow, page: Page) -> Ruling:
    """What applies to this ask now."""
    rows = (page.get(PolicyRow, policy_id(request.team_id, target)) for target in _targets(op, request))
    said = tuple((row.target, row.entries) for row in rows if row is not None)
    return _decided(request.member_id, op.asker, place_of(request), said)


@lru_cache(maxsize=1024)
def _decided(member_id: str, asker: Asker, place: Place, said: tuple[tuple[str, str], ...]) -> Ruling:
    """Of the very words that stand in the rows: whoever asks again and again is not decided on anew."""
    return decide(member_id, asker, place, [policy_from(target, entries) for target, entries in said])


def limits_in_force(op: Hold | Rehold, request: RequestRow, ruling: Ruling, page: Page) -> list[Limit]:
    """Every limit that a hold has to fit in, carried and granted on top: the policy's, and the ask's own."""
    team = page.get(TeamRow, request.team_id)
    if team is None:
        return list(op.limits)
    moment = _counting(op, team, _after(op, team, ruling), page.get)
    joined_at = _joined_at(page.get(MemberRow, request.member_id), moment)
    limits = []
    for limit in limits_of(ruling, moment, request.team_id):
        counter = _totals(page, limit.counter_id) if limit.scope.measure is Measure.SPEND else None
        before = counter_before(limit, ruling, moment, joined_at=joined_at)
        last = _totals(page, before) if before else None
        most = ruling.carry_at_most(limit.scope) if before else 0
        limits.append(in_force(limit, counter or Totals(), last, carry_at_most=most))
    return list(lowest((*_beside(op, ruling), *limits)))


def _beside(op: Hold | Rehold, ruling: Ruling) -> Iterator[Limit]:
    """What the operator sets; how many run at a time only where the team does not say at this moment."""
    said = ruling.in_flight is not None
    return (limit for limit in op.limits if not (said and limit.scope is Scope.MEMBER_IN_FLIGHT))


def _totals(page: Page, counter_id: str) -> Totals | None:
    counter = page.get(CounterRow, counter_id)
    return None if counter is None else Totals(counter.used, counter.held, counter.granted, counter.limited_to)


def place_of(request: RequestRow) -> Place:
    """Where an ask was asked."""
    return Place(request.platform, request.workspace, request.channel, request.thread)


def likely(op: Hold | Rehold) -> Wanted:
    """The rows that whoever asks thinks it will need: looked for with the first ones, they save a round."""
    return [(_KIND_OF[table], row_id) for table, row_id in op.likely]


def wanted_in_force(op: Hold | Rehold, request: RequestRow, page: Page) -> Wanted:
    """The rows that say what limits allow: whose they are, the policy, and then the counters."""
    wanted: Wanted = [(TeamRow, request.team_id), (MemberRow, request.member_id)]
    wanted += [(PolicyRow, policy_id(request.team_id, target)) for target in _targets(op, request)]
    wanted += [(CounterRow, limit.counter_id) for limit in op.limits]
    team = page.peek(TeamRow, request.team_id)
    if team is None or not all(page.knows(kind, row_id) for kind, row_id in wanted):
        return wanted
    ruling = ruling_on(op, request, page)
    after = _after(op, team, ruling)
    wanted += [(CounterRow, counter_id) for counter_id in after]
    moment = _counting(op, team, after, page.peek)
    joined_at = _joined_at(page.peek(MemberRow, request.member_id), moment)
    for limit in limits_of(ruling, moment, request.team_id):
        before = counter_before(limit, ruling, moment, joined_at=joined_at)
        wanted += [(CounterRow, counter_id) for counter_id in (limit.counter_id, before) if counter_id]
    return wanted


def _targets(op: Hold | Rehold, request: RequestRow) -> tuple[str, ...]:
    return targets_of(request.member_id, op.asker, place_of(request))


def _moment(op: Hold | Rehold, team: TeamRow) -> Moment:
    """The moment whose periods count: the asker's process says, so that all of an ask counts in the same ones."""
    return Moment(calendar_from(team.zone, team.zones), _instant(op.at_ms))


def _after(op: Hold | Rehold, team: TeamRow, ruling: Ruling) -> dict[str, datetime]:
    """Where something may go on into the next period: its counters, and when it begins."""
    moment, after = _moment(op, team), {}
    for scope in CARRIED_FOR:
        if scope.period is not None and ruling.carry_at_most(scope):
            begins = moment.span(scope.period).end
            label = moment.calendar.label(scope.period, begins)
            after[counter_id_of(scope, ruling.member_id, label)] = begins
    return after


def _counting(op: Hold | Rehold, team: TeamRow, after: Mapping[str, datetime], look: Look) -> Moment:
    """As `_moment`, unless somebody has asked in the next period: what was left of this one has gone on into that.

    So a hold that comes late, or is made larger after midnight, counts there, and nothing is used twice.
    """
    moment = _moment(op, team)
    found = ((begins, look(CounterRow, counter_id)) for counter_id, begins in after.items())
    asked = (begins for begins, counter in found if counter is not None and counter.limited_to)
    return Moment(moment.calendar, max(asked, default=moment.at))


def _joined_at(member: MemberRow | None, moment: Moment) -> datetime:
    return _instant(member.created_at_ms) if member is not None else moment.at


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


@lru_cache(maxsize=1024)
def policy_from(target: str, entries: str) -> Policy:
    """What a policy row says."""
    told: Mapping[str, Mapping[str, str | int]] = json.loads(entries)
    return Policy(
        target,
        {
            Setting(name): Ruled(str(each["value"]), SetBy(target, str(each["by"]), int(each["at_ms"])))
            for name, each in told.items()
        },
    )


def entries_of(policy: Policy) -> str:
    """The same as a row keeps it."""
    told = {
        name.value: {"value": ruled.value, "by": ruled.set_by.by, "at_ms": ruled.set_by.at_ms}
        for name, ruled in policy.entries.items()
    }
    return json.dumps(told, separators=(",", ":"), sort_keys=True)
