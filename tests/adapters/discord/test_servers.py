"""The servers that the bot is in: as its connection knows them, and of other shards as Discord says."""

from typing import Any, cast

import pytest

from adapters.discord.api import DiscordApi, Rejected
from adapters.discord.client import ChipinClient
from adapters.discord.servers import Server, Servers
from core.operator_lists import LetIn


class Divided:
    """A client that is connected for no server."""

    guilds: tuple[object, ...] = ()
    user = None

    def __init__(self, *, is_divided: bool) -> None:
        self.is_divided = is_divided

    def get_guild(self, guild_id: int) -> None:
        return None


class Api:
    """Discord, which knows one server of which the bot is."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def call(self, method: str, path: str, *, guild_id: str) -> dict[str, Any]:
        self.asked.append(guild_id)
        if guild_id != "7":
            raise Rejected(403, 50001)
        return {"id": "7", "name": "Home", "owner_id": "1", "roles": [{"id": "5", "permissions": "32"}]}


def servers(api: Api, *, is_divided: bool) -> Servers:
    return Servers(cast("ChipinClient", Divided(is_divided=is_divided)), cast("DiscordApi", api))


async def test_of_another_shard_discord_is_asked_and_such_a_server_has_to_be_listed() -> None:
    found = await servers(Api(), is_divided=True).looked_up("7")
    assert found == Server("7", "Home", "1", LetIn.ONLY_IF_LISTED, {"5": 32})


@pytest.mark.parametrize("guild_id", ["8", "", "no number"])
async def test_where_the_bot_is_not_there_is_none(guild_id: str) -> None:
    assert await servers(Api(), is_divided=True).looked_up(guild_id) is None


async def test_a_connection_for_all_servers_knows_them_all() -> None:
    api = Api()
    assert await servers(api, is_divided=False).looked_up("7") is None and api.asked == []
