"""Every row of providers.toml over a real socket, as `connect` connects it: what is sent, read, and kept in.

A row without a player in tests/contracts/players.py fails here.
"""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio

from adapters.llm.catalogue import CatalogueFiles, load_catalogue
from adapters.llm.client import open_client
from adapters.llm.connect import connect
from adapters.llm.providers_file import ProviderRow
from adapters.llm.turns import with_added
from core.call import Call, Chunk, Message, Role, Stop, StopReason, Text, TextPart, UsageReport
from core.errors import ProviderBroken, ProviderRefusedKey
from core.ports import Provider
from core.prices import Usage
from tests.contracts.players import CAP, MODEL, PIECES, PLAYERS
from tests.end_to_end.wires.speakers import SPEAKERS, Said
from tests.fakes import FakeClock, a_model
from tests.provider_behaviours import sends, status
from tests.provider_server import ProviderServer, Received

ROWS = load_catalogue().providers
KEY = "key-of-the-team"
SYSTEM, QUESTION = "Be brief.", "what is a deadlock?"
pytestmark = pytest.mark.asyncio(loop_scope="module")
"""One client for all: making one takes longer than playing a row."""
every_row = pytest.mark.parametrize("name", list(ROWS))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[ProviderServer]:
    """A provider's server."""
    async with ProviderServer() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """The real one."""
    async with open_client() as opened:
        yield opened


async def connected(
    name: str, server: ProviderServer, client: httpx.AsyncClient, row: ProviderRow | None = None
) -> Provider:
    """The provider of a row (or of another in its place), at that server."""
    server.models = PLAYERS[name].models
    server.calls.clear()
    live = await connect(
        CatalogueFiles({**ROWS, name: row or ROWS[name]}, {}),
        keys={name: KEY} if PLAYERS[name].has_key else {},
        base_urls={name: server.base_url},
        client=client,
        clock=FakeClock(),
        practice=False,
    )
    assert set(live.providers) == {name}, live.notes
    return live.providers[name]


def a_call(name: str) -> Call:
    """A question for a model that thinks."""
    model = a_model(provider=name, wire_name=MODEL, cap_field=PLAYERS[name].wire.cap_field, reasoning=True)
    return Call(model, (Message(Role.SYSTEM, (TextPart(SYSTEM),)), Message(Role.USER, (TextPart(QUESTION),))), CAP)


async def heard(provider: Provider, call: Call) -> list[Chunk]:
    async with aclosing(provider.stream(call)) as chunks:
        return [chunk async for chunk in chunks]


async def test_every_row_has_a_player_and_every_player_a_row() -> None:
    assert set(PLAYERS) == set(ROWS)


@every_row
async def test_an_answer_is_read_as_the_provider_means_it(
    name: str, server: ProviderServer, client: httpx.AsyncClient
) -> None:
    provider, player = await connected(name, server, client), PLAYERS[name]
    server.answer_with(player.answer())
    *texts, report, stop = await heard(provider, a_call(name))
    assert [chunk.text for chunk in texts if isinstance(chunk, Text)] == list(PIECES)
    assert report == UsageReport(player.usage, player.reported_nanos)
    assert stop == Stop(StopReason.END)


@every_row
async def test_a_call_carries_what_the_provider_wants_where_it_wants_it(
    name: str, server: ProviderServer, client: httpx.AsyncClient
) -> None:
    provider, player = await connected(name, server, client), PLAYERS[name]
    server.answer_with(player.answer())
    await heard(provider, a_call(name))
    [call] = server.calls
    wire = player.wire
    assert (call.path, call.query) == (wire.path, wire.query)
    assert wire.model(call.body, call.path) == MODEL
    assert wire.cap(call.body) == CAP
    assert wire.system(call.body) == [SYSTEM]
    assert SYSTEM not in json.dumps(wire.question(call.body))
    assert QUESTION in json.dumps(wire.question(call.body))
    assert {field: call.body.get(field) for field in player.body} == player.body
    assert {header: call.headers.get(header) for header in player.headers} == player.headers
    assert not set(player.lacks) & set(call.body)
    assert with_added(call.body, ROWS[name].quirks.reasoning_body) == call.body


@every_row
async def test_the_key_stands_in_its_header_and_nowhere_else(
    name: str, server: ProviderServer, client: httpx.AsyncClient
) -> None:
    provider, player = await connected(name, server, client), PLAYERS[name]
    server.answer_with(player.answer())
    await heard(provider, a_call(name))
    [call] = server.calls
    assert _headers_with_the_key(call) == ({player.wire.key_header.casefold()} if player.has_key else set())
    assert KEY not in json.dumps([call.path, call.query, call.body])
    if player.has_key:
        assert call.headers[player.wire.key_header] == f"{player.wire.key_prefix}{KEY}"


def _headers_with_the_key(call: Received) -> set[str]:
    return {header.casefold() for header, value in call.headers.items() if KEY in value}


@every_row
async def test_a_refused_key_is_told_by_the_provider_s_name(
    name: str, server: ProviderServer, client: httpx.AsyncClient
) -> None:
    provider = await connected(name, server, client)
    server.answer_with(status(401))
    with pytest.raises(ProviderRefusedKey, match=ROWS[name].title) as refused:
        await heard(provider, a_call(name))
    assert KEY not in str(refused.value)


@every_row
async def test_a_redirect_is_not_followed(name: str, server: ProviderServer, client: httpx.AsyncClient) -> None:
    provider = await connected(name, server, client)
    server.answer_with(status(307, location="/v1/elsewhere"))
    with pytest.raises(ProviderBroken, match="redirects are not followed"):
        await heard(provider, a_call(name))
    assert len(server.calls) == 1


@every_row
async def test_an_answer_that_comes_whole_is_read_too(
    name: str, server: ProviderServer, client: httpx.AsyncClient
) -> None:
    speaker = next(speaker for speaker in SPEAKERS if ROWS[speaker.provider].wire == ROWS[name].wire)
    server.answer_with(sends(json.dumps(speaker.whole(Said())).encode(), content_type="application/json"))
    whole = replace(ROWS[name], quirks=replace(ROWS[name].quirks, stream=False))
    answer = await heard(await connected(name, server, client, whole), a_call(name))
    assert answer == [Text(Said().text), UsageReport(Usage(12, output_tokens=8)), Stop(StopReason.END)]
    assert server.calls[0].body.get("stream", False) is False
    assert "stream" not in server.calls[0].path
