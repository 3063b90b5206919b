"""What belongs to a question beside its own words."""

from collections.abc import Awaitable, Callable

from adapters.discord.servers import Server
from core.question import Gathered

Gathering = Callable[[Server], Awaitable[Gathered]]
"""Looks it up in a server. Raises a `DiscordFailed` or a `ChipinError`."""
