"""An answer while it comes and at its end: at a pace that Discord takes, whole, and once, whatever goes wrong."""

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from adapters.discord.answering.pace import EDIT_SECONDS
from adapters.discord.views.answer import MAX_CONTENT_CHARS
from core.defaults import LIVE_READER_MS
from core.text.neutralise import for_discord
from tests.adapters.discord.answering.desk import Desk, a_desk, words_in
from tests.discord.reading import buttons, text_of

TABLE = "| name | price |\n|---|---:|\n" + "| thing | 3 cents |\n" * 30
CODE = "```python\n" + "call()  # and on\n" * 60
MIXED = "Because. " * 20 + "\n\n" + CODE + "```\n\n" + TABLE + "\U0001f600 and so on.\n\n"
AFTER_THE_LAST_TOKEN_SECONDS = 2.0
EDIT_ORIGINAL, POST, EDIT = "update_original_webhook_message", "create_message", "update_message"


def after(desk: Desk, seconds: float) -> Callable[[], object]:
    return lambda: desk.clock.sleep(seconds)


async def test_a_stream_of_half_a_minute_is_never_told_that_it_is_too_fast() -> None:
    async with a_desk() as desk:
        desk.discord.rates.allow(EDIT_ORIGINAL, 5, 5.0)
        asked, where = await desk.typed()
        pieces = [each for number in range(300) for each in (f"w{number} ", after(desk, 0.1))]
        over_at: list[float] = []
        ask = await desk.answer(*pieces, lambda: over_at.append(desk.discord.clock.now()), where=where)
        assert ask.was_delivered
        assert desk.discord.rates.refused == 0
        edits = [call.at for call in desk.discord.calls_of(EDIT_ORIGINAL)]
        assert len(edits) >= 20
        assert all(later - earlier >= EDIT_SECONDS - 0.001 for earlier, later in pairwise(edits[:-1]))
        assert edits[-1] - over_at[0] < AFTER_THE_LAST_TOKEN_SECONDS
        assert asked.original is not None
        assert words_in(asked.original) == for_discord("".join(f"w{number} " for number in range(300)))


async def test_answers_in_one_channel_share_its_pace() -> None:
    async with a_desk() as desk:
        desk.discord.rates.allow(EDIT, 5, 5.0)

        def script() -> list[str | Callable[[], object]]:
            return [each for number in range(40) for each in (f"w{number} ", after(desk, 0.2))]

        await asyncio.gather(*(desk.answer(*script(), where=desk.said()) for _ in range(3)))
        assert desk.discord.rates.refused == 0


