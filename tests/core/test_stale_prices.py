"""Prices that nobody looked at for a quarter of a year: one notice a month for all of them."""

from datetime import timedelta

from core.models import PRACTICE, Model
from core.notices import Notices
from core.rows import NoticeRow
from core.stale_prices import StalePrices
from tests.bookkeeping import enrol
from tests.fakes import START, FakeClock, FixedCatalogue, MemoryBooks, MemoryPeople, a_model, a_price
from tests.memory import MemoryNotices, MemoryPreferences
from tests.memory_reports import MemoryReports

DAY = 86_400


def old(title: str, days: int, **fields: object) -> Model:
    since = START.date() - timedelta(days=days)
    return a_model(id=title.lower(), title=title, prices=(a_price(effective_from=since),), **fields)


class House:
    """Books of a team, and what a process tells it of its catalogue."""

    def __init__(self, *models: Model) -> None:
        self.clock = FakeClock()
        self.books = MemoryBooks(self.clock)
        self.catalogue = FixedCatalogue(models, {})

    async def of_last_week(self, *, demo: bool = False) -> "House":
        """With a team that came a week ago."""
        self.clock.advance(-7 * DAY)
        await self.books.apply(enrol(demo=demo))
        self.clock.advance(7 * DAY)
        return self

    def process(self) -> StalePrices:
        """One that has just been started."""
        people, books = MemoryPeople(self.books), self.books
        known = MemoryNotices(books, self.clock)
        notices = Notices(
            books, known, people, self.clock, preferred=MemoryPreferences(books), reports=MemoryReports(books)
        )
        return StalePrices(self.catalogue, notices, people, self.clock)

    async def runs(self, process: StalePrices | None = None) -> list[str]:
        """What its team was told when a process, by default a new one, has had its rounds."""
        prices = process or self.process()
        await prices.run()
        await prices.run()
        rows = sorted(self.books.rows(NoticeRow), key=lambda row: row.at_ms)
        return [row.words for row in rows]


async def test_all_of_them_stand_in_one_notice_the_oldest_first() -> None:
    models = (old(f"Model {days}", days) for days in (91, 200, 90, 92, 400, 93))
    house = await House(*models).of_last_week()
    (words,) = await house.runs()
    assert words == (
        "The prices of 5 models are older than 90 days: Model 400 (17 October 2025), Model 200 (5 May 2026), "
        "Model 93 (20 August 2026) and 2 more. What is charged may not be what the provider takes by now. Whoever runs "
        "Chipin compares them with their sources, and puts what has changed into MODELS_FILE."
    )


async def test_it_is_told_once_a_month_by_whoever_is_started() -> None:
    house = await House(old("Small", 100)).of_last_week()
    assert len(await house.runs()) == len(await house.runs()) == 1
    house.clock.advance(8 * DAY)
    assert len(await house.runs()) == 1
    house.clock.advance(2 * DAY)
    told = await house.runs()
    assert [words.partition(":")[0] for words in told] == ["The price of this model is older than 90 days"] * 2


async def test_a_first_week_does_not_begin_with_it() -> None:
    """To the second, and by the same process: nobody starts it again for that."""
    house = await House(old("Small", 100)).of_last_week()
    process = house.process()
    house.clock.advance(-1)
    assert await house.runs(process) == []
    house.clock.advance(1)
    assert len(await house.runs(process)) == 1


async def test_who_came_last_week_is_told_and_who_came_today_is_not() -> None:
    house = await House(old("Small", 100)).of_last_week()
    await house.books.apply(enrol("zoe", team="others", wallet="wal2"))
    assert len(await house.runs()) == 1
    assert {row.team_id for row in house.books.rows(NoticeRow)} == {"team"}


async def test_what_costs_nothing_is_new_or_is_practice_money_has_no_old_price() -> None:
    house = House(old("New", 90), old("Free", 99, free=True), old("Try", 99, provider=PRACTICE))
    assert await (await house.of_last_week()).runs() == []


async def test_who_only_tries_it_is_not_told() -> None:
    assert await (await House(old("Small", 100)).of_last_week(demo=True)).runs() == []
