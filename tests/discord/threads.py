"""Threads: from a message, or from none."""

from tests.discord.permissions import May
from tests.discord.routes import Answer, At, route
from tests.discord.state import HAS_THREAD, PRIVATE_THREAD, PUBLIC_THREAD, Channel, Refused

THREAD_STARTER = 21
"""What a thread on a message begins with: a notice that has that message in it."""


def _opened(at: At, parent: Channel, kind: int, id: str = "") -> Channel:  # noqa: A002 (Discord's word)
    if not parent.guild_id or parent.is_thread:
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    at.need(parent, May.CREATE_PRIVATE_THREADS if kind == PRIVATE_THREAD else May.CREATE_PUBLIC_THREADS)
    guild, name = at.discord.guilds[parent.guild_id], str(at.call.fields["name"])
    thread = guild.add_thread(parent, name, kind, at.discord.bot_user, id)
    thread.archive_minutes = at.call.fields.get("auto_archive_duration") or thread.archive_minutes
    at.discord.gateway.dispatch("THREAD_CREATE", thread.as_json() | {"newly_created": True}, guild.id)
    return thread


@route("create_thread_from_message", "POST", "/channels/{channel_id}/messages/{message_id}/threads")
def from_message(at: At) -> Answer:
    """The thread has the message's id."""
    channel = at.channel
    message = at.message_in(channel)
    if message.thread is not None:
        raise Refused(400, 160004, "A thread has already been created for this message")
    message.thread = _opened(at, channel, PUBLIC_THREAD, message.id)
    message.flags |= HAS_THREAD
    at.discord.say("", user=message.author, channel=message.thread, system_type=THREAD_STARTER, reply_to=message)
    return Answer(message.thread.as_json(), 201)


@route("create_thread", "POST", "/channels/{channel_id}/threads")
def without_message(at: At) -> Answer:
    kind = at.call.fields.get("type") or PRIVATE_THREAD
    return Answer(_opened(at, at.channel, int(kind)).as_json(), 201)


@route("join_thread", "PUT", "/channels/{channel_id}/thread-members/@me")
def join(at: At) -> Answer:
    at.channel.inside.add(at.discord.bot_user.id)
    return Answer()


@route("add_thread_member", "PUT", "/channels/{channel_id}/thread-members/{user_id}")
def add(at: At) -> Answer:
    at.channel.inside.add(at["user_id"])
    return Answer()
