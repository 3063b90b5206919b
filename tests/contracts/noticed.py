"""Books with two teams, and whoever tells their notices: on the fake and on both real stores."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from adapters.store.database import Store, open_store
from adapters.store.notices import StoreNotices
from adapters.store.preferences import StorePreferences
from adapters.store.reports import StorePeople, StoreReports
from core.catalogue_news import CatalogueNews
from core.models import Gone, Model
from core.notices import Notices
from core.operator_lists import OperatorLists
from core.people import Team
from core.ports import Books, NoticeBooks, People, PreferenceBooks, Reports
from tests.bookkeeping import (
    enrol,
)
from tests.fakes import FakeClock, FixedCatalogue, MemoryBooks, MemoryPeople, Noticeboard
from tests.memory import MemoryNotices, MemoryPreferences
from tests.memory_reports import MemoryReports


@dataclass
class House:
    """Books of one kind, with two teams; and how to move the clock that leases go by."""

    books: Books
    notice_books: NoticeBooks
    people: People
    preferred: PreferenceBooks
    reports: Reports
    advance: Callable[[int], None]
    clock: FakeClock = field(default_factory=FakeClock)
    listed: OperatorLists | None = None

    @property
    def notices(self) -> Notices:
        """As one more process has them."""
        return Notices(
            self.books,
            self.notice_books,
            self.people,
            self.clock,
            preferred=self.preferred,
            reports=self.reports,
            listed=self.listed,
        )

    def news(self, catalogue: "Changing") -> CatalogueNews:
        """The same."""
        return CatalogueNews(
            catalogue, self.books, self.notice_books, notifier=self.notices, people=self.people, clock=self.clock
        )

    async def read(self, team: str = "team") -> list[str]:
        """What that team's admins read by now that they had not read."""
        board = Noticeboard(workspaces=(team,))
        await self.notices.run(board)
        return [notice.words for notice in board.notices]


@dataclass
class Changing(FixedCatalogue):
    """A catalogue of the test's own making."""

    gone: tuple[Gone, ...] = ()
    trouble: str = ""


def changing(*models: Model) -> Changing:
    """Of these models."""
    return Changing(models, {})


@asynccontextmanager
async def a_house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """On the books that the test is given: "memory", "sqlite" or "postgres"."""
    if request.param == "memory":
        clock = FakeClock()
        memory = MemoryBooks(clock)
        await teams(memory)
        yield House(
            memory,
            MemoryNotices(memory, clock),
            MemoryPeople(memory),
            MemoryPreferences(memory),
            MemoryReports(memory),
            clock.advance,
        )
        return
    async with open_store(request.getfixturevalue(f"{request.param}_url")) as store:
        await teams(store.books)

        def advance(seconds: int) -> None:
            store.driver.clock_offset_ms += seconds * 1000

        yield replace(house_on(store), advance=advance)


def house_on(store: Store) -> House:
    """On a store of the test's own."""
    clock = FakeClock()
    reports = StoreReports(store, clock)
    return House(
        store.books, StoreNotices(store), StorePeople(store), StorePreferences(store), reports, print, clock=clock
    )


async def teams(books: Books) -> None:
    """Two of them, each with its Anna or Zoe."""
    await books.apply(enrol("anna"))
    await books.apply(enrol("zoe", team="others", wallet="wal2"))


async def team_of(house: House) -> Team:
    """The first one."""
    return next(team for team in await house.people.teams() if team.id == "team")
