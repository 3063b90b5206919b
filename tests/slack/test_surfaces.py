"""Modals and Home, answers through a response_url, files, installing, and what agents say."""

import json
from typing import Any

import aiohttp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.slack.bolt import client_of, error_of, post
from tests.slack.building import actions, button, chart, section, table
from tests.slack.feed import SocketFeed
from tests.slack.payloads import Payloads
from tests.slack.server import FakeSlack

QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


# --- views ---


async def test_a_trigger_opens_one_modal_within_three_seconds(slack: FakeSlack) -> None:
    client, payloads = client_of(slack), Payloads(slack, slack.workspace)
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Budget"}, "blocks": [section()]}
    trigger, late = payloads.trigger("U1"), payloads.trigger("U1")
    opened = await client.views_open(trigger_id=trigger, view=view)
    assert await error_of(client.views_open(trigger_id=trigger, view=view)) == "exchanged_trigger_id"
    slack.clock.advance(4)
    assert await error_of(client.views_open(trigger_id=late, view=view)) == "expired_trigger_id"
    assert await error_of(client.views_open(trigger_id="made up", view=view)) == "invalid_trigger_id"
    modal = slack.modal("U1")
    assert modal is not None and opened["view"]["id"] == modal.id
    stale = client.views_update(view_id=modal.id, hash="stale", view=view)
    assert await error_of(stale) == "hash_conflict"
    await client.views_update(view_id=modal.id, hash=modal.hash, view=view | {"blocks": [section(), section()]})
    assert len(modal.blocks) == 2 and len(modal.history) == 1


async def test_modals_stack_three_deep(slack: FakeSlack) -> None:
    client, payloads = client_of(slack), Payloads(slack, slack.workspace)
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Budget"}, "blocks": [section()]}
    last = (await client.views_open(trigger_id=payloads.trigger("U1"), view=view))["view"]["id"]
    for _ in range(2):
        last = (await client.views_push(trigger_id=payloads.trigger("U1", last), view=view))["view"]["id"]
    assert await error_of(client.views_push(trigger_id=payloads.trigger("U1", last), view=view)) == "push_limit_reached"


async def test_a_home_is_published_for_one_user_charts_included(slack: FakeSlack) -> None:
    client = client_of(slack)
    await client.views_publish(user_id="U1", view={"type": "home", "blocks": [section(), chart()]})
    await client.views_publish(user_id="U1", view={"type": "home", "blocks": [chart()]})
    home = slack.home("U1")
    assert home is not None and len(home.history) == 1 and "My month" in slack.text_of(home)
    assert slack.home("U2") is None
    tables = client.views_publish(user_id="U1", view={"type": "home", "blocks": [table()]})
    assert await error_of(tables) == "invalid_arguments"


# --- answers through a response_url ---


async def test_a_response_url_takes_five_answers_in_thirty_minutes(slack: FakeSlack) -> None:
    heard = await _commanded(slack, channel="C2")
    client = AsyncWebhookClient(heard["response_url"], retry_handlers=[])
    for _ in range(4):
        assert (await client.send(text="only you")).status_code == 200
    assert (await client.send(text="everybody", response_type="in_channel", **QUIET)).body == "ok"
    used = await client.send(text="six")
    assert used.status_code == 404 and json.loads(used.body)["error"] == "used_url"
    assert [one.text for one in slack.ephemerals("U1")] == ["only you"] * 4
    assert [one.text for one in slack.messages("C2")] == ["everybody"]
    late = AsyncWebhookClient((await _commanded(slack))["response_url"], retry_handlers=[])
    slack.clock.advance(1801)
    assert json.loads((await late.send(text="x")).body)["error"] == "expired_url"
    assert [one.taken for one in slack.calls_of("response_url")] == [True] * 5 + [False] * 2


async def test_an_answer_may_replace_what_was_pressed(slack: FakeSlack) -> None:
    message = await post(slack, blocks=[actions(button())])
    payload = Payloads(slack, slack.workspace).press(message, "U1", {"action_id": "go"})
    client = AsyncWebhookClient(payload["response_url"])
    await client.send(text="Pressed", replace_original=True)
    assert slack.text_of(message) == "Pressed" and len(message.edits) == 1
    await client.send(delete_original=True)
    assert slack.messages("C1") == []


async def _commanded(slack: FakeSlack, channel: str = "C1") -> dict[str, Any]:
    return SocketFeed(slack).payloads.command("/ask", "", "U1", channel)


# --- files, and installing ---


async def test_a_file_needs_the_token_or_shows_a_sign_in_page(slack: FakeSlack) -> None:
    file = slack.add_file("notes.txt", b"deadlock", "text/plain", user="U1")
    told = (await client_of(slack).files_info(file=file.id))["file"]
    assert (told["size"], told["mimetype"], told["url_private"]) == (8, "text/plain", file.url)
    async with aiohttp.ClientSession() as session:
        right, wrong = ({"Authorization": f"Bearer {token}"} for token in (slack.bot_token, "xoxb-wrong"))
        async with session.get(file.url, headers=right) as response:
            assert await response.read() == b"deadlock"
        async with session.get(file.url, headers=wrong) as response:
            assert response.status == 200 and response.content_type == "text/html"
        async with session.get(file.url, headers=wrong, allow_redirects=False) as response:
            assert response.status == 302


async def test_a_code_buys_a_token_once(slack: FakeSlack) -> None:
    team = slack.add_workspace("T2", "Second")
    team.scopes = frozenset({"chat:write", "commands"})
    client = client_of(slack, "none")
    given: dict[str, Any] = {"client_id": slack.client_id, "client_secret": slack.client_secret}
    code = slack.oauth_code(team, "U7")
    bought = await client.oauth_v2_access(code=code, **given)
    assert bought["access_token"] == team.bot_token and bought["team"]["id"] == "T2"
    assert bought["scope"] == "chat:write,commands" and bought["authed_user"]["id"] == "U7"
    assert await error_of(client.oauth_v2_access(code=code, **given)) == "code_already_used"
    assert await error_of(client.oauth_v2_access(code="made up", **given)) == "invalid_code"
    wrong = client.oauth_v2_access(code=code, client_id=slack.client_id, client_secret="x")
    assert await error_of(wrong) == "bad_client_secret"


async def test_agents_say_what_they_do(slack: FakeSlack) -> None:
    client, root = client_of(slack), slack.say("U1", "C1", "why?")
    await client.assistant_threads_setStatus(channel_id="C1", thread_ts=root.ts, status="is thinking...")
    await client.agents_sessions_setStatus(channel_id="C1", thread_ts=root.ts, status="processing", title="Why")
    await client.agents_sessions_rename(channel_id="C1", thread_ts=root.ts, title="Why not")
    await client.assistant_threads_setSuggestedPrompts(
        channel_id=(await client.conversations_open(users="U1"))["channel"]["id"],
        prompts=[{"title": "Explain", "message": "Explain deadlocks"}],
    )
    assert slack.workspace.statuses[0]["status"] == "is thinking..."
    assert slack.workspace.sessions["C1", root.ts] == {"title": "Why not", "status": "processing"}
    assert slack.workspace.prompts[0]["prompts"][0]["title"] == "Explain"
    nowhere = client.agents_sessions_setStatus(channel_id="C1", status="processing")
    assert await error_of(nowhere) == "thread_ts_required"
    unheard = client.agents_sessions_setStatus(channel_id="C1", thread_ts=root.ts, status="dreaming")
    assert await error_of(unheard) == "invalid_status"
    assert await error_of(client.api_call("chat.telepathy")) == "unknown_method"
