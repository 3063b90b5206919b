"""`doctor` looks at Discord: the token, what the application's page says, and where the bot is."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.discord.api import DiscordApi
from adapters.discord.client import ChipinClient
from adapters.discord.commands.payload import payload
from adapters.discord.commands.sync import sync
from adapters.discord.invite import USED, invite_address
from bot.check import Check
from bot.discord_doctor import examine_discord
from bot.settings import Settings
from tests.discord.permissions import May
from tests.discord.server import FakeDiscord
from tests.discord.town import a_discord
from tests.fakes import FakeClock


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with a_discord() as town:
        yield town.discord


async def looked_at(discord: FakeDiscord, *, token: str = "", **settings: Any) -> dict[str, Check]:
    given: dict[str, Any] = {
        "discord_api_url": discord.api_url,
        "discord_gateway_url": discord.gateway_url,
    }
    chosen = Settings.model_construct(**given | settings)
    found = [each async for each in examine_discord(chosen, SecretStr(token or discord.token))]
    return {each.name.removeprefix("Discord").strip(): each for each in found}


async def test_a_bot_as_it_is_to_be(discord: FakeDiscord) -> None:
    found = await looked_at(discord)
    assert all(check.ok and not check.fix for name, check in found.items() if name != "commands")
    assert list(found) == [
        "",
        "private",
        "installation",
        "interactions",
        "intents",
        "commands",
        "servers",
        "permissions",
        "shards",
    ]
    assert found["servers"].finding == f"in Home (discord:{discord.guild.id})"
    assert {call.method for call in discord.calls} == {"GET"}


async def test_a_token_that_discord_does_not_accept(discord: FakeDiscord) -> None:
    found = await looked_at(discord, token="another")
    assert list(found) == [""] and not found[""].ok
    assert "DISCORD_TOKEN" in found[""].finding and "Reset Token" in found[""].fix


async def test_a_discord_that_cannot_be_reached_is_no_wrong_token(discord: FakeDiscord) -> None:
    found = await looked_at(discord, discord_api_url="http://127.0.0.1:9/api/v10")
    assert not found[""].ok and "cannot be asked" in found[""].finding and "HTTPS_PROXY" in found[""].fix


@pytest.mark.parametrize(
    ("application", "name", "ok", "fix"),
    [
        ({"bot_public": True}, "private", False, "Public Bot"),
        ({"bot_require_code_grant": True}, "installation", False, "Code Grant"),
        ({"integration_types_config": {"0": {}, "1": {}}}, "installation", False, "User Install"),
        ({"interactions_endpoint_url": "https://example.com/i"}, "interactions", False, "Interactions Endpoint URL"),
        ({"flags": 1 << 19, "flags_new": str(1 << 19)}, "intents", True, "switch them off"),
    ],
)
async def test_what_the_page_of_the_application_has_otherwise_is_told_with_its_fix(
    discord: FakeDiscord, application: dict[str, Any], name: str, ok: bool, fix: str
) -> None:
    discord.application = application
    found = await looked_at(discord)
    assert found[name].ok is ok and fix in found[name].fix
    assert all(check.ok for other, check in found.items() if other != name)


async def test_commands_are_compared_with_those_of_this_version(discord: FakeDiscord) -> None:
    assert "not as this version" in (await looked_at(discord))["commands"].finding
    client = ChipinClient()
    await client.login(discord.token)
    await sync(DiscordApi(client.http, FakeClock()), discord.application_id, payload())
    await client.close()
    assert "as this version has them" in (await looked_at(discord))["commands"].finding
    assert not (await looked_at(discord))["commands"].fix


async def test_servers_are_told_by_whether_teams_lists_them(discord: FakeDiscord) -> None:
    home, other = f"discord:{discord.guild.id}", f"discord:{discord.add_guild('Elsewhere').id}"
    unlisted = (await looked_at(discord))["servers"]
    assert not unlisted.ok and "Set TEAMS" in unlisted.fix
    listed = (await looked_at(discord, teams=f"{home},slack:T1"))["servers"]
    assert listed.ok and listed.finding == f"serves Home ({home}); not in TEAMS: Elsewhere ({other})"
    absent = (await looked_at(discord, teams=f"{home},discord:404"))["servers"]
    assert not absent.ok and "not in discord:404" in absent.finding
    assert not (await looked_at(discord, teams="slack:T1"))["servers"].ok


async def test_a_bot_in_no_server_is_to_be_invited(discord: FakeDiscord) -> None:
    discord.remove_bot(discord.guild)
    servers = (await looked_at(discord))["servers"]
    assert not servers.ok and servers.fix == f"Add it to yours: {invite_address(discord.application_id)}"


async def test_what_the_bot_may_not_do_is_named_with_the_address_that_mends_it(discord: FakeDiscord) -> None:
    discord.guild.everyone.permissions = 0
    discord.guild.own_role.permissions = USED.value
    assert (await looked_at(discord))["permissions"].ok
    discord.guild.own_role.permissions = USED.value & ~May.ATTACH_FILES & ~May.SEND_MESSAGES_IN_THREADS
    permissions = (await looked_at(discord))["permissions"]
    assert not permissions.ok and permissions.finding == "it may not: Send Messages in Threads, Attach Files in Home"
    assert invite_address(discord.application_id) in permissions.fix


async def test_several_connections_need_teams_and_sessions_may_run_out(discord: FakeDiscord) -> None:
    discord.shards = 2
    home = f"discord:{discord.guild.id}"
    assert "Set TEAMS" in (await looked_at(discord, discord_shards="auto"))["shards"].fix
    assert (await looked_at(discord, discord_shards="auto", teams=home))["shards"].ok
    discord.sessions_left = 3
    assert "3 of 1000" in (await looked_at(discord))["shards"].finding
    assert "again and again" in (await looked_at(discord))["shards"].fix
