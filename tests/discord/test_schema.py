"""One planted violation per keyword that Discord's description uses."""

from typing import Any

import pytest

from tests.discord import openapi
from tests.discord.schema import KNOWN, Validator

NAMED = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
DOCUMENT = {"components": {"schemas": {"Named": NAMED, "Far": {"$ref": "#/components/schemas/Named"}}}}
BUTTON = {"type": "object", "properties": {"type": {"type": "integer", "enum": [2]}, "label": {"type": "string"}}}
TEXT = {"type": "object", "properties": {"type": {"type": "integer", "enum": [10]}, "content": {"type": "string"}}}


def errors(value: Any, schema: dict[str, Any], **how: Any) -> list[str]:
    return Validator(DOCUMENT, **how).errors(value, schema)


@pytest.mark.parametrize(
    ("schema", "fits", "breaks"),
    [
        ({"type": "string"}, "x", 1),
        ({"type": "integer"}, 1, True),
        ({"type": "integer"}, 2.0, 2.5),
        ({"type": "number"}, 2.5, "2.5"),
        ({"type": "boolean"}, False, 0),
        ({"type": ["string", "null"]}, None, 1),
        ({"type": "array"}, [], {}),
        ({"type": "integer", "format": "int32"}, 2**31 - 1, 2**31),
        ({"type": "string", "format": "uri"}, "attachment://x", "x"),
        ({"enum": [1, 2]}, 2, 3),
        ({"const": 1}, 1, True),
        ({"minLength": 1, "maxLength": 2}, "ab", ""),
        ({"minLength": 1, "maxLength": 2}, "ab", "abc"),
        ({"pattern": "^[0-9]+$"}, "12", "1x"),
        ({"minimum": 1}, 1, 0),
        ({"maximum": 1}, 1, 2),
        ({"minItems": 1}, [1], []),
        ({"maxItems": 1}, [1], [1, 2]),
        ({"uniqueItems": True}, [1, 2], [1, 1]),
        ({"items": {"type": "string"}}, ["x"], ["x", 1]),
        ({"minProperties": 1}, {"a": 1}, {}),
        ({"maxProperties": 1}, {"a": 1}, {"a": 1, "b": 2}),
        ({"additionalProperties": {"type": "string"}}, {"a": "x"}, {"a": 1}),
        ({"additionalProperties": False}, {}, {"a": 1}),
        ({"$ref": "#/components/schemas/Named"}, {"a": "x"}, {}),
        ({"$ref": "#/components/schemas/Far"}, {"a": "x"}, {"a": 1}),
        ({"allOf": [{"type": "string"}, {"maxLength": 1}]}, "x", "xx"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, None, 1),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, "x", 1),
        ({"oneOf": [{"type": "integer"}, {"minimum": 0}]}, -1, 1),
    ],
)
def test_what_does_not_fit_is_found(schema: dict[str, Any], fits: Any, breaks: Any) -> None:
    assert not errors(fits, schema)
    assert errors(breaks, schema)


def test_a_field_that_the_schema_does_not_name_is_found_at_any_depth() -> None:
    assert errors({"a": "x", "b": 1}, NAMED) == ["b: unknown field"]
    assert not errors({"a": "x", "b": 1}, NAMED, strict=False)
    assert not errors({"a": "x", "b": 1}, NAMED, also=frozenset({"b"}))
    both = {"allOf": [NAMED, {"type": "object", "properties": {"b": {"type": "integer"}}}]}
    assert not errors({"a": "x", "b": 1}, both)
    assert errors({"a": "x", "c": 1}, both) == ["c: unknown field"]
    assert errors([{"a": "x", "b": 1}], {"items": NAMED}) == ["[0].b: unknown field"]


def test_of_a_union_the_nearest_is_told() -> None:
    union = {"items": {"oneOf": [BUTTON, TEXT]}}
    assert errors([{"type": 10, "content": 5}], union) == ["[0].content: 5 is no string"]


def test_a_keyword_that_is_not_known_is_no_keyword_to_overlook() -> None:
    with pytest.raises(NotImplementedError):
        errors("x", {"propertyNames": {}})


@pytest.mark.skipif(openapi.described_in() is None, reason="Discord's description does not lie beside the checkout")
def test_every_keyword_of_discords_description_is_known() -> None:
    unknown: set[str] = set()

    def look(schema: Any) -> None:
        if not isinstance(schema, dict):
            return
        unknown.update(key for key in schema if key not in KNOWN and not key.startswith("x-"))
        for keyword in ("oneOf", "anyOf", "allOf"):
            for each in schema.get(keyword, ()):
                look(each)
        for each in schema.get("properties", {}).values():
            look(each)
        look(schema.get("items"))
        look(schema.get("additionalProperties"))

    for each in openapi.document()["components"]["schemas"].values():
        look(each)
    assert not unknown
