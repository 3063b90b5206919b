"""assistant.threads.* and agents.sessions.*: what an agent says about its work (docs.slack.dev/ai, autumn 2026)."""

from tests.slack.faulty import Report
from tests.slack.mentions import check_shown
from tests.slack.methods import At, method, own_channel, seen_channel
from tests.slack.state import Json, SlackError

STATUSES = ("active", "processing", "suspended", "closed")


def thread(at: At) -> tuple[str, str]:
    """The channel and thread that a call names."""
    channel = own_channel(at, at.text("channel_id"))
    if at.team.find(channel.id, at.text("thread_ts")) is None:
        raise SlackError("invalid_thread_ts")
    return channel.id, at.text("thread_ts")


def shown(at: At, *names: str) -> None:
    report = Report()
    check_shown(report, [at.fields.get(name) for name in names], at.slack.allowed_people)
    at.slack.record(at.call.method, report)


@method("assistant.threads.setStatus", scopes=["chat:write"], required=["channel_id", "thread_ts"])
def set_status(at: At) -> Json:
    thread(at)
    if len(at.fields.get("loading_messages") or []) > 10:
        raise SlackError("invalid_arguments")
    shown(at, "status", "loading_messages")
    at.team.statuses.append({**at.fields, "order": at.call.order})
    return {}


@method("assistant.threads.setSuggestedPrompts", scopes=["assistant:write"], required=["channel_id", "prompts"])
def set_prompts(at: At) -> Json:
    own_channel(at, at.text("channel_id"))
    prompts = at.fields["prompts"]
    if not 1 <= len(prompts) <= 4 or any(not one.get("title") or not one.get("message") for one in prompts):
        raise SlackError("invalid_arguments")
    shown(at, "title", "prompts")
    at.team.prompts.append({**at.fields, "order": at.call.order})
    return {}


@method("assistant.threads.setTitle", scopes=["assistant:write"], required=["channel_id", "thread_ts", "title"])
def set_title(at: At) -> Json:
    shown(at, "title")
    at.team.titles[thread(at)] = at.text("title")
    return {}


@method("agents.sessions.setStatus", scopes=["chat:write"], required=["channel_id", "status"])
def set_session(at: At) -> Json:
    if at.text("status") not in STATUSES:
        raise SlackError("invalid_status")
    if not at.text("thread_ts"):
        raise SlackError("thread_ts_required")
    channel = seen_channel(at, at.text("channel_id"))
    if at.team.bot_user_id not in channel.members:
        raise SlackError("not_authorized")
    if len(at.text("title")) > 200:
        raise SlackError("invalid_arguments")
    shown(at, "title")
    session = at.team.sessions.setdefault((channel.id, at.text("thread_ts")), {"title": at.text("title")})
    session["status"] = at.text("status")
    return {"status": session["status"], "title": session["title"]}


@method("agents.sessions.rename", scopes=["chat:write"], required=["channel_id", "title"])
def rename_session(at: At) -> Json:
    session = at.team.sessions.get((at.text("channel_id"), at.text("thread_ts")))
    if session is None:
        raise SlackError("session_not_found")
    shown(at, "title")
    session["title"] = at.text("title")
    return {"title": session["title"]}
