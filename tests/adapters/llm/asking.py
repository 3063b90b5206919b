"""A model, a call and a clock for the tests of this folder, and one way to take an answer apart."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest

from adapters.llm.catalogue import load_catalogue
from adapters.llm.openai_compatible import OpenAICompatible
from adapters.llm.providers_file import ProviderRow
from core.call import Call, Message, Role, Stop, StopReason, Text, TextPart, UsageReport
from core.errors import ProviderFailed
from core.models import Model
from core.ports import Provider
from core.prices import Price, Usage

ROWS = load_catalogue().providers
KEY = "sk-secret"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class SteadyClock:
    """Time stands still and sleeping is over at once."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


def a_price(day: date = date(2026, 1, 1), usd: str = "1") -> Price:
    rate = Decimal(usd)
    return Price(*(rate,) * 5, effective_from=day, source="a test")


def a_model(
    *, provider: str = "openai", cap_field: str = "max_completion_tokens", reasoning: bool = False, title: str = "Small"
) -> Model:
    return Model(
        id="small",
        title=title,
        provider=provider,
        wire_name="small-1",
        context_window_tokens=10_000,
        max_output_tokens=1_000,
        cap_field=cap_field,
        tokenizer="bytes",
        tier=1,
        prices=(a_price(),),
        reasoning=reasoning,
    )


def a_call(question: str = "what is a deadlock?", *, model: Model | None = None, cap: int = 300) -> Call:
    messages = (
        Message(Role.SYSTEM, (TextPart("Be brief."),)),
        Message(Role.USER, (TextPart(question),)),
    )
    return Call(model or a_model(), messages, cap)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that came to its end."""

    texts: tuple[str, ...]
    usage: Usage | None
    reason: StopReason
    words: str = ""

    @property
    def text(self) -> str:
        return "".join(self.texts)


async def ask(provider: Provider, call: Call | None = None) -> Answered:
    """The whole answer; the order of its chunks is checked on the way."""
    async with aclosing(provider.stream(call or a_call())) as stream:
        chunks = [chunk async for chunk in stream]
    *spoken, report, stop = chunks
    texts = tuple(chunk.text for chunk in spoken if isinstance(chunk, Text))
    assert len(texts) == len(spoken)
    assert all(texts)
    assert isinstance(report, UsageReport)
    assert isinstance(stop, Stop)
    return Answered(texts, report.usage, stop.reason, stop.words)


def provider_at(
    base_url: str, client: httpx.AsyncClient, *, row: ProviderRow = ROWS["openai"], idle: float = 5.0
) -> OpenAICompatible:
    """A provider at that address, with a key that must never be seen again."""
    return OpenAICompatible(
        row, client=client, clock=SteadyClock(), base_url=base_url, api_key=KEY, read_idle_seconds=idle
    )


async def heard(provider: Provider, call: Call | None = None) -> tuple[str, ProviderFailed]:
    """The text that came before it failed, and the failure."""
    text = ""
    async with aclosing(provider.stream(call or a_call())) as stream:
        with pytest.raises(ProviderFailed) as caught:
            async for chunk in stream:
                assert isinstance(chunk, Text)
                text += chunk.text
    return text, caught.value
