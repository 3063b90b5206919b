"""Texts as vectors: what is sent, what is refused of what comes back, and both over a real socket."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from aiohttp import web
from hypothesis import given

from adapters.llm.anthropic import Anthropic
from adapters.llm.embeddings import GEMINI_EMBEDDINGS, OPENAI_EMBEDDINGS
from adapters.llm.gemini import Gemini
from adapters.llm.http_stream import HttpProvider
from adapters.llm.openai_compatible import OpenAICompatible
from adapters.llm.practice import Practice
from adapters.llm.wire import NotTheFormat
from core.call import Embedded, EmbeddingCall
from core.errors import ProviderBroken, ProviderBusy, ProviderFailed, ProviderRejectedCall, ProviderUnreachable
from core.prices import Usage
from tests import provider_behaviours as does
from tests.adapters.llm.asking import KEY, ROWS, SteadyClock, a_model
from tests.adapters.llm.test_openai_wire import ANYTHING
from tests.provider_behaviours import Behaviour, Body
from tests.provider_server import ProviderServer, closed_port

TWO = EmbeddingCall(replace(a_model(), embeds=True), ("a deadlock", "a race"))


def openai_says(*vectors: Any, **fields: Any) -> Body:
    """The answer of POST /embeddings."""
    return {"data": [{"index": at, "embedding": vector} for at, vector in enumerate(vectors)]} | fields


def gemini_says(*vectors: Any, **fields: Any) -> Body:
    """The answer of :batchEmbedContents."""
    return {"embeddings": [{"values": vector} for vector in vectors]} | fields


SAYS: dict[str, Callable[..., Body]] = {"openai": openai_says, "gemini": gemini_says}
WIRES = {"openai": OPENAI_EMBEDDINGS, "gemini": GEMINI_EMBEDDINGS}


def provider_of(row: str, base_url: str, client: httpx.AsyncClient) -> HttpProvider:
    kinds: dict[str, type[HttpProvider]] = {"openai": OpenAICompatible, "gemini": Gemini, "anthropic": Anthropic}
    return kinds[row](ROWS[row], client=client, clock=SteadyClock(), base_url=base_url, api_key=KEY)


def json_of(payload: Body) -> Behaviour:
    """This JSON."""

    async def answer(_: web.Request, __: Body) -> web.StreamResponse:
        return web.json_response(payload)

    return answer


async def test_openai_is_asked_for_all_texts_at_once(server: ProviderServer, client: httpx.AsyncClient) -> None:
    usage = {"prompt_tokens": 5, "total_tokens": 5}
    server.answer_with(json_of(openai_says([0.5, -1, 0.25], [0, 1e-3, 2], usage=usage)))
    embedded = await provider_of("openai", server.base_url, client).embed(TWO)
    assert embedded == Embedded(((0.5, -1.0, 0.25), (0.0, 0.001, 2.0)), Usage(input_tokens=5))
    assert {type(value) for vector in embedded.vectors for value in vector} == {float}
    [call] = server.calls
    assert call.path == "/v1/embeddings"
    assert call.body == {"model": "small-1", "input": ["a deadlock", "a race"]}
    assert call.headers["Authorization"] == f"Bearer {KEY}"


async def test_gemini_is_asked_for_all_texts_at_once(server: ProviderServer, client: httpx.AsyncClient) -> None:
    server.answer_with(json_of(gemini_says([0.5], [0.25], usageMetadata={"promptTokenCount": 5})))
    embedded = await provider_of("gemini", server.base_url, client).embed(TWO)
    assert embedded == Embedded(((0.5,), (0.25,)), Usage(input_tokens=5))
    [call] = server.calls
    assert call.path == "/v1/models/small-1:batchEmbedContents"
    assert call.query == {}
    assert call.body["requests"][1] == {"model": "models/small-1", "content": {"parts": [{"text": "a race"}]}}
    assert call.headers["x-goog-api-key"] == KEY


def test_vectors_are_put_in_the_order_of_their_texts() -> None:
    swapped = {"data": [{"index": 1, "embedding": [1.0]}, {"index": 0, "embedding": [0.0]}]}
    assert OPENAI_EMBEDDINGS.read(swapped, 2).vectors == ((0.0,), (1.0,))
    unnumbered = {"data": [{"embedding": [1.0]}, {"embedding": [0.0]}]}
    assert OPENAI_EMBEDDINGS.read(unnumbered, 2).vectors == ((1.0,), (0.0,))


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": -1, "promptTokenCount": "5"}, [5]])
@pytest.mark.parametrize("wire", SAYS)
def test_without_a_count_there_is_no_usage(wire: str, usage: object) -> None:
    payload = SAYS[wire]([1.0], usage=usage, usageMetadata=usage)
    assert WIRES[wire].read(payload, 1) == Embedded(((1.0,),), None)


@pytest.mark.parametrize("wire", SAYS)
@pytest.mark.parametrize(
    "vectors",
    [
        [],
        [[1.0]],
        [[1.0], [2.0], [3.0]],
        [[1.0], [2.0, 3.0]],
        [[], []],
        [[1.0], None],
        [[1.0], "AAAA"],
        [[1.0], ["2"]],
        [[1.0], [True]],
        [[1.0], [float("nan")]],
        [[1.0], [float("inf")]],
        [[1.0], [10**400]],
    ],
    ids=lambda vectors: repr(vectors)[:24],
)
def test_what_is_not_a_vector_for_each_text_is_refused(wire: str, vectors: list[Any]) -> None:
    with pytest.raises(NotTheFormat):
        WIRES[wire].read(SAYS[wire](*vectors), 2)


@pytest.mark.parametrize("indexes", [(0, 0), (0, 2), (-1, 0), (True, 0), ("0", "1")])
def test_an_index_that_is_wrong_is_refused(indexes: tuple[Any, Any]) -> None:
    with pytest.raises(NotTheFormat):
        OPENAI_EMBEDDINGS.read({"data": [{"index": index, "embedding": [1.0]} for index in indexes]}, 2)


@given(ANYTHING, ANYTHING)
def test_an_answer_of_any_shape_is_read_or_refused(first: object, second: object) -> None:
    for wire, says in SAYS.items():
        for payload in ({"data": first, "embeddings": first, "usage": second}, says(first, second)):
            try:
                assert len(WIRES[wire].read(payload, 2).vectors) == 2
            except NotTheFormat:
                continue


@pytest.mark.parametrize(
    ("behaviour", "failure"),
    [
        (does.status(400), ProviderRejectedCall),
        (does.status(400, error={"code": "content_policy_violation"}), ProviderRejectedCall),
        (does.status(429, retry_after="3"), ProviderBusy),
        (does.status(500), ProviderBroken),
        (does.reset_after([]), ProviderUnreachable),
        (does.web_page(), ProviderBroken),
        (json_of(openai_says([1.0])), ProviderBroken),
        (json_of({"error": {"code": "server_error"}}), ProviderBroken),
        (json_of({"error": {"code": "content_filter"}}), ProviderRejectedCall),
        (does.sends(b'{"data": [{"embedding": [NaN]}, {"embedding": [1]}]}'), ProviderBroken),
        (does.sends(b'{"data": [{"embedding": [1e999]}, {"embedding": [1]}]}'), ProviderBroken),
    ],
)
async def test_every_fault_is_a_failure_of_its_kind(
    behaviour: Behaviour, failure: type[ProviderFailed], server: ProviderServer, client: httpx.AsyncClient
) -> None:
    server.answer_with(behaviour)
    with pytest.raises(ProviderFailed) as caught:
        await provider_of("openai", server.base_url, client).embed(TWO)
    assert type(caught.value) is failure
    assert "secret" not in str(caught.value)


async def test_a_server_that_is_not_there_cannot_have_billed(client: httpx.AsyncClient) -> None:
    with pytest.raises(ProviderUnreachable) as caught:
        await provider_of("openai", f"http://127.0.0.1:{closed_port()}/v1", client).embed(TWO)
    assert not caught.value.may_have_billed


@pytest.mark.parametrize(
    ("embed", "title"),
    [
        (lambda client: provider_of("anthropic", "http://127.0.0.1:9/v1", client).embed(TWO), "Anthropic"),
        (lambda _: Practice(SteadyClock()).embed(TWO), "Practice"),
    ],
    ids=["anthropic", "practice"],
)
async def test_who_has_no_embeddings_says_so(
    embed: Callable[[httpx.AsyncClient], Awaitable[Embedded]], title: str, client: httpx.AsyncClient
) -> None:
    with pytest.raises(ProviderRejectedCall, match=f"{title} does not turn texts into vectors") as caught:
        await embed(client)
    assert not caught.value.may_have_billed
