"""A member who spends five times what they usually do in a day: told once, whoever looks and however late."""

from datetime import UTC, datetime, timedelta

from core.announcement import notice_id
from core.notices import Notices
from core.rows import NoticeRow
from core.text.names import person
from core.unusual_spending import UNUSUAL, UnusualSpending
from tests.bookkeeping import USD, claim, enrol, hold, line, settle, top_up, zone
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople
from tests.forgetting import forget
from tests.linking import link
from tests.memory import MemoryNotices, MemoryPreferences
from tests.memory_reports import MemoryReports
from tests.memory_spending import MemorySpending

DAY = 86_400
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


class House:
    """Books of a team that has asked since the first of October, and processes beside them."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOON)
        self.books = MemoryBooks(self.clock)
        self.asked = 0

    async def starts(self) -> UnusualSpending:
        """A process that has looked at nothing yet."""
        people, books = MemoryPeople(self.books), self.books
        known, liked = MemoryNotices(books, self.clock), MemoryPreferences(books)
        notices = Notices(books, known, people, self.clock, preferred=liked, reports=MemoryReports(books))
        return UnusualSpending(MemorySpending(books), people, notices, self.clock)

    async def asks(self, nanos: int, member: str = "anna") -> None:
        self.asked += 1
        name = f"a{self.asked}"
        at_ms = int(self.clock.now().timestamp() * 1000)
        await self.books.apply(claim(name, member=member))
        await self.books.apply(hold(name, nanos, at_ms=at_ms))
        await self.books.apply(settle(name, line(nanos)))

    async def days(self, *nanos: int, member: str = "anna") -> None:
        """So much on each of the next days; nothing of it on a day of 0."""
        for each in nanos:
            if each:
                await self.asks(each, member)
            self.clock.advance(DAY)

    def told(self) -> list[str]:
        rows = [row for row in self.books.rows(NoticeRow) if row.kind == UNUSUAL]
        return [row.words for row in sorted(rows, key=lambda row: (row.at_ms, row.id))]


async def house() -> House:
    made = House()
    for member in ("anna", "ben"):
        await made.books.apply(enrol(member, member_month_limit_nanos=10_000 * USD))
    await made.books.apply(top_up("budget", 10_000 * USD))
    return made


async def test_five_times_the_usual_day_is_told_once_and_four_and_a_bit_is_not() -> None:
    at = await house()
    await at.days(*[2 * USD] * 10)
    looking = await at.starts()
    await at.asks(10 * USD - 1)
    await looking.run()
    assert at.told() == []
    await at.asks(1)
    for _ in range(2):
        await looking.run()
        await (await at.starts()).run()
    (words,) = at.told()
    assert words == (
        f"{person('anna')} spent $10.00 today (11 October) so far: 5 times what they spend on a usual day ($2.00, the "
        "average of 10 days of the 30 before, on which they asked). Nothing was stopped: if it should not go on, "
        "/limit sets what they can use, and /freeze stops them."
    )
    assert [row.id for row in at.books.rows(NoticeRow)] == [notice_id(UNUSUAL, "team", "anna:2026-10-11")]


async def test_a_day_that_was_over_before_anybody_looked_is_told_of_the_day_after_it() -> None:
    at = await house()
    await at.days(*[USD] * 5, 6 * USD)
    await (await at.starts()).run()
    assert len(at.told()) == 1
    assert "spent $6.00 on 6 October: 6 times" in at.told()[0]
    at.clock.advance(DAY)
    await (await at.starts()).run()
    assert len(at.told()) == 1


async def test_a_day_right_before_a_stop_of_days_is_told_after_it() -> None:
    """Nobody looked from Friday's midnight to Monday."""
    at = await house()
    looking = await at.starts()
    await at.days(*[USD] * 5)
    await looking.run()
    await at.days(6 * USD, 0, 0)
    for process in (looking, await at.starts()):
        await process.run()
    (words,) = at.told()
    assert "spent $6.00 on 6 October: 6 times" in words


async def test_who_asks_once_a_week_is_usual_each_time() -> None:
    at = await house()
    week = [3 * USD, 0, 0, 0, 0, 0, 0]
    await at.days(*week * 5)
    await at.asks(4 * USD)
    await (await at.starts()).run()
    assert at.told() == []


async def test_a_newcomer_has_no_usual_day_and_cents_alarm_nobody() -> None:
    at = await house()
    await at.days(*[USD // 1000] * 4)
    await at.asks(50 * USD)
    await at.days(*[USD // 1000] * 10, member="ben")
    await at.asks(USD - 1, "ben")
    await (await at.starts()).run()
    assert at.told() == []
    await at.asks(1, "ben")
    await (await at.starts()).run()
    assert [words.startswith(person("ben")) for words in at.told()] == [True]


async def test_what_was_longer_ago_than_thirty_days_is_not_usual_any_more() -> None:
    at = await house()
    await at.days(*[9 * USD] * 10, *[0] * 20, *[USD] * 10)
    await at.asks(5 * USD)
    await (await at.starts()).run()
    assert len(at.told()) == 1


async def test_accounts_of_one_person_count_as_one() -> None:
    """Neither of the two is unusual by itself."""
    at = await house()
    await at.days(*[USD] * 5)
    await link(at.books, "anna", "ben")
    await at.asks(3 * USD, "anna")
    await at.asks(3 * USD, "ben")
    await (await at.starts()).run()
    assert len(at.told()) == 1
    assert f"{person('anna')} spent $6.00" in at.told()[0]


async def test_who_is_forgotten_is_not_named() -> None:
    at = await house()
    await at.days(*[USD] * 5)
    await at.asks(9 * USD)
    await at.books.apply(forget("anna"))
    await (await at.starts()).run()
    assert at.told() == []


async def test_days_are_the_teams_own() -> None:
    """Half past nine in the evening in UTC is tomorrow in Kolkata."""
    at = await house()
    await at.books.apply(zone("move", "Asia/Kolkata"))
    await at.days(*[USD] * 5)
    await at.asks(3 * USD)
    at.clock.advance(timedelta(hours=9, minutes=30).seconds)
    await at.asks(3 * USD)
    await (await at.starts()).run()
    assert at.told() == []
