"""Claude as Anthropic itself serves it, over the Messages API."""

from collections.abc import Mapping
from typing import Any

from adapters.llm.anthropic_wire import MessageAnswer, headers_with, read_error, request_body
from adapters.llm.http_stream import HttpProvider
from adapters.llm.wire import Answer, ErrorObject, Json
from core.call import Call


class Anthropic(HttpProvider):
    """One provider that speaks Messages, as its row says. `core.ports.Provider`."""

    def _headers_with(self, key: str | None) -> dict[str, str]:
        return headers_with(key)

    def _request(self, call: Call) -> tuple[str, Mapping[str, Any]]:
        return "messages", request_body(call, self._row.quirks)

    def _new_answer(self) -> Answer:
        return MessageAnswer()

    def _read_error(self, payload: Json) -> ErrorObject | None:
        return read_error(payload)
