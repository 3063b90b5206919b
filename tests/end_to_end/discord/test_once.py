"""One question is answered and paid once, however often Discord tells of it, and to however many processes."""

from tests.discord.town import Town
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_server import ProviderServer

QUESTION = "what is a deadlock?"


async def assert_once(house: DiscordHouse, server: ProviderServer) -> None:
    await house.quiet()
    assert len(server.calls) == len(house.answers()) == len(await house.requests()) == 1


async def test_a_message_that_comes_three_times_is_answered_once(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        said = await house.feed.mention(QUESTION, user=town.ben, channel=town.general)
        await house.feed.told_again(said)
        await house.quiet()
        charged = await house.charged_nanos()
        await house.feed.told_again(said)
        await assert_once(house, server)
        assert await house.charged_nanos() == charged > 0


async def test_of_twenty_copies_at_once_one_is_answered(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await house.feed.mention(QUESTION, user=town.ben, channel=town.general, times=20)
        await assert_once(house, server)


async def test_a_copy_after_a_restart_is_answered_no_second_time(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as before:
        said = await before.feed.mention(QUESTION, user=town.ben, channel=town.general)
        await assert_once(before, server)
        charged = await before.charged_nanos()
    async with chipin_in(town, sqlite_url, server, nanos=0) as after:
        await after.feed.told_again(said)
        await assert_once(after, server)
        assert await after.charged_nanos() == charged


async def test_what_came_while_the_connection_was_down_is_answered_once(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await town.discord.gateway.drop()
        said = await house.feed.mention(QUESTION, user=town.ben, channel=town.general)
        await town.discord.gateway.connected()
        await house.feed.told_again(said)
        await assert_once(house, server)
