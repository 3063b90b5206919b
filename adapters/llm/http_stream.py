"""What every wire does alike: one call over HTTP, its answer as chunks, and every way it can break as a failure."""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any, ClassVar, cast

import httpx

from adapters.llm.client import CONNECT_SECONDS, TRANSPORT_ERRORS
from adapters.llm.embeddings import EmbeddingWire
from adapters.llm.failures import (
    MAX_RETRY_AFTER_SECONDS,
    Asked,
    broken,
    broken_off,
    failure_of_status,
    failure_of_transport,
    retry_after,
    too_long,
)
from adapters.llm.providers_file import ProviderRow
from adapters.llm.sse import NotAnEventStream, SseParser
from adapters.llm.turns import with_added
from adapters.llm.wire import Answer, AnsweredWithError, ErrorObject, Json, NotTheFormat, read_json
from core.call import Call, Chunk, Embedded, EmbeddingCall, Stop, StopReason, Text, UsageReport
from core.errors import ProviderFailed, ProviderRejectedCall
from core.ports import Clock

MAX_ANSWER_BYTES = 8 * 1024 * 1024
MAX_ERROR_BYTES = 64 * 1024
READ_IDLE_SECONDS = 60.0
"""Models think for a while before the first word. The total deadline of an ask is not kept here."""

_LINGER_SECONDS = 0.2
_BEFORE_A_DOCUMENT = b"\xef\xbb\xbf \t\r\n"  # a byte order mark and blanks


class HttpProvider(ABC):
    """One provider as its row says, streaming or not. `core.ports.Provider`; a wire fills in what it says.

    The client is shared and stays the caller's. The key goes nowhere but into the headers that the wire names.
    """

    embeddings: ClassVar[EmbeddingWire | None] = None

    def __init__(
        self,
        row: ProviderRow,
        *,
        client: httpx.AsyncClient,
        clock: Clock,
        base_url: str | None = None,
        api_key: str | None = None,
        read_idle_seconds: float = READ_IDLE_SECONDS,
    ) -> None:
        self._row = row
        self._client = client
        self._clock = clock
        self._base_url = (base_url or row.base_url).rstrip("/")
        self._headers = {**row.quirks.headers, **self._headers_with(api_key)}
        self._timeout = httpx.Timeout(read_idle_seconds, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)

    @abstractmethod
    def _headers_with(self, key: str | None) -> dict[str, str]:
        """The headers of every call."""

    @abstractmethod
    def _request(self, call: Call) -> tuple[str, Mapping[str, Any]]:
        """Where a call goes, below the base URL, and its body."""

    @abstractmethod
    def _new_answer(self) -> Answer:
        """An answer of which nothing has come yet."""

    @abstractmethod
    def _read_error(self, payload: Json) -> ErrorObject | None:
        """The error that a payload carries, or None."""

    async def stream(self, call: Call) -> AsyncGenerator[Chunk, None]:
        """The answer: texts, then one `UsageReport`, then a `Stop`; a `ProviderFailed` where it went wrong.

        Closing the generator early closes the connection, which is what stops the model. Once the model has said
        that it is done, a connection that breaks takes nothing from the answer.
        """
        asked = Asked(self._row.title, call.model.title)
        answer = self._new_answer()
        try:
            async with (
                self._open(*self._request(call)) as response,
                aclosing(self._texts(response, answer, asked)) as texts,
            ):
                async for text in texts:
                    yield Text(text)
        except AnsweredWithError as error:
            if not error.said.declined:
                raise _failure_of(asked, error.said) from error
            yield UsageReport(None)
            yield Stop(StopReason.DECLINED)
            return
        except (NotTheFormat, NotAnEventStream) as error:
            if not answer.finished:
                raise broken(asked) from error
        except TRANSPORT_ERRORS as error:
            if not answer.finished:
                raise failure_of_transport(asked, error) from error
        for chunk in answer.ending():
            yield chunk

    async def embed(self, call: EmbeddingCall) -> Embedded:
        """A vector for each text; a `ProviderFailed` where it went wrong or what came is not that."""
        asked = Asked(self._row.title, call.model.title)
        if self.embeddings is None:
            raise ProviderRejectedCall(f"{asked.provider} does not turn texts into vectors. Choose another model.")
        try:
            async with self._open(*self.embeddings.request(call)) as response:
                if response.status_code != 200:
                    raise await self._failure(response, asked)
                payload = read_json(await _body(response, MAX_ANSWER_BYTES, asked), exact=False)
            if said := self._read_error(payload):
                raise AnsweredWithError(said)
            return self.embeddings.read(payload, len(call.texts))
        except AnsweredWithError as error:
            if error.said.declined:
                raise failure_of_status(asked, 400) from error
            raise _failure_of(asked, error.said) from error
        except NotTheFormat as error:
            raise broken(asked) from error
        except TRANSPORT_ERRORS as error:
            raise failure_of_transport(asked, error) from error

    def _open(self, path: str, body: Mapping[str, Any]) -> contextlib.AbstractAsyncContextManager[httpx.Response]:
        url = f"{self._base_url}/{path}"
        body = with_added(body, self._row.quirks.body)
        return self._client.stream("POST", url, json=body, headers=self._headers, timeout=self._timeout)

    async def _texts(self, response: httpx.Response, answer: Answer, asked: Asked) -> AsyncGenerator[str, None]:
        if response.status_code != 200:
            raise await self._failure(response, asked)
        async with aclosing(_pieces(response, MAX_ANSWER_BYTES, asked)) as pieces:
            beginning = await _beginning(pieces)
            if beginning.lstrip(_BEFORE_A_DOCUMENT).startswith(b"{"):
                # Some servers take no notice of `stream`, some name a wrong content type: the answer is as true.
                if text := answer.take_whole(read_json(beginning + b"".join([piece async for piece in pieces]))):
                    yield text
                return
            async with (
                aclosing(_all(beginning, pieces)) as every_piece,
                aclosing(_streamed_texts(every_piece, answer, asked)) as texts,
            ):
                async for text in texts:
                    yield text

    async def _failure(self, response: httpx.Response, asked: Asked) -> Exception:
        """What a status other than 200 means. An error body that cannot be read changes nothing about it."""
        said = ErrorObject()
        with contextlib.suppress(NotTheFormat, ProviderFailed, *TRANSPORT_ERRORS):
            said = self._read_error(read_json(await _body(response, MAX_ERROR_BYTES, asked))) or said
        if said.declined:
            return AnsweredWithError(said)
        wait = retry_after(response.headers.get("retry-after"), self._clock.now())
        if wait is None and said.retry_after_seconds is not None:
            wait = min(said.retry_after_seconds, MAX_RETRY_AFTER_SECONDS)
        return failure_of_status(asked, response.status_code, code=said.code, retry_after_seconds=wait)


