"""Who is connected: one process for each shard, another one when it dies, and none that Discord does not let in."""

import asyncio

import pytest

from adapters.discord import session
from adapters.discord.client import point_at
from adapters.discord.shards import HANG_UP_BEFORE_SECONDS, LEASE_SECONDS
from core.errors import NotConfigured
from tests.adapters.discord.connected import Crew
from tests.discord.town import Town

TAKEN_OVER_WITHIN_SECONDS = 15


async def test_a_token_that_discord_does_not_accept_stops_it_at_once(town: Town, crew: Crew) -> None:
    town.discord.token = "another"
    crew.token = "wrong"
    one = crew.join()
    with pytest.raises(NotConfigured, match="DISCORD_TOKEN"):
        await one.running


async def test_a_discord_that_is_away_at_the_start_is_tried_again(town: Town, crew: Crew) -> None:
    await town.discord.go_down()
    one = crew.join()
    await crew.passes(60)
    await town.discord.come_back()
    await crew.until(lambda: one.up)
    assert len(town.discord.gateway.live) == 1


async def test_trouble_while_it_logs_in_is_waited_out(town: Town, crew: Crew) -> None:
    for operation in ("get_my_user", "get_my_oauth2_application", "get_bot_gateway"):
        town.discord.fail(operation, status=503, times=1)
    one = crew.join(shards="auto")
    await crew.until(lambda: one.up)
    assert not any(each.times for each in town.discord.faults)


async def test_of_three_one_is_connected_and_another_one_at_once_when_it_leaves(town: Town, crew: Crew) -> None:
    gateway = town.discord.gateway
    processes = [crew.join() for _ in range(3)]
    await crew.until(lambda: gateway.live)
    await crew.passes(30)
    [first] = [each for each in processes if each.up]
    assert (len(gateway.live), gateway.identified) == (1, 1)
    left = crew.clock.monotonic()
    first.leaving.set()
    await crew.until(lambda: gateway.identified == 2 and gateway.live)
    assert crew.clock.monotonic() - left < LEASE_SECONDS / 2
    assert len(gateway.live) == 1 and not first.up


async def test_one_that_dies_is_followed_within_fifteen_seconds_and_never_are_there_two(town: Town, crew: Crew) -> None:
    gateway = town.discord.gateway
    one = crew.join()
    await crew.until(lambda: one.up)
    two = crew.join()
    await crew.passes(5)
    one.road.away = True  # it can say neither that it lives nor that it leaves
    cut = crew.clock.monotonic()
    most = 0

    def follows() -> bool:
        nonlocal most
        most = max(most, len(gateway.live))
        return bool(two.up)

    await crew.passes(5)
    await crew.until(lambda: follows() or not one.up, step_seconds=0.02)
    assert LEASE_SECONDS - HANG_UP_BEFORE_SECONDS - 3.5 <= crew.clock.monotonic() - cut < LEASE_SECONDS
    assert not two.up
    await crew.until(follows, step_seconds=0.02)
    assert crew.clock.monotonic() - cut <= TAKEN_OVER_WITHIN_SECONDS
    one.road.away = False
    await crew.passes(30)
    assert most == 1 and (one.up, two.up) == ([], [0])


async def test_one_whose_books_come_back_in_time_goes_on_and_one_who_comes_back_late_goes_on_where_it_was(
    town: Town, crew: Crew
) -> None:
    gateway = town.discord.gateway
    one = crew.join()
    await crew.until(lambda: one.up)
    one.road.away = True
    await crew.passes(5)
    one.road.away = False
    await crew.passes(20)
    assert (gateway.identified, gateway.resumes, one.up) == (1, 0, [0])
    one.road.away = True
    await crew.until(lambda: not one.up)
    one.road.away = False
    await crew.until(lambda: one.up)
    assert (gateway.identified, gateway.resumes) == (1, 1)
    assert one.client.guilds


async def test_books_in_a_file_of_this_machine_may_be_away_for_as_long_as_they_like(town: Town, crew: Crew) -> None:
    one = crew.join(one_machine=True)
    await crew.until(lambda: one.up)
    one.road.away = True
    await crew.passes(120)
    assert one.up and town.discord.gateway.identified == 1


async def test_a_process_that_died_on_this_machine_is_followed_without_waiting(town: Town, crew: Crew) -> None:
    one = crew.join()
    await crew.until(lambda: one.up)
    one.road.away = True
    one.running.cancel()
    crew.machine.dead.add("process 0")
    died = crew.clock.monotonic()
    two = crew.join()
    await crew.until(lambda: two.up)
    assert crew.clock.monotonic() - died < 2


async def test_one_that_cannot_reach_discord_lets_another_one_try(town: Town, crew: Crew) -> None:
    gateway = town.discord.gateway
    one = crew.join()
    await crew.until(lambda: one.up)
    two = crew.join()
    await crew.passes(3)
    gateway.breaks_before_hello = 4
    await gateway.drop()
    await crew.until(lambda: two.up)
    assert not one.up and len(gateway.live) == 1


async def test_a_gateway_that_says_nothing_is_no_connection(
    town: Town, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CONNECT_SECONDS", 0.1)
    tries: list[asyncio.StreamWriter] = []
    async with await asyncio.start_server(lambda _, writer: tries.append(writer), "127.0.0.1", 0) as silent:
        one = crew.join()
        point_at(town.discord.api_url, f"ws://127.0.0.1:{silent.sockets[0].getsockname()[1]}")
        await crew.until(lambda: len(tries) >= 4 and crew.books_are_free())
        assert not one.up
        for writer in tries:
            writer.close()
    point_at(town.discord.api_url, town.discord.gateway_url)
    await crew.until(lambda: one.up)


async def test_shards_are_shared_one_session_begun_at_a_time(town: Town, crew: Crew) -> None:
    gateway = town.discord.gateway
    elsewhere = [town.discord.add_guild(f"guild {number}") for number in range(6)]
    one = crew.join(shards="3")
    began = crew.clock.monotonic()
    await crew.until(lambda: len(one.up) == 3)
    assert crew.clock.monotonic() - began >= 2 * 5
    assert sorted(session.shard for session in gateway.live) == [(0, 3), (1, 3), (2, 3)]
    known = {guild.id: guild.shard_id for guild in one.client.guilds}
    assert known == {int(each.id): (int(each.id) >> 22) % 3 for each in (*elsewhere, town.discord.guild)}
    two = crew.join(shards="3")
    await crew.passes(10)
    assert not two.up and not two.client.guilds
    one.leaving.set()
    await crew.until(lambda: len(two.up) == 3)
    assert len(two.client.guilds) == 7 and len(gateway.live) == 3


async def test_as_many_as_discord_recommends(town: Town, crew: Crew) -> None:
    town.discord.shards = 2
    one = crew.join(shards="auto")
    await crew.until(lambda: len(one.up) == 2)
    assert sorted(session.shard for session in town.discord.gateway.live) == [(0, 2), (1, 2)]


async def test_one_shard_that_is_lost_comes_back_and_the_others_hear_nothing_of_it(town: Town, crew: Crew) -> None:
    gateway = town.discord.gateway
    one = crew.join(shards="2")
    await crew.until(lambda: len(one.up) == 2)
    lost, other = sorted(gateway.live, key=lambda each: each.shard)
    await gateway.drop(sessions=[lost])
    await crew.until(lambda: lost.resumed and len(one.up) == 2)
    assert (gateway.identified, gateway.resumes, other.resumed) == (2, 1, 0)
