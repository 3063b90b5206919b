"""Running one call to its end, whoever ends it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pytest

from core.asking.calling import CAP_SLACK_PERCENT, CallResult, EndedBy, run_call
from core.call import Call, Chunk, Stop, StopReason, Text, UsageReport
from core.errors import ProviderBroken, ProviderBusy, ProviderFailed, ProviderUnreachable
from core.ports import Provider, TokenCount, TokenCounter
from tests.core.asking.house import GOOD, QUESTION, USED, GatedProvider, planned, until
from tests.fakes import ByteCounter, NoVectors, ScriptedProvider, a_model

CAP = 100
END = (UsageReport(USED), Stop(StopReason.END))


class Endless(NoVectors):
    """Words without end, as far as a test is concerned."""

    def __init__(self, piece: str = "and so on ") -> None:
        self._piece = piece
        self.sent = self.closed = 0

    async def stream(self, call: Call) -> AsyncGenerator[Chunk, None]:
        del call
        try:
            for _ in range(10_000):
                self.sent += 1
                yield Text(self._piece)
            raise AssertionError("nobody closed it")
        finally:
            self.closed += 1


class LooseCounter:
    """A family nobody has the tokenizer of: between a quarter of the bytes and all of them."""

    async def count(self, text: str, tokenizer: str) -> TokenCount:
        del tokenizer
        return TokenCount(expected=len(text) // 4, at_most=len(text))


async def a_call(cap: int = CAP) -> Call:
    return (await planned(QUESTION, a_model(), cap)).call


async def run(
    provider: Provider,
    *,
    stop: asyncio.Event | None = None,
    seconds: float = 60,
    counter: TokenCounter | None = None,
    result: CallResult | None = None,
    cap: int = CAP,
) -> tuple[CallResult, list[str]]:
    """Run a call; what is known of it, and what its reader was given."""
    given: list[str] = []
    result = result or CallResult()
    await run_call(
        provider,
        await a_call(cap),
        result,
        counter=counter or ByteCounter(),
        on_text=given.append,
        stop=stop or asyncio.Event(),
        seconds_left=seconds,
    )
    assert "".join(given) == result.text  # what is charged for is what was shown
    return result, given


async def test_an_answer_is_text_usage_and_a_reason() -> None:
    provider = ScriptedProvider(GOOD)
    result, given = await run(provider)
    assert given == ["Two ", "wait."]
    assert (result.usage, result.stop_reason, result.ended_by, result.failure) == (
        USED,
        StopReason.END,
        EndedBy.PROVIDER,
        None,
    )
    assert provider.closed == 1


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ([ProviderBusy("busy")], ProviderBusy),
        ([Text("Half "), ProviderUnreachable("gone")], ProviderUnreachable),
        ([Text("Half ")], ProviderUnreachable),  # a clean end without a reason
        ([Text("Half "), UsageReport(USED)], ProviderUnreachable),
        ([OSError("no route")], ProviderBroken),
        ([Text("Half "), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no")], ProviderBroken),
    ],
)
async def test_a_failure_keeps_what_came_before(
    script: Sequence[Chunk | BaseException], kind: type[ProviderFailed]
) -> None:
    provider = ScriptedProvider(script)
    result, given = await run(provider)
    assert isinstance(result.failure, kind)
    assert given == [step.text for step in script if isinstance(step, Text)]
    assert provider.closed == 1


async def test_a_stop_ends_it_where_it_is() -> None:
    provider, stop = GatedProvider(), asyncio.Event()
    running = asyncio.create_task(run(provider, stop=stop))
    await until(lambda: provider.calls)
    stop.set()
    result, given = await running
    assert (given, result.ended_by, provider.closed) == (["First "], EndedBy.STOP, 1)


async def test_the_deadline_ends_it_where_it_is() -> None:
    provider = GatedProvider()
    result, given = await run(provider, seconds=0.02)
    assert (given, result.ended_by, provider.closed) == (["First "], EndedBy.DEADLINE, 1)


@pytest.mark.parametrize(("stopped", "seconds", "ended_by"), [(True, 60, "stop"), (False, 0, "deadline")])
async def test_who_was_stopped_or_late_before_the_call_never_calls(
    stopped: bool, seconds: float, ended_by: str
) -> None:
    provider, stop = ScriptedProvider(GOOD), asyncio.Event()
    if stopped:
        stop.set()
    result, _ = await run(provider, stop=stop, seconds=seconds)
    assert (provider.calls, result.sent, result.ended_by) == ([], False, ended_by)


async def test_a_cancelled_ask_closes_the_stream_and_keeps_what_came() -> None:
    provider, result = GatedProvider(), CallResult()
    running = asyncio.create_task(run(provider, result=result))
    await until(lambda: result.pieces)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (result.text, result.ended_by, provider.closed) == ("First ", EndedBy.STOP, 1)


async def test_a_defect_is_no_answer_and_is_not_hidden() -> None:
    provider, result = ScriptedProvider([Text("Half "), KeyError("a defect")]), CallResult()
    with pytest.raises(KeyError):
        await run(provider, result=result)
    assert isinstance(result.failure, ProviderBroken)
    assert (result.text, provider.closed) == ("Half ", 1)


@pytest.mark.parametrize("piece", ["and so on ", "x", "x" * 5_000])
async def test_who_ignores_the_cap_is_closed(piece: str) -> None:
    provider = Endless(piece)
    result, _ = await run(provider)
    assert (result.ended_by, provider.closed) == (EndedBy.CAP, 1)
    assert len(result.text) <= CAP * CAP_SLACK_PERCENT // 100 + len(piece)


async def test_who_ignores_the_cap_is_closed_even_where_tokens_can_only_be_guessed() -> None:
    provider = Endless()
    result, _ = await run(provider, counter=LooseCounter())
    assert (result.ended_by, provider.closed) == (EndedBy.CAP, 1)
    assert len(result.text) <= CAP * 4 * 3


@pytest.mark.parametrize(
    "pieces",
    [
        ["x" * CAP],  # all of it at once
        ["x"] * CAP,
        ["x" * (CAP - 1), "x"],
        ["x" * (CAP + CAP // 8)],  # our tokens, not the provider's
        [" " * CAP],
        ["é" * (CAP // 2)],
    ],
)
async def test_an_honest_answer_of_the_whole_cap_is_not_cut(pieces: list[str]) -> None:
    result, _ = await run(ScriptedProvider([*map(Text, pieces), *END]))
    assert (result.ended_by, result.text, result.usage) == (EndedBy.PROVIDER, "".join(pieces), USED)


async def test_an_answer_within_the_cap_is_never_counted() -> None:
    class Uncountable:
        async def count(self, text: str, tokenizer: str) -> TokenCount:
            raise AssertionError("a token has at least a byte, so this was not needed")

    result, _ = await run(ScriptedProvider([Text("x" * CAP), *END]), counter=Uncountable())
    assert result.ended_by is EndedBy.PROVIDER


async def test_a_long_answer_is_counted_a_few_times_only() -> None:
    counted: list[int] = []

    class Counting:
        async def count(self, text: str, tokenizer: str) -> TokenCount:
            counted.append(len(text))
            return TokenCount(len(text) // 4, len(text) // 4)

    pieces: list[Any] = [Text("abcd")] * 1_000
    result, _ = await run(ScriptedProvider([*pieces, *END]), counter=Counting(), cap=1_000)
    assert result.ended_by is EndedBy.PROVIDER
    assert len(counted) < 20


async def test_the_words_of_a_refusal_are_no_answer() -> None:
    result, given = await run(ScriptedProvider([Stop(StopReason.DECLINED, "I would rather not.")]))
    assert (given, result.refusal, result.text) == ([], "I would rather not.", "")
