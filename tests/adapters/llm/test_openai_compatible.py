"""Chat completions over a real socket: what comes of good answers, and of those that are nearly good."""

import asyncio
import json
from contextlib import aclosing
from dataclasses import replace

import httpx
import pytest
from aiohttp import web

from adapters.llm.openai_compatible import OpenAICompatible
from adapters.llm.providers_file import Quirks
from core.call import StopReason, Text
from core.ports import Provider
from core.prices import Usage
from tests import provider_behaviours as does
from tests.adapters.llm.asking import ROWS, SteadyClock, a_call, a_model, ask, provider_at
from tests.provider_behaviours import Behaviour, counted, delta
from tests.provider_server import ProviderServer


async def test_the_answer_comes_in_the_server_s_own_pieces(server: ProviderServer, provider: Provider) -> None:
    server.answer_with(does.good(["A ", "dead", "lock"], usage=counted(20, 3)))
    answered = await ask(provider)
    assert answered.texts == ("A ", "dead", "lock")
    assert answered.usage == Usage(input_tokens=20, output_tokens=3)
    assert answered.reason is StopReason.END


async def test_a_server_without_a_key_gets_none(server: ProviderServer, client: httpx.AsyncClient) -> None:
    await ask(OpenAICompatible(ROWS["ollama"], client=client, clock=SteadyClock(), base_url=server.base_url))
    assert "Authorization" not in server.calls[0].headers


async def test_the_first_words_are_there_before_the_last_are_sent(server: ProviderServer, provider: Provider) -> None:
    opened = asyncio.Event()
    server.answer_with(does.gate(opened, ["First. "], ["Last."]))
    texts = []
    async with aclosing(provider.stream(a_call())) as stream:
        async for chunk in stream:
            if isinstance(chunk, Text):
                texts.append((chunk.text, opened.is_set()))
                opened.set()
    assert texts == [("First. ", False), ("Last.", True)]


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (does.good(usage=None), ("".join(does.PIECES), None, StopReason.END)),
        (does.good(usage=counted(0, 0)), ("".join(does.PIECES), Usage(), StopReason.END)),
        (does.good(usage=counted(12, 10**12)), ("".join(does.PIECES), Usage(12, 0, 0, 10**12), StopReason.END)),
        (does.good(usage=counted(12, -1)), ("".join(does.PIECES), None, StopReason.END)),
        (does.good(usage=counted(12, 8.5)), ("".join(does.PIECES), None, StopReason.END)),
        (does.good(usage=counted("12", "8")), ("".join(does.PIECES), None, StopReason.END)),
        (does.good(["Half"], finish="length"), ("Half", Usage(12, 0, 0, 8), StopReason.CAP)),
        (does.good(["Half"], finish=None), ("Half", Usage(12, 0, 0, 8), StopReason.END)),
        (does.empty_answer(), ("", Usage(12), StopReason.END)),
        (does.bills_the_cap(["Few"]), ("Few", Usage(12, 0, 0, 300), StopReason.END)),
        (does.content_filtered(), ("", Usage(12, 0, 0, 8), StopReason.DECLINED)),
        (does.content_filtered(["Half"]), ("Half", Usage(12, 0, 0, 8), StopReason.DECLINED)),
        (does.error_inside({"code": "content_filter"}), ("", None, StopReason.DECLINED)),
        (does.status(400, error={"code": "content_policy_violation"}), ("", None, StopReason.DECLINED)),
        (does.status(403, error={"code": 403, "metadata": {"reasons": ["x"]}}), ("", None, StopReason.DECLINED)),
        (does.never_streams("All of it", usage=counted(5, 3)), ("All of it", Usage(5, 0, 0, 3), StopReason.END)),
        (does.streams([delta("True")], done=True, content_type="text/plain"), ("True", None, StopReason.END)),
        (does.streams([delta("True")], done=True, content_type="application/json"), ("True", None, StopReason.END)),
        (does.sends(b" \n", json.dumps(does.whole("True", None, "stop")).encode()), ("True", None, StopReason.END)),
        (does.streams([does.choice({"content": "Done"}, "stop")]), ("Done", None, StopReason.END)),
        (does.sends(b": wait\r\n\r\ndata: " + json.dumps(delta("x")).encode() + b"\r\n\r\ndata: [DONE]\r\n\r\n"),
         ("x", None, StopReason.END)),
    ],
)  # fmt: skip
async def test_what_is_true_is_passed_on_and_what_is_not_is_left_out(
    behaviour: Behaviour, expected: tuple[str, Usage | None, StopReason], server: ProviderServer, provider: Provider
) -> None:
    server.answer_with(behaviour)
    answered = await ask(provider)
    assert (answered.text, answered.usage, answered.reason) == expected


async def test_a_refusal_is_told_but_is_no_answer(server: ProviderServer, provider: Provider) -> None:
    server.answer_with(does.refusal("I cannot help with that."))
    answered = await ask(provider)
    assert (answered.texts, answered.reason) == ((), StopReason.DECLINED)
    assert answered.words == "I cannot help with that."


async def test_a_reset_after_the_end_takes_nothing_from_the_answer(server: ProviderServer, provider: Provider) -> None:
    async def finished_then_reset(request: web.Request, _: does.Body) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: " + json.dumps(does.choice({"content": "All"}, "stop")).encode() + b"\n\n")
        await asyncio.sleep(0.02)
        assert request.transport is not None
        request.transport.abort()
        return response

    server.answer_with(finished_then_reset)
    answered = await ask(provider)
    assert (answered.text, answered.reason) == ("All", StopReason.END)


async def test_closing_the_stream_hangs_up_on_the_provider(server: ProviderServer, provider: Provider) -> None:
    server.answer_with(does.endless())
    async with aclosing(provider.stream(a_call())) as stream:
        assert isinstance(await anext(stream), Text)
    for _ in range(100):
        if server.hung_up:
            break
        await asyncio.sleep(0.01)
    assert server.hung_up == 1


async def test_a_deadline_ends_a_drip_that_would_never_end(server: ProviderServer, provider: Provider) -> None:
    server.answer_with(does.drip(seconds=0.05))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3), aclosing(provider.stream(a_call())) as stream:
            async for _ in stream:
                pass
    for _ in range(100):
        if server.hung_up:
            break
        await asyncio.sleep(0.01)
    assert server.hung_up == 1


async def test_fifty_questions_at_once_share_one_client(server: ProviderServer, provider: Provider) -> None:
    answers = await asyncio.gather(*(ask(provider) for _ in range(50)))
    assert {answered.text for answered in answers} == {"".join(does.PIECES)}
    assert len(server.calls) == 50


async def test_a_model_that_reasons_is_asked_to_keep_it_short(
    server: ProviderServer, client: httpx.AsyncClient
) -> None:
    for name in ("openai", "openrouter", "litellm"):
        await ask(provider_at(server.base_url, client, row=ROWS[name]), a_call(model=a_model(reasoning=True)))
    bodies = [call.body for call in server.calls]
    assert bodies[0]["reasoning_effort"] == "low"
    assert bodies[1]["reasoning"] == {"effort": "low"}
    assert not {"reasoning", "reasoning_effort"} & set(bodies[2])


async def test_usage_beside_the_input_is_a_quirk_of_the_row(server: ProviderServer, client: httpx.AsyncClient) -> None:
    row = replace(ROWS["openai"], quirks=Quirks(cached_beside_input=True))
    server.answer_with(does.good(usage=counted(100, 5, cached_tokens=900)))
    answered = await ask(provider_at(server.base_url, client, row=row))
    assert answered.usage == Usage(100, 900, 0, 5, 0)
