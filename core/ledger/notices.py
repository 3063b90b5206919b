"""What the admins of a team are told: each notice posted once, and told once by one process at a time."""

from core.columns import changed
from core.ledger.delivery import lease_is_over
from core.operations import Concluded, ConfirmNotice, PostNotice, Reason, Refused, Taken, TakeNotice, TellChange
from core.page import Page, Wanted
from core.rows import MemberRow, NoticeRow, Row, TeamRow, ToldRow


def post_notice(op: PostNotice, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Note it, unless it was."""
    if _team(op, page) is None:
        return Refused(reason=Reason.NOT_FOUND), []
    if page.get(NoticeRow, op.notice_id) is not None:
        return Refused(reason=Reason.UNCHANGED), []
    if op.member_id:
        member = page.get(MemberRow, op.member_id)
        if member is None or member.team_id != op.team_id or member.forgotten_at_ms:
            return Refused(reason=Reason.NOT_FOUND), []
    notice = changed(
        _notice(op.notice_id, op, now_ms),
        member_id=op.member_id,
        about=op.about,
        workspace=op.workspace,
        channel=op.channel,
        chart=op.chart,
    )
    return Concluded(), [notice]


def tell_change(op: TellChange, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Remember what they know by now; where there are words, they will read them."""
    if _team(op, page) is None:
        return Refused(reason=Reason.NOT_FOUND), []
    told = page.get(ToldRow, told_id(op.team_id, op.subject))
    known = told.value if told is not None else ""
    if known == op.value:
        return Refused(reason=Reason.UNCHANGED), []
    if known != op.was:
        return Refused(reason=Reason.SUPERSEDED), []
    row = ToldRow(id=told_id(op.team_id, op.subject), team_id=op.team_id, subject=op.subject, value=op.value)
    return Concluded(), [row, *([_notice(f"{op.id}.notice", op, now_ms)] if op.words else [])]


def told_id(team_id: str, subject: str) -> str:
    """The row that says what a team's admins know of a subject."""
    return f"{team_id}:{subject}"


def take_notice(op: TakeNotice, page: Page, now_ms: int) -> tuple[Taken | Refused, list[Row]]:
    """Take it on, if nobody told it and nobody is at it."""
    notice = _named(op, page)
    if notice is None:
        return Refused(reason=Reason.NOT_FOUND), []
    if notice.delivered_at_ms:
        return Refused(reason=Reason.SUPERSEDED), []
    if not lease_is_over(notice, now_ms):
        return Refused(reason=Reason.NOT_DUE), []
    taken = changed(notice, lease_until_ms=now_ms + op.lease_seconds * 1000, tries=notice.tries + 1)
    return Taken(attempt=taken.tries, again=notice.tries > 0), [taken]


def confirm_notice(op: ConfirmNotice, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """They have it, from somebody who took it on."""
    notice = _named(op, page)
    if notice is None:
        return Refused(reason=Reason.NOT_FOUND), []
    if notice.delivered_at_ms:
        return Refused(reason=Reason.UNCHANGED), []
    if not notice.tries:
        return Refused(reason=Reason.NOT_DUE), []
    return Concluded(), [changed(notice, delivered_at_ms=now_ms)]


def _notice(notice_id: str, op: PostNotice | TellChange, now_ms: int) -> NoticeRow:
    return NoticeRow(id=notice_id, team_id=op.team_id, kind=op.kind, words=op.words, at_ms=now_ms)


def _team(op: PostNotice | TellChange | TakeNotice | ConfirmNotice, page: Page) -> TeamRow | None:
    team = page.get(TeamRow, op.team_id)
    return team if team is not None and team.wallet_id == op.wallet_id else None


def _named(op: TakeNotice | ConfirmNotice, page: Page) -> NoticeRow | None:
    notice = page.get(NoticeRow, op.notice_id)
    return notice if _team(op, page) is not None and notice is not None and notice.team_id == op.team_id else None


def notice_wants(op: PostNotice | TakeNotice | ConfirmNotice, page: Page) -> Wanted:
    """Rows that these operations read, beside the wallet."""
    del page
    wanted: Wanted = [(TeamRow, op.team_id), (NoticeRow, op.notice_id)]
    return [*wanted, (MemberRow, op.member_id)] if isinstance(op, PostNotice) and op.member_id else wanted


def change_wants(op: TellChange, page: Page) -> Wanted:
    """Rows that `tell_change` reads, beside the wallet."""
    del page
    return [(TeamRow, op.team_id), (ToldRow, told_id(op.team_id, op.subject))]
