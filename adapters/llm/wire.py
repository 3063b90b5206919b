"""What the wire formats share as values: JSON read strictly, error objects, characters that arrive in halves. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from core.call import Stop, UsageReport

Json = Mapping[str, Any]

_HIGH_SURROGATES = ("\ud800", "\udbff")


class NotTheFormat(ValueError):
    """The bytes are not what the wire format says."""


@dataclass(frozen=True, slots=True)
class ErrorObject:
    """What a provider's error object says, as far as it is used: never its message.

    `retry_after_seconds` where it stands in the body, not in a header.
    """

    code: str = ""
    status: int | None = None
    declined: bool = False
    retry_after_seconds: int | None = None


class AnsweredWithError(Exception):
    """An error object stood where a piece of the answer should be."""

    def __init__(self, said: ErrorObject) -> None:
        super().__init__(said.code)
        self.said = said


class Answer(Protocol):
    """One answer as it comes in over some wire."""

    @property
    def finished(self) -> bool:
        """Whether the model itself said that it is done: only then is an end of the stream its end."""

    @property
    def closed(self) -> bool:
        """Whether the wire's own mark of the end has come: nothing is worth reading after it."""

    def take_event(self, data: str) -> str:
        """The text that an event's data adds, maybe none. Raises `NotTheFormat` and `AnsweredWithError`."""

    def take_whole(self, payload: Json) -> str:
        """The text of an answer that came in one piece. Raises as `take_event` does."""

    def ending(self) -> tuple[UsageReport, Stop]:
        """What the provider counted, and why it stopped."""


class WholeCharacters:
    """JSON may cut a character beyond the BMP into two escapes, and a server between them: this joins them again."""

    def __init__(self) -> None:
        self._half = ""

    def take(self, text: str) -> str:
        """The text with what was held back before it, and without what must be held back now."""
        text = self._half + text
        self._half = ""
        if text and _HIGH_SURROGATES[0] <= text[-1] <= _HIGH_SURROGATES[1]:
            text, self._half = text[:-1], text[-1]
        return without_surrogates(text)


def read_json(text: str | bytes, *, exact: bool = True) -> Json:
    """One JSON object, its fractions as `Decimal`s, for money may be among them; as floats if not `exact`.

    NaN and Infinity are no JSON, but servers write them where a count should be: they are read as null, so that the
    rest is as true as it was. Raises `NotTheFormat` for all else.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text))
        value = (_JSON if exact else _JSON_OF_FLOATS).decode(text)
    except (ValueError, InvalidOperation, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise NotTheFormat("not JSON") from error
    return object_of(value)


def object_of(value: object) -> Json:
    """The value if it is an object; `NotTheFormat` otherwise."""
    if not isinstance(value, dict):
        raise NotTheFormat("not an object")
    return value


def text_of(holder: Json, field: str) -> str:
    """A field that holds a text; empty if it is not there. `NotTheFormat` if it holds something else."""
    value = holder.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotTheFormat(f"{field} is no text")
    return value


def count_of(holder: Json, field: str) -> int | None:
    """A field that holds a count; None if it holds anything else or is not there."""
    value = holder.get(field)
    if type(value) is not int or value < 0:  # True is an int by class, not by meaning
        return None
    return value


def detail_of(details: object, *names: str) -> int | None:
    """A count that may be left out: 0 when it is not there (or `details` are not), None when it is no count."""
    if details is None:
        return 0
    if not isinstance(details, dict):
        return None
    name = next((name for name in names if details.get(name) is not None), None)
    return 0 if name is None else count_of(details, name)


def meant_by(kind: str, message: object, told: Mapping[tuple[str, str], str]) -> str | None:
    """What an error of a kind with several meanings means, where its message has the words for it; None otherwise.

    `told` maps (kind, words in lower case) to the meaning. The message is read here, and never passed on.
    """
    words = message.casefold() if isinstance(message, str) else ""
    return next((meant for (of, phrase), meant in told.items() if kind == of and phrase in words), None)


def without_surrogates(text: str) -> str:
    """Lone surrogates have no UTF-8: whoever writes the text on would fail."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _nothing(_: str) -> None:
    """What NaN and Infinity are read as."""


_JSON_OF_FLOATS = json.JSONDecoder(parse_constant=_nothing)
_JSON = json.JSONDecoder(parse_constant=_nothing, parse_float=Decimal)
"""One for all: `json.loads` with an argument would make another for every piece of an answer."""
