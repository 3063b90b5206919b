"""Channels: read, DMs opened, threads archived."""

from tests.discord.permissions import May
from tests.discord.routes import Answer, At, route
from tests.discord.state import Refused, unknown


@route("get_channel", "GET", "/channels/{channel_id}")
def one(at: At) -> Answer:
    return Answer(at.channel.as_json())


@route("create_dm", "POST", "/users/@me/channels")
def open_direct(at: At) -> Answer:
    user = at.discord.users.get(str(at.call.fields.get("recipient_id")))
    if user is None:
        raise unknown("User")
    if user.bot:
        raise Refused(400, 50007, "Cannot send messages to this user")
    return Answer(at.discord.direct(user).as_json())


@route("get_user", "GET", "/users/{user_id}")
def user(at: At) -> Answer:
    found = at.discord.users.get(at["user_id"])
    if found is None:
        raise unknown("User")
    return Answer(found.as_json())


@route("update_channel", "PATCH", "/channels/{channel_id}")
def update(at: At) -> Answer:
    """Threads only: name, archived, locked."""
    channel, fields = at.channel, at.call.fields
    if not channel.is_thread:
        at.need(channel, May.MANAGE_CHANNELS)
    elif channel.owner_id != at.discord.bot_user.id:
        at.need(channel, May.MANAGE_THREADS)
    channel.name = fields.get("name") or channel.name
    channel.archived = fields.get("archived", channel.archived)
    channel.locked = fields.get("locked", channel.locked)
    return Answer(channel.as_json())
