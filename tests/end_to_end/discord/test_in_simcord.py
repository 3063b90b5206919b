"""The whole process in the Discord that others wrote: discord.py, and simcord in its place of the network."""

import discord
import simcord
from pydantic import SecretStr

from bot.discord import discord_chat
from bot.wiring import wire
from tests.end_to_end.house import settings_for
from tests.provider_server import ProviderServer
from tests.waiting import until


async def test_what_is_typed_is_acknowledged_and_answered(sqlite_url: str, server: ProviderServer) -> None:
    settings = settings_for(sqlite_url, server.base_url)
    async with wire(settings, practice=False) as app:
        chat = discord_chat(app, SecretStr("token"))
        async with simcord.run(chat.client) as env:
            chat.api._http = chat.client.http  # simcord's own
            guild = env.create_guild("Home")
            channel = guild.create_text_channel("general")
            keepers = guild.create_role("keepers", permissions=discord.Permissions(manage_guild=True))
            anna = guild.add_member(env.create_user("anna"), roles=[keepers])
            ben = guild.add_member(env.create_user("ben"))
            await until(lambda: "balance" in anna.available_commands(channel))
            assert "topup" in anna.available_commands(channel) and "topup" not in ben.available_commands(channel)
            shown = await anna.slash(channel, "balance")
            answer = shown.response
            assert shown.ephemeral and answer is not None
            await until(lambda: "Team wallet: $0.00." in str(answer.components))
        await chat.close()
