"""What admins are told: a notice is one however often it is posted, and is told by one at a time."""

from core.defaults import DELIVERY_LEASE_SECONDS
from core.operations import Concluded, Reason, Taken
from core.rows import NoticeRow, ToldRow
from tests.bookkeeping import confirm_notice, enrol, post_notice, take_notice, tell_change
from tests.core.ledger.conftest import Ledger


async def test_the_same_notice_is_posted_once(ledger: Ledger) -> None:
    assert await ledger.apply(post_notice("gone")) == Concluded()
    assert await ledger.refusal(post_notice("gone", id="again", words="in other words")) is Reason.UNCHANGED
    assert ledger.one(NoticeRow, "gone").words == "gone!"


async def test_one_at_a_time_tells_it(ledger: Ledger) -> None:
    await ledger.apply(post_notice("gone"))
    assert await ledger.apply(take_notice("gone")) == Taken(attempt=1, again=False)
    assert await ledger.refusal(take_notice("gone", id="another")) is Reason.NOT_DUE
    ledger.clock.advance(DELIVERY_LEASE_SECONDS)
    assert await ledger.apply(take_notice("gone", id="another")) == Taken(attempt=2, again=True)


async def test_what_was_told_is_not_told_again(ledger: Ledger) -> None:
    await ledger.apply(post_notice("gone"))
    assert await ledger.refusal(confirm_notice("gone")) is Reason.NOT_DUE
    await ledger.apply(take_notice("gone"))
    assert await ledger.apply(confirm_notice("gone")) == Concluded()
    assert await ledger.refusal(confirm_notice("gone", id="late")) is Reason.UNCHANGED
    ledger.clock.advance(DELIVERY_LEASE_SECONDS)
    assert await ledger.refusal(take_notice("gone", id="another")) is Reason.SUPERSEDED
    assert await ledger.refusal(post_notice("gone", id="again")) is Reason.UNCHANGED


async def test_a_lease_of_a_clock_that_was_ahead_binds_nobody(ledger: Ledger) -> None:
    await ledger.apply(post_notice("gone"))
    ledger.clock.advance(10 * 86_400)
    await ledger.apply(take_notice("gone"))
    ledger.clock.advance(-10 * 86_400)
    assert await ledger.apply(take_notice("gone", id="another")) == Taken(attempt=2, again=True)


async def test_another_team_s_notices_are_not_there(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    await ledger.apply(post_notice("gone"))
    theirs = {"wallet_id": "wal2", "team_id": "others"}
    assert await ledger.refusal(take_notice("gone", **theirs)) is Reason.NOT_FOUND
    assert await ledger.refusal(confirm_notice("gone", **theirs)) is Reason.NOT_FOUND
    assert await ledger.refusal(post_notice("x", team_id="others")) is Reason.NOT_FOUND
    assert await ledger.refusal(tell_change("price", "", "1", team_id="nobody's")) is Reason.NOT_FOUND


async def test_a_change_is_told_by_the_first_who_sees_it(ledger: Ledger) -> None:
    assert await ledger.apply(tell_change("price", "", "12", words="")) == Concluded()
    assert ledger.books.rows(NoticeRow) == []
    assert await ledger.apply(tell_change("price", "12", "14")) == Concluded()
    assert await ledger.refusal(tell_change("price", "12", "14", id="another")) is Reason.UNCHANGED
    assert await ledger.refusal(tell_change("price", "12", "15")) is Reason.SUPERSEDED
    assert [notice.words for notice in ledger.books.rows(NoticeRow)] == ["price is 14"]
    assert ledger.one(ToldRow, "team:price").value == "14"


async def test_a_change_back_and_forth_is_told_each_time(ledger: Ledger) -> None:
    values = ("good", "broken", "good", "broken")
    for number, (was, value) in enumerate(zip(("", *values), values, strict=False)):
        await ledger.apply(tell_change("file", was, value, id=f"tell{number}"))
    assert len(ledger.books.rows(NoticeRow)) == len(values)
