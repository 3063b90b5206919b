"""The one shared client: what it keeps, what it forgets, and what its errors mean."""

import asyncio
import json

import httpx
import pytest
from aiohttp import web

from adapters.llm.client import open_client
from core.ports import Provider
from tests import provider_behaviours as does
from tests.adapters.llm.asking import ask, heard, provider_at
from tests.provider_behaviours import delta
from tests.provider_server import ProviderServer, closed_port


async def test_a_connection_that_was_read_to_its_end_is_used_again(server: ProviderServer, provider: Provider) -> None:
    ports = set()

    async def answer(request: web.Request, _: does.Body) -> web.StreamResponse:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: [DONE]\n\n")
        await asyncio.sleep(0.02)  # the end of the response comes a little after the end of the answer
        await response.write_eof()
        return response

    server.answer_with(answer)
    for _ in range(5):
        await ask(provider)
    assert len(ports) == 1


async def test_a_cookie_of_one_answer_does_not_travel_with_the_next_question(
    server: ProviderServer, client: httpx.AsyncClient
) -> None:
    provider = provider_at(server.base_url.replace("127.0.0.1", "localhost"), client)  # IP addresses keep no cookies

    async def biscuit(_: web.Request, __: does.Body) -> web.StreamResponse:
        response = web.json_response(does.whole("x", None, "stop"))
        response.set_cookie("who", "alice")
        return response

    server.answer_with(biscuit)
    await ask(provider)
    await ask(provider)
    assert "Cookie" not in server.calls[1].headers


async def test_the_same_answer_comes_through_httpx_s_own_transport() -> None:
    stream = (
        b"".join(b"data: " + json.dumps(delta(text)).encode() + b"\n\n" for text in ("A ", "B")) + b"data: [DONE]\n\n"
    )
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=stream))
    async with open_client(transport=transport) as client:
        answered = await ask(provider_at("https://provider.example/v1", client))
    assert answered.text == "A B"


async def test_a_connect_error_of_httpx_s_own_transport_was_never_billed() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    async with open_client(transport=httpx.MockTransport(refuse)) as client:
        _, error = await heard(provider_at("https://provider.example/v1", client))
    assert not error.may_have_billed


async def test_a_proxy_is_used_for_https_only_and_never_for_its_exceptions(server: ProviderServer) -> None:
    asked_for = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked_for.append(await reader.readline())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    proxy = await asyncio.start_server(refuse, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
    async with proxy, open_client(proxy=address, no_proxy=["localhost"]) as client:
        await ask(provider_at(server.base_url, client))
        _, direct = await heard(provider_at(f"https://localhost:{closed_port()}/v1", client))
        assert asked_for == []
        _, proxied = await heard(provider_at("https://provider.invalid/v1", client))
    assert asked_for == [b"CONNECT provider.invalid:443 HTTP/1.1\r\n"]
    assert not proxied.may_have_billed
    assert not direct.may_have_billed


async def test_the_environment_s_proxies_are_not_read(server: ProviderServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    async with open_client() as client:
        await ask(provider_at(server.base_url, client))


async def test_a_client_that_was_never_used_can_be_closed() -> None:
    async with open_client():
        pass
