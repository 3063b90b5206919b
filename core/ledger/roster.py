"""Teams and members. They go through the books' one writer, so that no two processes make them twice."""

from core.columns import changed
from core.errors import OperationConflict
from core.ledger.holding import BY_ADMIN, BY_OPERATOR
from core.ledger.persons import person_wants, speaks_as
from core.ledger.policy_rows import entries_of
from core.ledger.privacy import returning_wants, still_counts
from core.ledger.rights import may_administer
from core.operations import Concluded, Enrol, Enrolled, Reason, Refused, SetFrozen
from core.page import Change, Gone, Page, Wanted
from core.people import OPERATOR
from core.policy import EVERYONE, Policy, Ruled, Setting, policy_id
from core.quota import SetBy
from core.rows import ActRow, ForgottenRow, IdentityRow, MemberRow, PolicyRow, Row, TeamRow, WalletRow, WorkspaceRow


def enrol(op: Enrol, page: Page, now_ms: int) -> tuple[Enrolled, list[Change]]:
    """Make what is missing of team, wallet, member and identity."""
    rows: list[Change] = []
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
            created_at_ms=now_ms,
        )
        rows += [team, _first_policy(op)]
        if page.get(WalletRow, op.wallet_id) is None:  # teams may share one
            rows.append(WalletRow(id=op.wallet_id))
    if workspace is None:
        rows.append(WorkspaceRow(id=op.workspace, team_id=team.id))
    identity = page.get(IdentityRow, op.identity)
    left = page.get(ForgottenRow, op.identity_digest) if identity is None and op.identity_digest else None
    if left is not None:
        known = page.get(MemberRow, left.member_id)
        rows.append(Gone(left))
        if known is not None and known.team_id == team.id and still_counts(left, known, page, now_ms):
            identity = IdentityRow(id=op.identity, member_id=known.id)
            rows += [_known_again(op, known), identity]
    if identity is None:
        identity = IdentityRow(id=op.identity, member_id=op.member_id)
        rows += [*_member(op, team, page, now_ms), identity]
    outcome = Enrolled(member_id=identity.member_id, team_id=team.id, wallet_id=team.wallet_id, new_team=new_team)
    return outcome, rows


def _known_again(op: Enrol, member: MemberRow) -> MemberRow:
    """Somebody who was forgotten comes back to their counters, frozen or suspended as they were; told all anew."""
    name, admin = op.display_name, int(op.admin or bool(member.admin))
    return changed(member, display_name=name, admin=admin, welcomed_at_ms=0, forgotten_at_ms=0)


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
        created_at_ms=now_ms,
    )
    return [member]


def _first_policy(op: Enrol) -> PolicyRow:
    """What a team begins with: a monthly limit for everyone, by the defaults."""
    entries = {Setting.MONTH: Ruled(str(op.member_month_limit_nanos), SetBy(EVERYONE))}
    row_id = policy_id(op.team_id, EVERYONE)
    return PolicyRow(id=row_id, team_id=op.team_id, target=EVERYONE, entries=entries_of(Policy(EVERYONE, entries)))


def set_frozen(op: SetFrozen, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Pause asking for a member or a team, or let it go on."""
    found = _named(op, page)
    if found is None:
        return Refused(reason=Reason.NOT_FOUND), []
    if not may_administer(op, page):
        return Refused(reason=Reason.NOT_ADMIN), []
    by_operator = op.actor == OPERATOR
    if not op.frozen and found.frozen == BY_OPERATOR and not by_operator:
        return Refused(reason=Reason.OPERATORS), []
    frozen = (BY_OPERATOR if by_operator else BY_ADMIN) if op.frozen else 0
    if found.frozen == frozen or (op.frozen and found.frozen == BY_OPERATOR):
        return Refused(reason=Reason.UNCHANGED), []
    act = ActRow(
        id=op.id,
        team_id=op.team_id,
        actor=op.actor,
        kind="freeze" if op.frozen else "unfreeze",
        words=op.reason,
        at_ms=now_ms,
        subject=found.id if isinstance(found, MemberRow) else "",
    )
    return Concluded(), [changed(found, frozen=frozen), act]


def _named(op: SetFrozen, page: Page) -> TeamRow | MemberRow | None:
    """The member that an operation names, or the team when it names none; None for what is not of this wallet."""
    team = page.get(TeamRow, op.team_id)
    if team is None or team.wallet_id != op.wallet_id:
        return None
    if not op.member_id:
        return team
    member = page.get(MemberRow, speaks_as(op.member_id, page.get))  # it may be one with another since it was named
    return member if member is not None and member.team_id == team.id else None


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
    if op.identity_digest:
        wanted.append((ForgottenRow, op.identity_digest))
        left = page.peek(ForgottenRow, op.identity_digest)
        wanted += returning_wants(left, page) if left is not None else []
    return wanted


def set_wants(op: SetFrozen, page: Page) -> Wanted:
    """Rows that `set_frozen` reads, beside the wallet."""
    named = person_wants(op.member_id, page) if op.member_id else []
    return [(TeamRow, op.team_id), (MemberRow, op.actor), *named]
