"""What an interaction's token opens for fifteen minutes: the answer and what follows it."""

from tests.discord import posting
from tests.discord.interactions import EPHEMERAL_FLAG, Interaction, belongs, by_token
from tests.discord.routes import Answer, At, route
from tests.discord.state import Message, Refused, unknown

WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL, ONE = WEBHOOK + "/messages/@original", WEBHOOK + "/messages/{message_id}"


def _interaction(at: At) -> Interaction:
    if at["webhook_id"] != at.discord.application_id:
        raise Refused(404, 10015, "Unknown Webhook")
    return by_token(at.discord, at["webhook_token"])


def _original(at: At) -> Message:
    interaction = _interaction(at)
    if interaction.original is None or interaction.original.deleted:
        raise unknown("Message")
    return interaction.original


def _followed(at: At) -> Message:
    """A message that this token may change: what was said with it."""
    found = next((each for each in _interaction(at).said if each.id == at["message_id"]), None)
    if found is None:
        raise unknown("Message")
    return found


@route("execute_webhook", "POST", WEBHOOK, needs_bot=False)
def follow_up(at: At) -> Answer:
    """The first one after a deferral fills "thinking" in, as an edit would."""
    interaction, fields, discord = _interaction(at), at.call.fields, at.discord
    original = interaction.original
    if original is not None and original.is_loading and not original.deleted:
        return Answer(posting.change(discord, original, fields, at.call.files).as_json())
    only_for = interaction.user.id if int(fields.get("flags") or 0) & EPHEMERAL_FLAG else ""
    message = posting.new_message(
        discord,
        interaction.channel,
        fields,
        at.call.files,
        author=discord.bot_user,
        only_for=only_for,
        **belongs(discord, interaction),
    )
    message.metadata = interaction.metadata
    interaction.followed.append(message)
    return Answer(message.as_json())


@route("get_original_webhook_message", "GET", ORIGINAL, needs_bot=False)
def original(at: At) -> Answer:
    return Answer(_original(at).as_json())


@route("update_original_webhook_message", "PATCH", ORIGINAL, needs_bot=False)
def edit_original(at: At) -> Answer:
    return Answer(posting.change(at.discord, _original(at), at.call.fields, at.call.files).as_json())


@route("delete_original_webhook_message", "DELETE", ORIGINAL, needs_bot=False)
def delete_original(at: At) -> Answer:
    posting.remove(at.discord, _original(at))
    return Answer()


@route("get_webhook_message", "GET", ONE, needs_bot=False)
def one(at: At) -> Answer:
    return Answer(_followed(at).as_json())


@route("update_webhook_message", "PATCH", ONE, needs_bot=False)
def edit(at: At) -> Answer:
    return Answer(posting.change(at.discord, _followed(at), at.call.fields, at.call.files).as_json())


@route("delete_webhook_message", "DELETE", ONE, needs_bot=False)
def delete(at: At) -> Answer:
    posting.remove(at.discord, _followed(at))
    return Answer()
