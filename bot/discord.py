"""Discord in this process: its settings become the adapter's."""

from collections.abc import Iterator

from pydantic import SecretStr

from adapters.discord.app import DiscordChat, DiscordConfig
from adapters.discord.shards import Replica
from adapters.store.presence import FilePresence
from bot.metrics import Gauge, Watched
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
    return DiscordChat(app.use_cases, config, app.clock, replica=replica, drawing=app.drawing, listed=settings.listed())


def discord_watched(chat: DiscordChat) -> Watched:
    """What a monitor is told of the connection. Who stands by holds none, and is in no trouble."""

    def gauges() -> Iterator[Gauge]:
        held = [each for each in chat.shards if each.held]
        yield "chipin_discord_shards_held", "Connections to Discord that are this process's.", len(held)
        up = sum(each.up for each in held)
        yield "chipin_discord_shards_up", "Of these, those over which Discord tells it everything now.", up

    def trouble() -> str:
        down = [str(each.shard.number) for each in chat.shards if each.held and not each.up]
        if not chat.shards:
            return "Discord: not logged in yet"
        return f"Discord: not connected now (shard {', '.join(down)})" if down else ""

    return Watched(gauges, trouble)
