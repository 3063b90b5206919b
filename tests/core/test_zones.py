"""/admin zone: by whose midnight limits begin anew."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadInput, NotAllowed
from core.people import Member, Team
from core.periods import Calendar, Period
from core.text.zones import zone_lines, zone_set_lines
from core.zones import Zones, zone_named
from tests.bookkeeping import enrol
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople

TEAM = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")))
ANNA, BEN = Member("anna", TEAM, "Anna", admin=True), Member("ben", TEAM, "Ben")


async def zones() -> Zones:
    clock = FakeClock()
    books = MemoryBooks(clock)
    await books.apply(enrol())
    return Zones(books, MemoryPeople(books), clock)


async def test_it_says_from_when_it_counts() -> None:
    told = await (await zones()).set(ANNA, "asia/kolkata")
    assert (told.zone.key, told.changed) == ("Asia/Kolkata", True)
    assert told.begins == {
        Period.DAY: datetime(2026, 11, 22, tzinfo=UTC),
        Period.WEEK: datetime(2026, 11, 23, tzinfo=UTC),
        Period.MONTH: datetime(2026, 12, 1, tzinfo=UTC),
    }
    assert zone_set_lines(told) == (
        "The team's time zone is Asia/Kolkata now. What runs is counted to its end: no limit begins twice.",
        "Limits begin anew: a day's on 22 November, 05:30 (Asia/Kolkata); "
        "a week's on 23 November, 05:30 (Asia/Kolkata); a month's on 1 December, 05:30 (Asia/Kolkata).",
    )


async def test_the_zone_that_is_set_already_is_said_to_be() -> None:
    told = await (await zones()).set(ANNA, "UTC")
    assert zone_set_lines(told)[0] == "The team's time zone is UTC already; nothing was changed."


async def test_anybody_may_see_it() -> None:
    assert zone_lines((await zones()).of(BEN))[0] == "The team's time zone is UTC."


async def test_only_admins_set_it() -> None:
    with pytest.raises(NotAllowed):
        await (await zones()).set(BEN, "Europe/Berlin")
    with pytest.raises(NotAllowed, match="You are no admin any more"):
        await (await zones()).set(replace(BEN, admin=True), "Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Europe/Berlin", "Europe/Berlin"), (" america/new york ", "America/New_York"), ("utc", "UTC")],
)
def test_a_zone_is_found_however_it_is_written(typed: str, name: str) -> None:
    assert zone_named(typed) == name


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("Europe/Berln", "Europe/Berlin"),
        ("Asia/Calcuta", "Asia/Calcutta"),
    ],
)
def test_a_zone_that_is_not_there_names_those_that_are_near(typed: str, near: str) -> None:
    with pytest.raises(BadInput, match=f"Did you mean .*{near}"):
        zone_named(typed)


@pytest.mark.parametrize("typed", ["xyzzy", "../etc/passwd", "localtime", "Factory", "q" * 9_999, "\0"])
def test_what_is_no_zone_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadInput, match="Example: /admin zone Europe/Berlin") as refused:
        zone_named(typed)
    assert len(str(refused.value)) < 400
