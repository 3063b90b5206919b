"""The connection is lost in every way there is: what was said meanwhile is heard, and heard once."""

import threading
from collections.abc import Awaitable, Callable

import pytest

from core.errors import NotConfigured
from tests.adapters.discord.connected import Crew
from tests.discord.feed import Feed
from tests.discord.gateway import Gateway
from tests.discord.town import Town

Loss = Callable[[Gateway], Awaitable[None]]


def closed(code: int) -> Loss:
    return lambda gateway: gateway.drop(code)


async def hello_breaks(gateway: Gateway) -> None:
    gateway.breaks_before_hello = 2
    await gateway.drop()


async def down(gateway: Gateway) -> None:
    fake = gateway._discord
    await fake.go_down()
    await fake.come_back()


RESUMED: dict[str, Loss] = {
    "cut": closed(0),
    "unknown error": closed(4000),
    "session timed out": closed(4009),
    "said goodbye": closed(1001),
    "told to reconnect": lambda gateway: gateway.reconnect(),
    "told that it may resume": lambda gateway: gateway.invalidate(resumable=True),
    "breaks before HELLO too": hello_breaks,
    "all of Discord away": down,
}


@pytest.mark.parametrize("lost", RESUMED)
async def test_what_was_said_while_it_was_away_is_heard_once(town: Town, crew: Crew, feed: Feed, lost: str) -> None:
    one, gateway = crew.join(), town.discord.gateway
    await crew.until(lambda: one.up)
    await feed.mention("before", user=town.ben, channel=town.general)
    await crew.until(lambda: one.heard)
    await RESUMED[lost](gateway)
    await feed.mention("meanwhile", user=town.ben, channel=town.general)
    await crew.until(lambda: one.heard[1:] and one.up and gateway.live)
    await feed.mention("after", user=town.ben, channel=town.general)
    await crew.until(lambda: one.heard[2:])
    assert one.heard == ["before", "meanwhile", "after"]
    assert gateway.identified == 1 and gateway.resumes >= 1


async def test_a_session_that_is_over_is_begun_anew_after_a_pause(town: Town, crew: Crew, feed: Feed) -> None:
    one, gateway = crew.join(), town.discord.gateway
    await crew.until(lambda: one.up)
    before = crew.clock.monotonic()
    await gateway.invalidate()
    await crew.until(lambda: gateway.identified == 2 and one.up)
    assert crew.clock.monotonic() - before >= 1
    await feed.mention("again", user=town.ben, channel=town.general)
    await crew.until(lambda: one.heard)
    assert len(one.client.guilds) == 1 and gateway.resumes == 0


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_lost_right_after_it_said_who_it_is(town: Town, crew: Crew, moment: str) -> None:
    gateway = town.discord.gateway
    drop = gateway.drop_at("READY", moment)  # type: ignore[arg-type]  # one of the two
    one = crew.join()
    await crew.until(lambda: one.up and gateway.live and one.client.guilds)
    assert drop.struck and len(gateway.live) == 1


async def test_a_connection_that_answers_no_heartbeat_is_made_again(town: Town, crew: Crew, feed: Feed) -> None:
    gateway = town.discord.gateway
    gateway.heartbeat_seconds = 0.05
    one = crew.join(heartbeat_seconds=0.3)
    await crew.until(lambda: one.up)
    gateway.silent = True
    await crew.until(lambda: gateway.resumes)
    gateway.silent = False
    await feed.mention("here", user=town.ben, channel=town.general)
    await crew.until(lambda: one.heard)


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        (4004, "Reset Token"),
        (4010, "DISCORD_SHARDS"),
        (4011, "DISCORD_SHARDS=auto"),
        (4012, "newer Chipin"),
        (4013, "newer Chipin"),
        (4014, "under Bot"),
    ],
)
async def test_where_discord_will_never_let_it_in_it_stops_with_the_fix(
    town: Town, crew: Crew, code: int, fix: str
) -> None:
    one = crew.join()
    await crew.until(lambda: one.up)
    await town.discord.gateway.drop(code)
    with pytest.raises(NotConfigured, match=fix):
        await one.running
    assert not one.up and crew.books_are_free()


async def test_one_that_is_let_in_and_thrown_out_again_and_again_waits_longer_each_time(town: Town, crew: Crew) -> None:
    one, gateway = crew.join(), town.discord.gateway
    await crew.until(lambda: one.up)
    pauses = []
    for resumes in range(1, 7):
        began = crew.clock.monotonic()
        await gateway.drop(4000)
        await crew.until(lambda before=resumes: gateway.resumes == before and one.up)  # type: ignore[misc]
        pauses.append(crew.clock.monotonic() - began)
    assert pauses[5] >= 8 and pauses[0] < pauses[5] / 2  # this clock goes on while the gateway answers


async def test_who_leaves_hears_nothing_more_and_can_still_write(town: Town, crew: Crew, feed: Feed) -> None:
    one, gateway = crew.join(), town.discord.gateway
    await crew.until(lambda: one.up)
    one.leaving.set()
    await one.running
    assert not gateway.live and gateway.sessions[0].ended
    await feed.mention("too late", user=town.ben, channel=town.general)
    await one.api.post(town.general.id, {"content": "the end of an answer"})
    assert [each.content for each in town.discord.answers(town.general)] == ["the end of an answer"]
    assert one.heard == []
    assert not [each for each in threading.enumerate() if each.name.startswith("keep-alive-handler")]
