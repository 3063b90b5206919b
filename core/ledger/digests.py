"""What a team is told of its weeks: each told once, and none after a later one."""

from core.announcement import DIGEST, notice_id
from core.columns import changed
from core.ledger.notices import told_id
from core.operations import Concluded, PostDigest, Reason, Refused
from core.page import Page, Wanted
from core.rows import DigestRow, NoticeRow, Row, TeamRow, ToldRow


def post_digest(op: PostDigest, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Note the week and its notice once it is over, unless this one or a later one is noted. Labels grow with time."""
    team = page.get(TeamRow, op.team_id)
    if team is None or team.wallet_id != op.wallet_id or team.part_of:
        return Refused(reason=Reason.NOT_FOUND), []
    told = page.get(ToldRow, told_id(op.team_id, DIGEST))
    if told is not None and op.label <= told.value:
        return Refused(reason=Reason.UNCHANGED), []
    if now_ms < op.end_ms:  # by the books' clock, which says what belongs to it: more may come
        return Refused(reason=Reason.NOT_DUE), []
    known = ToldRow(id=told_id(op.team_id, DIGEST), team_id=op.team_id, subject=DIGEST, value=op.label)
    week = DigestRow(
        id=f"{op.team_id}:{op.label}",
        team_id=op.team_id,
        label=op.label,
        start_ms=op.start_ms,
        end_ms=op.end_ms,
        weeks=op.weeks,
        at_ms=now_ms,
    )
    notice = NoticeRow(
        id=notice_id(DIGEST, op.team_id, op.label),
        team_id=op.team_id,
        kind=DIGEST,
        words=op.words,
        at_ms=now_ms,
        workspace=op.workspace,
        channel=op.channel,
        chart=op.chart,
    )
    return Concluded(), [known if told is None else changed(told, value=op.label), week, notice]


def digest_wants(op: PostDigest, page: Page) -> Wanted:
    """Rows that `post_digest` reads, beside the wallet."""
    del page
    return [(TeamRow, op.team_id), (ToldRow, told_id(op.team_id, DIGEST))]
