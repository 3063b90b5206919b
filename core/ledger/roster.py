"""Teams, members and their limits. They go through the books' one writer, so that no two processes make them twice."""

from core.errors import OperationConflict
from core.operations import Concluded, Enrol, Enrolled, Reason, Refused, SetMonthLimit
from core.page import Page, Wanted
from core.rows import (
    NO_LIMIT_OF_THEIR_OWN,
    ActRow,
    IdentityRow,
    MemberRow,
    Row,
    TeamRow,
    WalletRow,
    WorkspaceRow,
    changed,
)


def enrol(op: Enrol, page: Page, now_ms: int) -> tuple[Enrolled, list[Row]]:
    """Make what is missing of team, wallet, member and identity."""
    rows: list[Row] = []
    workspace = page.get(WorkspaceRow, op.workspace)
    team = page.get(TeamRow, op.team_id if workspace is None else workspace.team_id)
    new_team = team is None
    if team is None:
        team = TeamRow(
            id=op.team_id,
            wallet_id=op.wallet_id,
            name=op.team_name,
            zone=op.zone,
            demo=int(op.demo),
            member_month_limit_nanos=op.member_month_limit_nanos,
            created_at_ms=now_ms,
        )
        rows.append(team)
        if page.get(WalletRow, op.wallet_id) is None:  # teams may share one
            rows.append(WalletRow(id=op.wallet_id))
    if workspace is None:
        rows.append(WorkspaceRow(id=op.workspace, team_id=team.id))
    identity = page.get(IdentityRow, op.identity)
    if identity is None:
        identity = IdentityRow(id=op.identity, member_id=op.member_id)
        rows += [*_member(op, team, page, now_ms), identity]
    outcome = Enrolled(member_id=identity.member_id, team_id=team.id, wallet_id=team.wallet_id, new_team=new_team)
    return outcome, rows


def _member(op: Enrol, team: TeamRow, page: Page, now_ms: int) -> list[Row]:
    known = page.get(MemberRow, op.member_id)
    if known is not None:
        if known.team_id != team.id:
            raise OperationConflict(f"Member {op.member_id} belongs to another team.")
        return []
    member = MemberRow(
        id=op.member_id,
        team_id=team.id,
        display_name=op.display_name,
        admin=int(op.admin),
        month_limit_nanos=NO_LIMIT_OF_THEIR_OWN,
        created_at_ms=now_ms,
    )
    return [member]


def set_month_limit(op: SetMonthLimit, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Set one member's monthly limit, or the team's."""
    team = page.get(TeamRow, op.team_id)
    if team is None or team.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    limited: Row = changed(team, member_month_limit_nanos=op.limit_nanos)
    if op.member_id:
        member = page.get(MemberRow, op.member_id)
        if member is None or member.team_id != team.id:
            return Refused(reason=Reason.NOT_FOUND), []
        limited = changed(member, month_limit_nanos=op.limit_nanos)
    words = f"{op.member_id or 'every member'}: {op.limit_nanos} nano-dollars a month"
    act = ActRow(id=op.id, team_id=team.id, actor=op.actor, kind="month_limit", words=words, at_ms=now_ms)
    return Concluded(), [limited, act]


def enrol_wants(op: Enrol, page: Page) -> Wanted:
    """Rows that `enrol` reads, beside the wallet."""
    wanted: Wanted = [
        (WorkspaceRow, op.workspace),
        (IdentityRow, op.identity),
        (TeamRow, op.team_id),
        (MemberRow, op.member_id),
    ]
    workspace = page.peek(WorkspaceRow, op.workspace)
    if workspace is not None:
        wanted.append((TeamRow, workspace.team_id))
    return wanted


def limit_wants(op: SetMonthLimit, page: Page) -> Wanted:
    """Rows that `set_month_limit` reads."""
    del page
    return [(TeamRow, op.team_id), *([(MemberRow, op.member_id)] if op.member_id else [])]
