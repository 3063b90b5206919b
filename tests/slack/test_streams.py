"""Streams live as Slack's do: one mode, 12,000 characters, five minutes, and a stop button of Slack's own."""

from typing import Any

import pytest
from slack_sdk.web.async_chat_stream import AsyncChatStream

from tests.slack.bolt import app_of, client_of, error_of, over_http
from tests.slack.building import section
from tests.slack.server import FakeSlack
from tests.slack.state import Message


@pytest.fixture
def root(slack: FakeSlack) -> Message:
    return slack.say("U1", "C1", "why?")


async def stream_of(slack: FakeSlack, root: Message, buffer_size: int = 1) -> AsyncChatStream:
    return await client_of(slack).chat_stream(
        channel="C1",
        thread_ts=root.ts,
        recipient_user_id="U1",
        recipient_team_id=slack.team_id,
        buffer_size=buffer_size,
    )


async def test_a_stream_grows_piece_by_piece_and_ends_with_its_blocks(slack: FakeSlack, root: Message) -> None:
    stream = await stream_of(slack, root)
    for piece in ("Two ", "transactions ", "wait"):
        await stream.append(markdown_text=piece)
    answer = slack.messages("C1", root.ts)[-1]
    assert (answer.streaming, slack.text_of(answer)) == (True, "Two transactions wait")
    await stream.stop(markdown_text=".", blocks=[section()], metadata={"event_type": "a", "event_payload": {}})
    assert (answer.streaming, slack.body_of(answer)) == (False, "Two transactions wait.")
    assert slack.text_of(answer).endswith("\nHello") and answer.metadata is not None
    methods = ["chat.startStream", "chat.appendStream", "chat.appendStream", "chat.stopStream"]
    assert [call.method for call in slack.calls] == methods and slack.violations == []


async def test_a_short_answer_is_one_start_and_one_stop(slack: FakeSlack, root: Message) -> None:
    stream = await stream_of(slack, root, buffer_size=256)
    await stream.append(markdown_text="Yes.")
    await stream.stop()
    assert [call.method for call in slack.calls] == ["chat.startStream", "chat.stopStream"]
    assert slack.body_of(slack.messages("C1")[-1]) == "Yes."


async def test_a_channel_stream_needs_its_reader_and_a_dm_stream_does_not(slack: FakeSlack, root: Message) -> None:
    client = client_of(slack)
    assert await error_of(client.chat_startStream(channel="C1", thread_ts=root.ts)) == "missing_recipient_user_id"
    no_team = client.chat_startStream(channel="C1", thread_ts=root.ts, recipient_user_id="U1")
    assert await error_of(no_team) == "missing_recipient_team_id"
    said = slack.say("U1", slack.workspace.direct("U1").id, "hi")
    await client.chat_startStream(channel="D1", thread_ts=said.ts, markdown_text="hello")
    assert await error_of(client.chat_startStream(channel="D1", thread_ts="")) == "invalid_arguments"
    assert await error_of(client.chat_startStream(channel="C2", thread_ts=root.ts)) == "not_in_channel"


async def test_a_stream_keeps_its_mode(slack: FakeSlack, root: Message) -> None:
    client, reader = client_of(slack), {"recipient_user_id": "U1", "recipient_team_id": slack.team_id}
    start = {"channel": "C1", "thread_ts": root.ts, "markdown_text": "a"} | reader
    ts = (await client.api_call("chat.startStream", json=start))["ts"]
    chunk = {"type": "markdown_text", "text": "b"}
    mixed = client.chat_appendStream(channel="C1", ts=ts, markdown_text="", chunks=[chunk])
    assert await error_of(mixed) == "streaming_mode_mismatch"
    both = client.chat_appendStream(channel="C1", ts=ts, markdown_text="x", chunks=[chunk])
    assert await error_of(both) == "cannot_provide_both_markdown_text_and_chunks"
    assert await error_of(client.chat_appendStream(channel="C1", ts=ts, markdown_text="")) == "no_text"
    strange = client.chat_appendStream(channel="C1", ts=ts, markdown_text="", chunks=[{"type": "voice"}])
    assert await error_of(strange) == "invalid_chunks"


async def test_twelve_thousand_characters_are_all(slack: FakeSlack, root: Message) -> None:
    stream = await stream_of(slack, root)
    await stream.append(markdown_text="x" * 11_999)
    await stream.append(markdown_text="x")
    assert await error_of(stream.append(markdown_text="x")) == "msg_too_long"
    assert len(slack.messages("C1")[-1].markdown) == 12_000
    assert [one.rule for one in slack.violations] == ["streamed length"]


async def test_five_minutes_after_its_start_a_stream_is_over_and_can_be_edited(slack: FakeSlack, root: Message) -> None:
    stream, client = await stream_of(slack, root), client_of(slack)
    await stream.append(markdown_text="half ")
    message = slack.messages("C1")[-1]
    early = client.chat_update(channel="C1", ts=message.ts, text="whole")
    assert await error_of(early) == "streaming_state_conflict"
    slack.clock.advance(299)
    await stream.append(markdown_text="an ")
    slack.clock.advance(2)
    assert await error_of(stream.append(markdown_text="answer")) == "message_not_in_streaming_state"
    assert await error_of(stream.stop()) == "message_not_in_streaming_state"
    await client.chat_update(channel="C1", ts=message.ts, markdown_text="half an answer")
    assert slack.body_of(message) == "half an answer" and message.stream is not None and message.stream.expired


@pytest.mark.parametrize("appends", [0, 1, 2])
async def test_a_stream_expires_after_as_many_appends_as_a_test_says(
    slack: FakeSlack, root: Message, appends: int
) -> None:
    slack.streams_expire_after_appends = appends
    stream = await stream_of(slack, root)
    await stream.append(markdown_text="0")
    for number in range(appends):
        await stream.append(markdown_text=str(number + 1))
    assert await error_of(stream.append(markdown_text="!")) == "message_not_in_streaming_state"
    assert slack.messages("C1")[-1].markdown == "012"[: appends + 1]


async def test_a_mention_over_two_pieces_is_found(slack: FakeSlack, root: Message) -> None:
    stream = await stream_of(slack, root)
    await stream.append(markdown_text="<!chan")
    assert slack.violations == []
    await stream.append(markdown_text="nel>")
    assert {one.rule for one in slack.violations} == {"live mention"}


async def test_slacks_stop_button_ends_the_stream_and_says_which(slack: FakeSlack, root: Message) -> None:
    app, told = app_of(slack), []

    @app.event("agent_session_stopped")
    async def stopped(event: dict[str, Any]) -> None:
        told.append(event["streaming_message_ts"])

    stream = await stream_of(slack, root)
    await stream.append(markdown_text="half")
    async with over_http(slack, app) as feed:
        await feed.session_stopped("C1", root.ts, "U1")
    assert told == [[stream.ts]]
    assert await error_of(stream.append(markdown_text="more")) == "message_not_in_streaming_state"


async def test_a_stopped_stream_sets_the_session_active(slack: FakeSlack, root: Message) -> None:
    client = client_of(slack)
    await client.agents_sessions_setStatus(channel_id="C1", thread_ts=root.ts, status="processing")
    stream = await stream_of(slack, root)
    await stream.append(markdown_text="done")
    await stream.stop()
    assert slack.workspace.sessions["C1", root.ts]["status"] == "active"
