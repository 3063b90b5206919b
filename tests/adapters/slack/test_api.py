"""What is tried again and what never is, when a call to Slack goes wrong."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.api import (
    RateLimited,
    Rejected,
    ResponseUrls,
    SlackApi,
    SlackFailed,
    Unreachable,
    Unsure,
    web_client,
)
from tests.fakes import FakeClock
from tests.slack.server import FakeSlack

CODE = {"client_id": "1", "code": "2"}
POST: dict[str, Any] = {"channel": "C1", "text": "hello", "unfurl_links": False, "unfurl_media": False}


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        slack.add_user("U1", "ada")
        slack.add_channel("C1", "general", ["U1"])
        yield slack
        assert slack.violations == []


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def api(slack: FakeSlack, clock: FakeClock) -> SlackApi:
    return SlackApi(web_client(slack.api_url, slack.bot_token), clock)


async def test_later_is_waited_for_as_long_as_slack_says(slack: FakeSlack, api: SlackApi, clock: FakeClock) -> None:
    slack.fail("chat.postMessage", retry_after=7, times=2)
    await api.call("chat.postMessage", **POST)
    assert len(slack.messages("C1")) == 1
    assert clock.monotonic() == 14


async def test_longer_than_its_caller_waits_is_not_waited_for(slack: FakeSlack, api: SlackApi) -> None:
    slack.fail("chat.postMessage", retry_after=60)
    with pytest.raises(RateLimited) as limited:
        await api.call("chat.postMessage", **POST)
    assert limited.value.retry_after_seconds == 60
    assert slack.messages("C1") == []


async def test_no_is_told_by_slacks_own_word(slack: FakeSlack, api: SlackApi) -> None:
    with pytest.raises(Rejected) as no:
        await api.call("chat.postMessage", **(POST | {"channel": "C404"}))
    assert no.value.code == "channel_not_found"


@pytest.mark.parametrize("lost", [{"drop": "after"}, {"status": 500}, {"status": 503}])
async def test_a_post_whose_reply_was_lost_is_not_sent_again(
    slack: FakeSlack, api: SlackApi, lost: dict[str, Any]
) -> None:
    slack.fail("chat.postMessage", **lost)
    with pytest.raises(Unsure):
        await api.call("chat.postMessage", **POST)
    assert len(slack.calls_of("chat.postMessage")) == 1


async def test_what_changes_nothing_is_asked_again_when_its_reply_was_lost(slack: FakeSlack, api: SlackApi) -> None:
    slack.fail("users.info", drop="after", times=2)
    said = await api.call("users.info", user="U1")
    assert said["user"]["id"] == "U1"
    assert len(slack.calls_of("users.info")) == 3


async def test_nobody_there_is_tried_until_somebody_is(slack: FakeSlack, api: SlackApi) -> None:
    await slack.go_down()
    with pytest.raises(Unreachable):
        await api.call("chat.postMessage", **POST)
    await slack.come_back()
    await api.call("chat.postMessage", **POST)
    assert len(slack.messages("C1")) == 1


async def test_nothing_is_sent_after_a_redirect(clock: FakeClock) -> None:
    """Neither a token, nor what somebody asked, nor an app's own secret."""
    elsewhere: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        if "elsewhere" in request.path:
            elsewhere.append(await request.text())
        return web.Response(status=307, headers={"Location": f"/elsewhere{request.path}"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", redirect)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        url = str(server.make_url("/api/"))
        for shared in (session, None):
            api = SlackApi(web_client(url, "xoxb-1", session=shared), clock)
            for method, fields in (("chat.postMessage", POST), ("oauth.v2.access", {"client_secret": "s", **CODE})):
                with pytest.raises(Unsure):
                    await api.call(method, **fields)
        with pytest.raises(SlackFailed):
            await ResponseUrls(session, url, clock).answer(str(server.make_url("/commands/1")), text="hello")
    assert elsewhere == []


async def test_an_answer_is_sent_to_no_address_but_slacks(slack: FakeSlack, clock: FakeClock) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(Rejected):
            await ResponseUrls(session, "https://slack.com/api/", clock).answer(f"{slack.base_url}/x", text="hello")
    assert slack.calls == []
