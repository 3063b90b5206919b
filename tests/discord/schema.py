"""A validator of JSON against a JSON schema: the keywords that Discord's description of its API uses, and no others.

One thing is stricter than the standard: an object may carry only fields that its schema names (what Discord ignores
is a mistake of ours), unless the schema says what else may stand there.
"""

import re
import reprlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

Schema = Mapping[str, Any]

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
SAYS_NOTHING = frozenset(
    ("title", "description", "default", "deprecated", "discriminator", "examples", "readOnly", "writeOnly")
)
KNOWN = SAYS_NOTHING | {
    *("$ref", "type", "enum", "const", "oneOf", "anyOf", "allOf", "items", "properties", "required"),
    *("additionalProperties", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "minimum", "maximum"),
    *("pattern", "format", "contentEncoding", "minProperties", "maxProperties"),
}
INT32 = 1 << 31


class Validator:
    """Checks values against schemas of one document, whose references it follows."""

    def __init__(self, document: Mapping[str, Any], *, strict: bool = True, also: frozenset[str] = frozenset()) -> None:
        """`strict`: unknown fields are errors, except those in `also`."""
        self._document = document
        self._strict = strict
        self._also = also
        self._seen: dict[int, Schema] = {}

    def errors(self, value: Any, schema: Schema, where: str = "") -> list[str]:
        """What does not fit, each with where; [] when all does."""
        return list(self._errors(value, schema, where))

    def resolved(self, schema: Schema) -> Schema:
        """The schema that a reference leads to."""
        while "$ref" in schema:
            target: Any = self._document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            schema = target
        return schema

    def _errors(self, value: Any, schema: Schema, where: str, *, part: bool = False) -> Iterator[str]:
        """`part`: the schema is one of allOf, and its neighbours may name more fields."""
        schema = self.resolved(schema)
        if id(schema) not in self._seen:
            if unknown := [key for key in schema if key not in KNOWN and not key.startswith("x-")]:
                raise NotImplementedError(f"keywords {unknown}")
            self._seen[id(schema)] = schema  # kept, so that no other one gets its id
        if "type" in schema and not _is_a(value, schema["type"]):
            yield f"{where}: {_short(value)} is no {schema['type']}"
            return
        if "const" in schema and not _same(value, schema["const"]):
            yield f"{where}: {_short(value)} is not {schema['const']!r}"
        if "enum" in schema and not any(_same(value, each) for each in schema["enum"]):
            yield f"{where}: {_short(value)} is none of {schema['enum']}"
        for each in schema.get("allOf", ()):
            yield from self._errors(value, each, where, part=True)
        yield from self._of_union(value, schema, where)
        if isinstance(value, str):
            yield from _of_string(value, schema, where)
        elif isinstance(value, list):
            yield from self._of_list(value, schema, where)
        elif isinstance(value, dict):
            yield from self._of_object(value, schema, where, part)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield from _of_number(value, schema, where)

    def _of_union(self, value: Any, schema: Schema, where: str) -> Iterator[str]:
        for keyword in ("oneOf", "anyOf"):
            if keyword not in schema:
                continue
            likely = [each for each in schema[keyword] if not self._is_another(value, each)]
            tried = [list(self._errors(value, each, where)) for each in likely or schema[keyword]]
            fitting = sum(not errors for errors in tried)
            if not fitting:
                yield from min(tried, key=lambda errors: (any(" is none of " in each for each in errors), len(errors)))
            elif fitting > 1 and keyword == "oneOf":
                yield f"{where}: fits {fitting} of oneOf"

    def _is_another(self, value: Any, schema: Schema) -> bool:
        """Whether a component or option says by its `type` that it is not this one: most of a union need no look."""
        if not isinstance(value, dict) or "type" not in value:
            return False
        about = self.resolved(schema).get("properties", {}).get("type", {})
        return "enum" in about and value["type"] not in about["enum"]

    def _of_list(self, value: list[Any], schema: Schema, where: str) -> Iterator[str]:
        yield from _bounds(len(value), schema, where, "Items", "items")
        if schema.get("uniqueItems") and len({repr(each) for each in value}) != len(value):
            yield f"{where}: not unique"
        if "items" in schema:
            for number, each in enumerate(value):
                yield from self._errors(each, schema["items"], f"{where}[{number}]")

    def _of_object(self, value: dict[str, Any], schema: Schema, where: str, part: bool) -> Iterator[str]:
        yield from _bounds(len(value), schema, where, "Properties", "fields")
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{where}: {name!r} is missing"
        properties = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        known = None if part or not self._strict or others is not True else self._named(schema)
        for name, each in value.items():
            inside = f"{where}.{name}" if where else name
            if name in properties:
                yield from self._errors(each, properties[name], inside)
            elif others is False or (known is not None and name not in known and name not in self._also):
                yield f"{inside}: unknown field"
            elif isinstance(others, Mapping):
                yield from self._errors(each, others, inside)

    def _named(self, schema: Schema) -> frozenset[str] | None:
        """All fields that an object schema names; None where it names none, or leaves them to a union."""
        schema = self.resolved(schema)
        if "oneOf" in schema or "anyOf" in schema:
            return None
        names = set(schema.get("properties", ()))
        for each in schema.get("allOf", ()):
            inside = self._named(each)
            if inside is None:
                return None
            names |= inside
        return frozenset(names) if names else None


def _is_a(value: Any, names: str | list[str]) -> bool:
    for name in [names] if isinstance(names, str) else names:
        if isinstance(value, bool):
            if name == "boolean":
                return True
        elif isinstance(value, TYPES[name]) or (name == "integer" and isinstance(value, float) and value.is_integer()):
            return True
    return False


def _same(value: Any, wanted: Any) -> bool:
    return type(value) is type(wanted) and bool(value == wanted)


def _bounds(size: int, schema: Schema, where: str, suffix: str, of: str) -> Iterator[str]:
    least, most = schema.get(f"min{suffix}"), schema.get(f"max{suffix}")
    if least is not None and size < least:
        yield f"{where}: {size} {of}; at least {least}"
    if most is not None and size > most:
        yield f"{where}: {size} {of}; at most {most}"


def _of_string(value: str, schema: Schema, where: str) -> Iterator[str]:
    yield from _bounds(len(value), schema, where, "Length", "characters")
    if "pattern" in schema and not _compiled(schema["pattern"]).search(value):
        yield f"{where}: {_short(value)} does not match {schema['pattern']}"
    if schema.get("format") == "uri" and ":" not in value:
        yield f"{where}: {_short(value)} is no address"


def _of_number(value: float, schema: Schema, where: str) -> Iterator[str]:
    if "minimum" in schema and value < schema["minimum"]:
        yield f"{where}: {value}; at least {schema['minimum']}"
    if "maximum" in schema and value > schema["maximum"]:
        yield f"{where}: {value}; at most {schema['maximum']}"
    if schema.get("format") == "int32" and not -INT32 <= value < INT32:
        yield f"{where}: {value} is no int32"


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _short(value: Any) -> str:
    return reprlib.repr(value)
