"""What Discord sends of an interaction, field by field as Discord writes it.

Source: docs.discord.com/developers/interactions/receiving-and-responding ("interaction object").
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.discord.interactions import Interaction, metadata_of
from tests.discord.people import Json, Member, Role, User
from tests.discord.permissions import TOLD_OF_DM
from tests.discord.state import Attachment, Channel, Message, id_of

if TYPE_CHECKING:
    from tests.discord.server import FakeDiscord

SUB_COMMAND, SUB_COMMAND_GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(
    1, 12
)
IN_GUILD, IN_BOT_DM = 0, 1
Options = Mapping[str, Any]


def interaction(
    discord: "FakeDiscord", kind: int, data: Json, *, user: User, channel: Channel, on: Message | None = None
) -> Interaction:
    """A new interaction with a token of its own."""
    id_ = discord.numbers.snowflake()
    token = "a" + secrets.token_urlsafe(160)
    payload: Json = {
        "id": id_,
        "application_id": discord.application_id,
        "type": kind,
        "data": data,
        "token": token,
        "version": 1,
        "channel_id": channel.id,
        "locale": user.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": discord.file_limit_bytes,
        "authorizing_integration_owners": {"0": channel.guild_id or "0"},
        **_where(discord, user, channel),
    }
    if on is not None:
        payload["message"] = on.as_json()
    made = Interaction(id_, token, kind, user, channel, discord.clock.now(), payload, on)
    made.metadata = metadata_of(kind, payload, user, on)
    discord.interactions[id_] = made
    return made


def _where(discord: "FakeDiscord", user: User, channel: Channel) -> Json:
    """In a guild: the member, with what they and the app may do in that channel. In a DM: the user."""
    if not channel.guild_id:
        told = {"context": IN_BOT_DM, "user": user.as_json(), "channel": channel.as_json()}
        return told | {"app_permissions": str(TOLD_OF_DM)}
    guild = discord.guilds[channel.guild_id]
    member = guild.members[user.id].as_json() | {"permissions": str(guild.permissions_of(user, channel))}
    return {
        "context": IN_GUILD,
        "guild_id": guild.id,
        "guild": {"id": guild.id, "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "member": member,
        "channel": guild.channel_json(channel, user),
        "app_permissions": str(guild.permissions_of(discord.bot_user, channel)),
    }


def command_data(discord: "FakeDiscord", command: Json, channel: Channel, **more: Any) -> Json:
    guild = {"guild_id": command["guild_id"]} if command.get("guild_id") else {}
    return {"id": command["id"], "name": command["name"], "type": command["type"], **guild, **more}


def leaf(command: Json, path: list[str]) -> Json:
    """The subcommand that the words after the command's name lead to (the command itself for none)."""
    node = command
    for word in path:
        inside = [each for each in node.get("options") or () if each["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP)]
        node = next((each for each in inside if each["name"] == word), {})
        if not node:
            raise LookupError(f"/{command['name']} has no {word!r}; there are {[each['name'] for each in inside]}")
    return node


def nested(command: Json, path: list[str], options: list[Json]) -> list[Json]:
    """Options inside the subcommands that lead to them."""
    for depth in range(len(path), 0, -1):
        node = leaf(command, path[:depth])
        options = [{"type": node["type"], "name": node["name"], "options": options}]
    return options


def typed_options(
    discord: "FakeDiscord", node: Json, options: Options, channel: Channel, *, focused: str = ""
) -> tuple[list[Json], Json]:
    """What somebody typed, and `resolved` for what it names. ValueError where the client would not let them send it."""
    offered = {each["name"]: each for each in node.get("options") or ()}
    if unknown := [name for name in options if name not in offered]:
        raise ValueError(f"no option {unknown}; there are {list(offered)}")
    missing = [name for name, each in offered.items() if each.get("required") and name not in options]
    if missing and not focused:
        raise ValueError(f"required: {missing}")
    typed: list[Json] = []
    resolved: Json = {}
    for name, value in options.items():
        option = offered[name]
        if not focused:
            _check(option, value)
        _resolve(discord, value, channel, resolved)
        told = {"name": name, "type": option["type"], "value": _wire(value)}
        typed.append(told | ({"focused": True} if name == focused else {}))
    return typed, resolved


FITS: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    USER: (User, Member),
    CHANNEL: (Channel,),
    ROLE: (Role,),
    MENTIONABLE: (User, Member, Role),
    NUMBER: (int, float),
    ATTACHMENT: (Attachment,),
}


def _check(option: Json, value: Any) -> None:
    """What Discord's client checks before it sends."""
    name = option["name"]
    if not isinstance(value, FITS[option["type"]]) or (isinstance(value, bool) and option["type"] != BOOLEAN):
        raise ValueError(f"{name} takes no {type(value).__name__}")
    choices = [each["value"] for each in option.get("choices") or ()]
    if choices and value not in choices:
        raise ValueError(f"{name} takes one of {choices}")
    size = len(value) if isinstance(value, str) else value if option["type"] in (INTEGER, NUMBER) else None
    least, most = (
        (option.get(f"min_{_kind(value)}"), option.get(f"max_{_kind(value)}")) if size is not None else (None, None)
    )
    if size is not None and ((least is not None and size < least) or (most is not None and size > most)):
        raise ValueError(f"{name} takes {least} to {most}; this is {size}")


def _kind(value: Any) -> str:
    return "length" if isinstance(value, str) else "value"


def _wire(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) else id_of(value)


def _resolve(discord: "FakeDiscord", value: Any, channel: Channel, resolved: Json) -> None:
    """The whole of what an option names by its id."""
    guild = discord.guilds.get(channel.guild_id)
    if isinstance(value, User | Member):
        user = discord.users[value.id]
        resolved.setdefault("users", {})[user.id] = user.as_json()
        if guild is not None and user.id in guild.members:
            member = guild.members[user.id].as_json(with_user=False)
            told = member | {"permissions": str(guild.permissions_of(user, channel))}
            resolved.setdefault("members", {})[user.id] = told
    elif isinstance(value, Role):
        resolved.setdefault("roles", {})[value.id] = value.as_json()
    elif isinstance(value, Channel) and guild is not None:
        resolved.setdefault("channels", {})[value.id] = guild.channel_json(value, discord.bot_user)
    elif isinstance(value, Attachment):
        resolved.setdefault("attachments", {})[value.id] = value.as_json() | {"ephemeral": True}


def pressed_data(discord: "FakeDiscord", component: Json, values: list[Any], channel: Channel) -> Json:
    """A button, or a select with what was chosen."""
    told: Json = {
        "custom_id": component["custom_id"],
        "component_type": component["type"],
        "id": component.get("id", 1),
    }
    if component["type"] == 2:
        return told
    resolved: Json = {}
    for value in values:
        _resolve(discord, value, channel, resolved)
    return told | {"values": [_wire(value) for value in values]} | ({"resolved": resolved} if resolved else {})


def submitted_data(discord: "FakeDiscord", modal: Json, values: Options, channel: Channel) -> Json:
    """A modal sent: what stands in each field. `values` by custom_id or by label; ValueError as the client would."""
    form = _Form(discord, channel, dict(values))
    components = [form.sent(each) for each in modal["components"]]
    if form.left:
        raise LookupError(f"the modal has no {list(form.left)}")
    told: Json = {"custom_id": modal["custom_id"], "components": components}
    return told | ({"resolved": form.resolved} if form.resolved else {})


@dataclass(slots=True)
class _Form:
    """A modal being filled in: `left` is what no field took yet."""

    discord: "FakeDiscord"
    channel: Channel
    left: dict[str, Any]
    resolved: Json = field(default_factory=dict)

    def sent(self, shown: Json) -> Json:
        told: Json = {"type": shown["type"], "id": shown.get("id", 1)}
        if shown["type"] == 1:
            return told | {"components": [self._field(each, each.get("label", "")) for each in shown["components"]]}
        if shown["type"] == 18:
            return told | {"component": self._field(shown["component"], shown["label"])}
        return told

    def _field(self, shown: Json, label: str) -> Json:
        id_ = shown["custom_id"]
        told: Json = {"type": shown["type"], "custom_id": id_, "id": shown.get("id", 1)}
        given = self.left.pop(id_ if id_ in self.left else label, None)
        if shown["type"] == 4:
            return told | {"value": _text(shown, label or id_, given)}
        chosen = list(given) if isinstance(given, list | tuple) else [] if given is None else [given]
        if not chosen:
            chosen = [each["value"] for each in shown.get("options") or () if each.get("default")]
        if not chosen and shown.get("required", True):
            raise ValueError(f"{label or id_} is required")
        for each in chosen:
            _resolve(self.discord, each, self.channel, self.resolved)
        return told | {"values": [_wire(each) for each in chosen]}


def _text(shown: Json, label: str, given: Any) -> str:
    text = str(given if given is not None else shown.get("value") or "")
    if not text and shown.get("required", True):
        raise ValueError(f"{label} is required")
    if text and not shown.get("min_length", 0) <= len(text) <= shown.get("max_length", 4000):
        raise ValueError(f"{label} takes no {len(text)} characters")
    return text
