"""Messages of a channel over REST: post, read, edit, delete, typing."""

from tests.discord import posting
from tests.discord.permissions import May
from tests.discord.routes import Answer, At, route
from tests.discord.state import Channel, Message, Refused, invalid

CHANNEL, MESSAGES = "/channels/{channel_id}", "/channels/{channel_id}/messages"
ONE = MESSAGES + "/{message_id}"


@route("create_message", "POST", MESSAGES)
def create(at: At) -> Answer:
    channel, fields = at.channel, at.call.fields
    if (before := _same_nonce(at, channel)) is not None:
        return Answer(before.as_json())
    at.need(channel, May.SEND_MESSAGES_IN_THREADS if channel.is_thread else May.SEND_MESSAGES)
    if at.call.files:
        at.need(channel, May.ATTACH_FILES)
    if channel.recipient is not None and channel.recipient.refuses_direct:
        raise Refused(403, 50007, "Cannot send messages to this user")
    if channel.archived:
        at.need(channel, May.MANAGE_THREADS) if channel.locked else None
        channel.archived = False
    message = posting.new_message(
        at.discord, channel, fields, at.call.files, author=at.discord.bot_user, reply_to=_replied(at, channel)
    )
    return Answer(message.as_json())


def _same_nonce(at: At, channel: Channel) -> Message | None:
    """With `enforce_nonce` the same nonce gives the first message again, for a few minutes."""
    nonce = at.call.fields.get("nonce")
    if nonce is None or not at.call.fields.get("enforce_nonce"):
        return None
    own = (each for each in channel.messages if each.author is at.discord.bot_user)
    return next((each for each in own if str(each.nonce) == str(nonce)), None)


def _replied(at: At, channel: Channel) -> Message | None:
    reference = at.call.fields.get("message_reference")
    if not reference:
        return None
    at.need(channel, May.READ_MESSAGE_HISTORY)
    found = at.discord.find(str(reference.get("message_id")))
    if found is None or found.deleted or found.channel_id != channel.id or found.is_ephemeral:
        if reference.get("fail_if_not_exists", True) is not False:
            raise invalid("message_reference", "Unknown message")
        return None
    return found


@route("list_messages", "GET", MESSAGES)
def listed(at: At) -> Answer:
    """Newest first. Without READ_MESSAGE_HISTORY there are none to be read."""
    channel, query = at.channel, at.call.query
    if not at.permissions_in(channel) & May.READ_MESSAGE_HISTORY:
        return Answer([])
    limit = int(query.get("limit", "50"))
    seen = [each for each in channel.messages if not each.deleted and not each.is_ephemeral]
    if "before" in query:
        seen = [each for each in seen if int(each.id) < int(query["before"])][-limit:]
    elif "after" in query:
        seen = [each for each in seen if int(each.id) > int(query["after"])][:limit]
    elif "around" in query:
        by_distance = sorted(seen, key=lambda each: abs(int(each.id) - int(query["around"])))
        seen = sorted(by_distance[:limit], key=lambda each: int(each.id))
    return Answer([at.discord.seen_by_bot(each) for each in reversed(seen[-limit:])])


@route("get_message", "GET", ONE)
def one(at: At) -> Answer:
    channel = at.channel
    at.need(channel, May.READ_MESSAGE_HISTORY)
    return Answer(at.discord.seen_by_bot(at.message_in(channel)))


@route("update_message", "PATCH", ONE)
def update(at: At) -> Answer:
    channel = at.channel
    message = at.message_in(channel)
    if message.author is not at.discord.bot_user:
        raise Refused(403, 50005, "Cannot edit a message authored by another user")
    if channel.archived:
        raise Refused(400, 50083, "Thread is archived")
    return Answer(posting.change(at.discord, message, at.call.fields, at.call.files).as_json())


@route("delete_message", "DELETE", ONE)
def delete(at: At) -> Answer:
    channel = at.channel
    message = at.message_in(channel)
    if message.author is not at.discord.bot_user:
        at.need(channel, May.MANAGE_MESSAGES)
    posting.remove(at.discord, message)
    return Answer()


@route("trigger_typing_indicator", "POST", CHANNEL + "/typing")
def typing(at: At) -> Answer:
    at.need(at.channel, May.SEND_MESSAGES_IN_THREADS if at.channel.is_thread else May.SEND_MESSAGES)
    return Answer()
