"""Interactions: what came of each, and the callback that must come within three seconds, once."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.discord import posting
from tests.discord.people import Json, User
from tests.discord.routes import Answer, At, route
from tests.discord.state import Channel, Message, Refused, unknown

if TYPE_CHECKING:
    from tests.discord.server import FakeDiscord

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
SAYS, DEFERS, DEFERS_UPDATE, UPDATES, COMPLETES, OPENS = 4, 5, 6, 7, 8, 9
FITTING = {  # which callbacks fit which interaction
    COMMAND: (SAYS, DEFERS, OPENS),
    COMPONENT: (SAYS, DEFERS, DEFERS_UPDATE, UPDATES, OPENS),
    AUTOCOMPLETE: (COMPLETES,),
    MODAL_SUBMIT: (SAYS, DEFERS, DEFERS_UPDATE, UPDATES),
}
TOKEN_SECONDS = 15 * 60
EPHEMERAL_FLAG = 1 << 6


@dataclass(slots=True, eq=False)
class Interaction:
    """One interaction, and how the app took it. `callback`: 0 until it was acknowledged, then the callback's type.

    `original` is the answer (`@original`): a message of its own, or the message whose component was pressed.
    `modal`: what was opened; `choices`: what autocomplete offered. `followed`: what was said after the first answer.
    """

    id: str
    token: str
    type: int
    user: User
    channel: Channel
    at: float
    payload: Json = field(default_factory=dict)
    on: Message | None = None
    metadata: Json = field(default_factory=dict)
    callback: int = 0
    callback_body: Json = field(default_factory=dict)
    order: int = 0
    took_seconds: float = 0.0
    original: Message | None = None
    modal: Json | None = None
    choices: list[Json] | None = None
    followed: list[Message] = field(default_factory=list)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ok(self) -> bool:
        """Whether it was acknowledged in time."""
        return self.callback != 0

    @property
    def deferred(self) -> bool:
        return self.callback in (DEFERS, DEFERS_UPDATE)

    @property
    def said(self) -> list[Message]:
        """What stands there because of it and was not deleted, in order."""
        own = [self.original] if self.original is not None else []
        return [each for each in [*own, *self.followed] if not each.deleted]

    @property
    def ephemeral(self) -> bool:
        """Whether the answer is for who asked alone."""
        return self.original is not None and self.original.is_ephemeral


@route(
    "create_interaction_response",
    "POST",
    "/interactions/{interaction_id}/{interaction_token}/callback",
    needs_bot=False,
)
def callback(at: At) -> Answer:
    discord, fields = at.discord, at.call.fields
    interaction = discord.interactions.get(at["interaction_id"])
    if interaction is None or interaction.token != at["interaction_token"]:
        raise unknown("Interaction")
    took = discord.clock.now() - interaction.at
    if interaction.ok:
        raise Refused(400, 40060, "Interaction has already been acknowledged.")
    if took > discord.acknowledge_within_seconds:
        raise unknown("Interaction")
    kind = int(fields["type"])
    if kind not in FITTING[interaction.type] or (kind == UPDATES and interaction.on is None):
        raise Refused(400, 50035, "Invalid Form Body", {"type": {"_errors": [{"code": "BASE_TYPE_CHOICES"}]}})
    _take(discord, interaction, kind, fields.get("data") or {}, at)
    interaction.callback, interaction.callback_body = kind, fields
    interaction.order, interaction.took_seconds = at.call.order, took
    interaction.acknowledged.set()
    return Answer(_told(interaction)) if at.call.query.get("with_response") in ("1", "true") else Answer()


def _take(discord: "FakeDiscord", interaction: Interaction, kind: int, data: Json, at: At) -> None:
    """What the callback does."""
    if kind in (SAYS, DEFERS):
        only_for = interaction.user.id if int(data.get("flags") or 0) & EPHEMERAL_FLAG else ""
        by = {"author": discord.bot_user, "only_for": only_for, **belongs(discord, interaction)}
        if kind == SAYS:
            interaction.original = posting.new_message(discord, interaction.channel, data, at.call.files, **by)
        else:
            interaction.original = posting.thinking(discord, interaction.channel, **by)
        interaction.original.metadata = interaction.metadata
    elif kind in (DEFERS_UPDATE, UPDATES):
        interaction.original = interaction.on  # none, for a modal that a command opened: it closes, and that is all
        if kind == UPDATES and interaction.on is not None:
            posting.change(discord, interaction.on, data, at.call.files)
    elif kind == COMPLETES:
        interaction.choices = list(data.get("choices") or [])
    else:
        interaction.modal = data


def belongs(discord: "FakeDiscord", interaction: Interaction) -> Json:
    """What marks a message as said by the app through an interaction."""
    return {"application_id": discord.application_id, "webhook_id": discord.application_id}


def _told(interaction: Interaction) -> Json:
    about: Json = {"id": interaction.id, "type": interaction.type, "channel_id": interaction.channel.id}
    if interaction.channel.guild_id:
        about["guild_id"] = interaction.channel.guild_id
    told: Json = {"interaction": about}
    if interaction.original is not None:
        about["response_message_id"] = interaction.original.id
        about["response_message_loading"] = interaction.original.is_loading
        about["response_message_ephemeral"] = interaction.original.is_ephemeral
        if interaction.callback in (SAYS, UPDATES):
            told["resource"] = {"type": interaction.callback, "message": interaction.original.as_json()}
    return told


def by_token(discord: "FakeDiscord", token: str) -> Interaction:
    """Whose token that is, while it lives: fifteen minutes, and not before the first answer."""
    found = next((each for each in discord.interactions.values() if each.token == token), None)
    if found is None:
        raise Refused(404, 10015, "Unknown Webhook")
    if discord.clock.now() - found.at > TOKEN_SECONDS:
        raise Refused(401, 50027, "Invalid Webhook Token")
    if not found.ok:
        raise Refused(404, 10015, "Unknown Webhook")
    return found


def metadata_of(interaction_type: int, payload: Json, user: User, on: Message | None) -> Json:
    """What the answer's message tells of the interaction it answers."""
    told: Json = {
        "id": payload["id"],
        "type": interaction_type,
        "user": user.as_json(),
        "authorizing_integration_owners": payload["authorizing_integration_owners"],
    }
    if interaction_type == COMPONENT and on is not None:
        told["interacted_message_id"] = on.id
    if interaction_type == MODAL_SUBMIT:
        first: Any = dict(told, type=COMPONENT, interacted_message_id=on.id) if on else dict(told, type=COMMAND)
        told["triggering_interaction_metadata"] = first
    return told
