"""Whatever Slack does while an answer is written: its asker ends with the whole text once, and pays for it once.

That the responder keeps every character at every possible moment is tried in tests/adapters/slack; here it is the whole
house, books and provider included.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from bot.clock import SystemClock
from tests.end_to_end.house import catalogue_price
from tests.end_to_end.slack.house import BEN, GENERAL, SlackHouse, chipin_in
from tests.provider_behaviours import paced
from tests.provider_server import ProviderServer
from tests.slack.faults import Fault
from tests.slack.server import FakeSlack
from tests.waiting import until

SENTENCES = [f"Sentence {number:03} says why two transactions wait for each other. " for number in range(20)]
PIECES = ["".join(SENTENCES[start : start + 5]) for start in range(0, len(SENTENCES), 5)]
"""Each is long enough to be written at once."""
FASTER = 40
"""How much faster the process's time goes: pauses of seconds are over at once, and nothing else changes."""
Plan = Callable[[FakeSlack], Fault | None]


class HurriedClock(SystemClock):
    """The real time, only that waiting is shorter."""

    def monotonic(self) -> float:
        return time.monotonic() * FASTER

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / FASTER)


def fails(method: str, **how: object) -> Plan:
    return lambda slack: slack.fail(method, **how)  # type: ignore[arg-type]  # as FakeSlack.fail explains


def expires_after(appends: int) -> Plan:
    def plan(slack: FakeSlack) -> None:
        slack.streams_expire_after_appends = appends

    return plan


START, APPEND, STOP = "chat.startStream", "chat.appendStream", "chat.stopStream"
PLANS: dict[str, Plan] = {
    "expires at once": expires_after(0),
    "expires in the middle": expires_after(2),
    "busy at the start": fails(START, retry_after=1, times=1),
    "busy in the middle": fails(APPEND, retry_after=1, times=2),
    "busy at the end": fails(STOP, retry_after=1, times=1),
    "start lost": fails(START, drop="after", times=1),
    "append lost": fails(APPEND, drop="after", times=1),
    "stop lost": fails(STOP, drop="after", times=1),
    "append never arrives": fails(APPEND, drop="before", times=1),
    "append refused": fails(APPEND, error="msg_too_long"),
    "blocks refused": fails(STOP, error="invalid_blocks", when=lambda call: bool(call.fields.get("blocks"))),
    "no streaming": fails(START, error="channel_type_not_supported"),
}
LONG = {
    "expires after one": expires_after(1),
    **{f"{method} unavailable": fails(method, status=503, times=1) for method in (START, APPEND, STOP)},
    **{f"{method} cut": fails(method, drop="before", times=1) for method in (START, STOP)},
    "start refused": fails(START, error="invalid_blocks"),
    "append invalid": fails(APPEND, error="invalid_blocks"),
    "status busy": fails("assistant.threads.setStatus", retry_after=1, times=1),
    "status refused": fails("assistant.threads.setStatus", error="missing_scope"),
    "profile busy": fails("users.info", retry_after=1, times=1),
}


def as_slack_reads(slack: FakeSlack) -> Callable[[], Awaitable[None]]:
    """Waits until Slack was written to once more: the next piece comes to an answer that is already there."""
    seen = 0

    async def written() -> None:
        nonlocal seen
        calls = (START, APPEND, "chat.update", "chat.postMessage")
        if seen:
            with suppress(TimeoutError):
                await until(lambda: sum(call.method in calls for call in slack.calls) >= seen, patience_seconds=0.5)
        seen = sum(call.method in calls for call in slack.calls) + 1

    return written


async def assert_whole_once(house: SlackHouse) -> None:
    """The text stands in the thread, letter for letter, and was paid as usual."""
    written = "".join(house.slack.body_of(message) for message in house.answers())
    assert [written.count(sentence) for sentence in SENTENCES] == [1] * len(SENTENCES)
    assert not any(message.streaming for message in house.answers())
    assert len(house.provider.calls) == 1
    [request] = await house.requests()
    assert request["state"] == "settled"
    assert await house.charged_nanos() == catalogue_price(request["model"], input=12, output=8)


@pytest.mark.parametrize(
    "plan",
    [*PLANS.values(), *(pytest.param(plan, marks=pytest.mark.soak) for plan in LONG.values())],
    ids=[*PLANS, *LONG],
)
async def test_the_answer_is_whole_and_paid_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, plan: Plan
) -> None:
    server.answer_with(paced(PIECES, as_slack_reads(slack)))
    async with chipin_in(slack, sqlite_url, server, clock=HurriedClock()) as house:
        fault = plan(slack)
        await house.feed.mention("why does my migration deadlock?", user=BEN, channel=GENERAL)
        await house.quiet()
        await assert_whole_once(house)
        expired = [message.stream.expired for message in house.answers() if message.stream]
        assert fault.fired if fault is not None else any(expired)


async def test_slack_is_gone_in_the_middle_of_an_answer(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    """Over HTTP, whose events need no connection to it: the provider goes on, and what it said is there afterwards."""
    reading, gone = as_slack_reads(slack), 0

    async def down_after_two() -> None:
        nonlocal gone
        await reading()
        gone += 1
        if gone == 3:
            await slack.go_down()

    server.answer_with(paced(PIECES, down_after_two))
    async with chipin_in(slack, sqlite_url, server, transport="http", clock=HurriedClock()) as house:
        await house.feed.mention("why does my migration deadlock?", user=BEN, channel=GENERAL)
        await until(lambda: gone == len(PIECES))
        await asyncio.sleep(20 / FASTER)
        await slack.come_back()
        await house.quiet()
        await assert_whole_once(house)
