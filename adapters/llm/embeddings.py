"""Texts as vectors: what the two wires that have such an endpoint are sent, and what their JSON means. Pure.

https://developers.openai.com/api/reference/resources/embeddings and https://ai.google.dev/api/embeddings, read in
November 2026. How many texts fit into one call is for the caller to know.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from adapters.llm.wire import Json, NotTheFormat, count_of, object_of
from core.call import Embedded, EmbeddingCall
from core.prices import Usage

Vector = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EmbeddingWire:
    """What a wire says about embeddings: the path below the base URL and the body, and how to read what comes.

    `read` is told how many vectors were asked for. It raises `NotTheFormat`.
    """

    request: Callable[[EmbeddingCall], tuple[str, Mapping[str, Any]]]
    read: Callable[[Json, int], Embedded]


def _openai_request(call: EmbeddingCall) -> tuple[str, Mapping[str, Any]]:
    return "embeddings", {"model": call.model.wire_name, "input": list(call.texts)}


def _openai_read(payload: Json, asked_for: int) -> Embedded:
    found: dict[int, object] = {}
    for at, entry in enumerate(map(object_of, _list_of(payload, "data"))):
        index = entry.get("index", at)
        if type(index) is not int or index in found:
            raise NotTheFormat("an index that is none, or is there twice")
        found[index] = entry.get("embedding")
    if found.keys() != set(range(asked_for)):
        raise NotTheFormat("not one vector for each text")
    return Embedded(_vectors([found[at] for at in range(asked_for)]), _sent(payload.get("usage"), "prompt_tokens"))


def _gemini_request(call: EmbeddingCall) -> tuple[str, Mapping[str, Any]]:
    name = f"models/{call.model.wire_name}"
    requests = [{"model": name, "content": {"parts": [{"text": text}]}} for text in call.texts]
    return f"models/{quote(call.model.wire_name, safe='')}:batchEmbedContents", {"requests": requests}


def _gemini_read(payload: Json, asked_for: int) -> Embedded:
    values = [entry.get("values") for entry in map(object_of, _list_of(payload, "embeddings"))]
    if len(values) != asked_for:
        raise NotTheFormat("not one vector for each text")
    return Embedded(_vectors(values), _sent(payload.get("usageMetadata"), "promptTokenCount"))


def _list_of(payload: Json, field: str) -> list[object]:
    value = payload.get(field)
    if not isinstance(value, list):
        raise NotTheFormat(f"{field} is no list")
    return value


def _vectors(values: Sequence[object]) -> tuple[Vector, ...]:
    vectors = tuple(map(_vector, values))
    if len({len(vector) for vector in vectors}) > 1:
        raise NotTheFormat("vectors of several lengths")
    return vectors


def _vector(values: object) -> Vector:
    if not isinstance(values, list) or not values or not all(type(value) in (int, float) for value in values):
        raise NotTheFormat("a vector is a list of numbers")
    try:
        vector = tuple(float(value) for value in values)
    except OverflowError as error:
        raise NotTheFormat("a number beyond all floats") from error
    if not all(map(math.isfinite, vector)):
        raise NotTheFormat("a number that is none")
    return vector


def _sent(usage: object, field: str) -> Usage | None:
    """Embeddings have input only; None where the provider does not say how much."""
    tokens = count_of(usage, field) if isinstance(usage, dict) else None
    return None if tokens is None else Usage(input_tokens=tokens)


OPENAI_EMBEDDINGS = EmbeddingWire(_openai_request, _openai_read)
GEMINI_EMBEDDINGS = EmbeddingWire(_gemini_request, _gemini_read)
