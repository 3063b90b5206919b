"""What is in a Discord's channels: messages, files, threads. Plain records that tests may read.

Ids are strings, as Discord writes them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.discord.people import Json, Member, Overwrite, User

EPHEMERAL, LOADING, SUPPRESS_EMBEDS, HAS_THREAD, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 2, 1 << 5, 1 << 15
TEXT, DM, VOICE, NEWS, NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 2, 5, 10, 11, 12
THREADS = (NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)


class Refused(Exception):
    """Discord refuses a call: `status`, and `{"code": code, "message": message, "errors": ...}`."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.body: Json = {"message": message, "code": code, **({"errors": errors} if errors else {})}


def unknown(what: str) -> Refused:
    """404 with the code for that kind of thing."""
    codes = {"Channel": 10003, "Guild": 10004, "Member": 10007, "Message": 10008, "Role": 10011, "User": 10013}
    codes |= {"Webhook": 10015, "Interaction": 10062, "application command": 10063}
    return Refused(404, codes[what], f"Unknown {what}")


def invalid(where: str, why: str) -> Refused:
    return Refused(400, 50035, "Invalid Form Body", {where: {"_errors": [{"code": "INVALID", "message": why}]}})


def id_of(thing: Any) -> str:
    """The id of a record, or what is an id already."""
    return str(getattr(thing, "id", thing))


@dataclass(slots=True, eq=False)
class Attachment:
    id: str
    filename: str
    content: bytes
    content_type: str
    url: str
    description: str = ""

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "filename": self.filename,
            "size": len(self.content),
            "content_type": self.content_type,
            "url": self.url,
            "proxy_url": self.url,
            **({"description": self.description} if self.description else {}),
        }


@dataclass(frozen=True, slots=True)
class Edit:
    """What stood in a message before, until that moment."""

    content: str
    components: tuple[Json, ...]
    order: int


@dataclass(slots=True, eq=False)
class Message:
    """A message. `edits` are what stood before; `only_for`: the one user who sees it (an ephemeral message)."""

    id: str
    channel_id: str
    author: User
    content: str = ""
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    guild_id: str = ""
    nonce: str | int | None = None
    reply_to: "Message | None" = None
    pings: frozenset[str] = frozenset()
    metadata: Json | None = None
    application_id: str = ""
    webhook_id: str = ""
    only_for: str = ""
    edits: list[Edit] = field(default_factory=list)
    deleted: bool = False
    order: int = 0
    mentioned: tuple[User, ...] = ()
    thread: "Channel | None" = None
    system_type: int = 0
    edited_at: str = ""

    @property
    def is_v2(self) -> bool:
        return bool(self.flags & COMPONENTS_V2)

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.only_for)

    @property
    def is_loading(self) -> bool:
        """Whether it still says "thinking"."""
        return bool(self.flags & LOADING)

    def replace(self, order: int, at: str, **changed: Any) -> None:
        self.edits.append(Edit(self.content, tuple(self.components), order))
        self.edited_at = at
        for name, value in changed.items():
            setattr(self, name, value)

    def as_json(self, *, hidden: bool = False, nested: bool = False) -> Json:
        """As REST and the gateway tell it; `hidden`: to an app that may not read what it says."""
        told: Json = {
            "id": self.id,
            "channel_id": self.channel_id,
            "type": self.system_type or (19 if self.reply_to else 20 if self.metadata else 0),
            "author": self.author.as_json(),
            "content": "" if hidden else self.content,
            "components": [] if hidden else self.components,
            "embeds": [] if hidden else self.embeds,
            "attachments": [] if hidden else [each.as_json() for each in self.attachments],
            "mentions": [user.as_json() for user in self.mentioned],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
            "timestamp": moment_of(self.id),
            "edited_timestamp": self.edited_at or None,
            "flags": self.flags,
        }
        if self.nonce is not None and not nested:
            told["nonce"] = self.nonce
        if self.webhook_id:
            told["webhook_id"] = self.webhook_id
        if self.application_id:
            told["application_id"] = self.application_id
        if self.metadata:
            told["interaction_metadata"] = self.metadata
        if self.thread is not None:
            told["thread"] = self.thread.as_json()
        return told | (self._reference() if self.reply_to else {})

    def _reference(self) -> Json:
        assert self.reply_to is not None
        of = self.reply_to
        guild = {"guild_id": self.guild_id} if self.guild_id else {}
        return {"message_reference": {"type": 0, "message_id": of.id, "channel_id": of.channel_id, **guild}}


@dataclass(slots=True, eq=False)
class Channel:
    """A channel, a thread (`parent_id` is its channel) or a DM (`recipient`)."""

    id: str
    name: str = ""
    type: int = TEXT
    guild_id: str = ""
    parent_id: str = ""
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    recipient: User | None = None
    owner_id: str = ""
    archived: bool = False
    locked: bool = False
    inside: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    archive_minutes: int = 1440
    nsfw: bool = False

    @property
    def is_thread(self) -> bool:
        return self.type in THREADS

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    def overwrite(self, who: Any, *, allow: int = 0, deny: int = 0) -> None:
        """What a role or a member may more, or less, here than elsewhere."""
        self.overwrites[id_of(who)] = Overwrite(id_of(who), allow, deny, isinstance(who, User | Member))

    def as_json(self, permissions: int | None = None) -> Json:
        last = self.messages[-1].id if self.messages else None
        told: Json = {"id": self.id, "type": self.type, "flags": 0, "last_message_id": last}
        if permissions is not None:
            told["permissions"] = str(permissions)
        if self.recipient is not None:
            return told | {"recipients": [self.recipient.as_json()]}
        told |= {"guild_id": self.guild_id, "name": self.name, "rate_limit_per_user": 0}
        told |= {"parent_id": self.parent_id or None}
        return told | (self._of_thread() if self.is_thread else self._of_channel())

    def _of_channel(self) -> Json:
        overwrites = [each.as_json() for each in self.overwrites.values()]
        return {"position": 0, "permission_overwrites": overwrites, "nsfw": self.nsfw, "topic": None}

    def _of_thread(self) -> Json:
        metadata = {
            "archived": self.archived,
            "archive_timestamp": moment_of(self.id),
            "auto_archive_duration": self.archive_minutes,
            "locked": self.locked,
            "create_timestamp": moment_of(self.id),
            **({"invitable": True} if self.type == PRIVATE_THREAD else {}),
        }
        said = sum(not each.deleted for each in self.messages)
        counts = {"message_count": said, "total_message_sent": len(self.messages), "member_count": len(self.inside)}
        return {"owner_id": self.owner_id, "thread_metadata": metadata, **counts}


def moment_of(snowflake: str) -> str:
    """When that id was made, as Discord writes moments."""
    seconds = ((int(snowflake) >> 22) + 1_420_070_400_000) / 1000
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def standing(messages: Iterable[Message]) -> list[Message]:
    return [each for each in messages if not each.deleted]
