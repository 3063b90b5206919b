"""conversations.*: opening DMs, reading threads and channels."""

from tests.slack.methods import HISTORY, READ, At, method, own_channel, seen_channel
from tests.slack.state import Json, Message, SlackError


@method("conversations.open", scopes=["im:write"])
def open_dm(at: At) -> Json:
    users = [user for user in at.text("users").split(",") if user]
    if not users:
        raise SlackError("users_list_not_supplied" if not at.text("channel") else "channel_not_found")
    if len(users) > 1:
        raise SlackError("not_enough_users")
    user = at.team.users.get(users[0])
    if user is None:
        raise SlackError("user_not_found")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.bot:
        raise SlackError("cannot_dm_bot")
    known = f"D{user.id[1:]}" in at.team.channels
    channel = at.team.direct(user.id)
    return {"no_op": known, "already_open": known, "channel": {"id": channel.id}}


@method("conversations.info", required=["channel"])
def info(at: At) -> Json:
    channel = seen_channel(at, at.text("channel"))
    at.need_scope(READ[channel.kind])
    return {"channel": channel.as_json(at.team.bot_user_id)}


@method("conversations.members", required=["channel"])
def members(at: At) -> Json:
    channel = seen_channel(at, at.text("channel"))
    at.need_scope(READ[channel.kind])
    return {"members": sorted(channel.members), "response_metadata": {"next_cursor": ""}}


@method("users.conversations", scopes=["channels:read", "groups:read", "im:read"])
def own_conversations(at: At) -> Json:
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    wanted = {kinds[kind] for kind in (at.text("types") or "public_channel").split(",") if kind in kinds}
    for kind in wanted:
        at.need_scope(READ[kind])
    user = at.text("user") or at.team.bot_user_id
    inside = [one for one in at.team.channels.values() if user in one.members and one.kind in wanted]
    told = [one.as_json(at.team.bot_user_id) for one in inside]
    return {"channels": told, "response_metadata": {"next_cursor": ""}}


@method("conversations.replies", required=["channel", "ts"])
def replies(at: At) -> Json:
    channel = own_channel(at, at.text("channel"))
    at.need_scope(HISTORY[channel.kind])
    found = at.team.messages(channel.id, at.text("ts"))
    if not found:
        raise SlackError("thread_not_found")
    return _page(at, sorted(found, key=lambda message: float(message.ts)))


@method("conversations.history", required=["channel"])
def history(at: At) -> Json:
    channel = own_channel(at, at.text("channel"))
    at.need_scope(HISTORY[channel.kind])
    top = [message for message in at.team.messages(channel.id) if not message.thread_ts]
    return _page(at, sorted(top, key=lambda message: -float(message.ts)))


def _page(at: At, found: list[Message]) -> Json:
    """A page between `oldest` and `latest`, `limit` long, with the cursor of the next one."""
    inclusive = at.text("inclusive").lower() in ("true", "1")
    oldest, latest = float(at.text("oldest") or 0), float(at.text("latest") or "inf")
    if inclusive:
        found = [message for message in found if oldest <= float(message.ts) <= latest]
    else:
        found = [message for message in found if oldest < float(message.ts) < latest]
    start = int(at.text("cursor") or 0)
    end = start + min(int(at.text("limit") or 100), 1000)
    following = str(end) if end < len(found) else ""
    told = [message.as_json() for message in found[start:end]]
    if at.text("include_all_metadata").lower() not in ("true", "1"):
        told = [{name: value for name, value in message.items() if name != "metadata"} for message in told]
    return {
        "messages": told,
        "has_more": bool(following),
        "response_metadata": {"next_cursor": following},
    }
