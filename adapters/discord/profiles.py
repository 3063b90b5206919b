"""What Discord says of somebody: their name and roles, and whether they look after the server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord

from core.people import Standing

PLATFORM_ROLE = "discord:"
"""How core names a role of Discord's: "discord:8812"."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What Discord says of a member of a server at one moment. `admin`: who may manage the server."""

    name: str
    roles: tuple[str, ...] = ()
    admin: bool = False
    standing: Standing = Standing.MEMBER


def profile_of_member(member: discord.Member, permissions: discord.Permissions) -> Profile:
    """What came with an event about somebody, with what they are permitted."""
    return Profile(
        name=member.display_name,
        roles=tuple(f"{PLATFORM_ROLE}{role}" for role in sorted(member._roles)),  # ids; role objects need a cache
        admin=_looks_after(permissions) or member.id == member.guild.owner_id,
        standing=_standing(is_bot=member.bot, is_pending=member.pending),
    )


def profile_of(
    said: Mapping[str, Any], permissions: Mapping[str, int], *, owner_id: str, everyone_id: str = ""
) -> Profile:
    """What Discord answers about a member; `permissions` are those of each role of their server by its id.

    `everyone_id` is the role that everybody has: its id is the server's.
    """
    user = said["user"]
    roles = tuple(str(role) for role in said.get("roles", ()))
    granted = permissions.get(everyone_id, 0)
    for role in roles:
        granted |= permissions.get(role, 0)
    return Profile(
        name=str(said.get("nick") or user.get("global_name") or user.get("username") or ""),
        roles=tuple(f"{PLATFORM_ROLE}{role}" for role in sorted(roles)),
        admin=_looks_after(discord.Permissions(granted)) or str(user["id"]) == owner_id,
        standing=_standing(is_bot=bool(user.get("bot")), is_pending=bool(said.get("pending"))),
    )


def _looks_after(permissions: discord.Permissions) -> bool:
    return permissions.administrator or permissions.manage_guild


def _standing(*, is_bot: bool, is_pending: bool) -> Standing:
    """Who has not agreed to a server's rules yet is a guest in it."""
    if is_bot:
        return Standing.BOT
    return Standing.GUEST if is_pending else Standing.MEMBER
