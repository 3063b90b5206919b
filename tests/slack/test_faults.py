"""What goes wrong goes wrong as asked, as often as asked, and is counted."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.slack.bolt import client_of
from tests.slack.rates import most_in
from tests.slack.server import FakeSlack

LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


async def post(slack: FakeSlack, text: str = "x") -> Any:
    return await client_of(slack).chat_postMessage(channel="C1", text=text, unfurl_links=False, unfurl_media=False)


async def test_an_error_strikes_as_often_as_planted(slack: FakeSlack) -> None:
    fault = slack.fail("chat.postMessage", error="fatal_error", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            await post(slack)
    await post(slack)
    assert fault.fired == 2 and len(slack.messages("C1")) == 1
    assert [call.taken for call in slack.calls] == [False, False, True]


async def test_a_fault_strikes_only_the_calls_it_is_for(slack: FakeSlack) -> None:
    fault = slack.fail("chat.postMessage", error="fatal_error", when=lambda call: call.fields["text"] == "bad")
    await post(slack, "good")
    with pytest.raises(SlackApiError):
        await post(slack, "bad")
    assert fault.fired == 1


async def test_a_busy_slack_says_when_to_come_back(slack: FakeSlack) -> None:
    slack.fail("*", retry_after=7, times=1)
    with pytest.raises(SlackApiError) as limited:
        await post(slack)
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"


async def test_a_broken_slack_answers_with_no_json(slack: FakeSlack) -> None:
    slack.fail("*", status=503, times=1)
    with pytest.raises(SlackApiError) as broken:
        await post(slack)
    assert broken.value.response.status_code == 503


async def test_a_connection_breaks_before_or_after_slack_took_the_message(slack: FakeSlack) -> None:
    before = slack.fail("chat.postMessage", drop="before", times=1)
    with pytest.raises(LOST):
        await post(slack, "never")
    after = slack.fail("chat.postMessage", drop="after", times=1)
    with pytest.raises(LOST):
        await post(slack, "taken")
    assert [message.text for message in slack.messages("C1")] == ["taken"]
    assert (before.fired, after.fired) == (1, 1)
    assert [call.taken for call in slack.calls] == [False, True]


async def test_a_stall_lasts_until_it_is_released(slack: FakeSlack) -> None:
    before, after = slack.fail("chat.postMessage", stall="before", times=1), None
    first = asyncio.create_task(post(slack, "1"))
    await before.struck.wait()
    assert slack.messages("C1") == []
    after = slack.fail("chat.postMessage", stall="after", times=1)
    second = asyncio.create_task(post(slack, "2"))
    await after.struck.wait()
    assert not first.done() and not second.done()
    before.release()
    after.release()
    await asyncio.gather(first, second)
    assert sorted(message.text for message in slack.messages("C1")) == ["1", "2"]


async def test_a_slack_that_is_down_refuses_connections_until_it_comes_back(slack: FakeSlack) -> None:
    await post(slack)
    await slack.go_down()
    with pytest.raises(aiohttp.ClientConnectorError):
        await post(slack)
    await slack.come_back()
    await post(slack)
    assert len(slack.messages("C1")) == 2


def test_a_fault_is_one_thing() -> None:
    with pytest.raises(ValueError, match="one fault"):
        FakeSlack().fail("*", error="x", status=500)


# --- rates ---


async def test_limits_are_counted_always_and_enforced_when_asked(slack: FakeSlack) -> None:
    for _ in range(7):
        await post(slack)
    slack.enforce_rates = True
    slack.clock.advance(60)
    for _ in range(5):
        await post(slack)
    with pytest.raises(SlackApiError) as limited:
        await post(slack)
    assert limited.value.response.status_code == 429 and slack.rates.refused == 1
    slack.clock.advance(1)
    await post(slack)


async def test_appends_are_a_hundred_a_minute_for_the_workspace(slack: FakeSlack) -> None:
    slack.enforce_rates = True
    taken = [slack.rates.take("T", "chat.appendStream", {}, now=float(second) / 10) for second in range(101)]
    assert taken[:100] == [0] * 100 and taken[100] > 0
    assert slack.rates.take("T2", "chat.appendStream", {}, now=11.0) == 0
    assert slack.rates.take("T", "chat.appendStream", {}, now=61.0) == 0
    assert slack.rates.peak("T", "chat.appendStream") == 100


def test_the_most_in_a_window_is_counted_over_its_edge() -> None:
    assert most_in([0, 30, 59, 60, 61], 60) == 4
    assert most_in([], 60) == 0
