"""The process is on Discord: it knows its servers, meets who looks after them, and hangs up when it leaves."""

from core.operator_lists import LetIn
from tests.discord.town import Town
from tests.end_to_end.discord.house import chipin_in
from tests.provider_server import ProviderServer
from tests.waiting import until


async def test_it_knows_the_server_it_was_added_to(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server, nanos=0) as house:
        [guild_id] = house.chat.servers.reachable
        home = house.chat.servers.of(guild_id)
        assert home is not None
        assert (home.guild_id, home.name, home.owner_id) == (
            town.discord.guild.id,
            town.discord.guild.name,
            town.discord.guild.owner.id,
        )


async def test_without_teams_the_server_it_joined_first_is_served_and_no_other(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    other = town.discord.add_guild("Elsewhere")
    async with chipin_in(town, sqlite_url, server) as house:
        await until(lambda: len(house.chat.servers.reachable) == 2)
        servers = [house.chat.servers.of(guild_id) for guild_id in house.chat.servers.reachable]
        let_in = {each.guild_id: each.let_in for each in servers if each is not None}
        assert let_in == {
            town.discord.guild.id: LetIn.UNLESS_LISTED_OTHERWISE,
            other.id: LetIn.ONLY_IF_LISTED,
        }


async def test_a_server_that_it_was_removed_from_is_known_no_more(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    other = town.discord.add_guild("Elsewhere")
    async with chipin_in(town, sqlite_url, server) as house:
        await until(lambda: len(house.chat.servers.reachable) == 2)
        await house.feed.removed(other)
        await until(lambda: list(house.chat.servers.reachable) == [town.discord.guild.id])
        assert house.chat.servers.of(other.id) is None
