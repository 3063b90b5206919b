"""chat.startStream, appendStream, stopStream: a message that is written piece by piece (docs.slack.dev, 2026)."""

from tests.slack.blocks import MAX_MARKDOWN, Report, check_blocks
from tests.slack.chat import filled, from_bot, own_message, refuse, thread_of
from tests.slack.faulty import Violation
from tests.slack.mentions import check_text
from tests.slack.methods import At, method, own_channel
from tests.slack.state import Json, Message, SlackError, Stream

TOOK_TOO_LONG_SECONDS = 300.0  # measured by many: about five minutes after the start, appends or not


@method("chat.startStream", scopes=["chat:write"], required=["channel", "thread_ts"])
def start(at: At) -> Json:
    channel = own_channel(at, at.text("channel"), posting=True)
    if not channel.im_user:
        for name in ("recipient_user_id", "recipient_team_id"):
            if not at.text(name):
                raise SlackError(f"missing_{name}")
        if at.text("recipient_user_id") not in at.team.users:
            raise SlackError("user_not_found")
    thread = thread_of(at, channel.id)
    mode, text, blocks, tasks = pieces(at)
    fitting(at, "", text)
    message = from_bot(at, channel.id, thread_ts=thread)
    message.stream = Stream(at.text("recipient_user_id"), at.slack.clock.now(), mode)
    message.stream.expires_after_appends = at.slack.streams_expire_after_appends
    taken(message, text, blocks, tasks)
    expire_by_count(message.stream)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.appendStream", scopes=["chat:write"], required=["channel", "ts"])
def append(at: At) -> Json:
    message, stream = streaming(at)
    mode, text, blocks, tasks = pieces(at)
    if not mode:
        raise SlackError("no_text")
    same_mode(stream, mode)
    fitting(at, message.markdown, text)
    taken(message, text, blocks, tasks)
    stream.appends += 1
    expire_by_count(stream)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.stopStream", scopes=["chat:write"], required=["channel", "ts"])
def stop(at: At) -> Json:
    message, stream = streaming(at)
    mode, text, blocks, tasks = pieces(at)
    if mode:
        same_mode(stream, mode)
    fitting(at, message.markdown, text)
    last = at.fields.get("blocks") or []
    refuse(at, check_blocks(last, "message", allowed_people=at.slack.allowed_people) if last else Report())
    if not (message.markdown or text or message.blocks or blocks or last or message.tasks or tasks):
        raise SlackError("no_text")
    taken(message, text, blocks, tasks)
    message.blocks = message.blocks + filled(at, last)
    message.metadata = at.fields.get("metadata") or message.metadata
    stream.open = False
    session = at.team.sessions.get((message.channel, message.thread_ts))
    if session is not None:
        session["status"] = at.text("session_status") or "active"
    return {"channel": message.channel, "ts": message.ts, "message": message.as_json()}


def streaming(at: At) -> tuple[Message, Stream]:
    """The message while it is written; Slack itself ends that after five minutes."""
    message = own_message(at, "message_not_owned_by_app")
    stream = message.stream
    if stream is not None and stream.open and at.slack.clock.now() - stream.started_at >= TOOK_TOO_LONG_SECONDS:
        stream.open, stream.expired = False, True
    if stream is None or not stream.open:
        raise SlackError("message_not_in_streaming_state")
    return message, stream


def expire_by_count(stream: Stream) -> None:
    if stream.expires_after_appends is not None and stream.appends >= stream.expires_after_appends:
        stream.open, stream.expired = False, True


def same_mode(stream: Stream, mode: str) -> None:
    stream.mode = stream.mode or mode
    if stream.mode != mode:
        raise SlackError("streaming_mode_mismatch")


def pieces(at: At) -> tuple[str, str, list[Json], dict[str, Json]]:
    """What a call brings: its mode, its Markdown, its blocks and its tasks."""
    chunks, plain = at.fields.get("chunks") or [], at.text("markdown_text")
    if chunks and plain:
        raise SlackError("cannot_provide_both_markdown_text_and_chunks")
    text, blocks, tasks = plain, [], {}
    for chunk in chunks:
        match chunk:
            case {"type": "markdown_text", "text": str(piece)} if piece:
                text += piece
            case {"type": "blocks", "blocks": list(more)}:
                blocks += more
            case {"type": "task_update", "id": str(name), "title": str(), "status": _}:
                tasks[name] = dict(chunk)
            case {"type": "plan_update", "title": str()}:
                tasks["plan"] = dict(chunk)
            case _:
                at.slack.violations.append(Violation("chunk", at.call.method, str(chunk)[:200]))
                raise SlackError("invalid_chunks")
    if blocks:
        refuse(at, check_blocks(blocks, "message", allowed_people=at.slack.allowed_people))
        blocks = filled(at, blocks)
    return ("chunks" if chunks else "markdown_text" if plain else ""), text, blocks, tasks


def fitting(at: At, already: str, text: str) -> None:
    """All that is streamed into one message counts: 12,000 characters, and no mention across two pieces."""
    report = Report()
    if len(already) + len(text) > MAX_MARKDOWN:
        report.add("streamed length", "markdown_text", f"{len(already)} + {len(text)} characters")
    else:
        check_text(report, already + text, "markdown_text", at.slack.allowed_people)
    at.slack.record(at.call.method, report)
    if any(one.rule == "streamed length" for one in report.found):
        raise SlackError("msg_too_long")


def taken(message: Message, text: str, blocks: list[Json], tasks: dict[str, Json]) -> None:
    message.markdown += text
    message.blocks = message.blocks + blocks
    message.tasks |= tasks
