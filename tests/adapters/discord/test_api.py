"""What is tried again and what never is, when a call to Discord goes wrong; and how its limits are obeyed."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.discord import api as discord_api
from adapters.discord.api import (
    ANSWER_SECONDS,
    DiscordApi,
    DiscordFailed,
    Handle,
    RateLimited,
    Rejected,
    Unreachable,
    Unsure,
)
from adapters.discord.client import ChipinClient, point_at
from adapters.discord.library_logs import quiet_library
from adapters.discord.outgoing import SUPPRESS_EMBEDS, File
from tests.discord.feed import Feed
from tests.discord.gate import PREFIX
from tests.discord.town import Town
from tests.fakes import FakeClock
from tests.waiting import until

SECRET_WORDS = "what nobody may read in a log"
POST, EDIT = "create_message", "update_message"


class SwiftLoop:
    """discord.py's own pauses, made short: how long it meant to wait is noted."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def sleep(self, seconds: float, result: Any = None) -> Any:
        self.waited.append(seconds)
        return await asyncio.sleep(0, result)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def api(town: Town, clock: FakeClock) -> AsyncIterator[DiscordApi]:
    quiet_library()
    point_at(town.discord.api_url, town.discord.gateway_url)
    client = ChipinClient()
    await client.login(town.discord.token)
    town.discord.calls.clear()
    yield DiscordApi(client.http, clock)
    await client.close()


@pytest.fixture
def swift(monkeypatch: pytest.MonkeyPatch) -> Iterator[SwiftLoop]:
    """The pauses that discord.py makes inside a call."""
    swift = SwiftLoop()
    hurried = type("hurried", (), {**vars(asyncio), "sleep": staticmethod(swift.sleep)})
    monkeypatch.setattr("discord.http.asyncio", hurried)
    yield swift


async def post(api: DiscordApi, town: Town, text: str = "hello", **how: Any) -> Any:
    return await api.post(town.general.id, {"content": text}, **how)


# --- no, later, away, perhaps ---


async def test_no_is_told_by_discords_own_number(town: Town, api: DiscordApi) -> None:
    with pytest.raises(Rejected) as no:
        await api.edit(town.general.id, "1", {"content": "?"})
    assert (no.value.status, no.value.code, str(no.value)) == (404, 10008, "HTTP 404, code 10008")
    town.discord.fail(POST, code=50013)
    with pytest.raises(Rejected) as forbidden:
        await post(api, town)
    assert (forbidden.value.status, forbidden.value.code) == (403, 50013)


@pytest.mark.parametrize("html", [False, True])
async def test_later_without_via_is_waited_out_like_any_other(
    town: Town, api: DiscordApi, clock: FakeClock, html: bool
) -> None:
    town.discord.fail(POST, retry_after=7, via=False, html=html, times=2)
    await post(api, town)
    assert len(town.discord.answers(town.general)) == 1 and clock.monotonic() == 14


async def test_later_with_via_is_waited_out_by_discord_py(town: Town, api: DiscordApi, swift: SwiftLoop) -> None:
    town.discord.fail(POST, retry_after=2.5, times=2)
    await post(api, town)
    assert len(town.discord.answers(town.general)) == 1 and swift.waited == [2.5, 2.5]


@pytest.mark.parametrize("via", [False, True])
async def test_longer_than_its_caller_waits_is_not_waited_for(town: Town, api: DiscordApi, via: bool) -> None:
    town.discord.fail(POST, retry_after=60, via=via)
    with pytest.raises(RateLimited) as limited:
        await post(api, town)
    assert limited.value.retry_after_seconds == 60
    assert town.discord.answers(town.general) == []


@pytest.mark.parametrize("said", ["", "soon", "nan", "-1", "inf"])
async def test_a_wait_that_cannot_be_read_is_a_second(said: str) -> None:
    assert discord_api._seconds(said) == 1.0


