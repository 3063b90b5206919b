"""Recalling: which of the messages that did not fit matter for the question. A priced step before the answer.

An embedding model turns the question and the messages into vectors; the nearest messages are sent along after all.
It is held for with the answer, under one hold, and has a line of its own on the receipt.
"""

import asyncio
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.call import Embedded, EmbeddingCall, Message, Role, TextPart
from core.errors import ProviderFailed
from core.estimate import PlannedCall
from core.first_of import first_of
from core.models import Model
from core.ports import Clock, Provider, TokenCounter
from core.prices import Price, Usage, cost, worst_cost
from core.prompt import FRAMING_TOKENS_PER_MESSAGE, whole
from core.receipt import PricedLine

STEP = "recall"
"""Its name on the receipt."""
RECALL_TOKENS = 1_000
"""The most that recalled messages add to the input: a quarter of what the newest ones may take."""
MAX_RECALLED_FROM = 64
"""Of the messages that did not fit, so many of the newest are looked through."""
PATIENCE_SECONDS = 10.0
"""An embedding model answers in well under a second; the question does not wait for a dead one."""
ANSWERED_EARLIER = "You answered earlier: "
MAX_MESSAGE_CHARS = 4_000
"""Longer ones are not looked through: embedding models read about 8,000 tokens."""


@dataclass(frozen=True, slots=True)
class PlannedRecall:
    """The call of an embedding model, with its price. `messages` are those it chooses among, oldest first."""

    call: EmbeddingCall
    price: Price
    input_expected_tokens: int
    input_at_most_tokens: int
    messages: tuple[Message, ...]

    @property
    def at_most_nanos(self) -> int:
        """The most this step costs."""
        return worst_cost(self.price, input_at_most_tokens=self.input_at_most_tokens, output_cap_tokens=0)


async def plan_recall(
    question: str, left_out: Sequence[Message], embedder: Model, counter: TokenCounter, today: date
) -> PlannedRecall | None:
    """The step for these messages; None where there is nothing to choose among, or no price."""
    price = embedder.price_on(today)
    among = [message for message in left_out if message.text.strip() and len(message.text) <= MAX_MESSAGE_CHARS]
    if price is None or not among or not question.strip() or len(question) > MAX_MESSAGE_CHARS:
        return None
    messages = tuple(_to_send(message) for message in among[-MAX_RECALLED_FROM:])
    texts = tuple(whole(text) for text in (question, *(message.text for message in among[-MAX_RECALLED_FROM:])))
    counts = [await counter.count(text, embedder.tokenizer) for text in texts]
    expected, at_most = sum(count.expected for count in counts), sum(count.at_most for count in counts)
    return PlannedRecall(EmbeddingCall(embedder, texts), price, expected, at_most, messages)


def _to_send(message: Message) -> Message:
    """Its words only: a picture was not counted, and not every model of the plan can look at it.

    An answer is quoted to its model: some wires leave out one that stands before every question.
    """
    label = ANSWERED_EARLIER if message.role is Role.ASSISTANT else ""
    return Message(Role.USER, (TextPart(f"{label}{whole(message.text)}"),))


async def recall(
    provider: Provider,
    planned: PlannedRecall,
    counter: TokenCounter,
    tokenizers: Collection[str],
    *,
    clock: Clock,
    seconds_left: float,
    stop: asyncio.Event,
) -> tuple[tuple[Message, ...], tuple[PricedLine, ...]]:
    """The messages nearest to the question that fit `RECALL_TOKENS` of all `tokenizers`, oldest first; the line for it.

    Without the embedding model the question is answered all the same, and this step is the operator's if it billed.
    """
    if stop.is_set() or seconds_left <= 0:
        return (), ()
    looking = asyncio.ensure_future(provider.embed(planned.call))
    try:
        await first_of(asyncio.wait({looking}), stop.wait(), clock.sleep(min(PATIENCE_SECONDS, seconds_left)))
    finally:
        looking.cancel()
        [embedded] = await asyncio.gather(looking, return_exceptions=True)
    if isinstance(embedded, ProviderFailed):
        return (), (unheard(planned),) if embedded.may_have_billed else ()
    if isinstance(embedded, asyncio.CancelledError | OSError | ValueError):
        return (), (unheard(planned),)
    if isinstance(embedded, BaseException):
        raise embedded
    chosen = await _nearest_that_fit(planned.messages, embedded, counter, tokenizers)
    return chosen, (_line(planned, embedded, charged=True),)


async def _nearest_that_fit(
    messages: Sequence[Message], embedded: Embedded, counter: TokenCounter, tokenizers: Collection[str]
) -> tuple[Message, ...]:
    asked, *vectors = embedded.vectors
    by_nearness = sorted(range(len(vectors)), key=lambda number: _nearness(asked, vectors[number]), reverse=True)
    left_tokens, chosen = RECALL_TOKENS, []
    for number in by_nearness:
        counts = [(await counter.count(messages[number].text, tokenizer)).at_most for tokenizer in tokenizers]
        tokens = max(counts) + FRAMING_TOKENS_PER_MESSAGE
        if tokens <= left_tokens:
            left_tokens -= tokens
            chosen.append(number)
    return tuple(messages[number] for number in sorted(chosen))


def with_recalled(planned: PlannedCall, recalled: Sequence[Message]) -> PlannedCall:
    """The call with these messages before the others of the conversation: its price had room for them."""
    system, *others = planned.call.messages
    call = replace(planned.call, messages=(system, *recalled, *others))
    return replace(planned, call=call, before_nanos=0)


def unheard(planned: PlannedRecall) -> PricedLine:
    """The line for a call that was sent and never answered: our own count, and the operator's to pay."""
    return _line(planned, None, charged=False)


def _line(planned: PlannedRecall, embedded: Embedded | None, *, charged: bool) -> PricedLine:
    counted = embedded.usage if embedded is not None else None
    if counted is not None and counted.all_input_tokens > planned.input_at_most_tokens:
        counted = None  # cannot be true
    usage = counted or Usage(planned.input_expected_tokens)
    cost_nanos, model = cost(usage, planned.price), planned.call.model
    return PricedLine(
        provider=model.provider,
        model=model.id,
        usage=usage,
        cost_nanos=cost_nanos,
        charged_nanos=cost_nanos if charged else 0,
        estimated=counted is None,
        step=STEP,
    )


def _nearness(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine of the angle between two vectors; 0 for one without a direction."""
    length = math.hypot(*one) * math.hypot(*other)
    return sum(a * b for a, b in zip(one, other, strict=True)) / length if length else 0.0