@pytest.mark.parametrize("length", [1, 1_999, 2_000, 2_001, 4_500])
async def test_a_mention_is_answered_by_a_reply_and_the_text_is_whole(length: int) -> None:
    async with a_desk() as desk:
        text = (MIXED * 10)[:length]
        where = desk.said()
        ask = await desk.answer(text[: length // 2], after(desk, 2.0), text[length // 2 :], where=where)
        assert ask.was_delivered
        [first, *_] = desk.messages
        assert first.reply_to is not None
        assert first.reply_to.id == where.origin.message_id
        every = [each for channel in desk.discord.channels.values() for each in desk.discord.answers(channel)]
        assert all(len(each.content) <= MAX_CONTENT_CHARS for each in every)
        assert "Details" in [each["label"] for each in buttons(every[-1])]


async def test_a_long_answer_is_one_beginning_and_a_file_with_all_of_it() -> None:
    async with a_desk() as desk:
        text = MIXED * 12
        asked, where = await desk.typed()
        ask = await desk.answer(text, where=where)
        assert ask.was_delivered
        assert asked.original is not None
        beginning, under = desk.messages
        assert beginning is asked.original
        assert for_discord(text).startswith(words_in(beginning).removesuffix("\n```").removesuffix("```"))
        [file] = under.attachments
        assert (file.filename, file.content.decode()) == ("answer.md", text)
        assert "0.3 cents" in text_of(under)


@pytest.mark.parametrize("length", [50_000, pytest.param(200_000, marks=pytest.mark.soak)])
async def test_an_answer_of_any_length_is_whole(length: int) -> None:
    text = (MIXED * 160)[:length]
    async with a_desk() as desk:
        _, where = await desk.typed(private=True)
        assert (await desk.answer(text, where=where)).was_delivered
        [file] = [file for each in desk.discord.ephemerals(desk.town.ben) for file in each.attachments]
        assert file.content.decode() == text


async def test_where_no_files_are_taken_all_of_it_stands_there_as_messages() -> None:
    async with a_desk() as desk:
        desk.discord.fail(POST, code=50013, when=lambda call: bool(call.files))
        text = "word " * 2_500
        ask = await desk.answer(text, where=desk.said())
        assert ask.was_delivered
        every = [each for channel in desk.discord.channels.values() for each in desk.discord.answers(channel)]
        assert "".join(words_in(each) for each in every) == text
        assert all(not each.attachments for each in every)


async def test_the_rest_of_a_longer_answer_stands_in_a_thread_under_its_beginning() -> None:
    async with a_desk() as desk:
        await desk.answer("word " * 900, where=desk.said(question="why <@80351110224678912>?"))
        [first] = desk.messages
        assert first.thread is not None
        assert first.thread.name == "why <\u200b@80351110224678912>?"
        rest = desk.discord.answers(first.thread)
        assert words_in(first) + "".join(map(words_in, rest)) == "word " * 900


async def test_where_there_may_be_no_thread_it_goes_on_in_the_channel() -> None:
    async with a_desk() as desk:
        desk.discord.fail("create_thread_from_message", code=50013)
        await desk.answer("word " * 900, where=desk.said())
        assert len(desk.messages) == 3
        assert "".join(map(words_in, desk.messages)) == "word " * 900


FAULTS: list[dict[str, Any]] = [
    {"status": 500},
    {"status": 502, "taken": True},
    {"drop": "before"},
    {"drop": "after"},
    {"retry_after": 1.5},
    {"retry_after": 1.5, "via": False},
]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("operation", [POST, EDIT])
async def test_a_reply_is_whole_and_there_once_whatever_goes_wrong(
    operation: str, times: int, fault: dict[str, Any]
) -> None:
    async with a_desk() as desk:
        desk.discord.fail(operation, times=times, **fault)
        ask = await desk.answer("One ", after(desk, 2.0), "two ", after(desk, 2.0), "three", where=desk.said())
        assert ask.was_delivered
        [message] = desk.messages
        assert words_in(message) == "One two three"


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_deferred_answer_is_whole_whatever_goes_wrong(fault: dict[str, Any]) -> None:
    async with a_desk() as desk:
        asked, where = await desk.typed(private=True)
        desk.discord.fail(EDIT_ORIGINAL, times=3, **fault)
        ask = await desk.answer("One ", after(desk, 2.0), "two ", after(desk, 2.0), "three", where=where)
        assert ask.was_delivered
        assert asked.original is not None
        assert words_in(asked.original) == "One two three"
        assert [each.id for each in desk.discord.ephemerals(desk.town.ben)] == [asked.original.id]
        assert desk.messages == []


async def test_what_was_deleted_is_posted_anew_once() -> None:
    async with a_desk() as desk:

        def delete() -> None:
            for each in desk.messages:
                each.deleted = True

        ask = await desk.answer("One ", after(desk, 3.0), delete, "two", where=desk.said())
        assert ask.was_delivered
        [message] = desk.messages
        assert words_in(message) == "One two"


async def test_what_is_deleted_again_stays_deleted() -> None:
    async with a_desk() as desk:

        def delete() -> None:
            for each in desk.messages:
                each.deleted = True

        ask = await desk.answer(
            "One ", after(desk, 3.0), delete, "two ", after(desk, 3.0), delete, "3", where=desk.said()
        )
        assert ask.was_delivered
        assert desk.messages == []


async def test_where_the_bot_may_not_write_the_answer_is_a_direct_message() -> None:
    async with a_desk() as desk:
        desk.discord.fail(POST, code=50013, when=lambda call: call.parameters["channel_id"] == desk.town.general.id)
        ask = await desk.answer("Because.", where=desk.said())
        assert ask.was_delivered
        [message] = desk.discord.answers(desk.discord.direct(desk.town.ben))
        assert words_in(message) == "Because."


async def test_where_no_way_is_left_core_tells_it_later() -> None:
    async with a_desk() as desk:
        desk.discord.fail(POST, code=50013)
        ask = await desk.answer("Because.", where=desk.said())
        assert not ask.was_delivered


async def test_after_fourteen_minutes_a_public_answer_goes_on_in_the_channel() -> None:
    async with a_desk() as desk:
        asked, where = await desk.typed()
        ask = await desk.answer("One ", after(desk, 14 * 60), "two ", after(desk, 120.0), "three", where=where)
        assert ask.was_delivered
        assert asked.original is not None
        first, second = desk.messages
        assert text_of(first) == "-# This took long, so it goes on below."
        assert words_in(second) == "One two three"
        assert all(call.at - asked.at < 15 * 60 for call in desk.discord.calls_of(EDIT_ORIGINAL))


async def test_after_fourteen_minutes_a_private_answer_goes_on_where_its_asker_alone_reads_it() -> None:
    async with a_desk() as desk:
        asked, where = await desk.typed(private=True)
        ask = await desk.answer("One ", after(desk, 14 * 60), "two", where=where)
        assert ask.was_delivered
        assert desk.messages == []
        assert asked.original is not None
        assert text_of(asked.original) == "-# This took long, so it goes on in your direct messages."
        [message] = desk.discord.answers(desk.discord.direct(desk.town.ben))
        assert words_in(message) == "One two"


async def test_a_token_that_is_over_early_is_no_end_either() -> None:
    async with a_desk() as desk:
        _, where = await desk.typed()
        desk.discord.fail(EDIT_ORIGINAL, code=50027)
        ask = await desk.answer("Because.", where=where)
        assert ask.was_delivered
        assert words_in(desk.messages[-1]) == "Because."


async def test_a_private_answer_in_parts_is_its_askers_alone() -> None:
    async with a_desk() as desk:
        _, where = await desk.typed(private=True)
        ask = await desk.answer("word " * 900, where=where)
        assert ask.was_delivered
        assert desk.messages == []
        parts = desk.discord.ephemerals(desk.town.ben)
        assert "".join(map(words_in, parts)) == "word " * 900


async def test_a_part_that_was_perhaps_read_is_not_sent_again() -> None:
    async with a_desk() as desk:
        _, where = await desk.typed(private=True)
        desk.discord.fail("execute_webhook", drop="after", times=1)
        ask = await desk.answer("word " * 900, where=where)
        assert not ask.was_delivered
        parts = desk.discord.ephemerals(desk.town.ben)
        assert len(parts) == 2


@pytest.mark.parametrize("refusals", [1, 2])
async def test_a_card_that_is_refused_costs_no_character(refusals: int) -> None:
    async with a_desk() as desk:
        asked, where = await desk.typed()
        desk.discord.fail(
            EDIT_ORIGINAL, code=50035, times=refusals, when=lambda call: bool(call.fields.get("components"))
        )
        ask = await desk.answer("Because.", where=where)
        assert ask.was_delivered
        assert asked.original is not None
        assert words_in(asked.original) == "Because."
        assert "0.3 cents" in text_of(asked.original)


async def test_an_edit_that_is_left_on_its_way_does_not_have_the_last_word() -> None:
    """Discord may take it after the end: so the end is said once more, when that is surely over."""
    async with a_desk() as desk:
        stalled = desk.discord.fail(EDIT, stall="before", times=1)
        text = "word " * 900
        ask = await desk.answer(text[:2_000], after(desk, 3.0), text[2_000:], where=desk.said())
        stalled.release()
        assert ask.was_delivered
        [first, *_] = desk.messages
        said = [call.fields["content"] for call in desk.discord.calls_of(EDIT, taken=True)]
        assert said.count(first.content) == 2
        every = [each for channel in desk.discord.channels.values() for each in desk.discord.answers(channel)]
        assert "".join(words_in(each) for each in every) == text


async def test_while_discord_stands_still_the_stream_goes_on_and_its_end_is_given_up_in_time() -> None:
    async with a_desk() as desk:
        stalled = desk.discord.fail(POST, stall="before")
        began = desk.clock.monotonic()
        ask = await desk.answer("One ", after(desk, 5.0), "two", where=desk.said())
        stalled.release()
        assert not ask.was_delivered
        assert (desk.clock.monotonic() - began - 5.0) * 1_000 < LIVE_READER_MS
