"""What goes wrong when a test asks for it: refused, lost, stalled, broken, down."""

import asyncio

import aiohttp
import pytest
from discord.http import HTTPClient

from tests.discord.bot import Naps
from tests.discord.calling import edit, post, refused
from tests.discord.server import FakeDiscord
from tests.discord.town import Town
from tests.waiting import until


@pytest.mark.parametrize(
    ("code", "status"), [(10008, 404), (10003, 404), (50001, 403), (50013, 403), (30046, 400), (50027, 401)]
)
async def test_an_error_of_discords(town: Town, http: HTTPClient, code: int, status: int) -> None:
    message = await post(http, town.general)
    fault = town.discord.fail("update_message", code=code)
    assert await refused(edit(http, message)) == (status, code)
    assert fault.fired == 1 and town.discord.answers(town.general)[0].content == "hello"
    fault.release()
    await edit(http, message)


async def test_a_500_with_nothing_done_and_a_502_after_it_was_done(
    discord: FakeDiscord, town: Town, http: HTTPClient, naps: Naps
) -> None:
    discord.fail("create_message", status=500, times=1)
    await post(http, town.general)  # discord.py tries again
    assert len(discord.answers(town.general)) == 1 and naps.seconds == [1]
    discord.fail("create_message", status=502, taken=True, times=1)
    await post(http, town.general)
    assert len(discord.answers(town.general)) == 3  # and has posted twice


async def test_a_reply_that_is_lost_before_or_after_it_was_taken(town: Town, http: HTTPClient) -> None:
    town.discord.fail("create_message", drop="before", times=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(http, town.general)
    assert not town.discord.answers(town.general)
    town.discord.fail("create_message", drop="after", times=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await post(http, town.general)
    assert len(town.discord.answers(town.general)) == 1
    assert [call.taken for call in town.discord.calls_of("create_message")] == [False, True]


async def test_a_standstill_before_and_after_it_was_taken(town: Town, http: HTTPClient) -> None:
    for moment, stands in (("before", 0), ("after", 2)):
        fault = town.discord.fail("create_message", stall=moment)
        posting = asyncio.create_task(post(http, town.general))
        await fault.struck.wait()
        await until(lambda count=stands: len(town.discord.answers(town.general)) == count)  # type: ignore[misc]
        assert not posting.done()
        fault.release()
        await posting


async def test_a_fault_strikes_where_it_was_told_to(town: Town, http: HTTPClient) -> None:
    town.discord.fail("create_message", code=50013, when=lambda call: call.fields["content"] == "two")
    await post(http, town.general, "one")
    assert await refused(post(http, town.general, "two")) == (403, 50013)
    assert await refused(post(http, town.general, "two")) == (403, 50013)
    with pytest.raises(ValueError, match="one fault"):
        town.discord.fail("create_message", code=50013, drop="before")


async def test_the_cdn_fails_too(town: Town, http: HTTPClient) -> None:
    file = town.discord.add_file("a.txt", b"text", "text/plain")
    town.discord.fail("cdn", status=404, times=1)
    assert (await refused(http.get_from_cdn(file.url)))[0] == 404
    assert await http.get_from_cdn(file.url) == b"text"
    assert len(town.discord.calls_of("cdn")) == 2


async def test_discord_goes_down_and_comes_back(town: Town, http: HTTPClient) -> None:
    await town.discord.go_down()
    with pytest.raises(aiohttp.ClientConnectionError):
        await post(http, town.general)
    await town.discord.come_back()
    await post(http, town.general)
    assert len(town.discord.answers(town.general)) == 1
