"""Who looks after a team, and who has left it: somebody always does, and nobody who left spends."""

import pytest

from core.operations import Concluded, Held, Reason
from core.people import Asker
from core.rows import ActRow, IdentityRow, MemberRow, NoticeRow
from tests.bookkeeping import (
    claim,
    enrol,
    hold,
    line,
    note_identity,
    restore,
    set_admin,
    set_gone,
    settle,
)
from tests.core.ledger.conftest import Ledger


async def with_ben(ledger: Ledger, *, admin: bool = True) -> None:
    await ledger.apply(enrol("ben"))
    if admin:
        await ledger.apply(set_admin("ben-made", "ben"))


def admins(ledger: Ledger) -> list[str]:
    return [row.id for row in ledger.books.rows(MemberRow) if row.admin]


# --- admins ---


async def test_an_admin_makes_another_and_it_is_written_down(ledger: Ledger) -> None:
    await with_ben(ledger)
    act = ledger.one(ActRow, "ben-made")
    assert (admins(ledger), act.actor, act.kind, act.subject, act.words) == (
        ["anna", "ben"],
        "anna",
        "admin_add",
        "ben",
        "",
    )
    assert await ledger.refusal(set_admin("again", "ben")) is Reason.UNCHANGED


async def test_two_admins_who_remove_each_other_at_once_leave_one(ledger: Ledger) -> None:
    await with_ben(ledger)
    first = set_admin("a", "ben", admin=False, actor="anna", staying=("anna",))
    second = set_admin("b", "anna", admin=False, actor="ben", staying=("ben",))
    assert await ledger.apply(first) == Concluded()
    assert await ledger.refusal(second) is Reason.NOT_ADMIN
    assert admins(ledger) == ["anna"]


async def test_two_admins_who_step_down_at_once_leave_one(ledger: Ledger) -> None:
    await with_ben(ledger)
    assert await ledger.apply(set_admin("a", "anna", admin=False, actor="anna", staying=("ben",))) == Concluded()
    last = set_admin("b", "ben", admin=False, actor="ben", staying=("anna",))
    assert await ledger.refusal(last) is Reason.LAST_ADMIN


async def test_the_operator_does_not_take_the_last_admin_away_either(ledger: Ledger) -> None:
    last = set_admin("a", "anna", admin=False, actor="operator", by_right=True)
    assert await ledger.refusal(last) is Reason.LAST_ADMIN


async def test_who_left_looks_after_nothing(ledger: Ledger) -> None:
    await with_ben(ledger)
    await ledger.apply(set_gone("left", "ben"))
    down = set_admin("a", "anna", admin=False, actor="anna", staying=("ben",))
    assert await ledger.refusal(down) is Reason.LAST_ADMIN
    assert await ledger.refusal(set_admin("b", "anna", admin=False, actor="ben")) is Reason.NOT_ADMIN


async def test_whom_the_platform_makes_an_admin_is_one_that_stays(ledger: Ledger) -> None:
    await with_ben(ledger, admin=False)
    await ledger.apply(note_identity("seen", "ben"))
    down = set_admin("a", "anna", admin=False, actor="anna", identities=("test:team/ben",))
    assert await ledger.apply(down) == Concluded()


async def test_an_admin_of_the_platform_who_left_is_none_that_stays(ledger: Ledger) -> None:
    await with_ben(ledger, admin=False)
    await ledger.apply(note_identity("seen", "ben"))
    await ledger.apply(set_gone("left", "ben"))
    down = set_admin("a", "anna", admin=False, actor="anna", identities=("test:team/ben",))
    assert await ledger.refusal(down) is Reason.LAST_ADMIN


async def test_a_plain_member_makes_nobody_an_admin(ledger: Ledger) -> None:
    await with_ben(ledger, admin=False)
    assert await ledger.refusal(set_admin("a", "ben", actor="ben")) is Reason.NOT_ADMIN
    assert await ledger.apply(set_admin("b", "ben", actor="ben", by_right=True)) == Concluded()


