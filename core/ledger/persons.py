"""Several accounts that are one person: how they join and part, and who speaks as whom. docs/decisions/0034.

Nothing is moved: each account keeps its rows and its counters. While they are one, all of them speak as the one that
gave the code (`same_as`), and are bound by its rules; their counters count together (core/together.py).
"""

from collections.abc import Callable, Iterable, Mapping

from core.columns import changed
from core.ledger.rules_of_one import rules_apart, rules_for
from core.moments import from_ms, to_ms
from core.page import Change, Page, Wanted
from core.periods import REMEMBERED, Period, calendar_from
from core.policy import EVERYONE, member_target, own_target, policy_id
from core.rows import MemberRow, PolicyRow, TeamRow
from core.together import Beside, beside_from, counts_with

LookAt = Callable[[type[MemberRow], str], MemberRow | None]
MADE_BY_ANOTHER = 2
"""`MemberRow.admin` of who is an admin only because another account of theirs was made one."""


def speaks_as(member_id: str, look: LookAt) -> str:
    """The member as whom they speak and whose rules are theirs: themselves, unless they are one with another."""
    member = look(MemberRow, member_id)
    return member_id if member is None else member.same_as or member.id


def person_wants(member_id: str, page: Page) -> Wanted:
    """Rows that `speaks_as` reads, and the member's as whom they speak."""
    return [(MemberRow, member_id), (MemberRow, speaks_as(member_id, page.peek))]


def same_person(one: str, other: str, page: Page) -> bool:
    """Whether two members are one person now."""
    return one == other or speaks_as(one, page.get) == speaks_as(other, page.get)


def same_person_wants(one: str, other: str) -> Wanted:
    """Rows that `same_person` reads."""
    return [] if one == other else [(MemberRow, one), (MemberRow, other)]


def joined_with(member: MemberRow, page: Page) -> list[MemberRow]:
    """The further accounts of a person."""
    rows = (page.get(MemberRow, each.member_id) for each in beside_from(member.counts_with))
    return [row for row in rows if row is not None and row.same_as == member.id]


def join(first: MemberRow, second: MemberRow, page: Page, now_ms: int) -> list[Change]:
    """Two persons become one, who speaks as `first`."""
    rows = {row.id: row for row in _everybody_around(first, second, page=page)}
    accounts = [second, *joined_with(second, page)]
    for row in _counting_together(rows, first.id, second.id, now_ms):
        rows[row.id] = row
    came_ms = min(row.created_at_ms for row in (first, *accounts))
    for account in accounts:
        rows[account.id] = changed(rows[account.id], same_as=first.id)
    rows[first.id] = changed(
        rows[first.id],
        admin=first.admin or (MADE_BY_ANOTHER if second.admin else 0),
        frozen=max(first.frozen, second.frozen),
        welcomed_at_ms=max(first.welcomed_at_ms, second.welcomed_at_ms),
        created_at_ms=came_ms,
    )
    return [*rows.values(), *rules_for([first.id], (first.id, second.id), first.team_id, page)]


def part(person: MemberRow, team: TeamRow, page: Page, now_ms: int) -> list[Change]:
    """Each account speaks for itself again, with the rules, pauses and standing that the person had.

    They count together until nothing counts any more that was used by now.
    """
    accounts = joined_with(person, page)
    apart, until_ms = {row.id for row in accounts}, longest_period_ends(team, now_ms)
    changes: list[Change] = []
    for row in _everybody_around(person, page=page):
        beside = (
            _ending(each, until_ms, leads=row.id in apart) if {row.id, each.member_id} & apart else each
            for each in beside_from(row.counts_with)
        )
        now = changed(row, counts_with=counts_with(beside))
        if row.id in apart:
            admin = row.admin if person.admin and row.admin != MADE_BY_ANOTHER else 0
            now = changed(now, same_as="", admin=admin, frozen=person.frozen, suspended=person.suspended)
        if row.id == person.id and person.admin == MADE_BY_ANOTHER:
            now = changed(now, admin=0)
        changes.append(now)
    return [*changes, *rules_apart(sorted(apart), person.id, person.team_id, page)]


