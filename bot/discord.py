"""Discord in this process: its settings become the adapter's."""

from pydantic import SecretStr

from adapters.discord.app import DiscordChat, DiscordConfig
from adapters.discord.shards import Replica
from adapters.store.presence import FilePresence
from bot.wiring import App


def discord_chat(app: App, token: SecretStr) -> DiscordChat:
    """Built, and not connected yet."""
    settings = app.settings
    config = DiscordConfig(
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
        token=token.get_secret_value(),
        zone=settings.team_timezone,
        proxy=settings.https_proxy,
        shards=settings.discord_shards,
    )
    presence = FilePresence(settings.data_folder)
    replica = Replica(app.use_cases.leases, presence, one_machine=not settings.on_server)
    return DiscordChat(app.use_cases, config, app.clock, replica=replica, listed=settings.listed())