async def test_admins_of_another_team_are_strangers(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2", admin=True))
    assert await ledger.refusal(set_admin("a", "zoe")) is Reason.NOT_FOUND
    assert await ledger.refusal(set_admin("b", "anna", admin=False, actor="zoe")) is Reason.NOT_ADMIN


# --- what a platform says ---


async def test_what_a_platform_says_is_written_down_only_when_it_changed(ledger: Ledger) -> None:
    assert await ledger.refusal(note_identity("same", admin=False)) is Reason.UNCHANGED
    await ledger.apply(note_identity("new", display_name="Anne"))
    assert ledger.one(IdentityRow, "test:team/anna").admin == 1
    assert ledger.one(MemberRow, "anna").display_name == "Anne"
    assert await ledger.refusal(note_identity("theirs", identity="test:team/ben")) is Reason.NOT_FOUND


# --- who left ---


async def test_who_left_one_platform_asks_by_none(ledger: Ledger) -> None:
    await with_ben(ledger, admin=False)
    await ledger.apply(enrol("ben", id="again", identity="other:one/ben"))
    await ledger.apply(set_gone("left", "ben", others=("other:one/ben",)))
    await ledger.apply(claim("a", member="ben"))
    assert await ledger.refusal(hold("a", 10)) is Reason.SUSPENDED
    act, notice = ledger.one(ActRow, "left"), ledger.one(NoticeRow, "left.notice")
    assert (act.kind, act.subject) == ("gone", "ben")
    assert notice.words.startswith("<ben> has left, says their platform")
    assert await ledger.refusal(set_gone("twice", "ben")) is Reason.UNCHANGED


async def test_what_runs_when_somebody_leaves_finishes(ledger: Ledger) -> None:
    await with_ben(ledger, admin=False)
    await ledger.apply(claim("a", member="ben"))
    await ledger.apply(hold("a", 10))
    await ledger.apply(set_gone("left", "ben"))
    await ledger.apply(settle("a", line(7)))
    assert ledger.wallet == (93, 0)


async def test_who_is_back_asks_again_once_they_are_gone_from_nowhere(ledger: Ledger) -> None:
    await with_ben(ledger, admin=False)
    await ledger.apply(enrol("ben", id="again", identity="other:one/ben"))
    here, there = "test:team/ben", "other:one/ben"
    await ledger.apply(set_gone("1", "ben", others=(there,)))
    await ledger.apply(set_gone("2", "ben", identity=there, others=(here,)))
    await ledger.apply(set_gone("3", "ben", gone=False, others=(there,)))
    assert ledger.one(MemberRow, "ben").suspended == 1
    await ledger.apply(set_gone("4", "ben", identity=there, gone=False, others=(here,)))
    assert ledger.one(MemberRow, "ben").suspended == 0
    assert ledger.one(NoticeRow, "4.notice").words == "<ben> is back, says their platform, and can ask again."


async def test_who_is_restored_asks_by_the_accounts_that_are_still_there(ledger: Ledger) -> None:
    await with_ben(ledger, admin=False)
    await ledger.apply(set_gone("left", "ben"))
    assert await ledger.refusal(restore("himself", "ben", actor="ben")) is Reason.NOT_ADMIN
    assert await ledger.apply(restore("again", "ben")) == Concluded()
    assert await ledger.refusal(restore("twice", "ben")) is Reason.UNCHANGED
    assert await ledger.refusal(set_gone("late", "ben")) is Reason.UNCHANGED  # the platform says it once more
    await ledger.apply(claim("a", member="ben"))
    assert await ledger.refusal(hold("a", 10, asker=Asker(gone=True))) is Reason.SUSPENDED
    assert isinstance(await ledger.apply(hold("a", 10)), Held)


@pytest.mark.parametrize("team", ["others", "team"])
async def test_who_is_nobody_of_a_team_does_not_leave_it(ledger: Ledger, team: str) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    op = set_gone("left", "zoe", team_id=team, wallet_id="wal")
    assert await ledger.refusal(op) is Reason.NOT_FOUND
