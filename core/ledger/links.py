"""The codes by which two accounts become one person: given on one side, typed on the other, agreed to on both."""

from core.columns import changed
from core.defaults import LINK_CODE_MS, MAX_ACCOUNTS, MAX_WRONG_CODES, WRONG_CODES_MS
from core.ledger.persons import around_wants, join, joined_with, part, same_person, speaks_as
from core.ledger.rights import is_admin, may_administer
from core.operations import (
    AgreeToLink,
    Concluded,
    GiveCode,
    JoinPeople,
    LinkKind,
    LinkState,
    PartPeople,
    Reason,
    Refused,
    TypeCode,
    Typed,
    WrongCode,
)
from core.page import Change, Page, Wanted
from core.rows import ActRow, GuessRow, LinkRow, MemberRow, NoticeRow, Row, TeamRow

LINK = "link"
"""The kind of notice under which whoever gave a code agrees, or does not."""
OnCode = GiveCode | TypeCode | AgreeToLink | JoinPeople | PartPeople


def give_code(op: GiveCode, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Note the code."""
    if (refused := _may_link(op, page)) is not None:
        return refused, []
    if page.get(LinkRow, op.link_id) is not None:
        return Refused(reason=Reason.DECIDED), []
    given = LinkRow(
        id=op.link_id,
        kind=op.kind,
        team_id=op.team_id,
        member_id=op.member_id,
        place=op.place,
        state=LinkState.OPEN,
        made_at_ms=now_ms,
        until_ms=now_ms + LINK_CODE_MS,
    )
    return Concluded(), [given]


def type_code(op: TypeCode, page: Page, now_ms: int) -> tuple[Typed | WrongCode | Refused, list[Row]]:
    """Take it, if it is one; count it, if it is none."""
    if (refused := _may_link(op, page)) is not None:
        return refused, []
    guessed = _guessed(op, page, now_ms)
    if guessed.wrong >= MAX_WRONG_CODES:
        return Refused(reason=Reason.GUESSED), []
    link = page.get(LinkRow, op.link_id)
    if link is None:
        counted = changed(guessed, wrong=guessed.wrong + 1)
        return WrongCode(left=MAX_WRONG_CODES - counted.wrong), [counted]
    if (reason := _why_not_typed(op, link, page, now_ms)) is not None:
        return Refused(reason=reason), []
    by = {"typed_by": op.member_id, "typed_team": op.team_id, "typed_place": op.place}
    typed = link if link.state == LinkState.AGREED else changed(link, state=LinkState.TYPED, **by)
    said = Typed(link_id=link.id, team_id=link.team_id, member_id=link.member_id, place=link.place, state=typed.state)
    return said, [typed]


def _guessed(op: TypeCode, page: Page, now_ms: int) -> GuessRow:
    """What was wrong in the hour that runs. One that began later than now was begun by a clock that was ahead."""
    known = page.get(GuessRow, op.member_id)
    if known is not None and known.since_ms <= now_ms < known.since_ms + WRONG_CODES_MS:
        return known
    begun = GuessRow(id=op.member_id, team_id=op.team_id, since_ms=now_ms, wrong=0)
    return begun if known is None else changed(known, since_ms=now_ms, wrong=0)


def _why_not_typed(op: TypeCode, link: LinkRow, page: Page, now_ms: int) -> Reason | None:
    if link.kind != op.kind:
        return Reason.OTHER_KIND
    if link.state == LinkState.JOINED or link.typed_by not in ("", op.member_id):
        return Reason.DECIDED
    if _is_over(link, now_ms):
        return Reason.OVER
    if op.kind is LinkKind.TEAMS:
        return Reason.OWN_CODE if link.team_id == op.team_id else None
    if link.member_id == op.member_id:
        return Reason.OWN_CODE
    if link.team_id != op.team_id:
        return Reason.OTHER_TEAM
    if same_person(link.member_id, op.member_id, page):
        return Reason.UNCHANGED
    return Reason.SAME_WORKSPACE if link.place == op.place else None


def agree_to_link(op: AgreeToLink, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Ask whoever gave the code."""
    member, link = _member(op, page), page.get(LinkRow, op.link_id)
    if member is None or link is None or link.typed_by != op.member_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if member.suspended:
        return Refused(reason=Reason.SUSPENDED), []
    if link.kind == LinkKind.TEAMS and not (op.by_right or is_admin(op.member_id, op.team_id, page)):
        return Refused(reason=Reason.NOT_ADMIN), []
    if link.state != LinkState.TYPED:
        return Refused(reason=Reason.UNCHANGED if link.state == LinkState.AGREED else Reason.DECIDED), []
    if _is_over(link, now_ms):
        return Refused(reason=Reason.OVER), []
    asked = NoticeRow(
        id=f"{op.id}.notice",
        team_id=link.team_id,
        kind=LINK,
        words=op.words,
        at_ms=now_ms,
        member_id=link.member_id,
        about=link.id,
    )
    return Concluded(), [changed(link, state=LinkState.AGREED, until_ms=now_ms + LINK_CODE_MS), asked]


def join_people(op: JoinPeople, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Change]]:
    """Make one person of two, if both are as they were when they agreed."""
    link = page.get(LinkRow, op.link_id)
    if link is None or link.kind != LinkKind.PEOPLE or not same_person(op.member_id, link.member_id, page):
        return Refused(reason=Reason.NOT_FOUND), []
    if (reason := why_not_agreed(link, now_ms)) is not None:
        return Refused(reason=reason), []
    first = page.get(MemberRow, speaks_as(link.member_id, page.get))
    second = page.get(MemberRow, speaks_as(link.typed_by, page.get))
    team = page.get(TeamRow, op.team_id)
    ours = team is not None and team.wallet_id == op.wallet_id
    if not ours or any(each is None or each.team_id != op.team_id or each.forgotten_at_ms for each in (first, second)):
        return Refused(reason=Reason.NOT_FOUND), []
    assert first is not None  # noqa: S101 - looked at above
    assert second is not None  # noqa: S101 - the same
    if first.suspended or second.suspended:
        return Refused(reason=Reason.SUSPENDED), []
    if first.id == second.id:
        return Refused(reason=Reason.UNCHANGED), []
    if len(joined_with(first, page)) + len(joined_with(second, page)) + 2 > MAX_ACCOUNTS:
        return Refused(reason=Reason.TOO_MUCH), []
    act = ActRow(id=op.id, team_id=op.team_id, actor=first.id, kind="link", words="", at_ms=now_ms, subject=second.id)
    return Concluded(), [*join(first, second, page, now_ms), changed(link, state=LinkState.JOINED), act]


