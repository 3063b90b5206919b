"""Over HTTP only Slack is heard: whatever else comes gets a 4xx, and leaves no trace."""

import asyncio
import json
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.provider_server import ProviderServer
from tests.slack.feed import HttpFeed
from tests.slack.server import FakeSlack

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


async def nothing_happened(house: SlackHouse, calls: int) -> None:
    await house.quiet()
    assert len(house.slack.calls) == calls
    assert not house.provider.calls and not await house.requests()


def deliveries(house: SlackHouse) -> Iterator[tuple[str, bytes]]:
    """One of each kind that Slack sends."""
    payloads = house.feed.payloads
    message = house.slack.say(BEN, GENERAL, f"<@{house.slack.bot_user_id}> why?")
    yield JSON, json.dumps(payloads.event(payloads.message_event(message, "app_mention"), "Ev1")).encode()
    yield FORM, urlencode(payloads.command("/topup", "25", ANNA, GENERAL)).encode()
    press = payloads.press(message, ANNA, {"action_id": "topup", "type": "button", "value": "25"})
    yield FORM, urlencode({"payload": json.dumps(press)}).encode()


def forgeries(feed: HttpFeed, body: bytes) -> Iterator[dict[str, str]]:
    """Headers that somebody who is not Slack might send."""
    now = feed.slack.clock.now()
    right = feed.signed(body)
    moment, signature = right["X-Slack-Request-Timestamp"], right["X-Slack-Signature"]
    yield feed.signed(body, secret="another secret")
    yield feed.signed(body, secret="")
    yield feed.signed(body, at=now - 301)
    yield feed.signed(body, at=now + 301)
    yield feed.signed(body + b" ")
    yield {}
    yield {"X-Slack-Signature": signature}
    yield {"X-Slack-Request-Timestamp": moment}
    yield {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": ""}
    yield {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": signature.replace("v0", "v1")}
    yield {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": signature}
    yield {"X-Slack-Request-Timestamp": "9" * 30, "X-Slack-Signature": signature}
    yield {"X-Slack-Request-Timestamp": "", "X-Slack-Signature": signature}


async def test_forged_stale_future_missing_and_empty_signatures_are_refused(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport="http") as house:
        assert isinstance(house.feed, HttpFeed)
        calls = len(slack.calls)
        for content_type, body in deliveries(house):
            for forged in forgeries(house.feed, body):
                heard = await house.feed.raw(body, {"Content-Type": content_type} | forged)
                assert heard.status == 401, forged
        await nothing_happened(house, calls)


async def test_bodies_that_cannot_be_read_are_refused_signed_or_not(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    bodies = (
        (JSON, b""),
        (JSON, b"{"),
        (JSON, b"[]"),
        (JSON, b"null"),
        (JSON, b"[" * 100_000),
        (JSON, b'{"type": "\xff"}'),
        (FORM, b""),
        (FORM, b"payload="),
        (FORM, b"payload=%7B"),
        (FORM, b"payload=[]"),
        (FORM, b"{a=b"),
        (FORM, b"payload=%7B%7D"),
        (FORM, b"payload=%7B%7D&payload=[]"),
        (FORM, b"payload=%7B%7D&payload="),
        (FORM, b"payload=%7B%22type%22%3A%22block_actions%22%7D&payload=1"),
        (JSON, b'{"type": "event_callback", "event": "message"}'),
        (JSON, b'{"type": "event_callback", "event": {"type": "message"}, "authorizations": 5}'),
        (JSON, b'{"type": "event_callback", "event": {"type": "message"}, "authorizations": [5]}'),
        (JSON, b'{"type": "block_actions", "actions": []}'),
        (JSON, b'{"type": "block_actions", "actions": [{"action_id": 5}]}'),
        (JSON, b'{"type": "block_actions", "actions": "topup"}'),
        (JSON, b'{"type": "view_submission", "view": 5}'),
        (JSON, b'{"type": "view_submission", "view": {"callback_id": "topup", "type": "modal", "state": 5}}'),
        (FORM, b"type=event_callback&event=type"),
        ("text/plain", b"hello"),
        (JSON, b" " * 1_100_000),
    )
    async with chipin_in(slack, sqlite_url, server, transport="http") as house:
        assert isinstance(house.feed, HttpFeed)
        calls = len(slack.calls)
        for content_type, body in bodies:
            headers = {"Content-Type": content_type}
            signed = await house.feed.raw(body, headers | house.feed.signed(body))
            assert 400 <= signed.status < 500, (content_type, body[:90], signed.status)
            assert 400 <= (await house.feed.raw(body, headers)).status < 500
        await nothing_happened(house, calls)


async def test_a_signed_delivery_of_each_kind_passes(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    """So that the tests above refuse for the signature alone."""
    async with chipin_in(slack, sqlite_url, server, transport="http") as house:
        assert isinstance(house.feed, HttpFeed)
        heard = [
            await house.feed.raw(body, {"Content-Type": content_type} | house.feed.signed(body))
            for content_type, body in deliveries(house)
        ]
        assert 401 not in [each.status for each in heard]
        assert heard[0].ok


async def test_what_is_not_signed_along_breaks_nothing(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    """Slack signs no header but the time."""
    async with chipin_in(slack, sqlite_url, server, transport="http") as house:
        assert isinstance(house.feed, HttpFeed)
        for number, header in enumerate(("x", "-1", "9" * 5_000, "\u0663"), start=1):
            payloads = house.feed.payloads
            message = house.slack.say(BEN, GENERAL, f"<@{house.slack.bot_user_id}> why?")
            body = json.dumps(payloads.event(payloads.message_event(message, "app_mention"), f"Ev{number}")).encode()
            headers = {"Content-Type": JSON, "X-Slack-Retry-Num": header} | house.feed.signed(body)
            assert (await house.feed.raw(body, headers)).ok, header
        await house.quiet()
        assert len(server.calls) == 4


async def test_a_body_that_does_not_come_in_is_waited_for_no_longer_than_slack_would(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.http.BODY_SECONDS", 0.01)
    async with chipin_in(slack, sqlite_url, server, transport="http") as house:
        assert isinstance(house.feed, HttpFeed)
        url = urlsplit(house.feed.url)
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
        assert b" 408 " in await reader.readline()
        writer.close()
        await writer.wait_closed()
