"""What buttons stand for: kept for a day, and erased."""

from core.columns import changed
from core.defaults import CLOCK_SLACK_MS, KEEP_SEALED_MS
from core.operations import Concluded, ErasePress, KeepPress, Reason, Refused
from core.page import Change, Gone, Page, Wanted
from core.rows import KeptPressRow, MemberRow, Row, TeamRow


def keep_press(op: KeepPress, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Keep it; the same once more lasts a day from now."""
    team, member = page.get(TeamRow, op.team_id), page.get(MemberRow, op.member_id)
    known = team is not None and team.wallet_id == op.wallet_id and member is not None and member.team_id == team.id
    if not known or member is None or member.forgotten_at_ms:
        return Refused(reason=Reason.NOT_FOUND), []
    kept, until_ms = page.get(KeptPressRow, op.press_id), now_ms + KEEP_SEALED_MS
    if kept is None:
        sealed = op.sealed
        return Concluded(), [
            KeptPressRow(
                id=op.press_id, team_id=op.team_id, member_id=op.member_id, sealed=sealed, erase_after_ms=until_ms
            )
        ]
    if (kept.team_id, kept.member_id) != (op.team_id, op.member_id):
        return Refused(reason=Reason.NOT_FOUND), []
    return Concluded(), [changed(kept, erase_after_ms=until_ms)]


def keep_press_wants(op: KeepPress, page: Page) -> Wanted:
    """Rows that `keep_press` reads, beside the wallet."""
    del page
    return [(TeamRow, op.team_id), (MemberRow, op.member_id), (KeptPressRow, op.press_id)]


def erase_press(op: ErasePress, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Change]]:
    """Erase what was kept too long."""
    kept = page.get(KeptPressRow, op.press_id)
    team = page.get(TeamRow, kept.team_id) if kept is not None else None
    if kept is None or team is None or team.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if not has_lapsed(kept.erase_after_ms, now_ms):
        return Refused(reason=Reason.NOT_DUE), []
    return Concluded(), [Gone(kept)]


def erase_press_wants(op: ErasePress, page: Page) -> Wanted:
    """Rows that `erase_press` reads, beside the wallet."""
    kept = page.peek(KeptPressRow, op.press_id)
    return [(KeptPressRow, op.press_id), *([(TeamRow, kept.team_id)] if kept is not None else [])]


def has_lapsed(erase_after_ms: int, now_ms: int) -> bool:
    """Whether its day is over. Kept for more than a day to come: the clock was ahead when it was kept."""
    return not now_ms < erase_after_ms <= now_ms + KEEP_SEALED_MS + CLOCK_SLACK_MS
