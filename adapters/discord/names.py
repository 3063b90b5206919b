"""Roles and channels as people of a server name them, and who is mentioned: `<@&id>`, `<#id>`, `<@id>`."""

import re
from collections.abc import Mapping

from adapters.discord.conversation.said import NameOf
from adapters.discord.origin import PLATFORM
from core.policy import EVERYONE, TargetKind, channel_target, kind_of, named_in, role_target

MAX_NAMED = 10
"""Users looked up in one line."""
_PLACE = re.compile(r"<(?P<sign>@&|#)(?P<id>\d{1,20})>")
_USER = re.compile(r"<@!?(?P<id>\d{1,20})>")


class DiscordNames:
    """`core.ports.PlaceNames` of one server. What is called by its name here is a name, and calls nobody."""

    def __init__(self, guild_id: str, name_of: NameOf) -> None:
        """`name_of` knows the names behind ids (adapters/discord/servers.py)."""
        self._guild_id = guild_id
        self._name_of = name_of

    def target(self, typed: str) -> str:
        """The channel or role that was mentioned; the role that everybody has is everyone."""
        found = _PLACE.fullmatch(typed)
        if found is None:
            return EVERYONE if typed == "@everyone" else ""
        if found["sign"] == "#":
            return channel_target(PLATFORM, found["id"])
        return EVERYONE if found["id"] == self._guild_id else role_target(f"{PLATFORM}:{found['id']}")

    def name(self, target: str) -> str:
        """Its name, with the sign before it; its id where the server does not have it (any more)."""
        platform, _, named = named_in(target).partition(":")
        is_channel = kind_of(target) is TargetKind.CHANNEL
        sign = "#" if is_channel else "@"
        if platform != PLATFORM or not named.isdecimal():
            return f"{sign}{platform}:{named}" if named else target
        return f"{sign}{self._name_of('#' if is_channel else '@&', named).removeprefix('@') or named}"

    def channel(self, target: str) -> str:
        """Its name; empty for what the server does not have: a direct message has an id as any channel has."""
        platform, _, named = named_in(target).partition(":")
        if platform == PLATFORM and not (named.isdecimal() and self._name_of("#", named)):
            return ""
        return self.name(target)


def users_in(text: str) -> tuple[str, ...]:
    """The ids of the users that are mentioned, each once."""
    return tuple(dict.fromkeys(found["id"] for found in _USER.finditer(text)))[:MAX_NAMED]


def with_users(text: str, called: Mapping[str, str]) -> str:
    """The same text with other words for users: `called` by their id; who is not in it stays a mention."""
    return _USER.sub(lambda found: called.get(found["id"], found[0]), text)
