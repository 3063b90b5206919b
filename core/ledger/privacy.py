"""What is known of a person: that they were told what asking means, and what is left of who is forgotten."""

from core.columns import changed
from core.operations import Concluded, Reason, Refused, Welcome
from core.page import Page, Wanted
from core.rows import MemberRow, Row, TeamRow


def welcome(op: Welcome, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Note that they are told now, unless they were: of two first asks at once one tells them."""
    member = _member(op, page)
    if member is None:
        return Refused(reason=Reason.NOT_FOUND), []
    if member.welcomed_at_ms:
        return Refused(reason=Reason.UNCHANGED), []
    return Concluded(), [changed(member, welcomed_at_ms=now_ms)]


def _member(op: Welcome, page: Page) -> MemberRow | None:
    """The member that an operation names, in its wallet."""
    team, member = page.get(TeamRow, op.team_id), page.get(MemberRow, op.member_id)
    known = team is not None and team.wallet_id == op.wallet_id and member is not None and member.team_id == team.id
    return member if known else None


def member_wants(op: Welcome, page: Page) -> Wanted:
    """Rows that `welcome` reads, beside the wallet."""
    del page
    return [(TeamRow, op.team_id), (MemberRow, op.member_id)]
