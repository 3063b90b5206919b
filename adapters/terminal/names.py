"""Roles and channels as they are named at this terminal."""

from adapters.terminal.people import CHANNEL, PLATFORM, STANDINGS, role_of
from core.policy import STANDINGS as TARGETS_OF_STANDINGS
from core.policy import channel_target, kind_of, named_in, role_target


class TerminalNames:
    """`core.ports.PlaceNames`: the one channel is #chat, and a role is what somebody types after an @."""

    def target(self, typed: str) -> str:
        """The channel, any role, or a standing: roles come with whoever speaks (/as Anna @design)."""
        if typed.casefold() == f"#{CHANNEL}":
            return channel_target(PLATFORM, CHANNEL)
        if standing := STANDINGS.get(typed.casefold()):
            return TARGETS_OF_STANDINGS[standing]
        role = role_of(typed)
        return role_target(role) if role else ""

    def name(self, target: str) -> str:
        """As it is typed here; of another platform, its own id."""
        place = named_in(target)
        platform, _, name = place.partition(":")
        sign = "#" if kind_of(target) == "channel" else "@"
        return f"{sign}{name}" if platform == PLATFORM else f"{sign}{place}"

    def channel(self, target: str) -> str:
        """The same: there are no direct messages here."""
        return self.name(target)
