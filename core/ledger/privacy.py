"""What is known of a person: that they were told what asking means, and what is left of who is forgotten."""

from collections.abc import Iterator

from core.columns import changed
from core.ledger.delivery import erased
from core.ledger.persons import around_wants, joined_with, longest_period_ends, part
from core.ledger.policy_rows import policy_from
from core.ledger.rights import may_administer
from core.operations import Concluded, EraseTraces, Forget, LetGo, Reason, Refused, RequestState, Welcome
from core.page import Change, Gone, Page, Wanted
from core.policy import TYPED, UNTAGGED, Setting, Tagged, member_target, policy_id
from core.policy.settings import DENY
from core.quota import Scope, counter_id_of
from core.rows import (
    ActRow,
    BudgetRequestRow,
    CounterRow,
    ForgottenRow,
    IdentityRow,
    KeptPressRow,
    KeptRow,
    MemberRow,
    NoticeRow,
    PolicyRow,
    PreferenceRow,
    RequestRow,
    Row,
    TeamRow,
)
from core.together import beside_from

OnMember = Welcome | Forget | EraseTraces


def welcome(op: Welcome, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Row]]:
    """Note that they are told now, unless they were: of two first asks at once one tells them."""
    member = _member(op, page)
    if member is None:
        return Refused(reason=Reason.NOT_FOUND), []
    if member.welcomed_at_ms:
        return Refused(reason=Reason.UNCHANGED), []
    return Concluded(), [changed(member, welcomed_at_ms=now_ms)]


def forget(op: Forget, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Change]]:
    """Take the name and the identities away, and leave a hash of each by which the counters are found again.

    Of somebody who has several accounts, all are forgotten, each by itself.
    """
    member, team = _member(op, page), page.get(TeamRow, op.team_id)
    if member is None or team is None:
        return Refused(reason=Reason.NOT_FOUND), []
    if op.actor != op.member_id and not may_administer(op, page):
        return Refused(reason=Reason.NOT_ADMIN), []
    if member.forgotten_at_ms:
        return Refused(reason=Reason.UNCHANGED), []
    accounts = [member, *joined_with(member, page)]
    running = (page.get(CounterRow, _in_flight(each.id)) for each in accounts)
    if any(counter.held for counter in running if counter is not None):
        return Refused(reason=Reason.NOT_DUE), []
    changes, known = _apart(member, team, page, now_ms), {account.id for account in accounts}
    changes += [
        changed(row, display_name="", admin=0, forgotten_at_ms=now_ms)
        for row in (changes or [member])
        if isinstance(row, MemberRow) and row.id in known
    ]
    until_ms = longest_period_ends(team, now_ms)
    for key, digest in op.identities:
        identity = page.get(IdentityRow, key)
        if identity is not None and identity.member_id in known:
            changes += [Gone(identity), ForgottenRow(id=digest, member_id=identity.member_id, until_ms=until_ms)]
    preferences = (page.get(PreferenceRow, each.id) for each in accounts)
    changes += [Gone(row) for row in preferences if row is not None]
    act = ActRow(id=op.id, team_id=team.id, actor=op.actor, kind="forget", words="", at_ms=now_ms, subject=op.member_id)
    return Concluded(), [*changes, act]


def _apart(member: MemberRow, team: TeamRow, page: Page, now_ms: int) -> list[Change]:
    """That these accounts are one person is forgotten too. Their counters count together as long as any of it does."""
    return part(member, team, page, now_ms) if joined_with(member, page) else []


def _in_flight(member_id: str) -> str:
    return counter_id_of(Scope.MEMBER_IN_FLIGHT, member_id, "")


def erase_traces(op: EraseTraces, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Change]]:
    """Erase what can be told of them by what they asked, where, and what they were told."""
    if _member(op, page) is None:
        return Refused(reason=Reason.NOT_FOUND), []
    rows: list[Change] = []
    for ask_id in op.asks:
        request = page.get(RequestRow, ask_id)
        if request is not None and request.member_id == op.member_id and request.state != RequestState.RUNNING:
            told_ms = request.delivered_at_ms or now_ms  # there is nobody left to tell
            tagged = UNTAGGED if request.tag_by == TYPED else Tagged(request.tag, request.tag_by)  # their words go
            rows.append(
                changed(request, channel="", thread="", tag=tagged.name, tag_by=tagged.by, delivered_at_ms=told_ms)
            )
            rows += erased(page, ask_id)
    for notice_id in op.notices:
        notice = page.get(NoticeRow, notice_id)
        if notice is not None and notice.member_id == op.member_id:
            told_ms, tries = notice.delivered_at_ms or now_ms, max(notice.tries, 1)  # this is the last: nobody is left
            rows.append(changed(notice, words="", delivered_at_ms=told_ms, tries=tries))
    for request_id in op.budget_requests:
        wish = page.get(BudgetRequestRow, request_id)
        if wish is not None and wish.member_id == op.member_id:
            rows.append(changed(wish, reason=""))
    for press_id in op.presses:
        press = page.get(KeptPressRow, press_id)
        if press is not None and press.member_id == op.member_id:
            rows.append(Gone(press))
    return Concluded(), rows


