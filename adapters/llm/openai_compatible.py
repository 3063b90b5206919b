"""Chat completions as OpenAI, OpenRouter, LiteLLM, Ollama and many others speak them. They differ by data only."""

from collections.abc import Mapping
from typing import Any

from adapters.llm.embeddings import OPENAI_EMBEDDINGS
from adapters.llm.http_stream import HttpProvider
from adapters.llm.openai_wire import CompletionAnswer, bearer, read_error, request_body
from adapters.llm.wire import Answer, ErrorObject, Json
from core.call import Call


class OpenAICompatible(HttpProvider):
    """One provider that speaks chat completions, as its row says. `core.ports.Provider`."""

    embeddings = OPENAI_EMBEDDINGS

    def _headers_with(self, key: str | None) -> dict[str, str]:
        return bearer(key)

    def _request(self, call: Call) -> tuple[str, Mapping[str, Any]]:
        return "chat/completions", request_body(call, self._row.quirks)

    def _new_answer(self) -> Answer:
        return CompletionAnswer(self._row.quirks)

    def _read_error(self, payload: Json) -> ErrorObject | None:
        return read_error(payload)
