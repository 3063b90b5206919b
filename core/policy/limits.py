"""The limits that a ruling means for a hold, and where something of the period before may go on."""

from collections.abc import Iterable
from datetime import datetime

from core.periods import Moment
from core.policy.deciding import Ruling
from core.policy.settings import NONE, Setting
from core.quota import UNLIMITED, Limit, Scope, counter_id_of, subject_of
from core.together import Beside, goes_on_elsewhere

MEMBER_SCOPES = {Setting.DAY: Scope.MEMBER_DAY, Setting.WEEK: Scope.MEMBER_WEEK, Setting.MONTH: Scope.MEMBER_MONTH}
CHANNEL_SCOPES = {
    Setting.CHANNEL_DAY: Scope.CHANNEL_DAY,
    Setting.CHANNEL_WEEK: Scope.CHANNEL_WEEK,
    Setting.CHANNEL_MONTH: Scope.CHANNEL_MONTH,
}


def limits_of(ruling: Ruling, moment: Moment, team_id: str) -> tuple[Limit, ...]:
    """What a hold has to fit in, before anything is carried over or granted.

    The month is always counted, for what is spent is told by it; what else is not limited is not counted. A member's
    own limit stands beside the team's on the same counter, and is `final`: nothing comes on top of it.

    A place is counted for each team apart: two of them may share a channel, which has the same name for both.
    """
    member, place = ruling.member_id, ruling.place
    limits: list[Limit] = []
    if (in_flight := ruling.in_flight) is not None:
        by = ruling.values[Setting.IN_FLIGHT].set_by
        limits.append(Limit(Scope.MEMBER_IN_FLIGHT, member, "", in_flight, set_by=by))
    limits += _both(ruling, Setting.ASK, Scope.ASK, member, moment)
    for setting, scope in MEMBER_SCOPES.items():
        limits += _both(ruling, setting, scope, member, moment)
    channel = subject_of(team_id, place.platform, place.channel)
    for setting, scope in CHANNEL_SCOPES.items():
        limits += _teams(ruling, setting, scope, channel, moment)
    if place.thread:
        thread = subject_of(team_id, place.platform, place.channel, place.thread)
        limits += _teams(ruling, Setting.THREAD, Scope.THREAD, thread, moment)
    return tuple(limits)


def _both(ruling: Ruling, setting: Setting, scope: Scope, subject: str, moment: Moment) -> list[Limit]:
    limits, own = _teams(ruling, setting, scope, subject, moment), ruling.own.get(setting)
    if own is not None:
        label = moment.label(scope.period)
        limits.append(Limit(scope, subject, label, int(own.value), set_by=own.set_by, final=True))
    return limits


def _teams(ruling: Ruling, setting: Setting, scope: Scope, subject: str, moment: Moment) -> list[Limit]:
    ruled = ruling.values.get(setting)
    if ruled is not None and ruled.value != NONE:
        return [Limit(scope, subject, moment.label(scope.period), int(ruled.value), set_by=ruled.set_by)]
    if setting is not Setting.MONTH:
        return []
    set_by = ruled.set_by if ruled is not None else None
    return [Limit(scope, subject, moment.label(scope.period), UNLIMITED, set_by=set_by)]


def counter_before(
    limit: Limit, ruling: Ruling, moment: Moment, *, joined_at: datetime, accounts: Iterable[Beside] = ()
) -> str:
    """The counter of the period before, where something of it may go on; empty where nothing may.

    Nobody has anything left of a time before they came, nor twice of one in which another account (`accounts`) counted
    with theirs.
    """
    period = limit.scope.period
    if period is None or limit.final or not ruling.carry_at_most(limit.scope):
        return ""
    before = moment.before(period)
    if goes_on_elsewhere(accounts, before=before.start, begins=moment.span(period).start):
        return ""
    return "" if joined_at >= before.end else counter_id_of(limit.scope, limit.subject, before.label)
