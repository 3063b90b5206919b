"""What goes wrong between us and a provider, over a real socket: each fault is a failure of its kind."""

import asyncio
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.llm import http_stream
from adapters.llm.failures import MAX_RETRY_AFTER_SECONDS, Asked, failure_of_status, retry_after
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
from core.ports import Provider
from tests import provider_behaviours as does
from tests.adapters.llm.asking import KEY, NOW, heard, provider_at
from tests.provider_behaviours import Behaviour
from tests.provider_server import ProviderServer, closed_port

OLLAMA_HAS_IT_NOT = {"message": 'model "x" not found, try pulling it first', "type": "api_error", "code": None}
DEEPSEEK_HAS_IT_NOT = {"message": "Model Not Exist", "type": "invalid_request_error", "code": "invalid_request_error"}
NONE_THAT_MAY = {"code": 404, "message": "No endpoints available matching your guardrail restrictions and data policy."}


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (does.status(301, location="http://127.0.0.1:9/v1"), ("", ProviderBroken, False)),
        (does.status(400), ("", ProviderRejectedCall, False)),
        (does.status(401), ("", ProviderRefusedKey, False)),
        (does.status(402), ("", ProviderOutOfFunds, False)),
        (does.status(403), ("", ProviderRefusedKey, False)),
        (does.status(404), ("", ModelGone, False)),
        (does.status(404, error={"code": "model_not_found"}), ("", ModelGone, False)),
        (does.status(400, error={"type": "invalid_model"}), ("", ModelGone, False)),
        (does.status(404, error=OLLAMA_HAS_IT_NOT), ("", ModelGone, False)),
        (does.status(404, error={"code": 404, "message": "No endpoints found for a/b."}), ("", ModelGone, False)),
        (does.status(400, error={"code": 400, "message": "a/b is not a valid model ID"}), ("", ModelGone, False)),
        (does.status(400, error=DEEPSEEK_HAS_IT_NOT), ("", ModelGone, False)),
        (does.status(404, error="The model a does not exist or your team has no access"), ("", ModelGone, False)),
        (does.status(404, error=NONE_THAT_MAY), ("", ProviderRejectedCall, False)),
        (does.status(404, error="nothing here"), ("", ProviderRejectedCall, False)),
        (does.error_inside({"code": "model_not_found"}), ("", ModelGone, True)),
        (does.status(400, error={"code": "context_length_exceeded"}), ("", TooLongForModel, False)),
        (does.status(422), ("", ProviderRejectedCall, False)),
        (does.status(429), ("", ProviderBusy, False)),
        (does.status(429, error={"code": "insufficient_quota"}), ("", ProviderOutOfFunds, False)),
        (does.status(500), ("", ProviderBroken, True)),
        (does.status(502), ("", ProviderBroken, True)),
        (does.status(503), ("", ProviderBusy, False)),
        (does.status(529), ("", ProviderBusy, False)),
        (does.reset_after([]), ("", ProviderUnreachable, True)),
        (does.reset_after(["Half of "]), ("Half of ", ProviderUnreachable, True)),
        (does.breaks_off_after(["Half of "]), ("Half of ", ProviderUnreachable, True)),
        (does.breaks_off_after([]), ("", ProviderUnreachable, True)),
        (does.error_inside({"code": 429}, ["Half"]), ("Half", ProviderBusy, True)),
        (does.error_inside({"code": "server_error"}), ("", ProviderBroken, True)),
        (does.error_inside("it broke", ["Half"]), ("Half", ProviderBroken, True)),
        (does.good(["Half"], finish="error"), ("Half", ProviderBroken, True)),
        (does.malformed_json(["Half"]), ("Half", ProviderBroken, True)),
        (does.streams([{"choices": "none"}]), ("", ProviderBroken, True)),
        (does.sends(b'data: {"choices": [], "usage": {"prompt_tokens": nan}}\n\n'), ("", ProviderBroken, True)),
        (does.invalid_utf8(), ("", ProviderBroken, True)),
        (does.web_page(), ("", ProviderBroken, True)),
        (does.sends(b"{}[]", content_type="application/json"), ("", ProviderBroken, True)),
    ],
)
async def test_every_fault_is_a_failure_of_its_kind_with_a_sentence_for_members(
    behaviour: Behaviour, expected: tuple[str, type[ProviderFailed], bool], server: ProviderServer, provider: Provider
) -> None:
    server.answer_with(behaviour)
    before, error = await heard(provider)
    assert (before, type(error), error.may_have_billed) == expected
    sentence = str(error)
    assert "OpenAI" in sentence or "Small" in sentence
    assert sentence.endswith(".")
    assert KEY not in sentence
    assert "Incorrect" not in sentence


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("99999", 3600),
        (format_datetime(NOW + timedelta(seconds=90)), 90),
        (format_datetime(NOW - timedelta(days=1)), 0),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("Wed, 99 Foo 2026", None),
        (None, None),
    ],
)
async def test_a_busy_provider_may_say_for_how_long(
    header: str | None, seconds: int | None, server: ProviderServer, provider: Provider
) -> None:
    server.answer_with(does.status(429, retry_after=header))
    _, error = await heard(provider)
    assert isinstance(error, ProviderBusy)
    assert error.retry_after_seconds == seconds


async def test_nobody_listening_was_never_billed(client: httpx.AsyncClient) -> None:
    _, error = await heard(provider_at(f"http://127.0.0.1:{closed_port()}/v1", client))
    assert isinstance(error, ProviderUnreachable)
    assert not error.may_have_billed


async def test_bytes_that_are_no_http_are_a_failure_too(client: httpx.AsyncClient) -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n\r\n")
        await writer.drain()
        writer.close()

    mail = await asyncio.start_server(babble, "127.0.0.1", 0)
    async with mail:
        port = mail.sockets[0].getsockname()[1]
        _, error = await heard(provider_at(f"http://127.0.0.1:{port}/v1", client))
    assert error.may_have_billed


async def test_a_silent_provider_is_given_up_after_its_idle_time(
    server: ProviderServer, client: httpx.AsyncClient
) -> None:
    server.answer_with(does.silence())
    _, error = await heard(provider_at(server.base_url, client, idle=0.1))
    assert isinstance(error, ProviderUnreachable)
    assert error.may_have_billed


async def test_more_than_any_answer_is_cut_off(
    server: ProviderServer, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_stream, "MAX_ANSWER_BYTES", 100_000)
    server.answer_with(does.endless())
    async with asyncio.timeout(20):
        text, error = await heard(provider)
    assert isinstance(error, ProviderBroken)
    assert 0 < len(text) < 100_000


def test_a_404_that_says_nothing_of_a_model_takes_none_out() -> None:
    """A wrong base URL answers so for every model of the provider."""
    error = failure_of_status(Asked("OpenAI", "Small"), 404)
    assert type(error) is ProviderRejectedCall
    assert "base URL" in str(error)


@given(st.integers(min_value=201, max_value=999), st.text(max_size=30))
def test_every_status_and_code_has_a_sentence(status: int, code: str) -> None:
    error = failure_of_status(Asked("OpenAI", "Small"), status, code=code)
    assert str(error).endswith(".")


@given(st.text())
def test_a_retry_after_header_of_any_kind_is_a_bounded_wait_or_none(header: str) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER_SECONDS
