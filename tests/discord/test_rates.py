"""Limits are told in headers and refused with 429, and discord.py obeys them."""

import asyncio

from discord.http import HTTPClient

from tests.discord.bot import Naps
from tests.discord.calling import edit, post, refused
from tests.discord.faults import Call
from tests.discord.rates import Rates, Told
from tests.discord.server import FakeDiscord
from tests.discord.town import Town
from tests.slack.clock import Clock

BUCKET = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset-After")


def calling(operation: str = "update_message", channel: str = "1", token: str = "") -> Call:
    parameters = {"channel_id": channel, **({"webhook_token": token} if token else {})}
    return Call(1, operation, "PATCH", "/route", parameters, {}, None, [], "", 0.0)


class Frozen(Clock):
    """A clock that a test alone moves."""

    def now(self) -> float:
        return self._ahead_seconds


def told(rates: Rates, call: Call) -> Told:
    found = rates.take(call)
    assert found is not None
    return found


def test_a_window_counts_down_and_starts_again() -> None:
    clock = Frozen()
    rates = Rates(clock)
    rates.allow("update_message", 2, 5.0)
    first = told(rates, calling())
    assert [first.headers[name] for name in BUCKET] == ["2", "1", "5.000"]
    clock.advance(1)
    second = told(rates, calling())
    assert [second.headers[name] for name in BUCKET] == ["2", "0", "4.000"]
    third = told(rates, calling())
    assert third.refused is not None and third.refused["retry_after"] == 4.001
    assert third.headers["X-RateLimit-Scope"] == "user" and not third.refused["global"]
    clock.advance(4)
    assert told(rates, calling()).refused is None
    assert rates.refused == 1


def test_each_channel_has_its_own_bucket() -> None:
    rates = Rates(Frozen())
    rates.allow("update_message", 1, 5.0)
    assert told(rates, calling(channel="1")).refused is None
    assert told(rates, calling(channel="2")).refused is None
    assert told(rates, calling(channel="1")).refused is not None


def test_the_global_limit_counts_all_but_interactions() -> None:
    rates = Rates(Frozen())
    rates.allow("*", 1, 1.0)
    assert told(rates, calling("create_message")).refused is None
    refusal = told(rates, calling("update_message"))
    assert refusal.refused is not None and refusal.refused["global"]
    assert refusal.headers["X-RateLimit-Global"] == "true"
    assert told(rates, calling("execute_webhook", token="t")).refused is None
    assert rates.take(calling("create_interaction_response")) is None


async def test_discord_py_waits_before_a_bucket_is_empty_and_is_never_refused(town: Town, http: HTTPClient) -> None:
    message = await post(http, town.general)
    town.discord.rates.allow("update_message", 5, 0.2)
    await asyncio.gather(*(edit(http, message, str(number)) for number in range(12)))
    assert town.discord.rates.refused == 0
    assert len(town.discord.calls_of("update_message", taken=True)) == 12


async def test_a_429_by_discord_is_waited_out(discord: FakeDiscord, town: Town, http: HTTPClient, naps: Naps) -> None:
    discord.fail("create_message", retry_after=2.5, times=1)
    await post(http, town.general)
    assert naps.seconds == [2.5]
    discord.fail("create_message", retry_after=7.0, everywhere=True, times=1)
    await post(http, town.general)
    assert naps.seconds == [2.5, 7.0]


async def test_a_429_by_cloudflare_is_not_waited_out_by_discord_py(
    discord: FakeDiscord, town: Town, http: HTTPClient, naps: Naps
) -> None:
    discord.fail("create_message", retry_after=2.5, via=False, times=1)
    assert (await refused(post(http, town.general)))[0] == 429
    discord.fail("create_message", retry_after=2.5, via=False, html=True, times=1)
    assert (await refused(post(http, town.general)))[0] == 429
    assert not any(naps.seconds) and not discord.answers(town.general)
    assert [call.status for call in discord.calls_of("create_message")] == [429, 429]
