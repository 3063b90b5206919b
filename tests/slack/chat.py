"""chat.*: posting, editing, deleting (streams are in streams.py)."""

from typing import Any

from tests.slack.blocks import Report, check_message, check_posted
from tests.slack.files import not_shown
from tests.slack.methods import At, method, own_channel
from tests.slack.state import Ephemeral, Json, Message, SlackError

TOO_LONG = {"markdown length", "text length"}


def filled(at: At, blocks: Any) -> list[Json]:
    """Blocks as Slack keeps them: each has a block_id."""
    return [{"block_id": at.slack.numbers.id("blk"), **block} for block in blocks or ()]


def refuse(at: At, report: Report) -> None:
    """Record what is wrong with a payload, and answer as Slack does. What only Chipin forbids is recorded alone."""
    at.slack.record(at.call.method, report)
    wrong = [one for one in report.found if one.rule not in ("image", "live mention", "unfurl", "picture in Markdown")]
    wrong = [one for one in wrong if one.rule != "text beside blocks"]
    if not wrong:
        return
    rules = {one.rule for one in wrong}
    if rules <= TOO_LONG and not any(one.where.startswith("blocks") for one in wrong):
        raise SlackError("msg_too_long")
    if "markdown_text alone" in rules:
        raise SlackError("markdown_text_conflict")
    if rules == {"message length"}:
        raise SlackError("msg_blocks_too_long")
    raise SlackError("invalid_blocks", *(f"[ERROR] {one}" for one in wrong))


def thread_of(at: At, channel: str) -> str:
    """The root of the thread that is replied to: a reply's ts stands for its root."""
    wanted = at.text("thread_ts")
    if not wanted:
        return ""
    root = at.team.find(channel, wanted)
    if root is None:
        raise SlackError("thread_not_found")
    return root.thread_ts or root.ts


def from_bot(at: At, channel: str, *, text: str = "", thread_ts: str = "") -> Message:
    """A new message of the bot, in its channel."""
    team, numbers = at.team, at.slack.numbers
    message = Message(channel, numbers.ts(), team.bot_user_id, text, thread_ts, team.bot_id, at.slack.app_id)
    message.order, message.team, message.via = at.call.order, team.team_id, at.call.method
    team.posted.setdefault(channel, []).append(message)
    return message


@method("chat.postMessage", scopes=["chat:write"], required=["channel"])
def post_message(at: At) -> Json:
    channel = own_channel(at, at.text("channel"), posting=True)
    fields = at.fields
    if not any(fields.get(name) for name in ("text", "markdown_text", "blocks", "attachments")):
        raise SlackError("no_text")
    thread = thread_of(at, channel.id)
    refuse(at, check_posted(fields, allowed_people=at.slack.allowed_people))
    if wrong := not_shown(at, fields.get("blocks")):
        raise SlackError("invalid_blocks", f"[ERROR] {wrong}", errors=[wrong])
    message = from_bot(at, channel.id, text=at.text("text"), thread_ts=thread)
    message.markdown, message.blocks = at.text("markdown_text"), filled(at, fields.get("blocks"))
    message.metadata = fields.get("metadata")
    return {"channel": channel.id, "ts": message.ts, "message": message.as_json()}


def own_message(at: At, unowned: str) -> Message:
    message = at.team.find(own_channel(at, at.text("channel")).id, at.text("ts"))
    if message is None or message.deleted:
        raise SlackError("message_not_found")
    if message.user != at.team.bot_user_id:
        raise SlackError(unowned)
    return message


@method("chat.update", scopes=["chat:write"], required=["channel", "ts"])
def update(at: At) -> Json:
    """Text without blocks removes the blocks; blocks without text keep the text (docs: chat.update)."""
    message = own_message(at, "cant_update_message")
    fields = at.fields
    if message.streaming:
        raise SlackError("streaming_state_conflict")
    if not any(name in fields for name in ("text", "markdown_text", "blocks")):
        raise SlackError("no_text")
    refuse(at, check_message(fields, allowed_people=at.slack.allowed_people, updating=True))
    text = at.text("text") if "text" in fields or "markdown_text" in fields else message.text
    blocks = filled(at, fields.get("blocks")) if "blocks" in fields else []
    message.replace(at.call.order, text=text, blocks=blocks, markdown=at.text("markdown_text"))
    if fields.get("metadata") is not None:
        message.metadata = fields["metadata"] or None
    return {"channel": message.channel, "ts": message.ts, "text": text, "message": message.as_json()}


@method("chat.delete", scopes=["chat:write"], required=["channel", "ts"])
def delete(at: At) -> Json:
    message = own_message(at, "cant_delete_message")
    message.deleted = True
    return {"channel": message.channel, "ts": message.ts}


@method("chat.postEphemeral", scopes=["chat:write"], required=["channel", "user"])
def post_ephemeral(at: At) -> Json:
    channel, user = own_channel(at, at.text("channel")), at.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    if not any(at.fields.get(name) for name in ("text", "markdown_text", "blocks")):
        raise SlackError("no_text")
    refuse(at, check_message(at.fields, allowed_people=at.slack.allowed_people))
    shown = Ephemeral(channel.id, user, at.slack.numbers.ts(), at.text("text"), filled(at, at.fields.get("blocks")))
    shown.thread_ts, shown.order, shown.markdown = thread_of(at, channel.id), at.call.order, at.text("markdown_text")
    at.team.ephemerals.append(shown)
    return {"message_ts": shown.ts}


@method("chat.getPermalink", required=["channel", "message_ts"])
def permalink(at: At) -> Json:
    channel = own_channel(at, at.text("channel"))
    message = at.team.find(channel.id, at.text("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    link = f"https://{at.team.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
