"""Forms: budget to record, and a question to ask. What they carry along comes back when they are sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.origin import Origin
from adapters.slack.table import HERE, ONLY_ME
from adapters.slack.views.shown import Json, plain
from core.models import AUTO
from core.money import format_price
from core.routing.offered import ModelOverview
from core.tags import NO_TAG
from core.text.neutralise_slack import for_slack_plain
from core.text.typed import MAX_REASON_CHARS

TOP_UP_FORM, ASK_FORM = "topup", "ask"
AMOUNT, REASON, QUESTION, MODEL, WHERE = "amount", "reason", "question", "model", "where"
"""What the fields are called; each is its block's id and its own."""
MAX_QUESTION_CHARS = 3_000
_MOST_OPTIONS, _OPTION_CHARS, _MODEL_CHARS = 100, 75, 150
_WHERE = {HERE: "In this channel, for everybody", ONLY_ME: "Only me, in a direct message"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that somebody sent: the fields by name, and where they had opened it. `view_id` is of this very form.

    `tag`: what was typed as one before it opened.
    """

    fields: Mapping[str, str]
    channel_id: str
    response_url: str
    view_id: str
    tag: str = ""


def top_up_form(origin: Origin) -> Json:
    """How much budget, and why."""
    amount = {"type": "plain_text_input", "action_id": AMOUNT, "max_length": 40, "placeholder": plain("25")}
    reason = {"type": "plain_text_input", "action_id": REASON, "max_length": MAX_REASON_CHARS}
    note = "No card is charged: you record what your company is ready to pay the providers."
    return _form(
        TOP_UP_FORM,
        "Add budget",
        "Record",
        origin,
        {"type": "context", "elements": [plain(note)]},
        _field(AMOUNT, "How much, in US dollars", amount),
        _field(REASON, "What it is for", reason, optional=True),
    )


def ask_form(origin: Origin, overview: ModelOverview, model: str, *, where: str, tag: str = "") -> Json:
    """A question, who is to answer it, and where. `where` is empty where the answer can stand in one place only.

    `tag`: what it counts for, whatever the question names; empty where nothing was typed as one.
    """
    question = {
        "type": "plain_text_input",
        "action_id": QUESTION,
        "multiline": True,
        "max_length": MAX_QUESTION_CHARS,
        "focus_on_load": True,
    }
    choices = model_choices(overview)
    chosen = next((each for each in choices if each["value"] == model), choices[0])
    picker = {"type": "static_select", "action_id": MODEL, "options": choices, "initial_option": chosen}
    fields = [
        _field(QUESTION, "Your question", question),
        _field(MODEL, "Who answers it", picker, hint="The price is that of a typical question."),
    ]
    if where:
        places = [_option(label, value) for value, label in _WHERE.items()]
        here = next(each for each in places if each["value"] == where)
        radio = {"type": "radio_buttons", "action_id": WHERE, "options": places, "initial_option": here}
        fields.append(_field(WHERE, "Where the answer goes", radio))
    if tag:
        said = "It counts for no tag." if tag == NO_TAG else f"It counts for #{tag}."
        fields.append({"type": "context", "elements": [plain(said)]})
    return _form(ASK_FORM, "Ask", "Ask", origin, *fields, tag=tag)


def model_choices(overview: ModelOverview) -> list[Json]:
    """Every model that may be asked, with the price of a typical question, as the options of a menu."""
    choices = [_option("The cheapest model that is good enough", AUTO)]
    named = [
        _option(f"{each.model.title} · about {format_price(each.typical_nanos)}", each.model.id)
        for each in overview.usable
        if len(each.model.id) <= _MODEL_CHARS
    ]
    return [*choices, *named][:_MOST_OPTIONS]


def sent_form(view: Mapping[str, Any]) -> Sent:
    """What was filled in."""
    along = _along(str(view.get("private_metadata", "")))
    values = view.get("state", {}).get("values", {})
    fields = {name: _filled(values.get(name, {}).get(name, {})) for name in (AMOUNT, REASON, QUESTION, MODEL, WHERE)}
    channel, response_url, tag = (along.get(name, "") for name in ("channel", "response_url", "tag"))
    return Sent(fields, channel, response_url, str(view.get("id", "")), tag)


def _form(callback_id: str, title: str, submit: str, origin: Origin, *blocks: Json, tag: str = "") -> Json:
    along = {"channel": origin.channel_id, "response_url": origin.response_url} | ({"tag": tag} if tag else {})
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "private_metadata": json.dumps(along),
        "blocks": list(blocks),
    }


def _field(name: str, label: str, element: Json, *, optional: bool = False, hint: str = "") -> Json:
    field = {"type": "input", "block_id": name, "label": plain(label), "element": element, "optional": optional}
    return field | ({"hint": plain(hint)} if hint else {})


def _option(label: str, value: str) -> Json:
    return {"text": plain(for_slack_plain(label)[:_OPTION_CHARS]), "value": value}


def _along(metadata: str) -> dict[str, str]:
    try:
        along = json.loads(metadata or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in along.items()} if isinstance(along, dict) else {}


def _filled(element: Mapping[str, Any]) -> str:
    chosen = element.get("selected_option")
    return str((chosen or {}).get("value", "") if "selected_option" in element else element.get("value") or "")
