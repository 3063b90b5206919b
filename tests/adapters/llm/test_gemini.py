"""Gemini's generateContent over a real socket: good answers, nearly good ones, and failures of every kind."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import httpx
import pytest

from adapters.llm.gemini import Gemini
from core.call import StopReason, Text
from core.errors import (
    ModelGone,
    ProviderBroken,
    ProviderBusy,
    ProviderFailed,
    ProviderOutOfFunds,
    ProviderRefusedKey,
    ProviderRejectedCall,
    ProviderUnreachable,
)
from core.prices import Usage
from tests import gemini_behaviours as gemini
from tests import provider_behaviours as does
from tests.adapters.llm.asking import KEY, ROWS, SteadyClock, a_call, a_model, ask, heard
from tests.provider_behaviours import Behaviour
from tests.provider_server import ProviderServer

ROW = ROWS["gemini"]
MODEL = a_model(provider="gemini", cap_field="maxOutputTokens")
HALF = [gemini.chunk(gemini.text_parts("Half"), None, gemini.counted(12, 1))]


def gemini_at(server: ProviderServer, client: httpx.AsyncClient, *, stream: bool = True) -> Gemini:
    row = replace(ROW, quirks=replace(ROW.quirks, stream=stream))
    return Gemini(row, client=client, clock=SteadyClock(), base_url=server.base_url, api_key=KEY)


@pytest.fixture
def provider(server: ProviderServer, client: httpx.AsyncClient) -> Gemini:
    return gemini_at(server, client)


@pytest.mark.parametrize("stream", [True, False], ids=["streaming", "whole"])
async def test_an_answer_comes_with_its_usage(stream: bool, server: ProviderServer, client: httpx.AsyncClient) -> None:
    usage = gemini.counted(20, 3, cachedContentTokenCount=4, thoughtsTokenCount=6)
    server.answer_with(gemini.good(["A ", "dead", "lock"], usage=usage))
    answered = await ask(gemini_at(server, client, stream=stream), a_call(model=MODEL, cap=77))
    assert answered.texts == (("A ", "dead", "lock") if stream else ("A deadlock",))
    assert answered.usage == Usage(16, 4, 0, 3, 6)
    [call] = server.calls
    assert call.path == f"/v1/models/small-1:{'streamGenerateContent' if stream else 'generateContent'}"
    assert call.query == ({"alt": "sse"} if stream else {})
    assert call.headers["x-goog-api-key"] == KEY
    assert "Authorization" not in call.headers
    assert call.body["generationConfig"] == {"maxOutputTokens": 77}


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (gemini.good(usage=None), ("".join(does.PIECES), None, StopReason.END)),
        (gemini.good(["Half"], finish="MAX_TOKENS"), ("Half", Usage(12, 0, 0, 8), StopReason.CAP)),
        (gemini.good(["Half"], finish="SAFETY"), ("Half", Usage(12, 0, 0, 8), StopReason.DECLINED)),
        (gemini.good([], finish="RECITATION"), ("", Usage(12, 0, 0, 8), StopReason.DECLINED)),
        (gemini.streams([gemini.blocked(usage={"promptTokenCount": 12})]), ("", Usage(12), StopReason.DECLINED)),
        (gemini.good([], usage={"promptTokenCount": 12}), ("", Usage(12), StopReason.END)),
    ],
)
async def test_what_is_true_is_passed_on_and_what_is_not_is_left_out(
    behaviour: Behaviour, expected: tuple[str, Usage | None, StopReason], server: ProviderServer, provider: Gemini
) -> None:
    server.answer_with(behaviour)
    answered = await ask(provider)
    assert (answered.text, answered.usage, answered.reason) == expected


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (gemini.status(400, "INVALID_ARGUMENT"), ("", ProviderRejectedCall, False)),
        (gemini.status(400, "INVALID_ARGUMENT", reason="API_KEY_INVALID"), ("", ProviderRefusedKey, False)),
        (gemini.status(400, "FAILED_PRECONDITION"), ("", ProviderOutOfFunds, False)),
        (gemini.status(401, "UNAUTHENTICATED"), ("", ProviderRefusedKey, False)),
        (gemini.status(403, "PERMISSION_DENIED"), ("", ProviderRefusedKey, False)),
        (gemini.status(404, "NOT_FOUND", "models/small-1 is not found"), ("", ModelGone, False)),
        (gemini.status(404, "NOT_FOUND"), ("", ProviderRejectedCall, False)),
        (gemini.status(429, "RESOURCE_EXHAUSTED"), ("", ProviderBusy, False)),
        (gemini.status(500, "INTERNAL"), ("", ProviderBroken, True)),
        (gemini.status(503, "UNAVAILABLE"), ("", ProviderBusy, False)),
        (gemini.status(504, "DEADLINE_EXCEEDED"), ("", ProviderBroken, True)),
        (gemini.streams([*HALF, gemini.error(503, "UNAVAILABLE")]), ("Half", ProviderBusy, True)),
        (gemini.streams([*HALF, gemini.error(500, "INTERNAL")]), ("Half", ProviderBroken, True)),
        (gemini.streams(HALF), ("Half", ProviderUnreachable, True)),
        (gemini.streams([*HALF, {"candidates": "none"}]), ("Half", ProviderBroken, True)),
        (does.reset_after([]), ("", ProviderUnreachable, True)),
        (does.web_page(), ("", ProviderBroken, True)),
        (does.sends(b"{}", content_type="application/json"), ("", ProviderBroken, True)),
    ],
)
async def test_every_fault_is_a_failure_of_its_kind_with_a_sentence_for_members(
    behaviour: Behaviour, expected: tuple[str, type[ProviderFailed], bool], server: ProviderServer, provider: Gemini
) -> None:
    server.answer_with(behaviour)
    before, error = await heard(provider, a_call(model=MODEL))
    assert (before, type(error), error.may_have_billed) == expected
    assert "Google Gemini" in str(error) or "Small" in str(error)
    assert "secret" not in str(error)


@pytest.mark.parametrize(("delay", "seconds"), [("37.2s", 38), ("999999999s", 3600)])
async def test_how_long_to_wait_stands_in_the_body(
    delay: str, seconds: int, server: ProviderServer, provider: Gemini
) -> None:
    server.answer_with(gemini.status(429, "RESOURCE_EXHAUSTED", retryDelay=delay))
    _, error = await heard(provider)
    assert error.retry_after_seconds == seconds


async def test_closing_the_stream_hangs_up_on_the_provider(server: ProviderServer, provider: Gemini) -> None:
    server.answer_with(does.endless_events(gemini.event(HALF[0])))
    async with aclosing(provider.stream(a_call(model=MODEL))) as stream:
        assert isinstance(await anext(stream), Text)
    for _ in range(100):
        if server.hung_up:
            break
        await asyncio.sleep(0.01)
    assert server.hung_up == 1
