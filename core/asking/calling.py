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

CAP_SLACK_PERCENT = 125
"""A stream is closed this far past its cap: our tokens are not quite those of the provider, who counts for himself."""


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
    reported_nanos: int | None = None
    """What the provider says it takes for the call, where it says so."""
    stop_reason: StopReason | None = None
    failure: ProviderFailed | None = None
    ended_by: EndedBy = EndedBy.PROVIDER
    refusal: str = ""
    """What the model said when it declined: shown, but no answer, so never charged for."""
    sent: bool = False
    """Whether the provider was called at all: from then on it may bill."""

    @property
    def text(self) -> str:
        """Everything that was delivered."""
        return "".join(self.pieces)

    @property
    def answered(self) -> bool:
        """Whether there is anything to read in it: white space is no answer, and is not charged."""
        return bool(self.text.strip())


class CapWatch:
    """Tells when delivered text has passed the output cap, without counting every piece.

    A token is at least one byte, so as long as the bytes fit nothing is counted at all.
    """

    def __init__(self, call: Call, counter: TokenCounter) -> None:
        self._at_most_tokens = call.output_cap_tokens * CAP_SLACK_PERCENT // 100
        self._tokenizer = call.model.tokenizer
        self._counter = counter
        self._counted_tokens = 0
        self._uncounted_bytes = 0

    async def passed(self, result: CallResult, piece: str) -> bool:
        """Whether all delivered text, `piece` included, is surely more than the cap."""
        self._uncounted_bytes += len(piece.encode("utf-8", "surrogatepass"))
        if self._counted_tokens + self._uncounted_bytes <= self._at_most_tokens:
            return False
        count = await self._counter.count(result.text, self._tokenizer)
        # As far as our count may be too low it may be too high, though never by half: do not cut on a guess.
        surely = max(2 * count.expected - count.at_most, count.expected // 2)
        self._counted_tokens, self._uncounted_bytes = surely, 0
        return surely > self._at_most_tokens


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
    """Run the call to one of its ends, writing into `result` as it goes. Provider failures end up there too.

    An ask that was stopped before, or has no time left, is not sent at all.
    """
    if stop.is_set() or seconds_left <= 0:
        result.ended_by = EndedBy.STOP if stop.is_set() else EndedBy.DEADLINE
        return
    reading = asyncio.create_task(_read(provider, call, result, counter, on_text))
    stopping = asyncio.create_task(stop.wait())
    timed_out = False
    try:
        done, _ = await asyncio.wait({reading, stopping}, timeout=seconds_left, return_when=asyncio.FIRST_COMPLETED)
        timed_out = not done
    finally:
        if not reading.done():
            result.ended_by = EndedBy.DEADLINE if timed_out else EndedBy.STOP
        stopping.cancel()
        reading.cancel()
        await asyncio.gather(stopping, reading, return_exceptions=True)
    if not reading.cancelled() and (defect := reading.exception()) is not None:
        result.failure = ProviderBroken("Something went wrong inside Chipin while it read the answer.")
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
                    case UsageReport(usage, reported_nanos):
                        result.usage, result.reported_nanos = usage, reported_nanos
                    case Stop(reason, words):
                        result.stop_reason, result.refusal = reason, words
        if result.stop_reason is None:
            result.failure = ProviderUnreachable("The provider broke off in the middle.")
    except ProviderFailed as failure:
        result.failure = failure
    except (OSError, ValueError) as error:
        result.failure = ProviderBroken(f"The provider's answer could not be read ({type(error).__name__}).")
