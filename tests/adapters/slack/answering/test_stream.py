"""Whatever Slack does to an answer, its asker ends with all of it, once."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.events import Delta, Ending, Finished
from tests.adapters.slack.answering.desk import RECEIPT, STARTED, Desk, a_desk
from tests.slack.server import FakeSlack
from tests.slack.state import Message

PIECES = ("Because ", "one lock ", "waits for ", "another: ", "`a < b`. ", "\n\n```sql\n", "SELECT 1;\n```\nDone.")
ANSWER = "".join(PIECES)
METHODS = ("chat.startStream", "chat.appendStream", "chat.stopStream")


def has_footer(message: Message) -> bool:
    return "0.3 cents · Claude Haiku 4.5" in FakeSlack.text_of(message)


def one_whole_answer(desk: Desk) -> Message:
    [message] = desk.messages
    assert FakeSlack.body_of(message) == ANSWER
    assert has_footer(message)
    assert message.metadata is not None
    assert message.metadata["event_type"] == "chipin_ask"
    assert message.stream is None or not message.stream.open
    return message


@pytest.mark.parametrize("appends", range(len(PIECES)))
async def test_a_stream_that_slack_expires_at_any_chunk_is_edited_to_its_end(appends: int) -> None:
    async with a_desk() as desk:
        desk.slack.streams_expire_after_appends = appends
        ask = await desk.answer(*PIECES)
        one_whole_answer(desk)
        assert ask.was_delivered


@pytest.mark.parametrize("pieces", range(1, len(PIECES)))
async def test_an_answer_that_is_stopped_at_any_chunk_keeps_what_came(pieces: int) -> None:
    async with a_desk() as desk:
        stopped = Finished(Ending.STOPPED, RECEIPT, "Stopped. Charged 0.3 cents for what came.")
        deltas = [Delta(piece) for piece in PIECES[:pieces]]
        ask = await desk.show(STARTED, *deltas, lambda: desk.slack.expire_stream(desk.messages[0]), stopped)
        [message] = desk.messages
        assert FakeSlack.body_of(message).startswith("".join(PIECES[:pieces]))
        assert "Stopped. Charged 0.3 cents" in FakeSlack.text_of(message)
        assert ask.was_delivered


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("how", [{"retry_after": 7}, {"drop": "before"}, {"drop": "after"}, {"status": 503}])
@pytest.mark.parametrize("times", [1, 2])
async def test_a_call_that_fails_for_a_while_costs_no_letter(method: str, how: dict[str, Any], times: int) -> None:
    async with a_desk() as desk:
        fault = desk.slack.fail(method, times=times, **how)
        ask = await desk.answer(*PIECES)
        assert fault.fired
        one_whole_answer(desk)
        assert ask.was_delivered


async def test_a_long_answer_that_is_taken_as_plain_text_only_is_split_more() -> None:
    async with a_desk() as desk:
        desk.slack.fail("chat.startStream", error="unknown_method")
        for method in ("chat.postMessage", "chat.update"):
            desk.slack.fail(method, error="invalid_blocks", when=lambda call: "text" not in call.fields)
            desk.slack.fail(method, error="invalid_blocks", when=lambda call: "blocks" in call.fields)
        lines = [f"Line {number} has `a < b` in it.\n" for number in range(300)]
        ask = await desk.answer(*("".join(lines[at : at + 60]) for at in range(0, 300, 60)))
        shown = "".join(FakeSlack.body_of(message) for message in desk.messages).replace("&lt;", "<")
        assert shown == "".join(lines) + "\n\n0.3 cents · Claude Haiku 4.5"
        assert ask.was_delivered


async def test_slack_may_contradict_itself_for_a_while() -> None:
    async with a_desk() as desk:
        desk.slack.fail("chat.appendStream", error="message_not_in_streaming_state", times=1)
        desk.slack.fail("chat.stopStream", error="message_not_in_streaming_state", times=2)
        await desk.answer(*PIECES)
        one_whole_answer(desk)


async def test_what_a_process_left_behind_is_not_taken_for_a_lost_message() -> None:
    async with a_desk() as desk:
        left = desk.slack.say(desk.slack.bot_user_id, "C1", "", thread_ts=desk.question.ts)
        left.markdown = "Because "
        asked = desk.slack.say("U1", "C1", "and now?", thread_ts=desk.question.ts)
        desk.slack.fail("chat.startStream", drop="before", times=1)
        origin = replace(desk.where.origin, ts=asked.ts, thread_ts=desk.question.ts)
        await desk.answer(*PIECES, where=replace(desk.where, origin=origin))
        assert left.markdown == "Because "
        assert FakeSlack.body_of(desk.messages[-1]) == ANSWER


async def test_two_answers_that_begin_alike_stay_two_though_both_replies_were_lost() -> None:
    async with a_desk() as desk:
        desk.slack.fail("chat.startStream", drop="after", times=2)
        await asyncio.gather(desk.answer(*PIECES), desk.answer(*PIECES))
        assert [FakeSlack.body_of(message) for message in desk.messages] == [ANSWER, ANSWER]


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "conversations.replies"])
@pytest.mark.parametrize("how", [{"retry_after": 7}, {"drop": "before"}, {"drop": "after"}, {"status": 503}])
async def test_where_slack_does_not_stream_the_answer_is_edited_and_that_may_fail_too(
    method: str, how: dict[str, Any]
) -> None:
    async with a_desk() as desk:
        desk.slack.fail("chat.startStream", error="channel_type_not_supported")
        desk.slack.fail("chat.postMessage", drop="after", times=1, when=lambda _: method == "conversations.replies")
        fault = desk.slack.fail(method, times=1, **how)
        ask = await desk.answer(*PIECES)
        assert fault.fired
        one_whole_answer(desk)
        assert ask.was_delivered


@pytest.mark.parametrize("method", ["chat.stopStream", "chat.update", "chat.postMessage"])
async def test_where_blocks_are_not_taken_the_words_are_sent_without_them(method: str) -> None:
    async with a_desk() as desk:
        desk.slack.fail(method, error="invalid_blocks", when=lambda call: "blocks" in call.fields)
        if method != "chat.stopStream":
            desk.slack.fail("chat.startStream", error="unknown_method")
        ask = await desk.answer(*PIECES)
        [message] = desk.messages
        assert FakeSlack.body_of(message) == f"{ANSWER}\n\n0.3 cents · Claude Haiku 4.5"
        assert not message.blocks
        assert ask.was_delivered


@pytest.mark.parametrize("method", ["chat.appendStream", "chat.stopStream", "chat.update"])
@pytest.mark.parametrize("code", ["msg_too_long", "msg_blocks_too_long"])
async def test_what_is_too_long_for_a_message_is_split_more(method: str, code: str) -> None:
    async with a_desk() as desk:
        lines = [f"This is line {number} of the answer.\n" for number in range(300)]
        long = 3_000

        def is_long(call: object) -> bool:
            fields = getattr(call, "fields", {})
            shown = next((each for each in desk.messages if each.ts == fields.get("ts")), None)
            streamed = (
                len(shown.markdown)
                if shown is not None and method != "chat.update" and fields.keys() & {"markdown_text", "blocks"}
                else 0
            )
            return streamed + len(str(fields.get("blocks", ""))) + len(fields.get("markdown_text", "")) > long

        fault = desk.slack.fail(method, error=code, when=is_long)
        if method == "chat.update":
            desk.slack.fail("chat.startStream", error="unknown_method")
        ask = await desk.answer(*("".join(lines[at : at + 40]) for at in range(0, 300, 40)))
        assert fault.fired
        assert len(desk.messages) > 1
        assert desk.text == "".join(lines)
        assert [has_footer(message) for message in desk.messages] == [False] * (len(desk.messages) - 1) + [True]
        assert ask.was_delivered


async def test_a_slack_that_is_down_for_twenty_seconds_shows_the_whole_answer_afterwards() -> None:
    async with a_desk() as desk:
        down: list[asyncio.Task[None]] = []

        def goes_down() -> None:
            down.append(asyncio.ensure_future(desk.slack.go_down()))
            down.append(asyncio.ensure_future(comes_back()))

        async def comes_back() -> None:
            await desk.clock.sleep(20)
            await desk.slack.come_back()

        ask = await desk.answer(*PIECES[:3], goes_down, *PIECES[3:])
        assert desk.clock.monotonic() >= 20
        one_whole_answer(desk)
        assert ask.was_delivered
        await asyncio.gather(*down)


async def test_a_slack_that_stays_down_leaves_the_answer_to_be_told_later() -> None:
    async with a_desk() as desk:
        desk.slack.fail("*", status=503)
        ask = await desk.answer(*PIECES)
        assert not ask.was_delivered
        desk.slack.faults.release_all()


async def test_before_slack_ends_a_stream_the_answer_goes_on_in_the_next_message() -> None:
    async with a_desk() as desk:
        pieces: list[str | Callable[[], object]] = []
        for number in range(12):
            pieces += [f"Minute {number}.\n", lambda: desk.clock.advance(60)]
        ask = await desk.answer(*pieces)
        assert desk.text == "".join(piece for piece in pieces if isinstance(piece, str))
        assert len(desk.messages) >= 3
        assert not any(message.stream.expired for message in desk.messages if message.stream)
        assert desk.slack.calls_of("chat.update") == []
        assert ask.was_delivered


def an_answer_of(characters: int) -> str:
    """Paragraphs, a table, code that is never closed, and emoji; every line of it is another one."""
    lines, kind, size = [], 0, 0
    while size < characters:
        kind += 1
        line = f"Line {kind} says hello to \U0001f469\u200d\U0001f4bb and 世界. " + "It goes on for a while. " * (
            kind % 7
        )
        if kind % 90 == 20:
            line = (
                f"\n| name {kind} | price |\n|---|---|"
                + "".join(f"\n| thing {kind}.{row} | {row} |" for row in range(40))
                + "\n"
            )
        if kind % 90 == 60:
            line = f"```python\n# code {kind}\n" + "".join(f"call_{kind}_{row}()\n" for row in range(80)) + "```"
        lines.append(line)
        size += len(line) + 1
    whole = "\n".join(lines)[: max(0, characters - 12)] + "\n```sh\nls -l"
    return whole[-characters:] if characters else ""


def told(text: str) -> str:
    """The lines, without what a split may repeat: fences, and the header of a table."""
    return "".join(line for line in text.split("\n") if not line.startswith(("```", "| name", "|---")))


@pytest.mark.parametrize("characters", [1, 2_999, 3_000, 3_001, 11_999, 12_000, 12_001, 13_200, 40_000])
@pytest.mark.parametrize("streams", [True, False])
async def test_answers_of_any_length_arrive_whole(characters: int, streams: bool) -> None:
    async with a_desk() as desk:
        if not streams:
            desk.slack.fail("chat.startStream", error="unknown_method")
        text = an_answer_of(characters)
        ask = await desk.answer(*(text[at : at + 1_777] for at in range(0, characters, 1_777)))
        on_slack = "\n".join(FakeSlack.body_of(message) for message in desk.messages)
        assert told(on_slack) == told(text)
        assert all(FakeSlack.body_of(message).count("```") % 2 == 0 for message in desk.messages)
        assert [has_footer(message) for message in desk.messages] == [False] * (len(desk.messages) - 1) + [True]
        assert ask.was_delivered


async def test_an_answer_of_200_000_characters_arrives_whole() -> None:
    async with a_desk() as desk:
        text = an_answer_of(200_000)
        ask = await desk.answer(*(text[at : at + 20_000] for at in range(0, 200_000, 20_000)))
        assert told("\n".join(FakeSlack.body_of(message) for message in desk.messages)) == told(text)
        assert ask.was_delivered


async def test_an_answer_without_a_word_is_told_to_its_asker_alone() -> None:
    async with a_desk() as desk:
        empty = Finished(
            Ending.EMPTY, replace(RECEIPT, lines=()), "The model answered nothing. Not charged.", again="p"
        )
        ask = await desk.show(STARTED, empty)
        assert desk.messages == []
        [shown] = desk.slack.ephemerals("U1")
        assert "The model answered nothing. Not charged." in FakeSlack.text_of(shown)
        assert "Try again" in FakeSlack.text_of(shown)
        assert ask.was_delivered


@pytest.mark.parametrize("size", [1, 2, 5])
async def test_nothing_that_a_model_writes_calls_anybody(size: int) -> None:
    async with a_desk() as desk:
        text = (
            "<!channel> <@U1> @everyone `<!here>` ![x](https://evil.example/x.png) <https://evil.example|bank> [<@U1>]"
        )
        await desk.answer(*(text[at : at + size] for at in range(0, len(text), size)))
        shown = FakeSlack.body_of(desk.messages[0]).replace("\u200b", "").replace("&lt;", "<")
        as_code = text.replace("![x](https://evil.example/x.png)", "x (`https://evil.example/x.png`)")
        assert shown == as_code.replace("<https://evil.example|", "<`https://evil.example`|")


async def test_twenty_answers_at_once_stay_within_the_rate_of_the_workspace() -> None:
    async with a_desk() as desk:
        desk.slack.enforce_rates = True
        pieces = [
            piece
            for number in range(20)
            for piece in (f"Sentence {number} of it. " * 4, lambda: desk.clock.advance(0.15))
        ]
        asks = await asyncio.gather(*(desk.answer(*pieces) for _ in range(20)))
        assert all(ask.was_delivered for ask in asks)
        text = "".join(piece for piece in pieces if isinstance(piece, str))
        assert [FakeSlack.body_of(message) for message in desk.messages] == [text] * 20
        assert desk.slack.rates.peak(desk.slack.team_id, "chat.appendStream") <= 95
        assert not [call for call in desk.slack.calls_of("chat.appendStream") if not call.taken]
