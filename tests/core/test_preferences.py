"""What members and teams like to have: each for themselves, admins for the team, and nobody else."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from core.errors import NotAllowed
from core.models import AUTO
from core.operations import Forget
from core.people import Asker, Member, Place, Team
from core.periods import Calendar
from core.preferences import Preferences
from core.preferred import HERE, MAX_ENTRIES, MODEL, ON, ONLY_ME, answers_in, goes_on_in
from core.rows import ActRow, PreferenceRow
from tests.bookkeeping import enrol
from tests.fakes import FakeClock, FixedCatalogue, MemoryBooks, a_model
from tests.memory import MemoryPreferences

GENERAL, RANDOM = Place("slack", "T1", "C1"), Place("slack", "T1", "C2")


@pytest.fixture
async def books() -> MemoryBooks:
    memory = MemoryBooks(FakeClock())
    await memory.apply(enrol("anna"))
    await memory.apply(enrol("ben"))
    return memory


def preferences(books: MemoryBooks) -> Preferences:
    return Preferences(books, MemoryPreferences(books), FixedCatalogue((a_model(),), {}), FakeClock())


def member(name: str) -> Member:
    team = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")))
    return Member(name, team, name, asker=Asker())


async def test_everybody_says_for_themselves_where_answers_go(books: MemoryBooks) -> None:
    likes = preferences(books)
    assert await likes.answers_in(member("ben"), GENERAL) == ""
    assert await likes.set(member("ben"), answers_in(GENERAL), ONLY_ME)
    assert not await likes.set(member("ben"), answers_in(GENERAL), ONLY_ME)
    assert await likes.set(member("anna"), answers_in(GENERAL), HERE)
    said = [await likes.answers_in(member(name), place) for name in ("ben", "anna") for place in (GENERAL, RANDOM)]
    assert said == [ONLY_ME, "", HERE, ""]
    assert not books.rows(ActRow)  # nobody's business


async def test_admins_say_it_for_the_team_and_it_is_written_down(books: MemoryBooks) -> None:
    likes = preferences(books)
    with pytest.raises(NotAllowed, match="Nothing was changed"):
        await likes.set_for_team(member("ben"), goes_on_in(GENERAL), ON)
    assert not await likes.goes_on_in(member("ben"), GENERAL)
    assert await likes.set_for_team(member("anna"), goes_on_in(GENERAL), ON)
    assert await likes.goes_on_in(member("ben"), GENERAL)
    (act,) = books.rows(ActRow)
    assert (act.actor, act.kind, act.subject, act.words) == ("anna", "goes_on", "channel:slack:C1", "on")


async def test_a_model_that_is_not_offered_any_more_is_asked_of_nobody(books: MemoryBooks) -> None:
    likes = preferences(books)
    await likes.set(member("ben"), MODEL, a_model().id)
    assert await likes.model(member("ben")) == a_model().id
    await likes.set(member("ben"), MODEL, "gone-1")
    assert await likes.model(member("ben")) == AUTO


async def test_nobody_sets_it_for_a_member_of_another_team(books: MemoryBooks) -> None:
    stranger = replace(member("ben"), team=replace(member("ben").team, id="other"))
    with pytest.raises(NotAllowed):
        await preferences(books).set(stranger, MODEL, "x")


async def test_what_is_kept_is_bounded(books: MemoryBooks) -> None:
    likes = preferences(books)
    for number in range(MAX_ENTRIES + 5):
        await likes.set(member("ben"), f"answers slack T1 C{number}", HERE)
    kept = await likes.of(member("ben"))
    assert len(kept) == MAX_ENTRIES
    assert "answers slack T1 C0" not in kept
    assert f"answers slack T1 C{MAX_ENTRIES + 4}" in kept


async def test_they_go_with_the_member(books: MemoryBooks) -> None:
    await preferences(books).set(member("ben"), answers_in(GENERAL), ONLY_ME)
    forget = Forget(id="f", wallet_id="wal", team_id="team", member_id="ben", actor="ben", identities=())
    await books.apply(forget)
    assert not books.rows(PreferenceRow)
