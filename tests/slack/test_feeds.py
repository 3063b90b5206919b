"""A real slack-bolt app hears of commands, events and interactions, the same over both transports."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.slack.bolt import app_of, client_of, connected, over_http, over_socket
from tests.slack.feed import HttpFeed
from tests.slack.manifest import NotDelivered
from tests.slack.server import FakeSlack
from tests.waiting import until

Json = dict[str, Any]
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Ready?"}}
BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "42"}
MODAL = {
    "type": "modal",
    "callback_id": "budget",
    "title": {"type": "plain_text", "text": "Add budget"},
    "submit": {"type": "plain_text", "text": "Add"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "amount",
            "label": {"type": "plain_text", "text": "Dollars"},
            "element": {"type": "plain_text_input", "action_id": "dollars"},
        }
    ],
}


@pytest.fixture(autouse=True)
def _nothing_is_broken(slack: FakeSlack) -> Iterator[None]:
    yield
    assert slack.violations == []


async def posted(slack: FakeSlack, *blocks: Json) -> None:
    await client_of(slack).chat_postMessage(
        channel="C1", text="Ready?", blocks=blocks, unfurl_links=False, unfurl_media=False
    )


async def test_a_command_is_acknowledged_and_answered_through_its_response_url(
    slack: FakeSlack, transport: str
) -> None:
    app, done = app_of(slack), asyncio.Event()

    @app.command("/ask")
    async def ask(ack: Any, respond: Any, command: Json) -> None:
        await ack()
        await respond(f"{command['user_name']} asked: {command['text']}")
        done.set()

    async with connected(slack, app, transport) as feed:
        heard = await feed.command("/ask", "why?", user="U1", channel="C1")
        await done.wait()
    assert heard.ok
    assert [one.text for one in slack.ephemerals("U1")] == ["ada asked: why?"]
    assert heard.payload["trigger_id"] in slack.triggers


async def test_order_numbers_tell_an_acknowledgement_before_any_call(slack: FakeSlack, transport: str) -> None:
    app, acknowledged = app_of(slack), asyncio.Event()
    tasks = []

    async def later(client: Any) -> None:
        await acknowledged.wait()
        await client.conversations_info(channel="C1")

    @app.command("/ask")
    async def ask(ack: Any, client: Any) -> None:
        await ack()
        tasks.append(asyncio.create_task(later(client)))

    async with connected(slack, app, transport) as feed:
        heard = await feed.command("/ask", user="U1", channel="C1")
        acknowledged.set()
        await asyncio.gather(*tasks)
    assert heard.order < slack.calls_of("conversations.info")[0].order


async def test_events_come_with_their_retry_number(slack: FakeSlack, transport: str) -> None:
    app, heard = app_of(slack), []

    @app.event("app_mention")
    async def mentioned(event: Json, body: Json, request: Any) -> None:
        heard.append((body["event_id"], event["text"], request.headers.get("x-slack-retry-num")))

    async with connected(slack, app, transport) as feed:
        first = await feed.mention("hello", user="U1", channel="C1")
        await feed.again(first, retry=2)
        await feed.again(first, new_event_id=True)
    words = "<@U0CHIPIN> hello"
    retries = [one[2] for one in heard]
    assert [one[1] for one in heard] == [words] * 3
    assert heard[0][0] == heard[1][0] != heard[2][0]
    assert retries[1] == ["2"]
    assert first.message is not None and slack.messages("C1") == [first.message]


async def test_messages_of_dms_and_channels_say_where_they_are(slack: FakeSlack, transport: str) -> None:
    app, kinds = app_of(slack), []

    @app.event("message")
    async def said(event: Json) -> None:
        kinds.append((event["channel_type"], event["channel"], event["text"]))

    async with connected(slack, app, transport) as feed:
        await feed.dm("just us", user="U1")
        await feed.channel_message("all of us", user="U1", channel="C1")
    assert kinds == [("im", "D1", "just us"), ("channel", "C1", "all of us")]


async def test_a_press_carries_what_is_really_shown(slack: FakeSlack, transport: str) -> None:
    app, pressed = app_of(slack), []

    @app.action("go")
    async def go(ack: Any, action: Json, body: Json) -> None:
        await ack()
        pressed.append((action["value"], action["block_id"], body["container"]["message_ts"]))

    await posted(slack, SECTION, {"type": "actions", "block_id": "row", "elements": [BUTTON]})
    message = slack.messages("C1")[0]
    async with connected(slack, app, transport) as feed:
        assert (await feed.press("go", user="U1", on=message)).ok
        with pytest.raises(LookupError):
            await feed.press("absent", user="U1", on=message)
    assert pressed == [("42", "row", message.ts)]


async def test_a_modal_opens_is_corrected_and_submitted(slack: FakeSlack, transport: str) -> None:
    app, sent = app_of(slack), []

    @app.action("go")
    async def go(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("budget")
    async def submitted(ack: Any, view: Json) -> None:
        dollars = view["state"]["values"]["amount"]["dollars"]["value"]
        sent.append(dollars)
        await (ack() if dollars == "25" else ack(response_action="errors", errors={"amount": "Type a number."}))

    await posted(slack, SECTION, {"type": "actions", "elements": [BUTTON]})
    async with connected(slack, app, transport) as feed:
        await feed.press("go", user="U1", on=slack.messages("C1")[0])
        await until(lambda: slack.modal("U1") is not None)
        modal = slack.modal("U1")
        assert modal is not None and modal.title == "Add budget"
        wrong = await feed.submit(modal, {"dollars": "lots"})
        assert wrong.body["errors"] == {"amount": "Type a number."} and slack.modal("U1") is modal
        assert (await feed.submit(modal, {"dollars": "25"})).ok and slack.modal("U1") is None
    assert sent == ["lots", "25"]


async def test_a_shortcut_and_options_reach_the_app(slack: FakeSlack, transport: str) -> None:
    app, asked = app_of(slack), []

    @app.shortcut("ask_about_this")
    async def about(ack: Any, shortcut: Json) -> None:
        await ack()
        asked.append(shortcut["message"]["text"])

    @app.options("model")
    async def models(ack: Any, payload: Json) -> None:
        await ack(options=[{"text": {"type": "plain_text", "text": payload["value"]}, "value": "m"}])

    message = slack.say("U1", "C1", "the migration deadlocks")
    async with connected(slack, app, transport) as feed:
        assert (await feed.message_shortcut("ask_about_this", message, user="U1")).ok
        offered = await feed.options("model", "haiku", user="U1")
    assert asked == ["the migration deadlocks"]
    assert offered.body["options"][0]["text"]["text"] == "haiku"


async def test_an_event_that_nobody_acknowledges_in_time_has_status_0(slack: FakeSlack, transport: str) -> None:
    app, gate = app_of(slack), asyncio.Event()

    @app.event("app_mention")
    async def stuck(event: Json) -> None:
        del event
        await gate.wait()

    async with connected(slack, app, transport) as feed:
        feed.patience_seconds = 0.05
        heard = await feed.mention("hello", user="U1", channel="C1")
        gate.set()
    assert heard.status == 0 and not heard.ok


async def test_the_app_comes_back_after_slack_asks_it_to_reconnect(slack: FakeSlack) -> None:
    app = app_of(slack)

    @app.command("/ask")
    async def ask(ack: Any) -> None:
        await ack()

    async with over_socket(slack, app) as feed:
        old = slack.sockets.open[0]
        await slack.sockets.ask_to_reconnect()
        await until(lambda: len(slack.sockets.open) == 1 and slack.sockets.open[0] is not old)
        assert (await feed.command("/ask", user="U1", channel="C1")).ok
    assert len(slack.calls_of("apps.connections.open")) == 2


@pytest.mark.parametrize(
    ("seconds", "secret", "status"), [(0, None, 200), (0, "another", 401), (-301, None, 401), (301, None, 401)]
)
async def test_only_a_fresh_signature_with_the_secret_passes(
    slack: FakeSlack, seconds: int, secret: str | None, status: int
) -> None:
    async with over_http(slack, app_of(slack)) as feed:
        assert isinstance(feed, HttpFeed)
        body = b'{"type": "url_verification", "challenge": "x"}'
        headers = feed.signed(body, at=slack.clock.now() + seconds, secret=secret)
        heard = await feed.raw(body, {"Content-Type": "application/json"} | headers)
    assert heard.status == status


async def test_words_that_acknowledge_a_command_are_shown_and_checked(slack: FakeSlack, transport: str) -> None:
    app = app_of(slack)

    @app.command("/ask")
    async def ask(ack: Any, command: Json) -> None:
        await ack(command["text"])

    async with connected(slack, app, transport) as feed:
        await feed.command("/ask", "Asking ...", user="U1", channel="C1")
        await feed.command("/ask", "<!here>", user="U2", channel="C1")
    assert [one.text for one in slack.ephemerals("U1")] == ["Asking ..."]
    assert [one.rule for one in slack.violations] == ["live mention"]
    slack.violations.clear()


async def test_edits_and_strangers_are_told_as_slack_tells_them(slack: FakeSlack, transport: str) -> None:
    app = app_of(slack)
    told: list[Any] = []

    @app.event({"type": "message", "subtype": "message_changed"})
    async def changed(event: Json) -> None:
        told.append((event["previous_message"]["text"], event["message"]["text"]))

    @app.event({"type": "message", "subtype": "message_deleted"})
    async def deleted(event: Json) -> None:
        told.append((event["previous_message"]["text"], "gone"))

    @app.event("message")
    async def said(event: Json) -> None:
        told.append((event["text"], event.get("user_team"), event.get("bot_id")))

    async with connected(slack, app, transport) as feed:
        first = (await feed.channel_message("hi", user="U1", channel="C1")).message
        assert first is not None
        await feed.edited(first, "hello")
        await feed.deleted(first)
        await feed.channel_message("from afar", user="U4", channel="C1")
        await feed.channel_message("beep", user="U5", channel="C1", bot_id="B5")
    expected: list[Any] = [("hi", None, None), ("hi", "hello"), ("hello", "gone")]
    assert told == [*expected, ("from afar", "T9OTHER", None), ("beep", None, "B5")]


async def test_slack_delivers_only_what_the_manifest_asks_for(slack: FakeSlack) -> None:
    manifest = {
        "features": {"slash_commands": [{"command": "/ask"}]},
        "oauth_config": {"scopes": {"bot": ["commands"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im", "app_mention"]}},
    }
    app = app_of(slack)
    slack.install(manifest)
    assert slack.scopes == frozenset({"commands"})
    async with over_http(slack, app) as feed:
        with pytest.raises(NotDelivered, match="/topup"):
            await feed.command("/topup", user="U1", channel="C1")
        with pytest.raises(NotDelivered, match=r"message\.channels"):
            await feed.channel_message("hi", user="U1", channel="C1")
        with pytest.raises(NotDelivered, match="app_home_opened"):
            await feed.home_opened("U1")
        assert (await feed.dm("hi", user="U1")).status
