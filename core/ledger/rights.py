"""Who looks after a team, and who has left it: decided here, so that two admins who remove each other leave one."""

from core.columns import changed
from core.ledger.persons import person_wants, speaks_as
from core.operations import (
    Concluded,
    Forget,
    NoteIdentity,
    PartPeople,
    Prefer,
    Reason,
    Refused,
    Restore,
    SetAdmin,
    SetFrozen,
    SetGone,
    SetRule,
    SetZone,
)
from core.page import Page, Wanted
from core.people import OPERATOR
from core.rows import ActRow, IdentityRow, MemberRow, NoticeRow, Row, TeamRow

Result = tuple[Concluded | Refused, list[Row]]
Administrative = SetAdmin | Restore | SetFrozen | SetRule | SetZone | Forget | Prefer | PartPeople
DEPARTED = "departed"
"""The kind of notice that tells of who left, and who is back."""


def note_identity(op: NoteIdentity, page: Page, now_ms: int) -> Result:
    """Remember what the platform says now."""
    del now_ms
    member, identity = _member(op, page), page.get(IdentityRow, op.identity)
    account = page.get(MemberRow, identity.member_id) if identity is not None else None
    if member is None or identity is None or account is None or not _is_theirs(identity, member, page):
        return Refused(reason=Reason.NOT_FOUND), []
    rows: list[Row] = []
    if bool(identity.admin) != op.admin:
        rows.append(changed(identity, admin=int(op.admin)))
    if account.display_name != op.display_name:  # what they are called there: each account has its own name
        rows.append(changed(account, display_name=op.display_name))
    return (Concluded() if rows else Refused(reason=Reason.UNCHANGED)), rows


def set_admin(op: SetAdmin, page: Page, now_ms: int) -> Result:
    """Make somebody an admin, or no admin; somebody must stay one."""
    member = _member(op, page)
    if member is None or member.forgotten_at_ms:
        return Refused(reason=Reason.NOT_FOUND), []
    if not may_administer(op, page):
        return Refused(reason=Reason.NOT_ADMIN), []
    if bool(member.admin) == op.admin:
        return Refused(reason=Reason.UNCHANGED), []
    if not op.admin and not _somebody_stays(op, page):
        return Refused(reason=Reason.LAST_ADMIN), []
    kind = "admin_add" if op.admin else "admin_remove"
    return Concluded(), [changed(member, admin=int(op.admin)), _act(op, kind, member, now_ms)]


def may_administer(op: Administrative, page: Page) -> bool:
    """Whether the actor is an admin at this moment: whoever was one when they opened it may be none any more."""
    return op.actor == OPERATOR or op.by_right or is_admin(op.actor, op.team_id, page)


def is_admin(member_id: str, team_id: str, page: Page) -> bool:
    """Whether a member was made an admin and is one still."""
    member = page.get(MemberRow, member_id)
    return member is not None and member.team_id == team_id and bool(member.admin) and not member.suspended


def _somebody_stays(op: SetAdmin, page: Page) -> bool:
    if op.by_right and op.actor != OPERATOR:
        return True
    others = {op.actor, *op.staying} - {op.member_id, speaks_as(op.member_id, page.get), OPERATOR}
    identities = (page.get(IdentityRow, key) for key in op.identities)
    return any(is_admin(other, op.team_id, page) for other in others) or any(
        identity.admin and not identity.gone for identity in identities if identity is not None
    )


