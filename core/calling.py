"""Runs one call: feeds its text on as it comes, and ends it at the deadline, at a stop and past its output cap."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from enum import StrEnum

from core.call import Call, Stop, StopReason, Text, UsageReport
from core.errors import ProviderBroken, ProviderFailed, ProviderUnreachable
from core.ports import Provider, TokenCounter
from core.prices import Usage


class EndedBy(StrEnum):
    """Who ended a call."""

    PROVIDER = "provider"
    STOP = "stop"
    DEADLINE = "deadline"
    CAP = "cap"  # it ignored the cap, and we closed it


@dataclass(slots=True)
class CallResult:
    """What is known of a call so far; true at every moment, so that any ending can be settled from it."""

    pieces: list[str] = field(default_factory=list)
    usage: Usage | None = None
    stop_reason: StopReason | None = None
    failure: ProviderFailed | None = None
    ended_by: EndedBy = EndedBy.PROVIDER
    sent: bool = False
    """Whether the provider was called at all: from then on it may bill."""

    @property
    def text(self) -> str:
        """Everything that was delivered."""
        return "".join(self.pieces)


class CapWatch:
    """Tells when delivered text has passed the output cap, without counting every piece.

    A token is at least one byte, so as long as the bytes fit nothing is counted at all.
    """

    def __init__(self, call: Call, counter: TokenCounter) -> None:
        self._cap_tokens = call.output_cap_tokens
        self._tokenizer = call.model.tokenizer
        self._counter = counter
        self._counted_tokens = 0
        self._uncounted_bytes = 0

    async def passed(self, result: CallResult, piece: str) -> bool:
        """Whether all delivered text, `piece` included, is surely more than the cap."""
        self._uncounted_bytes += len(piece.encode("utf-8", "surrogatepass"))
        if self._counted_tokens + self._uncounted_bytes <= self._cap_tokens:
            return False
        count = await self._counter.count(result.text, self._tokenizer)
        # As far as our count may be too low it may be too high: never cut an answer on a guess.
        surely = count.expected - (count.at_most - count.expected)
        self._counted_tokens, self._uncounted_bytes = surely, 0
        return surely > self._cap_tokens


async def run_call(
    provider: Provider,
    call: Call,
    result: CallResult,
    *,
    counter: TokenCounter,
    on_text: Callable[[str], None],
    stop: asyncio.Event,
    seconds_left: float,
) -> None:
    """Run the call to one of its ends, writing into `result` as it goes. Provider failures end up there too."""
    reading = asyncio.create_task(_read(provider, call, result, counter, on_text))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({reading, stopping}, timeout=max(0.0, seconds_left), return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            result.ended_by = EndedBy.STOP if stop.is_set() else EndedBy.DEADLINE
    finally:
        stopping.cancel()
        reading.cancel()
        await asyncio.gather(stopping, reading, return_exceptions=True)
    if not reading.cancelled() and (defect := reading.exception()) is not None:
        raise defect


async def _read(
    provider: Provider, call: Call, result: CallResult, counter: TokenCounter, on_text: Callable[[str], None]
) -> None:
    watch = CapWatch(call, counter)
    result.sent = True
    try:
        async with aclosing(provider.stream(call)) as chunks:
            async for chunk in chunks:
                match chunk:
                    case Text(text):
                        result.pieces.append(text)
                        on_text(text)
                        if await watch.passed(result, text):
                            result.ended_by = EndedBy.CAP
                            return
                    case UsageReport(usage):
                        result.usage = usage
                    case Stop(reason):
                        result.stop_reason = reason
        if result.stop_reason is None:
            result.failure = ProviderUnreachable("The provider broke off in the middle.")
    except ProviderFailed as failure:
        result.failure = failure
    except (OSError, ValueError) as error:
        result.failure = ProviderBroken(f"The provider's answer could not be read ({type(error).__name__}).")
