"""What can be pressed under an answer, and what a button carries: short enough, and checked when it comes back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from adapters.slack.origin import Origin
from adapters.slack.views.shown import MAX_VALUE_CHARS

QUOTED_CHARS = 400
"""How much of a question a button carries, so that a public answer to a press can quote it."""


class Action(StrEnum):
    """The action ids of answers. Several buttons of one kind in a block are told apart by what follows a colon."""

    STOP = "ask_stop"
    BETTER = "ask_better"
    DETAILS = "ask_details"
    FEEDBACK = "ask_feedback"
    AGAIN = "ask_again"
    CONFIRM = "ask_confirm"
    CHEAPER = "ask_cheaper"
    QUOTED = "ask_quoted"
    REMOVE_SECRETS = "ask_remove_secrets"
    SEND_SECRETS = "ask_send_secrets"

    def numbered(self, number: int) -> str:
        """The id of one of several."""
        return f"{self}:{number}"


GOOD, BAD = "good", "bad"


class NotOurs(Exception):
    """A value that no button of ours carries."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a button carries.

    `asker` is the user who may press it; empty where anybody in the channel may. `ask_id` is the ask it is about;
    `press`, `model` and `nanos` are the new question's `resumes`, `model` and `pressed_nanos`. `channel`, `thread`,
    `private` and `question` are where its answer goes and what it quotes. `thumb` is `GOOD` or `BAD`.
    """

    asker: str = ""
    ask_id: str = ""
    press: str = ""
    model: str = ""
    nanos: int = 0
    channel: str = ""
    thread: str = ""
    private: bool = False
    question: str = ""
    thumb: str = ""

    def may_be_pressed_by(self, user_id: str) -> bool:
        """Whether it is this user's to press, as far as the button says; core looks at the books."""
        return self.asker in ("", user_id)

    def origin(self, pressed: Origin) -> Origin:
        """Where the answer to it goes: the message that was pressed may be one that only its reader sees."""
        return replace(pressed, channel_id=self.channel or pressed.channel_id, thread_ts=self.thread, ts="")

    @property
    def value(self) -> str:
        """As it stands in the button."""
        said = {name: value for name, value in asdict(self).items() if value}
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        if len(text) > MAX_VALUE_CHARS and self.question:
            return replace(self, question=self.question[: len(self.question) // 2]).value
        return text


def carried_by(value: object) -> Carried:
    """What a button carried. Raises `NotOurs`: whoever can call Slack's API can send any value."""
    try:
        said = json.loads(value) if isinstance(value, str) and len(value) <= MAX_VALUE_CHARS else None
    except (ValueError, RecursionError) as error:
        raise NotOurs from error
    if not isinstance(said, dict) or not _is_ours(said):
        raise NotOurs
    return Carried(**said)


def _is_ours(said: Mapping[str, Any]) -> bool:
    kinds = {field.name: type(field.default) for field in fields(Carried)}
    return (
        all(name in kinds and type(value) is kinds[name] for name, value in said.items()) and said.get("nanos", 0) >= 0
    )
