"""How a message comes to stand in a channel, and how it is changed: the same for REST, webhooks and callbacks."""

import copy
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tests.discord.faults import Upload
from tests.discord.people import Json, User
from tests.discord.state import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    SUPPRESS_EMBEDS,
    Attachment,
    Channel,
    Message,
    Refused,
    invalid,
)

if TYPE_CHECKING:
    from tests.discord.server import FakeDiscord

MENTION = re.compile(r"<@!?(\d+)>")
EDITABLE_FLAGS = SUPPRESS_EMBEDS | COMPONENTS_V2
CHARACTERS = 2000
GALLERY, FILE, CONTAINER = 12, 13, 17


def new_message(
    discord: "FakeDiscord",
    channel: Channel,
    fields: Json,
    files: Sequence[Upload] = (),
    *,
    author: User,
    **more: Any,
) -> Message:
    """Put a message there, and tell the gateway (an ephemeral one is nobody else's business)."""
    attachments = _uploaded(discord, channel.id, fields, files)
    flags = int(fields.get("flags") or 0) | (EPHEMERAL if more.get("only_for") else 0)
    message = Message(
        discord.numbers.snowflake(),
        channel.id,
        author,
        fields.get("content") or "",
        with_ids(fields.get("components") or [], attachments),
        list(fields.get("embeds") or []),
        attachments,
        flags,
        channel.guild_id,
        fields.get("nonce"),
        **more,
    )
    message.order = discord.numbers.order()
    _check_whole(message)
    read_mentions(discord, message, fields)
    channel.messages.append(message)
    if not message.is_ephemeral:
        discord.gateway.message_event("MESSAGE_CREATE", message)
    return message


def thinking(discord: "FakeDiscord", channel: Channel, author: User, **more: Any) -> Message:
    """What a deferred answer shows until it comes: "Chipin is thinking"."""
    flags = LOADING | (EPHEMERAL if more.get("only_for") else 0)
    message = Message(discord.numbers.snowflake(), channel.id, author, flags=flags, guild_id=channel.guild_id, **more)
    message.order = discord.numbers.order()
    channel.messages.append(message)
    if not message.is_ephemeral:
        discord.gateway.message_event("MESSAGE_CREATE", message)
    return message


def change(discord: "FakeDiscord", message: Message, fields: Json, files: Sequence[Upload] = ()) -> Message:
    """Edit: fields that are not there stay as they were."""
    wanted = int(fields["flags"] or 0) if fields.get("flags") is not None else message.flags
    flags = (message.flags & ~SUPPRESS_EMBEDS) | (wanted & EDITABLE_FLAGS)  # V2 stays: it cannot be taken away
    changed: Json = {"flags": flags & ~LOADING}
    if "content" in fields:
        changed["content"] = fields["content"] or ""
    if "embeds" in fields:
        changed["embeds"] = list(fields["embeds"] or [])
    if "attachments" in fields or files:
        kept = {str(each["id"]) for each in fields.get("attachments") or ()}
        stay = [each for each in message.attachments if "attachments" not in fields or each.id in kept]
        changed["attachments"] = stay + _uploaded(discord, message.channel_id, fields, files)
    if "components" in fields:
        attachments = changed.get("attachments", message.attachments)
        changed["components"] = with_ids(fields["components"] or [], attachments)
    after = copy.copy(message)
    for name, value in changed.items():
        setattr(after, name, value)
    _check_whole(after)
    message.replace(discord.numbers.order(), discord.numbers.timestamp(), **changed)
    read_mentions(discord, message, fields, edited=True)
    if not message.is_ephemeral:
        discord.gateway.message_event("MESSAGE_UPDATE", message)
    return message


def remove(discord: "FakeDiscord", message: Message) -> None:
    message.deleted = True
    if not message.is_ephemeral:
        discord.gateway.message_event("MESSAGE_DELETE", message)


