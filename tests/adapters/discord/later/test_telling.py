"""A week stands in its channel on Discord once: with its chart, or in words, whatever Discord refuses and loses."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.discord.later.announcer import NO_DIGEST_CHANNEL
from adapters.discord.views.shown import GALLERY
from core.defaults import LAST_POST_SECONDS
from tests.adapters.discord.later.weeks import ALT, Weeks, some_weeks
from tests.discord.faults import Call
from tests.discord.permissions import May
from tests.discord.posting import walk
from tests.discord.state import Message
from tests.fakes import PNG, FakeDrawing
from tests.waiting import until

POST, LOOK = "create_message", "list_messages"


@pytest_asyncio.fixture
async def weeks() -> AsyncIterator[Weeks]:
    async with some_weeks() as running:
        yield running


def pictures(message: Message) -> list[dict[str, Any]]:
    return [item for each in walk(message.components) if each["type"] == GALLERY for item in each["items"]]


def has_file(call: Call) -> bool:
    return bool(call.files)


def has_components(call: Call) -> bool:
    return bool(call.fields.get("components"))


async def test_it_has_a_headline_its_lines_and_the_chart_as_a_picture_with_words_for_it(weeks: Weeks) -> None:
    await weeks.post()
    assert await (await weeks.process()).round() == 1
    (told,) = weeks.told
    [picture] = pictures(told)
    [attached] = told.attachments
    assert (attached.content, attached.description, picture["description"]) == (PNG, ALT, ALT)
    headline, lines, *_ = (each["content"] for each in walk(told.components) if "content" in each)
    assert headline == "### 2026-W47: $12.40, 3% less than the week before \\*now\\*"
    assert lines == "• 212 asks by 14 members\n• Wallet: $37.20"
    assert told.is_v2 and told.nonce and told.pings == frozenset()


async def test_a_week_without_a_chart_is_told_without_a_picture(weeks: Weeks) -> None:
    await weeks.post(chart="", words="Nobody asked anything this week.")
    await (await weeks.process()).round()
    (told,) = weeks.told
    assert (told.attachments, pictures(told)) == ([], [])
    assert weeks.town.discord.text_of(told) == "### Nobody asked anything this week."


@pytest.mark.parametrize("how", [{"code": 50035}, {"status": 413}, {"code": 50013}])
async def test_a_picture_that_discord_does_not_take_is_told_in_words(weeks: Weeks, how: dict[str, Any]) -> None:
    weeks.town.discord.fail(POST, when=has_file, **how)
    await weeks.post()
    assert await (await weeks.process()).round() == 1
    (told,) = weeks.told
    assert told.is_v2 and pictures(told) == []
    assert "most was spent on Tuesday" in weeks.town.discord.text_of(told)


async def test_where_no_files_may_be_attached_the_chart_is_told_in_words(weeks: Weeks) -> None:
    weeks.town.general.overwrite(weeks.town.discord.bot_user, deny=May.ATTACH_FILES)
    await weeks.post()
    assert await (await weeks.process()).round() == 1
    assert ["most was spent on Tuesday" in weeks.town.discord.text_of(each) for each in weeks.told] == [True]


async def test_a_picture_that_cannot_be_drawn_is_told_in_words(weeks: Weeks) -> None:
    await weeks.post()
    assert await (await weeks.process(FakeDrawing(broken=True))).round() == 1
    (told,) = weeks.told
    assert pictures(told) == [] and "most was spent on Tuesday" in weeks.town.discord.text_of(told)


async def test_where_discord_takes_no_card_the_words_arrive_once(weeks: Weeks) -> None:
    """Also where the reply to them was lost: a message of words alone is known by its words."""
    weeks.town.discord.fail(POST, code=50035, when=has_components)
    weeks.town.discord.fail(POST, drop="after", times=1, when=lambda call: not has_components(call))
    await weeks.post()
    process = await weeks.process()
    for expected in (0, 1, 0):
        assert await process.round() == expected
        weeks.later()
    (told,) = weeks.told
    assert told.content.startswith("2026-W47: $12.40, 3% less than the week before") and not told.components
    assert "most was spent on Tuesday" in told.content and told.pings == frozenset()


LOST: list[dict[str, Any]] = [{"drop": "before"}, {"drop": "after"}, {"status": 502}, {"status": 502, "taken": True}]
LOST += [{"retry_after": 0.05}, {"retry_after": 30.0, "via": False}]


@pytest.mark.parametrize("how", LOST)
async def test_whatever_is_lost_on_the_way_it_stands_there_once(weeks: Weeks, how: dict[str, Any]) -> None:
    weeks.town.discord.fail(POST, times=1, **how)
    await weeks.post()
    process, told = await weeks.process(), 0
    for _ in range(3):
        told += await process.round()
        weeks.later()
    assert (told, len(weeks.told)) == (1, 1)
    assert len(pictures(weeks.told[0])) == 1


@pytest.mark.parametrize("how", [{"drop": "before"}, {"stall": "before"}, {"stall": "after"}])
@pytest.mark.parametrize("operation", [LOOK, POST])
async def test_killed_before_and_after_discord_took_a_call_it_stands_there_once(
    weeks: Weeks, operation: str, how: dict[str, Any]
) -> None:
    await weeks.post()
    if operation == LOOK:  # it looks where somebody may have told it before
        await weeks.graves.dies_at(3, (await weeks.process()).round())
        weeks.later()
    fault = weeks.town.discord.fail(operation, times=1, **how)
    await weeks.graves.dies_when(fault.struck, (await weeks.process()).round())
    fault.release()
    call = weeks.town.discord.calls_of(operation)[-1]
    await until(lambda: call.taken or "drop" in how)
    weeks.later()
    process = await weeks.process()
    assert await process.round() == 1
    weeks.later()
    assert await process.round() == 0
    assert len(weeks.told) == 1


async def test_killed_at_each_await_it_stands_there_once(weeks: Weeks) -> None:
    """Each week by a process of its own that dies one await later than the one before, and so does who comes after."""
    posted: list[str] = []
    for first in range(1, 100):
        died_first = True
        for second in range(1, 100):
            posted.append(f"{len(posted) + 1:04}")
            await weeks.post(posted[-1])
            died_first = await weeks.graves.dies_at(first, (await weeks.process()).round())
            weeks.later()
            died = await weeks.graves.dies_at(second, (await weeks.process()).round())
            weeks.later()
            await (await weeks.process()).round()
            if not died or not died_first:
                break
        if not died_first:
            break
    assert len(posted) > 10
    told = [weeks.town.discord.text_of(each).removeprefix("### ")[:4] for each in weeks.told]
    assert told == posted


# --- where it belongs ---


@pytest.mark.parametrize("code", [50013, 50001, 10003])
async def test_where_the_channel_takes_nothing_the_admins_read_it_alone_and_why(weeks: Weeks, code: int) -> None:
    channel = weeks.town.general.id
    refused = weeks.town.discord.fail(POST, code=code, when=lambda call: call.parameters["channel_id"] == channel)
    await weeks.post()
    assert await (await weeks.process()).round() == 1
    (told,) = weeks.alone()
    assert "/admin digest channel" in weeks.town.discord.text_of(told) and len(pictures(told)) == 1
    assert NO_DIGEST_CHANNEL.partition(",")[0] in weeks.town.discord.text_of(told)
    assert weeks.told == [] and refused.fired == (3 if code == 50013 else 1)


async def test_without_a_channel_the_admins_read_it_alone(weeks: Weeks) -> None:
    await weeks.post(workspace="", channel="")
    assert await (await weeks.process()).round() == 1
    assert [len(pictures(each)) for each in weeks.alone()] == [1]


async def test_who_takes_too_long_leaves_it_to_whoever_takes_it_on_next(weeks: Weeks) -> None:
    """After its lease somebody else may be posting it."""
    slow = FakeDrawing(takes=lambda: weeks.clock.advance(LAST_POST_SECONDS + 1))
    await weeks.post()
    assert await (await weeks.process(slow)).round() == 0
    assert weeks.told == []
    weeks.later()
    assert await (await weeks.process()).round() == 1
    assert len(weeks.told) == 1