async def test_a_discord_that_cannot_be_reached_took_nothing(town: Town, api: DiscordApi, clock: FakeClock) -> None:
    await town.discord.go_down()
    with pytest.raises(DiscordFailed):  # the connection that it had broke: nobody knows
        await post(api, town, patience_seconds=0)
    with pytest.raises(Unreachable):
        await post(api, town, patience_seconds=5)
    assert 3 <= clock.monotonic() <= 5
    calling = asyncio.create_task(post(api, town))
    await asyncio.sleep(0)
    await town.discord.come_back()
    await calling
    assert len(town.discord.answers(town.general)) == 1


async def test_a_post_whose_reply_was_lost_is_not_sent_again(town: Town, api: DiscordApi) -> None:
    town.discord.fail(POST, drop="after", times=1)
    with pytest.raises(Unsure):
        await post(api, town)
    assert len(town.discord.calls_of(POST)) == 1


async def test_with_a_nonce_it_is_and_stands_there_once(town: Town, api: DiscordApi) -> None:
    town.discord.fail(POST, drop="after", times=2)
    posted = await post(api, town, nonce="the answer to this question, part two")
    [standing] = town.discord.answers(town.general)
    assert posted["id"] == standing.id and len(town.discord.calls_of(POST)) == 3
    again = await post(api, town, nonce="the answer to this question, part two")
    assert again["id"] == standing.id and len(town.discord.answers(town.general)) == 1
    assert (await post(api, town, nonce="part three"))["id"] != standing.id


async def test_what_changes_to_the_same_is_done_again_when_its_reply_was_lost(town: Town, api: DiscordApi) -> None:
    posted = await post(api, town)
    town.discord.fail(EDIT, drop="after", times=2)
    await api.edit(town.general.id, posted["id"], {"content": "new"})
    assert [each.content for each in town.discord.answers(town.general)] == ["new"]


async def test_trouble_of_discords_is_perhaps_taken(town: Town, api: DiscordApi, swift: SwiftLoop) -> None:
    town.discord.fail(POST, status=503)
    with pytest.raises(Unsure):
        await post(api, town)
    assert len(town.discord.calls_of(POST)) == 1
    town.discord.faults.planted.clear()
    town.discord.fail(POST, status=502)
    with pytest.raises(Unsure):
        await post(api, town)
    assert swift.waited  # discord.py itself tried again


async def test_a_call_that_is_never_answered_ends(town: Town, api: DiscordApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord_api, "TIMEOUT_SECONDS", 0.05)
    town.discord.fail(POST, stall="before")
    with pytest.raises(Unsure):
        await post(api, town)


