"""What the app's manifest subscribed to: Slack delivers nothing else."""

from dataclasses import dataclass
from typing import Self

from tests.slack.state import Json


class NotDelivered(LookupError):
    """Slack would not deliver this: the manifest does not ask for it."""


@dataclass(frozen=True, slots=True)
class Installed:
    """The commands and bot events of a manifest; None: whatever a test sends is delivered."""

    commands: frozenset[str] | None = None
    events: frozenset[str] | None = None

    @classmethod
    def of(cls, manifest: Json) -> Self:
        commands = (one["command"] for one in manifest["features"].get("slash_commands", ()))
        return cls(frozenset(commands), frozenset(manifest["settings"]["event_subscriptions"]["bot_events"]))

    def check_command(self, name: str) -> None:
        if self.commands is not None and name not in self.commands:
            raise NotDelivered(f"the manifest has no command {name}")

    def check_event(self, event: Json) -> None:
        """A message's event is named by the kind of its channel: message.im, message.channels, message.groups."""
        name = str(event["type"])
        if name == "message":
            name += {"im": ".im", "mpim": ".mpim", "group": ".groups"}.get(str(event["channel_type"]), ".channels")
        if self.events is not None and name not in self.events:
            raise NotDelivered(f"the manifest does not subscribe to {name}")