def set_gone(op: SetGone, page: Page, now_ms: int) -> Result:
    """An identity is gone, and so the member asks by none; or it is back."""
    member, identity = _member(op, page), page.get(IdentityRow, op.identity)
    if member is None or identity is None or not _is_theirs(identity, member, page):
        return Refused(reason=Reason.NOT_FOUND), []
    if bool(identity.gone) == op.gone:
        return Refused(reason=Reason.UNCHANGED), []
    others = (page.get(IdentityRow, key) for key in op.others if key != op.identity)
    elsewhere = any(other.gone for other in others if other is not None and _is_theirs(other, member, page))
    seen = changed(identity, gone=int(op.gone), admin=0 if op.gone else identity.admin)
    suspended = op.gone or (elsewhere and bool(member.suspended))
    act = _act(op, "gone" if op.gone else "back", member, now_ms)
    notice = NoticeRow(
        id=f"{op.id}.notice",
        team_id=op.team_id,
        kind=DEPARTED,
        words=_words(member.id, suspended=suspended),
        at_ms=now_ms,
    )
    return Concluded(), [seen, changed(member, suspended=int(suspended)), act, notice]


def _is_theirs(identity: IdentityRow, member: MemberRow, page: Page) -> bool:
    """Whether a member speaks by an identity, of whichever of their accounts."""
    return speaks_as(identity.member_id, page.get) == member.id


def _words(member_id: str, *, suspended: bool) -> str:
    who = f"<{member_id}>"
    if suspended:
        return (
            f"{who} has left, says their platform, and cannot ask any more; what runs finishes. "
            "/admin restore NAME lets them ask by another account."
        )
    return f"{who} is back, says their platform, and can ask again."


def restore(op: Restore, page: Page, now_ms: int) -> Result:
    """Let somebody ask again."""
    member = _member(op, page)
    if member is None:
        return Refused(reason=Reason.NOT_FOUND), []
    if not may_administer(op, page):
        return Refused(reason=Reason.NOT_ADMIN), []
    if not member.suspended:
        return Refused(reason=Reason.UNCHANGED), []
    return Concluded(), [changed(member, suspended=0), _act(op, "restore", member, now_ms)]


def _act(op: SetAdmin | SetGone | Restore, kind: str, of: MemberRow, now_ms: int) -> ActRow:
    return ActRow(id=op.id, team_id=op.team_id, actor=op.actor, kind=kind, words="", at_ms=now_ms, subject=of.id)


def _member(op: NoteIdentity | SetAdmin | SetGone | Restore, page: Page) -> MemberRow | None:
    """Whom an operation names, if they are of the team and it is of this wallet.

    What a platform says of an identity is about whoever speaks by it now, and what is said of an account about the
    person that it has become one with since it was looked up.
    """
    identity = page.get(IdentityRow, op.identity) if isinstance(op, SetGone) else None
    account = op.member_id if identity is None else identity.member_id
    team, member = page.get(TeamRow, op.team_id), page.get(MemberRow, speaks_as(account, page.get))
    ours = team is not None and team.wallet_id == op.wallet_id
    return member if ours and member is not None and member.team_id == op.team_id else None


def identity_wants(op: NoteIdentity | SetGone, page: Page) -> Wanted:
    """Rows that `note_identity` and `set_gone` read, beside the wallet."""
    keys = (op.identity, *(op.others if isinstance(op, SetGone) else ()))
    wanted: Wanted = [(TeamRow, op.team_id), *((IdentityRow, key) for key in keys)]
    seen = (page.peek(IdentityRow, key) for key in keys)
    accounts = (op.member_id, *(identity.member_id for identity in seen if identity is not None))
    return [*wanted, *(row for account in accounts for row in person_wants(account, page))]


def admin_wants(op: SetAdmin, page: Page) -> Wanted:
    """Rows that `set_admin` reads, beside the wallet."""
    wanted: Wanted = [(TeamRow, op.team_id), *person_wants(op.member_id, page)]
    wanted += [(MemberRow, member_id) for member_id in (op.member_id, op.actor, *op.staying)]
    return wanted + [(IdentityRow, key) for key in op.identities]


def restore_wants(op: Restore, page: Page) -> Wanted:
    """Rows that `restore` reads, beside the wallet."""
    return [(TeamRow, op.team_id), *person_wants(op.member_id, page), (MemberRow, op.actor)]
