"""The servers that the bot is in: as its connection knows them, and of other shards as Discord says."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from adapters.discord.api import DiscordApi, Rejected
from adapters.discord.client import ChipinClient
from adapters.discord.servers import Server, Servers
from core.operator_lists import LetIn


@dataclass(frozen=True, slots=True)
class Me:
    """The bot in a server, since a day of November."""

    day: int

    @property
    def joined_at(self) -> datetime:
        return datetime(2026, 11, self.day, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Guild:
    """A server as discord.py has it, made on a day of November. Of one that is not told of yet it has no `me`."""

    id: int
    made_on: int = 1
    me: Me | None = None
    unavailable: bool = False
    name: str = "Home"
    owner_id: int = 1
    roles: tuple[object, ...] = ()

    @property
    def created_at(self) -> datetime:
        return datetime(2026, 11, self.made_on, tzinfo=UTC)


class Client:
    """A client that is connected for these servers."""

    user = None

    def __init__(self, *guilds: Guild, is_divided: bool = False) -> None:
        self.guilds = guilds
        self.is_divided = is_divided

    def get_guild(self, guild_id: int) -> Guild | None:
        return next((each for each in self.guilds if each.id == guild_id), None)


class Api:
    """Discord, which knows one server of which the bot is."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def call(self, method: str, path: str, *, guild_id: str) -> dict[str, Any]:
        self.asked.append(guild_id)
        if guild_id != "7":
            raise Rejected(403, 50001)
        return {"id": "7", "name": "Home", "owner_id": "1", "roles": [{"id": "5", "permissions": "32"}]}


def servers(api: Api, *guilds: Guild, is_divided: bool) -> Servers:
    return Servers(cast("ChipinClient", Client(*guilds, is_divided=is_divided)), cast("DiscordApi", api))


def let_in(guild_id: str, *guilds: Guild) -> LetIn | None:
    found = servers(Api(), *guilds, is_divided=False).of(guild_id)
    return found.let_in if found is not None else None


async def test_of_another_shard_discord_is_asked_and_such_a_server_has_to_be_listed() -> None:
    found = await servers(Api(), is_divided=True).looked_up("7")
    assert found == Server("7", "Home", "1", LetIn.ONLY_IF_LISTED, {"5": 32})


@pytest.mark.parametrize("guild_id", ["8", "", "no number"])
async def test_where_the_bot_is_not_there_is_none(guild_id: str) -> None:
    assert await servers(Api(), is_divided=True).looked_up(guild_id) is None


async def test_a_connection_for_all_servers_knows_them_all() -> None:
    api = Api()
    assert await servers(api, is_divided=False).looked_up("7") is None and api.asked == []


def test_without_a_list_the_server_that_the_bot_joined_first_is_let_in() -> None:
    both = Guild(8, me=Me(9)), Guild(7, me=Me(10))
    assert (let_in("8", *both), let_in("7", *both)) == (LetIn.UNLESS_LISTED_OTHERWISE, LetIn.ONLY_IF_LISTED)


@pytest.mark.parametrize("me", [Me(9), None])
def test_while_that_one_cannot_be_reached_no_other_is_let_in_for_it(me: Me | None) -> None:
    """Neither in an outage, nor before Discord has told of it: then nobody knows since when the bot is there."""
    assert let_in("7", Guild(8, me=me, unavailable=True), Guild(7, me=Me(10))) is LetIn.ONLY_IF_LISTED


def test_a_server_made_after_the_bot_joined_another_is_not_waited_for() -> None:
    assert let_in("7", Guild(8, made_on=11, unavailable=True), Guild(7, me=Me(10))) is LetIn.UNLESS_LISTED_OTHERWISE


@pytest.mark.parametrize("alias", ["07", "\N{ARABIC-INDIC DIGIT SEVEN}"])
async def test_a_server_has_one_name_and_no_button_gives_it_another(alias: str) -> None:
    assert servers(Api(), Guild(7, me=Me(10)), is_divided=False).of(alias) is None
    assert await servers(Api(), is_divided=True).looked_up(alias) is None
