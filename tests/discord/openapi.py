"""Discord's own description of its REST API, and whether a call keeps to it.

The description lies beside the checkout (`../shared/discord/openapi.json`); where it does not, nothing is checked
against it, and tests that are about it skip. Published at github.com/discord/discord-api-spec.
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.discord.faults import Call
from tests.discord.faulty import Violation
from tests.discord.schema import Schema, Validator

BESIDE = Path("shared/discord/openapi.json")
CHECKOUT = Path(__file__).resolve().parents[2]
ALSO_DOCUMENTED = frozenset({"nsfw", "tts"})
"""Fields that Discord's documentation has and its description lacks in places; discord.py always sends them."""


def described_in() -> Path | None:
    """Where the description lies: beside the checkout, or beside a folder that it is in."""
    return next((above / BESIDE for above in CHECKOUT.parents if (above / BESIDE).exists()), None)


@lru_cache(maxsize=1)
def document() -> Mapping[str, Any]:
    """The description, read once; {} where there is none."""
    where = described_in()
    return {} if where is None else json.loads(where.read_text())


@lru_cache(maxsize=2)
def validator(strict: bool = True) -> Validator:
    return Validator(document(), strict=strict, also=ALSO_DOCUMENTED)


@lru_cache
def operation(route: str, method: str) -> tuple[Mapping[str, Any], tuple[Mapping[str, Any], ...]] | None:
    """What is described of a route, and its parameters; None: it is not."""
    path = document()["paths"].get(route)
    if path is None or method.lower() not in path:
        return None
    described = path[method.lower()]
    return described, (*path.get("parameters", ()), *described.get("parameters", ()))


def check(call: Call) -> list[Violation]:
    """What of a call does not fit the description."""
    if not document():
        return []
    where = f"{call.method} {call.route}"
    described = operation(call.route, call.method)
    if described is None:
        return [_unknown(call, where)]
    about, parameters = described
    errors = [*_of_parameters(call, parameters), *_of_body(call, about)]
    return [Violation("openapi", where, error) for error in errors]


def _unknown(call: Call, where: str) -> Violation:
    """A route that Discord does not have, or that this fake does not answer yet."""
    paths = (
        re.sub(r"\{\w+\}", "[^/]+", path) for path, told in document()["paths"].items() if call.method.lower() in told
    )
    if any(re.fullmatch(path, call.route) for path in paths):
        return Violation("unanswered route", where, "Discord has it, and this fake does not")
    return Violation("undocumented route", where, "the description does not know it")


def check_answer(call: Call) -> list[Violation]:
    """What of our own answer does not fit the description."""
    if not document() or not 200 <= call.status < 300:
        return []
    described = operation(call.route, call.method)
    where = f"answer to {call.method} {call.route}"
    if described is None:
        return [_unknown(call, where)]
    answer = described[0]["responses"].get(str(call.status))
    if answer is None:
        return [Violation("openapi", where, f"no status {call.status}")]
    content = answer.get("content", {}).get("application/json")
    if content is None:
        return [] if call.answer is None else [Violation("openapi", where, "no content is described")]
    errors = validator(strict=False).errors(call.answer, content["schema"])
    return [Violation("openapi", where, error) for error in errors]


def _of_parameters(call: Call, parameters: tuple[Mapping[str, Any], ...]) -> list[str]:
    errors: list[str] = []
    for given, place in ((call.parameters, "path"), (call.query, "query")):
        described = {each["name"]: each for each in parameters if each["in"] == place}
        for name, text in given.items():
            if name not in described:
                errors.append(f"{place} {name}: unknown parameter")
                continue
            schema = described[name]["schema"]
            errors += validator().errors(_meant(text, schema), schema, f"{place} {name}")
        errors += [
            f"{place} {name} is missing"
            for name, each in described.items()
            if each.get("required") and name not in given
        ]
    return errors


def _meant(text: str, schema: Schema) -> Any:
    """A parameter is written as text whatever its type."""
    kinds = validator().resolved(schema).get("type", "string")
    if "boolean" in kinds and text in ("1", "0", "true", "false"):
        return text in ("1", "true")
    if "integer" in kinds and text.lstrip("-").isdecimal():
        return int(text)
    return text


def _of_body(call: Call, about: Mapping[str, Any]) -> list[str]:
    described = about.get("requestBody")
    if described is None:
        return [] if call.body is None else ["a body where none belongs"]
    if call.body is None and not call.files:
        return ["no body"] if described.get("required") else []
    kind = "multipart/form-data" if call.files else "application/json"
    content = described["content"].get(kind)
    if content is None:
        return [f"no {kind} belongs here"]
    body = call.body
    if isinstance(body, dict) and "allOf" in content["schema"]:  # its unions forget the files, which go with them too
        body = body | {each.field: each.filename for each in call.files}
    return validator().errors(body, content["schema"])
