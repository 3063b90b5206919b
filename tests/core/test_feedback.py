"""A thumb on an answer: the asker's own, or nothing."""

from zoneinfo import ZoneInfo

from core.feedback import Feedback
from core.people import Member, Team
from core.periods import Calendar
from core.rows import RequestRow
from tests.bookkeeping import ask_settled, enrol, top_up
from tests.fakes import FakeClock, MemoryBooks

TEAM = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")))
ANNA = Member("anna", TEAM, "Anna", admin=True)
BEN = Member("ben", TEAM, "Ben")


async def answered() -> tuple[Feedback, MemoryBooks]:
    books = MemoryBooks(FakeClock())
    for member in (ANNA, BEN):
        await books.apply(enrol(member.id))
    await books.apply(top_up("budget", 100))
    await ask_settled(books, "a", 10, 3)
    return Feedback(books, FakeClock()), books


async def test_the_asker_gives_a_thumb_and_changes_it() -> None:
    feedback, books = await answered()
    assert await feedback.rate(ANNA, "a", 1)
    assert await feedback.rate(ANNA, "a", -1)
    assert [row.thumb for row in books.rows(RequestRow)] == [-1]


async def test_nobody_else_does_nor_on_what_is_not_there() -> None:
    feedback, books = await answered()
    assert not await feedback.rate(BEN, "a", 1)
    assert not await feedback.rate(ANNA, "nothing", 1)
    assert [row.thumb for row in books.rows(RequestRow)] == [0]
