"""The weeks that a team is told of, as pure rules."""

from core.operations import Concluded, Reason
from core.rows import DigestRow, NoticeRow
from tests.bookkeeping import enrol
from tests.core.ledger.conftest import Ledger
from tests.telling import post_digest


async def test_a_week_is_told_once_whoever_posts_it(ledger: Ledger) -> None:
    assert await ledger.apply(post_digest("2026-W47", channel="C1", workspace="slack:T1")) == Concluded()
    assert await ledger.refusal(post_digest("2026-W47", id="another", words="other words")) is Reason.UNCHANGED
    (notice,) = ledger.books.rows(NoticeRow)
    assert (notice.id, notice.words, notice.channel) == ("digest:team:2026-W47", "2026-W47!", "C1")


async def test_an_earlier_week_is_not_told_after_a_later_one(ledger: Ledger) -> None:
    await ledger.apply(post_digest("2026-W53", weeks=2))
    assert await ledger.refusal(post_digest("2026-W52")) is Reason.UNCHANGED
    await ledger.apply(post_digest("2027-W01"))
    assert [(row.label, row.weeks) for row in ledger.books.rows(DigestRow)] == [("2026-W53", 2), ("2027-W01", 1)]


async def test_no_week_is_told_before_it_is_over_by_the_clock_of_the_books(ledger: Ledger) -> None:
    """What ends after it was told would be in no digest."""
    end_ms = int(ledger.clock.now().timestamp() * 1000) + 1
    assert await ledger.refusal(post_digest("2026-W47", end_ms=end_ms)) is Reason.NOT_DUE
    ledger.clock.advance(1)
    assert await ledger.apply(post_digest("2026-W47", end_ms=end_ms, id="later")) == Concluded()


async def test_another_team_is_told_nothing_of_it(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    assert await ledger.refusal(post_digest("2026-W47", team_id="others")) is Reason.NOT_FOUND
    assert ledger.books.rows(DigestRow) == []
