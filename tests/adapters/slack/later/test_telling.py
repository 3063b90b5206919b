"""A week stands in its channel on Slack once: with its chart, or in words, whatever Slack refuses and loses."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.slack.later.announcer import NO_DIGEST_CHANNEL
from core.defaults import LAST_POST_SECONDS
from tests.adapters.slack.later.weeks import ALT, ANNA, BEN, BUDGET, LINES, Weeks, some_weeks
from tests.fakes import PNG, FakeDrawing
from tests.slack.faults import Call
from tests.slack.reading import text_of
from tests.slack.state import Message
from tests.waiting import until

STEPS = ("files.getUploadURLExternal", "files.upload", "files.completeUploadExternal", "files.info", "chat.postMessage")


@pytest_asyncio.fixture
async def weeks() -> AsyncIterator[Weeks]:
    async with some_weeks() as running:
        yield running


def pictures(message: Message) -> list[dict[str, Any]]:
    return [block for block in message.blocks if block["type"] == "image"]


def has_picture(call: Call) -> bool:
    return any(block["type"] == "image" for block in call.fields.get("blocks") or ())


def has_blocks(call: Call) -> bool:
    return bool(call.fields.get("blocks"))


async def test_it_has_a_headline_its_lines_and_the_chart_as_a_picture_with_words_for_it(weeks: Weeks) -> None:
    await weeks.post()
    assert await (await weeks.process()).round() == 1
    (told,) = weeks.told
    assert [block["type"] for block in told.blocks] == ["header", "image", "section"]
    (picture,) = pictures(told)
    file = weeks.slack.workspace.files[picture["slack_file"]["id"]]
    assert file.content == PNG
    assert file.alt_text == picture["alt_text"] == ALT.replace("<", "<\N{ZERO WIDTH SPACE}"), "nobody is called by it"
    assert "212 asks by 14 members" in text_of(told)
    assert "212 asks by 14 members" in told.text and "most was spent on Tuesday" in told.text, "notifications read it"
    assert {call.method for call in weeks.slack.calls} == {"auth.test", *STEPS}


async def test_a_week_without_a_chart_is_told_without_a_picture(weeks: Weeks) -> None:
    await weeks.post(chart="", words="Nobody asked anything this week.")
    await (await weeks.process()).round()
    (told,) = weeks.told
    assert [block["type"] for block in told.blocks] == ["header"]
    assert not weeks.slack.calls_of("files.getUploadURLExternal")


NO_PICTURE: list[tuple[str, dict[str, Any]]] = [
    ("files.getUploadURLExternal", {"error": "missing_scope", "needed": "files:write"}),
    ("files.getUploadURLExternal", {"status": 503}),
    ("files.upload", {"status": 413}),
    ("files.upload", {"drop": "before"}),
    ("files.upload", {"retry_after": 60}),
    ("files.completeUploadExternal", {"error": "file_not_found"}),
    ("files.completeUploadExternal", {"drop": "before"}),
    ("files.info", {"error": "missing_scope"}),
    ("chat.postMessage", {"error": "invalid_blocks", "when": has_picture}),
]


@pytest.mark.parametrize(("method", "how"), NO_PICTURE)
async def test_a_picture_that_slack_does_not_take_is_told_in_words(
    weeks: Weeks, method: str, how: dict[str, Any]
) -> None:
    weeks.slack.fail(method, **how)
    await weeks.post()
    assert await (await weeks.process()).round() == 1
    (told,) = weeks.told
    assert [block["type"] for block in told.blocks] == ["header", "section", "context"]
    assert "most was spent on Tuesday" in text_of(told)


async def test_a_picture_that_cannot_be_drawn_is_told_in_words(weeks: Weeks) -> None:
    await weeks.post()
    assert await (await weeks.process(FakeDrawing(broken=True))).round() == 1
    (told,) = weeks.told
    assert pictures(told) == [] and "most was spent on Tuesday" in text_of(told)


async def test_a_picture_that_slack_is_not_ready_to_show_is_not_waited_for_long(weeks: Weeks) -> None:
    weeks.slack.looks_until_file_is_ready = 99
    await weeks.post()
    assert await (await weeks.process()).round() == 1
    assert [pictures(each) for each in weeks.told] == [[]]


@pytest.mark.parametrize("error", ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"])
async def test_where_slack_takes_no_blocks_the_words_arrive_once(weeks: Weeks, error: str) -> None:
    weeks.slack.fail("chat.postMessage", error=error, when=has_blocks)
    await weeks.post()
    process = await weeks.process()
    assert await process.round() == 1
    weeks.later()
    assert await process.round() == 0
    (told,) = weeks.told
    assert told.blocks == [] and told.metadata is not None
    assert all(line.partition(" <")[0] in told.text for line in LINES) and "most was spent on Tuesday" in told.text


LOST: list[dict[str, Any]] = [{"drop": "before"}, {"drop": "after"}, {"status": 503}, {"retry_after": 3}]


@pytest.mark.parametrize("how", LOST)
@pytest.mark.parametrize("method", STEPS)
async def test_whatever_is_lost_on_the_way_it_stands_there_once(weeks: Weeks, method: str, how: dict[str, Any]) -> None:
    weeks.slack.fail(method, times=1, **how)
    await weeks.post()
    process = await weeks.process()
    told = 0
    for _ in range(3):
        told += await process.round()
        weeks.later()
    assert (told, len(weeks.told)) == (1, 1)
    assert len(pictures(weeks.told[0])) == 1, "one call that goes wrong costs no picture"


@pytest.mark.parametrize("how", [{"drop": "before"}, {"stall": "before"}, {"stall": "after"}])
@pytest.mark.parametrize("method", ["conversations.history", *STEPS])
async def test_killed_before_and_after_slack_took_a_call_it_stands_there_once(
    weeks: Weeks, method: str, how: dict[str, Any]
) -> None:
    await weeks.post()
    if method == "conversations.history":  # it looks where somebody may have told it before
        await weeks.graves.dies_at(3, (await weeks.process()).round())
        weeks.later()
    fault = weeks.slack.fail(method, times=1, **how)
    await weeks.graves.dies_when(fault.struck, (await weeks.process()).round())
    fault.release()
    [call] = weeks.slack.calls_of(method)
    await until(lambda: call.taken or "drop" in how)
    weeks.later()
    process = await weeks.process()
    assert await process.round() == 1
    weeks.later()
    assert await process.round() == 0
    assert len(weeks.told) == 1


async def test_killed_at_each_await_it_stands_there_once(weeks: Weeks) -> None:
    """Each week by a process of its own that dies one await later than the last; who comes after dies somewhere."""
    for step in range(1, 1_000):
        await weeks.post(f"{step:04}")
        died = await weeks.graves.dies_at(step, (await weeks.process()).round())
        weeks.later()
        await weeks.graves.dies_at(step * 7 % 13 + 1, (await weeks.process()).round())
        weeks.later()
        await (await weeks.process()).round()
        if not died:
            break
    assert step > 2 * len(STEPS)
    told = [each.metadata["event_payload"]["notice_id"] for each in weeks.told if each.metadata]
    assert told == [f"digest:team:{each:04}" for each in range(1, step + 1)]


# --- where it belongs ---


@pytest.mark.parametrize("why", ["not_in_channel", "channel_not_found", "is_archived"])
async def test_where_the_channel_takes_nothing_the_admins_read_it_alone_and_why(weeks: Weeks, why: str) -> None:
    weeks.slack.fail("chat.postMessage", error=why, when=lambda call: call.fields["channel"] == BUDGET)
    await weeks.post()
    assert await (await weeks.process()).round() == 1
    (told,) = weeks.slack.direct_messages(ANNA)
    assert NO_DIGEST_CHANNEL.partition(": ")[0] in text_of(told) and len(pictures(told)) == 1
    assert (weeks.told, weeks.slack.direct_messages(BEN)) == ([], [])
    assert len(weeks.slack.calls_of("files.upload")) == 1, "it was uploaded for the channel already"


async def test_without_a_channel_the_admins_read_it_alone(weeks: Weeks) -> None:
    await weeks.post(workspace="", channel="")
    assert await (await weeks.process()).round() == 1
    assert [len(pictures(each)) for each in weeks.slack.direct_messages(ANNA)] == [1]


async def test_who_takes_too_long_leaves_it_to_whoever_takes_it_on_next(weeks: Weeks) -> None:
    """After its lease somebody else may be posting it."""
    drawing = FakeDrawing()
    drawing.takes = lambda: weeks.clock.advance(LAST_POST_SECONDS + 1)
    await weeks.post()
    assert await (await weeks.process(drawing)).round() == 0
    assert weeks.told == []
    weeks.later()
    assert await (await weeks.process()).round() == 1
    assert len(weeks.told) == 1
