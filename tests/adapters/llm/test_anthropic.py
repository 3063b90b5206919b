"""Anthropic's Messages over a real socket: good answers, nearly good ones, and failures of every kind."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import httpx
import pytest

from adapters.llm.anthropic import Anthropic
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
    TooLongForModel,
)
from core.prices import Usage
from tests import anthropic_behaviours as claude
from tests import provider_behaviours as does
from tests.adapters.llm.asking import KEY, ROWS, SteadyClock, a_call, a_model, ask, heard
from tests.provider_behaviours import Behaviour
from tests.provider_server import ProviderServer

ROW = ROWS["anthropic"]
CLAUDE = a_model(provider="anthropic", cap_field="max_tokens")
HALF = [claude.start(), *claude.block(0, [claude.text_delta("Half")])]


def claude_at(server: ProviderServer, client: httpx.AsyncClient, *, stream: bool = True) -> Anthropic:
    row = replace(ROW, quirks=replace(ROW.quirks, stream=stream))
    return Anthropic(row, client=client, clock=SteadyClock(), base_url=server.base_url, api_key=KEY)


@pytest.fixture
def provider(server: ProviderServer, client: httpx.AsyncClient) -> Anthropic:
    return claude_at(server, client)


@pytest.mark.parametrize("stream", [True, False], ids=["streaming", "whole"])
async def test_an_answer_comes_with_its_usage(stream: bool, server: ProviderServer, client: httpx.AsyncClient) -> None:
    usage = claude.counted(20, 9, cache_read_input_tokens=4, cache_creation_input_tokens=5, thinking_tokens=6)
    server.answer_with(claude.good(["A ", "dead", "lock"], usage=usage))
    answered = await ask(claude_at(server, client, stream=stream), a_call(model=CLAUDE, cap=77))
    assert answered.texts == (("A ", "dead", "lock") if stream else ("A deadlock",))
    assert answered.usage == Usage(20, 4, 5, 3, 6)
    [call] = server.calls
    assert call.path == "/v1/messages"
    assert call.headers["x-api-key"] == KEY
    assert call.headers["anthropic-version"] == "2023-06-01"
    assert "Authorization" not in call.headers
    assert (call.body["max_tokens"], call.body["stream"]) == (77, stream)


async def test_a_model_that_thinks_is_asked_to_keep_it_short(server: ProviderServer, provider: Anthropic) -> None:
    server.answer_with(claude.good())
    await ask(provider, a_call(model=replace(CLAUDE, reasoning=True)))
    assert server.calls[0].body["output_config"] == {"effort": "low"}


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (claude.good(usage=None), ("".join(does.PIECES), None, StopReason.END)),
        (claude.good(["Half"], stop="max_tokens"), ("Half", Usage(12, 0, 0, 8), StopReason.CAP)),
        (claude.good(["Half"], stop="refusal"), ("Half", Usage(12, 0, 0, 8), StopReason.DECLINED)),
        (claude.good([], stop="refusal"), ("", Usage(12, 0, 0, 8), StopReason.DECLINED)),
        (claude.good([]), ("", Usage(12, 0, 0, 8), StopReason.END)),
        (claude.streams([*HALF, claude.end()]), ("Half", Usage(12, 0, 0, 8), StopReason.END)),
    ],
)
async def test_what_is_true_is_passed_on_and_what_is_not_is_left_out(
    behaviour: Behaviour, expected: tuple[str, Usage | None, StopReason], server: ProviderServer, provider: Anthropic
) -> None:
    server.answer_with(behaviour)
    answered = await ask(provider)
    assert (answered.text, answered.usage, answered.reason) == expected


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (claude.status(400, "invalid_request_error"), ("", ProviderRejectedCall, False)),
        (claude.status(400, "invalid_request_error", "prompt is too long"), ("", TooLongForModel, False)),
        (claude.status(400, "invalid_request_error", "credit balance too low"), ("", ProviderOutOfFunds, False)),
        (claude.status(401, "authentication_error"), ("", ProviderRefusedKey, False)),
        (claude.status(402, "billing_error"), ("", ProviderOutOfFunds, False)),
        (claude.status(403, "permission_error"), ("", ProviderRefusedKey, False)),
        (claude.status(404, "not_found_error", "model: small-1"), ("", ModelGone, False)),
        (claude.status(404, "not_found_error"), ("", ProviderRejectedCall, False)),
        (claude.status(413, "request_too_large"), ("", TooLongForModel, False)),
        (claude.status(429, "rate_limit_error"), ("", ProviderBusy, False)),
        (claude.status(500, "api_error"), ("", ProviderBroken, True)),
        (claude.status(504, "timeout_error"), ("", ProviderBroken, True)),
        (claude.status(529, "overloaded_error"), ("", ProviderBusy, False)),
        (claude.streams([*HALF, claude.error_event("overloaded_error")]), ("Half", ProviderBusy, True)),
        (claude.streams([*HALF, claude.error_event("api_error")]), ("Half", ProviderBroken, True)),
        (claude.streams([*HALF, claude.error_event("kind of tomorrow")]), ("Half", ProviderBroken, True)),
        (claude.streams(HALF), ("Half", ProviderUnreachable, True)),
        (claude.streams([*HALF, {"no": "type"}]), ("Half", ProviderBroken, True)),
        (does.reset_after([]), ("", ProviderUnreachable, True)),
        (does.web_page(), ("", ProviderBroken, True)),
        (does.sends(b"{}", content_type="application/json"), ("", ProviderBroken, True)),
        (does.sends(b'{"type": "error"}', content_type="application/json"), ("", ProviderBroken, True)),
    ],
)
async def test_every_fault_is_a_failure_of_its_kind_with_a_sentence_for_members(
    behaviour: Behaviour, expected: tuple[str, type[ProviderFailed], bool], server: ProviderServer, provider: Anthropic
) -> None:
    server.answer_with(behaviour)
    before, error = await heard(provider, a_call(model=CLAUDE))
    assert (before, type(error), error.may_have_billed) == expected
    assert "Anthropic" in str(error) or "Small" in str(error)
    assert "secret" not in str(error)


async def test_a_question_that_is_too_long_is_told_so(server: ProviderServer, provider: Anthropic) -> None:
    server.answer_with(claude.status(400, "invalid_request_error", "prompt is too long: 3 tokens > 2 maximum"))
    _, error = await heard(provider)
    assert "too long for Small" in str(error)


async def test_closing_the_stream_hangs_up_on_the_provider(server: ProviderServer, provider: Anthropic) -> None:
    server.answer_with(does.endless_events(claude.event(claude.block(0, [claude.text_delta("and so on")])[1])))
    async with aclosing(provider.stream(a_call(model=CLAUDE))) as stream:
        assert isinstance(await anext(stream), Text)
    for _ in range(100):
        if server.hung_up:
            break
        await asyncio.sleep(0.01)
    assert server.hung_up == 1