async def _beginning(pieces: AsyncIterator[bytes]) -> bytes:
    """The first bytes, up to a piece that says something: servers send blanks while they work."""
    beginning = b""
    async for piece in pieces:
        beginning += piece
        if beginning.lstrip(_BEFORE_A_DOCUMENT):
            break
    return beginning


async def _all(beginning: bytes, pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    if beginning:
        yield beginning
    async for piece in pieces:
        yield piece


async def _streamed_texts(pieces: AsyncIterator[bytes], answer: Answer, asked: Asked) -> AsyncGenerator[str, None]:
    parser = SseParser()
    bytes_came = events_came = False
    async for piece in pieces:
        bytes_came = True
        for event in parser.feed(piece):
            events_came = True
            if text := answer.take_event(event.data):
                yield text
            if answer.closed:
                await _read_to_the_end(pieces)
                return
    if bytes_came and not events_came:
        raise NotAnEventStream("not one event")
    if not answer.finished:
        raise broken_off(asked)


async def _read_to_the_end(pieces: AsyncIterator[bytes]) -> None:
    """A connection that was read to its end serves the next question; a server that lingers is not waited for."""
    with contextlib.suppress(TimeoutError, ProviderFailed, *TRANSPORT_ERRORS):
        async with asyncio.timeout(_LINGER_SECONDS):
            async for _ in pieces:
                pass


async def _pieces(response: httpx.Response, at_most_bytes: int, asked: Asked) -> AsyncGenerator[bytes, None]:
    received = 0
    # httpx types it as an iterator; it is a generator, and closing it is what lets go of the connection at once
    pieces = cast(AsyncGenerator[bytes, None], response.aiter_bytes())
    async with aclosing(pieces):
        async for piece in pieces:
            received += len(piece)
            if received > at_most_bytes:
                raise too_long(asked)
            yield piece


async def _body(response: httpx.Response, at_most_bytes: int, asked: Asked) -> bytes:
    async with aclosing(_pieces(response, at_most_bytes, asked)) as pieces:
        return b"".join([piece async for piece in pieces])


def _failure_of(asked: Asked, said: ErrorObject) -> ProviderFailed:
    """An error inside an answer that the provider had begun with a 200."""
    status = said.status if said.status and said.status >= 400 else 500
    return failure_of_status(asked, status, code=said.code, after_start=True)