def part_people(op: PartPeople, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Change]]:
    """Let each account speak for itself."""
    person, team = _member(op, page), page.get(TeamRow, op.team_id)
    if person is None or team is None or person.same_as:
        return Refused(reason=Reason.NOT_FOUND), []
    if op.actor != op.member_id and not may_administer(op, page):
        return Refused(reason=Reason.NOT_ADMIN), []
    if not joined_with(person, page):
        return Refused(reason=Reason.UNCHANGED), []
    if op.actor == op.member_id and (op.gone or person.suspended):
        return Refused(reason=Reason.SUSPENDED), []
    act = ActRow(
        id=op.id, team_id=op.team_id, actor=op.actor, kind="unlink", words="", at_ms=now_ms, subject=op.member_id
    )
    return Concluded(), [*part(person, team, page, now_ms), act]


# --- what all of them need ---


def _may_link(op: GiveCode | TypeCode, page: Page) -> Refused | None:
    member = _member(op, page)
    if member is None or member.forgotten_at_ms:
        return Refused(reason=Reason.NOT_FOUND)
    if member.suspended or op.gone:
        return Refused(reason=Reason.SUSPENDED)
    admin = op.by_right or is_admin(op.member_id, op.team_id, page)
    return Refused(reason=Reason.NOT_ADMIN) if op.kind is LinkKind.TEAMS and not admin else None


def why_not_agreed(link: LinkRow, now_ms: int) -> Reason | None:
    """Why nothing is joined by this code now: both sides have to have agreed, in time, and once."""
    if link.state == LinkState.JOINED:
        return Reason.DECIDED
    if _is_over(link, now_ms):
        return Reason.OVER
    return Reason.NOT_DUE if link.state != LinkState.AGREED else None


def _is_over(link: LinkRow, now_ms: int) -> bool:
    """Whether its time is up. One that would last longer than any was made while the clock was ahead."""
    return not now_ms < link.until_ms <= now_ms + LINK_CODE_MS


def _member(op: OnCode, page: Page) -> MemberRow | None:
    """The member that an operation names, if they are of its team and that is of its wallet."""
    team, member = page.get(TeamRow, op.team_id), page.get(MemberRow, op.member_id)
    ours = team is not None and team.wallet_id == op.wallet_id
    return member if ours and member is not None and member.team_id == op.team_id else None


def code_wants(op: GiveCode | TypeCode | AgreeToLink | JoinPeople, page: Page) -> Wanted:
    """Rows that giving, typing and agreeing read, beside the wallet."""
    wanted: Wanted = [(TeamRow, op.team_id), (MemberRow, op.member_id), (LinkRow, op.link_id)]
    wanted += [(GuessRow, op.member_id)] if isinstance(op, TypeCode) else []
    link = page.peek(LinkRow, op.link_id)
    if link is None:
        return wanted
    both = [link.member_id, *([link.typed_by] if link.typed_by else [])]
    wanted += [(MemberRow, member_id) for member_id in both]
    if isinstance(op, JoinPeople):
        heads = [speaks_as(member_id, page.peek) for member_id in both]
        wanted += around_wants(dict.fromkeys((*both, *heads)), page)
    return wanted


def part_wants(op: PartPeople, page: Page) -> Wanted:
    """Rows that `part_people` reads, beside the wallet."""
    return [(TeamRow, op.team_id), (MemberRow, op.actor), *around_wants([op.member_id], page)]
