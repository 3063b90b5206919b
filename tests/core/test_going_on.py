"""A thread goes on by itself where Chipin answered in it and the channel chose so."""

from core.going_on import GoingOn
from core.people import Place
from core.preferred import ON, goes_on_in
from tests.bookkeeping import enrol, prefer
from tests.fakes import FakeClock, MemoryBooks
from tests.memory import MemoryPreferences

PLACE = Place("test", "one", "general", "t1")


class Answered:
    """Threads in which these teams were answered."""

    def __init__(self, **teams: str) -> None:
        self._teams = teams

    async def answered_for(self, place: Place) -> str:
        return self._teams.get(place.thread, "")

    async def running(self, place: Place) -> tuple[str, ...]:
        return (f"ask in {place.thread}",)


async def test_both_have_to_hold() -> None:
    books = MemoryBooks(FakeClock())
    await books.apply(enrol())
    going_on = GoingOn(Answered(t1="team"), MemoryPreferences(books))
    assert not await going_on.goes_on(PLACE)
    await books.apply(prefer("on", goes_on_in(PLACE), ON, owner="team"))
    assert await going_on.goes_on(PLACE)
    assert not await going_on.goes_on(Place("test", "one", "general", "t2"))
    assert not await going_on.goes_on(Place("test", "one", "random", "t1"))
    assert await going_on.running_in(PLACE) == ("ask in t1",)
