"""The team's rules: what admins set, and what members set for themselves; and the zone its periods are in."""

from zoneinfo import ZoneInfo

from core.columns import changed
from core.ledger.persons import LookAt, person_wants, speaks_as
from core.ledger.policy_rows import entries_of, policy_from
from core.ledger.rights import may_administer
from core.moments import from_ms
from core.operations import Concluded, Reason, Refused, SetRule, SetZone
from core.page import Page, Wanted
from core.periods import calendar_from, history_of
from core.policy import (
    Policy,
    Ruled,
    TargetKind,
    can_be_set,
    kind_of,
    member_target,
    named_in,
    own_target,
    policy_id,
)
from core.quota import SetBy
from core.rows import ActRow, MemberRow, PolicyRow, Row, TeamRow


def set_rule(op: SetRule, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Set one thing for one target, or take it away."""
    team = page.get(TeamRow, op.team_id)
    if team is None or team.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    by_themselves = op.target == own_target(op.actor)
    if not (by_themselves or may_administer(op, page)):
        return Refused(reason=Reason.NOT_ADMIN), []
    if op.value and not can_be_set(op.target, op.setting, op.value):
        return Refused(reason=Reason.NO_SUCH_RULE), []
    target = _target(op, page.get)
    row_id = policy_id(op.team_id, target)
    row = page.get(PolicyRow, row_id)
    entries = dict(policy_from(row.target, row.entries).entries) if row is not None else {}
    known = entries.pop(op.setting, None)
    if op.value == (known.value if known is not None else ""):
        return Refused(reason=Reason.UNCHANGED), []
    if op.value:
        entries[op.setting] = Ruled(op.value, SetBy(target, op.actor, now_ms))
    told = entries_of(Policy(target, entries))
    written = (
        PolicyRow(id=row_id, team_id=op.team_id, target=target, entries=told)
        if row is None
        else changed(row, entries=told)
    )
    act = ActRow(
        id=op.id,
        team_id=op.team_id,
        actor=op.actor,
        kind="rule",
        words=f"{op.setting} {op.value}".strip(),
        at_ms=now_ms,
        subject=target,
    )
    return Concluded(), [written, act]


def rule_wants(op: SetRule, page: Page) -> Wanted:
    """Rows that `set_rule` reads, beside the wallet."""
    whom = person_wants(named_in(op.target), page) if kind_of(op.target) in _OF_PEOPLE else []
    row_id = policy_id(op.team_id, _target(op, page.peek))
    return [(TeamRow, op.team_id), (MemberRow, op.actor), *whom, (PolicyRow, row_id)]


def _target(op: SetRule, look: LookAt) -> str:
    """For whom it is: of an account that is one with another since it was named, for the person."""
    kind = kind_of(op.target)
    return _OF_PEOPLE[kind](speaks_as(named_in(op.target), look)) if kind in _OF_PEOPLE else op.target


_OF_PEOPLE = {TargetKind.MEMBER: member_target, TargetKind.OWN: own_target}


def set_zone(op: SetZone, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Set the zone, and remember since when and what was before: what runs is counted to its end in that one."""
    team = page.get(TeamRow, op.team_id)
    if team is None or team.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if not may_administer(op, page):
        return Refused(reason=Reason.NOT_ADMIN), []
    if team.zone == op.zone:
        return Refused(reason=Reason.UNCHANGED), []
    now = from_ms(now_ms)
    calendar = calendar_from(team.zone, team.zones).with_zone(ZoneInfo(op.zone), now)
    act = ActRow(id=op.id, team_id=op.team_id, actor=op.actor, kind="zone", words=op.zone, at_ms=now_ms)
    return Concluded(), [changed(team, zone=op.zone, zones=history_of(calendar)), act]


def zone_wants(op: SetZone, page: Page) -> Wanted:
    """Rows that `set_zone` reads, beside the wallet."""
    del page
    return [(TeamRow, op.team_id), (MemberRow, op.actor)]