def with_ids(components: Sequence[Json], attachments: Sequence[Attachment] = ()) -> list[Json]:
    """Components as Discord stores them: each with a number of its own in the message, and with what was not said."""
    numbers = itertools.count(1)
    stored = copy.deepcopy(list(components))
    for each in walk(stored):
        if not each.get("id"):
            each["id"] = next(numbers)
        if each["type"] == CONTAINER:
            each.update(accent_color=each.get("accent_color"), spoiler=each.get("spoiler", False))
        if each["type"] == FILE:
            each.update(_stored_file(each, attachments))
        if each["type"] == GALLERY:
            each["items"] = [_stored_picture(item, attachments) for item in each["items"]]
    return stored


def _stored_file(component: Json, attachments: Sequence[Attachment]) -> Json:
    """A file component names an attachment of its message, "attachment://answer.md"."""
    found = _attached(component["file"]["url"], attachments)
    url = {"id": found.id, "url": found.url, "proxy_url": found.url}
    return {"file": url, "name": found.filename, "size": len(found.content), "spoiler": component.get("spoiler", False)}


def _stored_picture(item: Json, attachments: Sequence[Attachment]) -> Json:
    """A picture of a gallery does too; from elsewhere none is taken: it would be loaded from a stranger."""
    found = _attached(item["media"]["url"], attachments)
    media = {"id": found.id, "url": found.url, "proxy_url": found.url, "content_type": found.content_type}
    return {"media": media, "description": item.get("description"), "spoiler": item.get("spoiler", False)}


def _attached(url: str, attachments: Sequence[Attachment]) -> Attachment:
    name = url.removeprefix("attachment://")
    found = next((each for each in attachments if each.filename == name), None)
    if found is None:
        raise invalid("components", f"The attachment {name} was not found")
    return found


def walk(components: Any) -> Iterator[Json]:
    """Every component, nested ones too, in the order they are shown."""
    for each in components if isinstance(components, list) else ():
        if not isinstance(each, dict):
            continue
        yield each
        yield from walk(each.get("components"))
        yield from walk([each[name] for name in ("accessory", "component") if isinstance(each.get(name), dict)])


def _uploaded(discord: "FakeDiscord", channel_id: str, fields: Json, files: Sequence[Upload]) -> list[Attachment]:
    described = {str(each.get("id")): each for each in fields.get("attachments") or () if isinstance(each, dict)}
    uploaded = []
    for each in files:
        about = described.get(each.field.removeprefix("files[").removesuffix("]"), {})
        name = about.get("filename") or each.filename
        uploaded.append(discord.add_file(name, each.content, each.content_type, channel_id=channel_id))
        uploaded[-1].description = about.get("description") or ""
    return uploaded


def _check_whole(message: Message) -> None:
    """What Discord refuses in any message, new or changed."""
    if message.is_v2 and (message.content or message.embeds):
        raise invalid("content", "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
    if len(message.content) > CHARACTERS:
        raise invalid("content", f"Must be {CHARACTERS} or fewer in length.")
    if not (message.content or message.embeds or message.components or message.attachments):
        raise Refused(400, 50006, "Cannot send an empty message")


def read_mentions(discord: "FakeDiscord", message: Message, fields: Json, *, edited: bool = False) -> None:
    """Who is named in it, and who is pinged: the text asks, `allowed_mentions` allows (everything, when absent)."""
    allowed = fields.get("allowed_mentions")
    parse = ("users", "roles", "everyone") if allowed is None else tuple(allowed.get("parse") or ())
    named = [discord.users[id_] for id_ in MENTION.findall(message.content) if id_ in discord.users]
    users = {} if allowed is None else {str(each) for each in allowed.get("users") or ()}
    pinged = {user.id for user in named if "users" in parse or user.id in users}
    replied = message.reply_to.author if message.reply_to is not None else None
    if replied is not None and (allowed is None or allowed.get("replied_user", False)):
        pinged.add(replied.id)
        named.append(replied)
    if "everyone" in parse and re.search("@everyone|@here", message.content):
        pinged.add("everyone")
    message.mentioned = tuple(dict.fromkeys(named))
    if not edited:  # an edit pings nobody
        message.pings = frozenset(pinged)
