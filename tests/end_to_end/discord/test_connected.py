"""The process is on Discord: it knows its servers, meets who looks after them, and hangs up when it leaves."""

from tests.discord.town import Town
from tests.end_to_end.discord.house import chipin_in
from tests.provider_server import ProviderServer


async def test_it_knows_the_server_it_was_added_to(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server, nanos=0) as house:
        [home] = house.chat.servers.everyone()
        assert (home.guild_id, home.name, home.owner_id) == (
            town.discord.guild.id,
            town.discord.guild.name,
            town.discord.guild.owner.id,
        )
