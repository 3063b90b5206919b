"""/admin digest: read by admins, set by admins, and written down."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.commands.answers import Answers
from core.commands.speaking import Speaker
from core.errors import AmountNotUnderstood, BadInput, NotAllowed
from core.people import Identity, Member, Place
from core.policy import channel_target
from core.preferred import DIGEST_AT, DIGEST_IN, DIGEST_SEAT
from core.text.digest_settings import HOW
from tests.adapters.terminal.house import DEFAULTS, House, open_house


class Channels:
    """`core.ports.PlaceNames` of a chat in which every name after a # is a channel."""

    def target(self, typed: str) -> str:
        """The channel."""
        return channel_target("test", typed.removeprefix("#")) if typed.startswith("#") else ""

    def name(self, target: str) -> str:
        """As it is typed."""
        return f"#{target.rpartition(':')[2]}"

    def channel(self, target: str) -> str:
        """The same."""
        return self.name(target)


@pytest_asyncio.fixture
async def house(sqlite_url: str) -> AsyncIterator[House]:
    async with open_house(sqlite_url) as house:
        yield house


async def member(house: House, name: str, *, admin: bool) -> Member:
    found, _ = await house.use_cases.membership.member(
        Identity("test", "w", name.casefold(), name), DEFAULTS, admin=admin
    )
    return found


async def types(house: House, typed: str = "", *, name: str = "Anna") -> tuple[str, ...]:
    """What Anna reads who types something after /admin digest."""
    who = await member(house, name, admin=name == "Anna")
    speaker = Speaker(who, Place("test", "w", "c"), Channels(), key="k", agrees="/yes")
    return (await Answers(house.use_cases).by_name["/admin digest"](speaker, typed)).lines


async def liked(house: House) -> dict[str, str]:
    return dict(await house.use_cases.preferences.of_team((await member(house, "Anna", admin=True)).team.id))


async def test_alone_it_says_how_it_stands_and_what_to_type(house: House) -> None:
    assert await types(house) == (
        "The weekly digest comes every Monday 09:00 (UTC); "
        "the first one after a week in which somebody asked something.",
        "It is told to the admins, each alone.",
        "It compares with seats at $25.00 a member and month.",
        "None was posted yet.",
        HOW,
    )


async def test_the_day_and_time_are_set_and_it_is_turned_off(house: House) -> None:
    assert (await types(house, "schedule fri 5pm"))[0].startswith("The weekly digest comes every Friday 17:00 (UTC); ")
    assert (await liked(house))[DIGEST_AT] == "Friday 17:00"
    assert await types(house, "schedule off") == ("The weekly digest is off.",)
    assert (await types(house))[0] == "The weekly digest is off."
    assert (await types(house, "schedule mon 9"))[0].startswith("The weekly digest comes every Monday 09:00 (UTC); ")


async def test_a_channel_is_chosen_and_given_up(house: House) -> None:
    posted = ("It is posted in #general; where Chipin may not write there, the admins read it, each alone.",)
    assert await types(house, "channel #general") == posted == await types(house, "channel")
    assert (await liked(house))[DIGEST_IN] == "test w general"
    assert await types(house, "channel off") == ("It is told to the admins, each alone.",)
    assert DIGEST_IN not in await liked(house)


async def test_what_a_seat_costs_is_set_and_nothing_is_compared_for_nothing(house: House) -> None:
    assert await types(house, "seats 20") == ("It compares with seats at $20.00 a member and month.",)
    for none in ("0", "off"):
        await types(house, "seats 20")
        assert await types(house, f"seats {none}") == ("It compares with no seats.",)
    assert await types(house, "seats usual") == ("It compares with seats at $25.00 a member and month.",)
    assert DIGEST_SEAT not in await liked(house)


@pytest.mark.parametrize("typed", ["when?", "schedule whenever", "channel general"])
async def test_what_is_no_setting_changes_nothing_and_says_what_to_type(typed: str, house: House) -> None:
    with pytest.raises(BadInput, match="Nothing was changed"):
        await types(house, typed)
    with pytest.raises(AmountNotUnderstood):
        await types(house, "seats dear")
    assert not await liked(house)


@pytest.mark.parametrize("typed", ["", "now", "preview", "schedule off", "channel #general", "seats 1"])
async def test_whoever_is_no_admin_sees_and_sets_nothing(typed: str, house: House) -> None:
    await member(house, "Anna", admin=True)
    with pytest.raises(NotAllowed, match="Only admins"):
        await types(house, typed, name="Ben")
    assert not await liked(house)


async def test_weeks_are_shown_before_anything_was_asked(house: House) -> None:
    (line,) = await types(house, "preview")
    assert line.startswith("Week of ")
    assert "nothing was asked. Team wallet: $5.00." in line


async def test_the_week_so_far_is_posted_where_the_digest_goes(house: House) -> None:
    assert await types(house, "now") == (
        "The week so far is on its way to the admins, each alone: it is there within a minute.",
    )
    await types(house, "channel #general")
    assert await types(house, "now") == ("The week so far is on its way to #general: it is there within a minute.",)


async def test_what_admins_set_stands_in_the_audit(house: House) -> None:
    for typed in ("schedule fri 17", "schedule off", "channel #general", "channel off", "seats 20", "seats usual"):
        await types(house, typed)
    anna = await member(house, "Anna", admin=True)
    speaker = Speaker(anna, Place("test", "w", "c"), Channels(), key="k", agrees="/yes")
    acts = (await Answers(house.use_cases).by_name["/audit"](speaker, "")).lines
    said = [line.partition("): ")[2] for line in reversed(acts) if "digest" in line or "seat" in line]
    assert said == [
        "Anna set the weekly digest to Friday 17:00.",
        "Anna turned the weekly digest off.",
        "Anna had the weekly digest posted in #general.",
        "Anna had the weekly digest told to admins, each alone.",
        "Anna set what a seat is compared with to $20.00 a month.",
        "Anna set what a seat is compared with to its usual price.",
    ]


async def test_the_answer_says_when_the_next_one_comes_once_somebody_asked(house: House) -> None:
    async with house.terminal() as terminal:
        await terminal.says("hello?")
        shown = await terminal.says("/admin digest")
    assert "The weekly digest comes every Monday 09:00 (UTC); the next one on " in shown
    assert "09:00 (UTC).\n" in shown