async def test_nobody_is_followed_elsewhere(town: Town, api: DiscordApi) -> None:
    elsewhere: list[str] = []

    async def receive(request: web.Request) -> web.Response:
        elsewhere.append(request.path)
        return web.json_response({})

    async def redirect(_: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": str(other.make_url("/stolen"))})

    there, here = web.Application(), web.Application()
    there.router.add_route("*", "/{path:.*}", receive)
    here.router.add_route("*", "/{path:.*}", redirect)
    async with TestServer(there) as other, TestServer(here) as server:
        point_at(str(server.make_url(PREFIX)), town.discord.gateway_url)
        with pytest.raises(Rejected):
            await post(api, town)
    assert elsewhere == []


# --- what leaves ---


async def test_whatever_leaves_calls_nobody_and_unfolds_nothing(town: Town, api: DiscordApi, feed: Feed) -> None:
    posted = await post(api, town, "@everyone https://example.com")
    await api.edit(town.general.id, posted["id"], {"content": "@here", "allowed_mentions": {"parse": ["everyone"]}})
    for call in town.discord.calls:
        assert call.fields["allowed_mentions"] == {"parse": [], "replied_user": False}
        assert call.fields["flags"] & SUPPRESS_EMBEDS


async def test_a_file_goes_along_and_again_when_it_has_to(town: Town, api: DiscordApi, swift: SwiftLoop) -> None:
    town.discord.fail(POST, retry_after=1, times=1)
    await post(api, town, files=[File("answer.md", b"# all of it")])
    [call] = town.discord.calls_of(POST, taken=True)
    assert [(each.filename, each.content) for each in call.files] == [("answer.md", b"# all of it")]


def test_a_token_is_used_for_less_than_its_fifteen_minutes() -> None:
    clock = FakeClock()
    api, handle = DiscordApi(None, clock), Handle("1", "token", "2", clock.monotonic())  # type: ignore[arg-type]
    assert api.can_answer(handle) and "token" not in repr(handle).replace("token=", "")
    clock.advance(ANSWER_SECONDS)
    assert not api.can_answer(handle) and ANSWER_SECONDS < 15 * 60


FAULTS: list[dict[str, Any]] = [
    {"code": 50035},
    {"status": 503},
    {"drop": "before"},
    {"drop": "after"},
    {"retry_after": 60, "via": False},
    {"retry_after": 60},
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_nothing_that_people_wrote_stands_in_an_error_or_a_log(
    town: Town, api: DiscordApi, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], fault: Any
) -> None:
    town.discord.fail(POST, **fault)
    with caplog.at_level(logging.DEBUG), pytest.raises(DiscordFailed) as failed:
        await post(api, town, SECRET_WORDS)
    error: BaseException | None = failed.value
    while error is not None:
        assert SECRET_WORDS not in f"{error!r} {error}"
        error = error.__cause__
    told = capsys.readouterr()
    assert SECRET_WORDS not in caplog.text + told.out + told.err


# --- limits ---


async def test_edits_come_as_fast_as_the_headers_say_and_no_faster(town: Town, api: DiscordApi) -> None:
    posted = await post(api, town)
    town.discord.rates.allow(EDIT, 3, 0.15)
    for number in range(10):
        await api.edit(town.general.id, posted["id"], {"content": str(number)})
    assert town.discord.rates.refused == 0
    assert [each.content for each in town.discord.answers(town.general)] == ["9"]


async def test_after_the_global_limit_everybody_waits(town: Town, api: DiscordApi) -> None:
    posted = await post(api, town)
    town.discord.fail(POST, retry_after=0.1, everywhere=True, times=1)
    first = asyncio.create_task(post(api, town, nonce="first"))
    await until(lambda: not api._http._global_over.is_set())
    await api.edit(town.general.id, posted["id"], {"content": "new"})
    [_, limited, *_], [edited] = town.discord.calls_of(POST), town.discord.calls_of(EDIT)
    assert edited.at - limited.at >= 0.1
    await first
    assert town.discord.rates.refused == 0


async def test_fifty_answers_at_once_beside_twenty_streams_are_never_told_to_wait(town: Town, api: DiscordApi) -> None:
    fake = town.discord
    fake.rates.allow(EDIT, 5, 0.1)
    fake.rates.allow(POST, 5, 0.1)
    channels = [fake.guild.add_channel(f"c{number}") for number in range(20)]

    async def stream(number: int) -> None:
        channel = channels[number]
        message = await api.post(channel.id, {"content": "..."}, nonce=f"stream {number}")
        for part in range(6):
            await api.edit(channel.id, message["id"], {"content": f"part {part}"})

    async def follow(number: int) -> None:
        await api.post(channels[number % 20].id, {"content": f"answer {number}"}, nonce=f"answer {number}")

    await asyncio.gather(*map(stream, range(20)), *map(follow, range(50)))
    assert fake.rates.refused == 0
    said = [each.content for channel in channels for each in fake.answers(channel)]
    assert said.count("part 5") == 20 and len(said) == 70


async def test_a_connection_is_never_left_open(town: Town, api: DiscordApi) -> None:
    town.discord.fail(POST, status=503, times=3)
    for _ in range(3):
        with pytest.raises(Unsure):
            await post(api, town)
    session: aiohttp.ClientSession = api._http._HTTPClient__session  # type: ignore[attr-defined]
    assert not session.connector or not session.connector._acquired
