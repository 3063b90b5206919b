"""What members and teams like to have: everybody says it for themselves, admins for the team."""

from core.columns import changed
from core.ledger.rights import may_administer
from core.operations import Concluded, Prefer, Reason, Refused
from core.page import Page, Wanted
from core.preferred import MAX_CHARS, act_words, channel_in, preferred_from, to_keep
from core.rows import ActRow, MemberRow, PreferenceRow, Row, TeamRow


def prefer(op: Prefer, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Set one thing, or take it away. What admins set for the team is an act."""
    team = page.get(TeamRow, op.team_id)
    if team is None or team.wallet_id != op.wallet_id or not _is_of_team(op, page):
        return Refused(reason=Reason.NOT_FOUND), []
    of_team = op.owner == op.team_id
    if not (may_administer(op, page) if of_team else op.actor == op.owner):
        return Refused(reason=Reason.NOT_ADMIN), []
    row = page.get(PreferenceRow, op.owner)
    preferred = preferred_from(row.entries) if row is not None else {}
    name, value = op.name[:MAX_CHARS], op.value[:MAX_CHARS]
    if preferred.pop(name, "") == value:
        return Refused(reason=Reason.UNCHANGED), []
    entries = to_keep({**preferred, name: value} if value else preferred)
    new = PreferenceRow(id=op.owner, team_id=op.team_id, entries=entries)
    rows: list[Row] = [new if row is None else changed(row, entries=entries)]
    if of_team:
        kind, subject = name.partition(" ")[0], channel_in(name, value)
        act = ActRow(
            id=op.id,
            team_id=op.team_id,
            actor=op.actor,
            kind=kind,
            words=act_words(name, value),
            at_ms=now_ms,
            subject=subject,
        )
        rows.append(act)
    return Concluded(), rows


def prefer_wants(op: Prefer, page: Page) -> Wanted:
    """Rows that `prefer` reads, beside the wallet."""
    del page
    return [(TeamRow, op.team_id), (MemberRow, op.actor), (MemberRow, op.owner), (PreferenceRow, op.owner)]


def _is_of_team(op: Prefer, page: Page) -> bool:
    if op.owner == op.team_id:
        return True
    member = page.get(MemberRow, op.owner)
    return member is not None and member.team_id == op.team_id and not member.forgotten_at_ms
