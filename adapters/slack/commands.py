"""Slash commands: acknowledged in words at once, then answered."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.asking import Asked, Asking
from adapters.slack.origin import of_command


class Commands:
    """Listens to slash commands."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        app.command("/ask")(self.ask)

    async def ask(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Ask."""
        await ack("Asking ...")
        origin, text = of_command(body), str(body.get("text", ""))
        self._asking.start(Asked(origin, keys=(f"slack command {origin.team_id} {origin.trigger_id}",), text=text))
