"""Gemini as Google itself serves it, over generateContent."""

from collections.abc import Mapping
from typing import Any

from adapters.llm.embeddings import GEMINI_EMBEDDINGS
from adapters.llm.gemini_wire import ContentAnswer, headers_with, path_of, read_error, request_body
from adapters.llm.http_stream import HttpProvider
from adapters.llm.wire import Answer, ErrorObject, Json
from core.call import Call


class Gemini(HttpProvider):
    """One provider that speaks generateContent, as its row says. `core.ports.Provider`."""

    embeddings = GEMINI_EMBEDDINGS

    def _headers_with(self, key: str | None) -> dict[str, str]:
        return headers_with(key)

    def _request(self, call: Call) -> tuple[str, Mapping[str, Any]]:
        return path_of(call, self._row.quirks), request_body(call, self._row.quirks)

    def _new_answer(self) -> Answer:
        return ContentAnswer()

    def _read_error(self, payload: Json) -> ErrorObject | None:
        return read_error(payload)
