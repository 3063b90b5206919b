"""Messages as Discord's REST API has them: who wrote them, what they say, and what they answer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters.discord.conversation.files import attached_to
from adapters.discord.conversation.said import NameOf, plain_text
from core.attached import Attached

Message = Mapping[str, Any]

SAID, REPLY, COMMAND, STARTER, MENU_COMMAND = 0, 19, 20, 21, 23
"""The types of messages that say something (resources/message, "Message Types"); others tell of joins and the like."""
_SAYS = frozenset({SAID, REPLY, COMMAND, MENU_COMMAND})
_FORWARD = 1
"""The type of a reference to what is passed on, not answered."""
TEXT_DISPLAY = 10
_MOST_DEEP = 5


def id_of(message: Message) -> int:
    """Its id, by which messages are in order."""
    return _number(message.get("id"))


def seconds_of(message_id: str | int) -> float:
    """When the message with this id was written, for comparing (docs.discord.com/developers/reference#snowflakes)."""
    return (int(message_id) >> 22) / 1000


def says_something(message: Message) -> bool:
    """Whether somebody wrote it."""
    return message.get("type") in _SAYS


def is_by(message: Message, user_id: str) -> bool:
    """Whether this user wrote it."""
    return bool(user_id) and str(_part(message, "author").get("id") or "") == user_id


def author_of(message: Message) -> str:
    """What whoever wrote it is called."""
    author, member = _part(message, "author"), _part(message, "member")
    return str(member.get("nick") or author.get("global_name") or author.get("username") or "") or "Somebody"


def asked_by(message: Message) -> str:
    """Of an answer to what was typed or pressed: who did that."""
    return author_of({"author": _part(_part(message, "interaction_metadata"), "user")})


def answers(message: Message) -> str:
    """The id of the message that it answers, in the same channel; empty where it answers none."""
    reference = _part(message, "message_reference")
    if reference.get("type", 0) == _FORWARD or reference.get("channel_id") != message.get("channel_id"):
        return ""
    return str(reference.get("message_id") or "")


def begins_an_answer(message: Message) -> bool:
    """Of a message of ours: whether it is the first of an answer, to a message or to what was typed or pressed."""
    return bool(answers(message)) or bool(message.get("interaction_metadata"))


def answered_in(message: Message) -> Message | None:
    """The message that it answers, as far as it came along."""
    answered = message.get("referenced_message")
    return answered if isinstance(answered, Mapping) else None


def files_of(message: Message) -> tuple[Attached, ...]:
    """What is attached to it, or to what it passes on."""
    return (*attached_to(message), *(file for each in _passed_on(message) for file in attached_to(each)))


def text_of(message: Message, name_of: NameOf) -> str:
    """Everything that it says, in plain words: of apps also what stands in cards."""
    told = [message, *_passed_on(message)]
    words = [text for each in told for text in (_written(each), *_of_embeds(each), *_of_components(each))]
    return plain_text("\n".join(filter(None, words)), named_in(message, name_of))


def named_in(message: Message, name_of: NameOf) -> NameOf:
    """Names of those who are mentioned in it, else as `name_of` knows them."""
    called = {
        str(user.get("id") or ""): str(user.get("global_name") or user.get("username") or "")
        for user in _parts(message, "mentions")
    }

    def name(sign: str, mentioned: str) -> str:
        return (called.get(mentioned, "") if sign == "@" else "") or name_of(sign, mentioned)

    return name


def displayed(components: object, deep: int = 0) -> Iterator[str]:
    """The texts in components, in the order in which they are shown."""
    if not isinstance(components, list) or deep > _MOST_DEEP:
        return
    for component in components:
        if isinstance(component, Mapping):
            if component.get("type") == TEXT_DISPLAY:
                yield str(component.get("content") or "")
            yield from displayed(component.get("components"), deep + 1)


def _written(message: Message) -> str:
    return str(message.get("content") or "")


def _of_embeds(message: Message) -> Iterator[str]:
    for embed in _parts(message, "embeds"):
        if embed.get("type", "rich") == "rich":  # others are previews of links
            yield from (str(embed.get(part) or "") for part in ("title", "description"))
            yield from (f"{field.get('name')}: {field.get('value')}" for field in _parts(embed, "fields"))


def _of_components(message: Message) -> Iterator[str]:
    yield from displayed(message.get("components"))


def _passed_on(message: Message) -> list[Message]:
    return [_part(snapshot, "message") for snapshot in _parts(message, "message_snapshots")]


def _part(of: Message, name: str) -> Message:
    part = of.get(name)
    return part if isinstance(part, Mapping) else {}


def _parts(of: Message, name: str) -> Sequence[Message]:
    parts = of.get(name)
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []


def _number(value: object) -> int:
    return int(value) if isinstance(value, str) and value.isdecimal() else 0
