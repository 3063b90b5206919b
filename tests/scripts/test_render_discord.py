"""A picture of Discord shows everything that was sent, or is not drawn."""

import re
from typing import Any

import pytest

from scripts.render_discord import page


def seen(*shown: Any) -> str:
    """The words of a page, as they follow one another."""
    html = page({"seen": shown, "names": {"<@1>": "@Ben"}}).partition("<main>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def button(label: str, style: int = 2, **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": style, "label": label, "custom_id": "x", **more}


def test_a_message_says_who_used_what_and_who_alone_sees_it() -> None:
    card = {"type": 17, "components": [{"type": 10, "content": "$1 left"}, {"type": 1, "components": [button("Go")]}]}
    said = {"from": "Chipin", "used": {"by": "Ben", "command": "/balance"}, "flags": 64, "components": [card]}
    assert seen(said) == "Ben used /balance C Chipin APP 10:04 $1 left Go Only you can see this · Dismiss message"


def test_an_answer_shows_what_it_replies_to_and_its_file() -> None:
    said = {
        "from": "Chipin",
        "reply_to": {"from": "Ben", "content": "why?\nreally"},
        "content": "because",
        "attachments": [{"filename": "answer.md", "size": 2048}],
    }
    assert seen(said) == "Ben why? C Chipin APP 10:04 because answer.md 2.0 KB"


def test_a_form_shows_its_labels_and_what_must_be_filled_in() -> None:
    amount = {"type": 4, "style": 1, "custom_id": "a", "placeholder": "25"}
    reason = {"type": 4, "style": 2, "custom_id": "r", "required": False, "value": "spring"}
    fields = [
        {"type": 18, "label": "How much", "component": amount},
        {"type": 18, "label": "What for", "description": "in words", "component": reason},
    ]
    form = {"title": "Add budget", "components": fields}
    assert seen({"modal": form}) == "C Add budget × How much * 25 What for in words spring Cancel Submit"


def test_what_is_offered_while_somebody_types_stands_over_it() -> None:
    offered = {"command": "ask", "option": "model", "typed": {"prompt": "why?", "model": "g"}, "choices": [
        {"name": "GPT, about 1 cent", "value": "gpt"}]}  # fmt: skip
    assert seen(offered) == "model GPT, about 1 cent /ask prompt why? model g"


def test_a_kind_of_component_that_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(KeyError):
        page({"seen": [{"from": "Chipin", "components": [{"type": 99}]}]})