def _ending(beside: Beside, until_ms: int, *, leads: bool) -> Beside:
    """The same until then; what ends already ends as it did. What is left goes on with the account that led."""
    return beside if beside.until_ms else Beside(beside.member_id, until_ms, leads)


def longest_period_ends(team: TeamRow, now_ms: int) -> int:
    """When nothing that was used by now counts any more: the end of the month or the week, whichever is later."""
    calendar, now = calendar_from(team.zone, team.zones), from_ms(now_ms)
    ends = (calendar.span(period, now).end for period in (Period.MONTH, Period.WEEK))
    return to_ms(max(ends))


# --- who counts with whom ---


def _everybody_around(*persons: MemberRow, page: Page) -> list[MemberRow]:
    """These accounts and all that count with them, each once."""
    ids = dict.fromkeys(
        member_id for row in persons for member_id in (row.id, *(b.member_id for b in beside_from(row.counts_with)))
    )
    return [row for member_id in ids if (row := page.get(MemberRow, member_id)) is not None]


def _counting_together(rows: Mapping[str, MemberRow], first: str, second: str, now_ms: int) -> list[MemberRow]:
    """All of both sides with each other: as long as the shortest way between them lasts, or as they did."""
    pairs = {row.id: _lasting(row, now_ms) for row in rows.values()}
    left, right = {first: None, **pairs[first]}, {second: None, **pairs[second]}
    for one, to_first in left.items():
        for other, to_second in right.items():
            if one != other:
                _note(pairs, one, other, to_first, to_second)
    return [changed(rows[row_id], counts_with=counts_with(pairs[row_id].values())) for row_id in pairs]


def _lasting(row: MemberRow, now_ms: int) -> dict[str, Beside]:
    """Whom they count with, without what ended so long ago that nothing of it goes on any more."""
    kept_ms = int(REMEMBERED.total_seconds() * 1000)
    accounts = beside_from(row.counts_with)
    return {each.member_id: each for each in accounts if not each.until_ms or each.until_ms + kept_ms > now_ms}


def _note(
    pairs: Mapping[str, dict[str, Beside]], one: str, other: str, to_first: Beside | None, to_second: Beside | None
) -> None:
    """`to_first` is how `first` counts with `one`, `to_second` how `second` does with `other`; None: they are it."""
    ends = [way.until_ms for way in (to_first, to_second) if way is not None and way.until_ms]
    until_ms, known = min(ends, default=0), pairs[one].get(other)
    if known is not None and (not known.until_ms or 0 < until_ms <= known.until_ms):
        return
    leads = False
    if until_ms:  # what is left of a shared period goes on with one of them alone
        ended = to_first is not None and to_first.until_ms
        leads = not to_first.leads if ended and to_first is not None else bool(to_second and to_second.leads)
    pairs[one][other] = Beside(other, until_ms, leads)
    pairs[other][one] = Beside(one, until_ms, bool(until_ms) and not leads)


def around_wants(ids: Iterable[str], page: Page) -> Wanted:
    """Rows that joining and parting read of these members: their own, of all that count with them, and their rules."""
    wanted: Wanted = []
    for member_id in ids:
        wanted.append((MemberRow, member_id))
        row = page.peek(MemberRow, member_id)
        if row is None:
            continue
        others = [each.member_id for each in beside_from(row.counts_with)]
        wanted += [(MemberRow, other) for other in others]
        if row.same_as:
            wanted.append((MemberRow, row.same_as))
        for each in (member_id, *others):
            targets = member_target(each), own_target(each)
            wanted += [(PolicyRow, policy_id(row.team_id, target)) for target in (*targets, EVERYONE)]
    return wanted
