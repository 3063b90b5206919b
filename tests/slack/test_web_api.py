"""The Web API answers the real client as Slack does: what is there, and why not."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.slack.bolt import client_of, error_of, post
from tests.slack.building import actions, button, section
from tests.slack.server import FakeSlack

QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


# --- who calls ---


async def test_a_token_speaks_for_its_own_workspace(slack: FakeSlack) -> None:
    other = slack.add_workspace("T2", "Second")
    assert (await client_of(slack).auth_test())["team_id"] == "T0HOME"
    told = await client_of(slack, other.bot_token).auth_test()
    assert (told["team_id"], told["team"], told["user_id"], told["bot_id"]) == (
        *("T2", "Second"),
        *(other.bot_user_id, other.bot_id),
    )
    assert await error_of(client_of(slack, other.bot_token).conversations_info(channel="C1")) == "channel_not_found"


async def test_a_wrong_a_missing_and_a_revoked_token_are_refused(slack: FakeSlack) -> None:
    assert await error_of(client_of(slack, "xoxb-wrong").auth_test()) == "invalid_auth"
    async with aiohttp.ClientSession() as session, session.post(f"{slack.api_url}auth.test") as response:
        assert (await response.json())["error"] == "not_authed"
    assert (await client_of(slack).auth_revoke())["revoked"]
    assert await error_of(client_of(slack).auth_test()) == "account_inactive"
    assert await error_of(client_of(slack).apps_connections_open(app_token=slack.bot_token)) == "not_allowed_token_type"


@pytest.mark.parametrize(
    ("method", "fields", "scope"),
    [
        ("chat_postMessage", {"channel": "C1", "text": "x", **QUIET}, "chat:write"),
        ("users_info", {"user": "U1"}, "users:read"),
        ("usergroups_list", {}, "usergroups:read"),
        ("team_info", {}, "team:read"),
        ("conversations_open", {"users": "U1"}, "im:write"),
        ("conversations_info", {"channel": "C1"}, "channels:read"),
        ("conversations_history", {"channel": "C1"}, "channels:history"),
        ("files_info", {"file": "F1"}, "files:read"),
        ("files_getUploadURLExternal", {"filename": "a.png", "length": 3}, "files:write"),
        ("files_completeUploadExternal", {"files": [{"id": "F1"}]}, "files:write"),
        ("assistant_threads_setSuggestedPrompts", {"channel_id": "C1", "prompts": []}, "assistant:write"),
    ],
)
async def test_a_method_needs_its_scope(slack: FakeSlack, method: str, fields: dict[str, Any], scope: str) -> None:
    slack.scopes = frozenset({"commands"})
    with pytest.raises(SlackApiError) as refused:
        await getattr(client_of(slack), method)(**fields)
    assert refused.value.response["error"] == "missing_scope" and refused.value.response["needed"] == scope
    slack.scopes = frozenset({scope})
    try:
        await getattr(client_of(slack), method)(**fields)
    except SlackApiError as other:
        assert other.response["error"] != "missing_scope"


async def test_every_call_is_recorded_in_order_with_its_fields(slack: FakeSlack) -> None:
    await post(slack, blocks=[section()])
    await client_of(slack).conversations_replies(channel="C1", ts=slack.messages("C1")[0].ts, limit=3)
    first, second = slack.calls
    assert (first.method, second.method) == ("chat.postMessage", "conversations.replies")
    assert first.order < second.order and first.taken and second.taken
    assert first.fields["blocks"] == [section()] and second.fields["limit"] == "3"


# --- people and places ---


async def test_people_are_told_with_their_roles_and_strangers_without(slack: FakeSlack) -> None:
    client = client_of(slack)
    ada, guest = (await client.users_info(user="U1"))["user"], (await client.users_info(user="U3"))["user"]
    stranger, bot = (await client.users_info(user="U4"))["user"], (await client.users_info(user="U0CHIPIN"))["user"]
    assert ada["is_admin"] and not ada["is_restricted"] and guest["is_ultra_restricted"]
    assert stranger["is_stranger"] and stranger["team_id"] == "T9OTHER" and "is_admin" not in stranger
    assert bot["is_bot"]
    assert await error_of(client.users_info(user="U404")) == "user_not_found"
    slack.add_user_group("S1", "data-team", ["U1"])
    assert (await client.usergroups_list(include_users=True))["usergroups"][0]["users"] == ["U1"]


async def test_channels_the_bot_is_not_in_cannot_be_used(slack: FakeSlack) -> None:
    client = client_of(slack)
    slack.say("U1", "C2", "unheard")
    assert await error_of(client.chat_postMessage(channel="C2", text="x", **QUIET)) == "not_in_channel"
    assert await error_of(client.conversations_history(channel="C2")) == "not_in_channel"
    assert not (await client.conversations_info(channel="C2"))["channel"]["is_member"]
    for channel in ("G1", "C404"):
        assert await error_of(client.chat_postMessage(channel=channel, text="x", **QUIET)) == "channel_not_found"
        assert await error_of(client.conversations_info(channel=channel)) == "channel_not_found"
    slack.scopes = frozenset({"chat:write", "chat:write.public"})
    assert (await post(slack, channel="C2")).text == "Hello"


async def test_a_dm_opens_once_and_a_user_id_stands_for_it(slack: FakeSlack) -> None:
    client = client_of(slack)
    opened = await client.conversations_open(users="U2")
    assert opened["channel"]["id"] == "D2" and not opened["already_open"]
    assert (await client.conversations_open(users=["U2"]))["already_open"]
    assert (await post(slack, channel="U2")).channel == "D2"
    assert [message.text for message in slack.direct_messages("U2")] == ["Hello"]


async def test_a_thread_is_read_in_pages_oldest_first(slack: FakeSlack) -> None:
    root = slack.say("U1", "C1", "0")
    for number in range(1, 6):
        slack.say("U2", "C1", str(number), thread_ts=root.ts)
    client = client_of(slack)
    first = await client.conversations_replies(channel="C1", ts=root.ts, limit=4)
    rest = await client.conversations_replies(
        channel="C1", ts=root.ts, limit=4, cursor=first["response_metadata"]["next_cursor"]
    )
    assert [one["text"] for one in first["messages"] + rest["messages"]] == ["0", "1", "2", "3", "4", "5"]
    assert first["has_more"] and not rest["has_more"]
    assert [one["text"] for one in (await client.conversations_history(channel="C1"))["messages"]] == ["0"]
    assert await error_of(client.conversations_replies(channel="C1", ts="1.1")) == "thread_not_found"


async def test_metadata_is_read_only_by_who_asks_for_it(slack: FakeSlack) -> None:
    message = await post(slack, metadata={"event_type": "ask", "event_payload": {"id": "1"}})
    client = client_of(slack)
    plain = await client.conversations_replies(channel="C1", ts=message.ts)
    full = await client.conversations_history(channel="C1", include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"]["event_payload"] == {"id": "1"}
    assert [one["id"] for one in (await client.users_conversations(types="public_channel"))["channels"]] == ["C1"]


# --- messages ---


async def test_an_edit_keeps_what_stood_before(slack: FakeSlack) -> None:
    message = await post(slack, blocks=[section()], metadata={"event_type": "ask", "event_payload": {"id": "1"}})
    client = client_of(slack)
    await client.chat_update(channel="C1", ts=message.ts, text="New", blocks=[section(), actions(button())])
    assert len(message.blocks) == 2 and message.metadata is not None
    await client.chat_update(channel="C1", ts=message.ts, text="Only text")
    assert (message.text, message.blocks) == ("Only text", [])
    await client.chat_update(channel="C1", ts=message.ts, markdown_text="**done**")
    assert slack.body_of(message) == "**done**"
    assert [len(edit.blocks) for edit in message.edits] == [1, 2, 0]


async def test_only_its_own_messages_can_be_changed(slack: FakeSlack) -> None:
    client, theirs, own = client_of(slack), slack.say("U1", "C1", "mine"), await post(slack)
    assert await error_of(client.chat_update(channel="C1", ts=theirs.ts, text="x")) == "cant_update_message"
    assert await error_of(client.chat_update(channel="C1", ts="1.1", text="x")) == "message_not_found"
    assert await error_of(client.chat_delete(channel="C1", ts=theirs.ts)) == "cant_delete_message"
    await client.chat_delete(channel="C1", ts=own.ts)
    assert slack.messages("C1") == [theirs]
    assert await error_of(client.api_call("chat.postMessage", json={"channel": "C1"})) == "no_text"


async def test_an_ephemeral_is_seen_by_one_member_of_the_channel(slack: FakeSlack) -> None:
    client = client_of(slack)
    await client.chat_postEphemeral(channel="C1", user="U1", text="$8 left")
    assert [one.text for one in slack.ephemerals("U1", "C1")] == ["$8 left"] and not slack.ephemerals("U2")
    assert await error_of(client.chat_postEphemeral(channel="C1", user="U3", text="x")) == "user_not_in_channel"


async def test_a_reply_to_a_reply_stands_in_the_thread_of_its_root(slack: FakeSlack) -> None:
    root = slack.say("U1", "C1", "root")
    reply = await post(slack, thread_ts=root.ts)
    again = await post(slack, thread_ts=reply.ts)
    assert again.thread_ts == root.ts and slack.messages("C1", root.ts) == [root, reply, again]
    link = await client_of(slack).chat_getPermalink(channel="C1", message_ts=reply.ts)
    assert link["permalink"].endswith(f"?thread_ts={root.ts}&cid=C1")


async def test_bad_blocks_are_refused_with_the_reason_and_recorded(slack: FakeSlack) -> None:
    with pytest.raises(SlackApiError) as refused:
        await post(slack, blocks=[actions(button(), button())])
    assert refused.value.response["error"] == "invalid_blocks"
    assert "action_id unique" in refused.value.response["response_metadata"]["messages"][0]
    assert [one.rule for one in slack.violations] == ["action_id unique"] and slack.messages("C1") == []


async def test_what_only_we_forbid_is_recorded_and_shown(slack: FakeSlack) -> None:
    await client_of(slack).chat_postMessage(channel="C1", text="hey <!channel>")
    assert {one.rule for one in slack.violations} == {"live mention", "unfurl"}
    assert len(slack.messages("C1")) == 1


async def test_too_much_text_has_errors_of_its_own(slack: FakeSlack) -> None:
    client = client_of(slack)
    long = client.chat_postMessage(channel="C1", markdown_text="x" * 12_001, **QUIET)
    assert await error_of(long) == "msg_too_long"
    many = [section(text={"type": "mrkdwn", "text": "x" * 2900}) for _ in range(5)]
    assert (
        await error_of(client.chat_postMessage(channel="C1", text="x", blocks=many, **QUIET)) == "msg_blocks_too_long"
    )
    both = client.chat_postMessage(channel="C1", markdown_text="x", text="x", **QUIET)
    assert await error_of(both) == "markdown_text_conflict"
