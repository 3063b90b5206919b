"""Who is in a Discord: users, and what makes them members of a guild. Plain records that tests may read."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

JOINED_AT = "2026-01-05T10:00:00+00:00"


@dataclass(slots=True, eq=False)
class User:
    id: str
    name: str
    global_name: str = ""
    bot: bool = False
    refuses_direct: bool = False
    locale: str = "en-US"

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "username": self.name,
            "global_name": self.global_name or None,
            "discriminator": "0",
            "avatar": None,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
            **({"bot": True} if self.bot else {}),
        }


@dataclass(slots=True, eq=False)
class Role:
    id: str
    name: str
    permissions: int = 0
    position: int = 1
    managed: bool = False
    bot_id: str = ""

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.managed,
            "mentionable": False,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
            **({"tags": {"bot_id": self.bot_id}} if self.bot_id else {}),
        }


@dataclass(slots=True, eq=False)
class Member:
    user: User
    roles: set[str] = field(default_factory=set)
    nick: str = ""
    pending: bool = False

    @property
    def id(self) -> str:
        return self.user.id

    def as_json(self, *, with_user: bool = True) -> Json:
        return {
            **({"user": self.user.as_json()} if with_user else {}),
            "nick": self.nick or None,
            "avatar": None,
            "banner": None,
            "roles": sorted(self.roles),
            "joined_at": JOINED_AT,
            "premium_since": None,
            "communication_disabled_until": None,
            "deaf": False,
            "mute": False,
            "pending": self.pending,
            "flags": 0,
        }


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a role (or one member) may more, or less, in one channel."""

    id: str
    allow: int = 0
    deny: int = 0
    of_member: bool = False

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "type": 1 if self.of_member else 0,
            "allow": str(self.allow),
            "deny": str(self.deny),
        }
