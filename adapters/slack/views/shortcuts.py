"""The form behind "Ask about this": a question about somebody's message, and where its answer goes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.slack.origin import Origin
from adapters.slack.table import HERE, ONLY_ME
from adapters.slack.views.modals import MAX_QUESTION_CHARS
from adapters.slack.views.shown import Json, plain
from core.text.neutralise_slack import for_slack_plain

ABOUT_FORM = "ask_about"
QUESTION, WHERE = "question", "where"
MAX_ALONG_CHARS = 3_000
"""Of what a form carries along (private_metadata)."""
SHOWN_CHARS = 500
_MOST_FILES = 10
_WHERE = {HERE: "In the thread of this message, for everybody", ONLY_ME: "Only me, in a direct message"}


@dataclass(frozen=True, slots=True)
class About:
    """A message that is asked about. `is_cut`: `text` is only its beginning. `files` are ids of what is attached."""

    channel_id: str
    ts: str
    thread_ts: str
    by_user: str
    by_name: str
    text: str
    files: tuple[str, ...] = ()
    is_cut: bool = False
    response_url: str = ""

    @property
    def thread(self) -> str:
        """The thread that it is in, or begins."""
        return self.thread_ts or self.ts


@dataclass(frozen=True, slots=True)
class SentAbout:
    """The form as it was sent. `where` is HERE or ONLY_ME; empty where there was nothing to choose."""

    about: About | None
    question: str
    where: str
    view_id: str


def about_form(origin: Origin, about: About, *, where: str) -> Json:
    """The message, a question, and where the answer goes: `where` is what is chosen to begin with."""
    who = for_slack_plain(about.by_name) or "Somebody"
    beginning = for_slack_plain(about.text)
    beginning = beginning if len(beginning) <= SHOWN_CHARS else f"{beginning[:SHOWN_CHARS]}..."
    attached = f"\n({len(about.files)} attached)" if about.files else ""
    question = {
        "type": "plain_text_input",
        "action_id": QUESTION,
        "multiline": True,
        "max_length": MAX_QUESTION_CHARS,
        "focus_on_load": True,
        "placeholder": plain("What does this mean?"),
    }
    blocks: list[Json] = [
        {"type": "section", "text": plain(f"{who}: {beginning}{attached}")},
        {"type": "input", "block_id": QUESTION, "label": plain("Your question"), "element": question},
    ]
    if not origin.is_direct:
        options = [{"text": plain(label), "value": value} for value, label in _WHERE.items()]
        chosen = next(each for each in options if each["value"] == (where or ONLY_ME))
        radio = {"type": "radio_buttons", "action_id": WHERE, "options": options, "initial_option": chosen}
        blocks.append({"type": "input", "block_id": WHERE, "label": plain("Where the answer goes"), "element": radio})
    return {
        "type": "modal",
        "callback_id": ABOUT_FORM,
        "title": plain("Ask about this"),
        "submit": plain("Ask"),
        "close": plain("Cancel"),
        "private_metadata": along(about),
        "blocks": blocks,
    }


def along(about: About) -> str:
    """The message as a form carries it: as much of it as fits."""
    text, is_cut = about.text, about.is_cut
    while True:
        told = {
            "channel": about.channel_id,
            "ts": about.ts,
            "thread": about.thread_ts,
            "user": about.by_user,
            "name": about.by_name[:80],
            "files": list(about.files[:_MOST_FILES]),
            "url": about.response_url,
            "cut": is_cut,
            "text": text,
        }
        written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        if len(written) <= MAX_ALONG_CHARS or not text:
            return written
        text, is_cut = text[: max(0, len(text) - max(1, len(written) - MAX_ALONG_CHARS))], True


def sent_about(view: Mapping[str, Any]) -> SentAbout:
    """What was filled in; without `about` where what it carried along is none of ours."""
    values = view.get("state", {}).get("values", {})
    question = str(values.get(QUESTION, {}).get(QUESTION, {}).get("value") or "")
    chosen = values.get(WHERE, {}).get(WHERE, {}).get("selected_option") or {}
    where = str(chosen.get("value") or "")
    return SentAbout(
        _about(str(view.get("private_metadata") or "")),
        question,
        where if where in _WHERE else "",
        str(view.get("id") or ""),
    )


def _about(metadata: str) -> About | None:
    try:
        told = json.loads(metadata)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, Mapping) or not told.get("channel") or not told.get("ts"):
        return None
    files = told.get("files")
    return About(
        channel_id=str(told["channel"]),
        ts=str(told["ts"]),
        thread_ts=str(told.get("thread") or ""),
        by_user=str(told.get("user") or ""),
        by_name=str(told.get("name") or ""),
        text=str(told.get("text") or ""),
        files=_ids(files) if isinstance(files, Sequence) else (),
        is_cut=bool(told.get("cut")),
        response_url=str(told.get("url") or ""),
    )


def _ids(files: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(each) for each in files if each)[:_MOST_FILES]