def let_go(op: LetGo, page: Page, now_ms: int) -> tuple[Concluded | Refused, list[Change]]:
    """Erase the hash, once nothing of its member counts any more."""
    left = page.get(ForgottenRow, op.forgotten_id)
    if left is None:
        return Refused(reason=Reason.NOT_FOUND), []
    member = page.get(MemberRow, left.member_id)
    team = page.get(TeamRow, member.team_id) if member is not None else None
    if team is None or team.wallet_id != op.wallet_id:
        return Refused(reason=Reason.NOT_FOUND), []
    if still_counts(left, member, page, now_ms):
        return Refused(reason=Reason.NOT_DUE), []
    return Concluded(), [Gone(left)]


def still_counts(left: ForgottenRow, member: MemberRow | None, page: Page, now_ms: int) -> bool:
    """Whether somebody who comes back is to be known again: their limits run on, or they may not ask."""
    if member is None:
        return now_ms < left.until_ms
    return bool(member.frozen or member.suspended or _denied(member, page)) or now_ms < left.until_ms


def _denied(member: MemberRow, page: Page) -> bool:
    """Whether an admin said of them by name that they may not ask."""
    row = page.get(PolicyRow, _about(member))
    said = policy_from(row.target, row.entries).entries.get(Setting.MAY_ASK) if row is not None else None
    return said is not None and said.value == DENY


def _about(member: MemberRow) -> str:
    return policy_id(member.team_id, member_target(member.id))


def returning_wants(left: ForgottenRow, page: Page) -> Wanted:
    """Rows that `still_counts` reads of the member whose hash it is."""
    member = page.peek(MemberRow, left.member_id)
    return [(MemberRow, left.member_id), *([(PolicyRow, _about(member))] if member is not None else [])]


def _member(op: OnMember, page: Page) -> MemberRow | None:
    """The member that an operation names, in its wallet."""
    team, member = page.get(TeamRow, op.team_id), page.get(MemberRow, op.member_id)
    known = team is not None and team.wallet_id == op.wallet_id and member is not None and member.team_id == team.id
    return member if known else None


def member_wants(op: OnMember, page: Page) -> Wanted:
    """Rows that these operations read, beside the wallet."""
    return [(TeamRow, op.team_id), (MemberRow, op.member_id), *_more(op, page)]


def _more(op: OnMember, page: Page) -> Iterator[tuple[type[Row], str]]:
    match op:
        case Forget():
            yield MemberRow, op.actor
            yield from around_wants([op.member_id], page)
            person = page.peek(MemberRow, op.member_id)
            for each in (op.member_id, *(b.member_id for b in beside_from(person.counts_with if person else ""))):
                yield PreferenceRow, each
                yield CounterRow, _in_flight(each)
            for key, digest in op.identities:
                yield IdentityRow, key
                yield ForgottenRow, digest
        case EraseTraces():
            for ask_id in op.asks:
                yield RequestRow, ask_id
                yield KeptRow, ask_id
            yield from ((NoticeRow, notice_id) for notice_id in op.notices)
            yield from ((BudgetRequestRow, request_id) for request_id in op.budget_requests)
            yield from ((KeptPressRow, press_id) for press_id in op.presses)


def let_go_wants(op: LetGo, page: Page) -> Wanted:
    """Rows that `let_go` reads, beside the wallet."""
    wanted: Wanted = [(ForgottenRow, op.forgotten_id)]
    left = page.peek(ForgottenRow, op.forgotten_id)
    if left is not None:
        wanted += returning_wants(left, page)
        member = page.peek(MemberRow, left.member_id)
        wanted += [(TeamRow, member.team_id)] if member is not None else []
    return wanted
