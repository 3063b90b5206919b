"""Components and messages that keep to every rule: what tests spoil one thing of."""

from typing import Any

from tests.discord.people import Json

QUIET: Json = {"allowed_mentions": {"parse": []}, "flags": 1 << 2}
V2: Json = {"allowed_mentions": {"parse": []}, "flags": 1 << 15}


def button(custom_id: str = "b", label: str = "Press", **more: Any) -> Json:
    return {"type": 2, "style": 2, "custom_id": custom_id, "label": label, **more}


def row(*inside: Json) -> Json:
    return {"type": 1, "components": list(inside)}


def text(content: str = "text") -> Json:
    return {"type": 10, "content": content}


def select(*values: str, custom_id: str = "s", **more: Any) -> Json:
    options = [{"label": value, "value": value} for value in values or ("one", "two")]
    return {"type": 3, "custom_id": custom_id, "options": options, **more}


def container(*inside: Json) -> Json:
    return {"type": 17, "components": list(inside)}


def section(*texts: Json, accessory: Json) -> Json:
    return {"type": 9, "components": list(texts), "accessory": accessory}


def field(custom_id: str = "f", **more: Any) -> Json:
    return {"type": 4, "style": 1, "custom_id": custom_id, **more}


def label(component: Json, says: str = "How much?", **more: Any) -> Json:
    return {"type": 18, "label": says, "component": component, **more}


def modal(*components: Json, title: str = "Top up", custom_id: str = "m") -> Json:
    return {"title": title, "custom_id": custom_id, "components": list(components) or [label(field())]}


def option(name: str, *, kind: int = 3, **more: Any) -> Json:
    return {"type": kind, "name": name, "description": f"the {name}", **more}


def command(name: str = "ask", *options: Json, **more: Any) -> Json:
    return {"name": name, "type": 1, "description": "Ask a model", "options": list(options), **more}
