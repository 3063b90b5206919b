"""Of a conversation that is too long, what matters for the question is found and sent along, as a priced step."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from core.call import Embedded, EmbeddingCall, ImagePart, Message, Role, TextPart
from core.errors import ProviderBroken, ProviderUnreachable
from core.events import Started
from core.prices import Usage, cost
from core.routing.rules import Rules
from core.rows import HoldRow, LineRow
from tests.core.asking.companies import DOWN, USED, Company, TimedDesk, a_desk_with, saying
from tests.core.asking.house import SETTINGS, finished, until
from tests.fakes import FixedCatalogue, NoVectors, a_model, a_price
from tests.memory_reports import open_holds

PRICE = a_price(
    input_usd=Decimal("0.02"),
    cache_read_usd=Decimal("0.02"),
    cache_write_usd=Decimal("0.02"),
    output_usd=Decimal(0),
    reasoning_usd=Decimal(0),
)
EMBEDDER = a_model(id="nearby-1", title="Nearby", provider="nearby", embeds=True, prices=(PRICE,))
COUNTED = Usage(input_tokens=40)
QUESTION = "Which port does the billing database listen on?"
HARD = "Explain step by step how our team should find out which port the billing database listens on, and why, please."
ALONG = Rules(recall="nearby-1", num_retries=0)


@dataclass
class Nearby(NoVectors):
    """An embedding company: a text about ports points one way, every other one the other way."""

    usage: Usage | None = COUNTED
    fails: Exception | None = None
    hangs: bool = False
    calls: list[EmbeddingCall] = field(default_factory=list)

    async def embed(self, call: EmbeddingCall) -> Embedded:
        """A vector for each text."""
        self.calls.append(call)
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails is not None:
            raise self.fails
        vectors = tuple((1.0, 0.1) if "port" in text else (0.0, 1.0) for text in call.texts)
        return Embedded(vectors, self.usage)


def said(*texts: str) -> tuple[Message, ...]:
    """A conversation that a person began."""
    return tuple(
        Message(Role.ASSISTANT if number % 2 else Role.USER, (TextPart(text),)) for number, text in enumerate(texts)
    )


HISTORY = said("The billing port is 5499.", "Noted.", *["Something about lunch." * 10, "Tasty." * 10] * 4)


async def a_recalling_desk(company: Company, nearby: Nearby, rules: Rules = ALONG, **fields: Any) -> TimedDesk:
    """A desk that may send 200 tokens of a conversation along, and can look through the rest."""
    settings = replace(SETTINGS, context_tokens=200)
    desk = await a_desk_with(company, rules=rules, settings=settings, **fields)
    embeds(desk, nearby)
    return desk


def embeds(desk: TimedDesk, nearby: Nearby) -> None:
    """Connect the embedding company to a desk."""
    catalogue = desk.ports.catalogue
    assert isinstance(catalogue, FixedCatalogue)
    catalogue.embedders = (EMBEDDER,)
    catalogue.providers = {**catalogue.providers, "nearby": nearby}  # type: ignore[dict-item]


def texts_of(messages: Sequence[Message]) -> list[str]:
    """What was said."""
    return [message.text for message in messages]


def sent(company: Company) -> Sequence[str]:
    """What the model was sent, without the system prompt."""
    return [message.text for message in company.calls[-1].messages[1:]]


async def test_what_matters_for_the_question_is_sent_along_and_is_on_the_receipt() -> None:
    company, nearby = Company("Alpha", [saying("On 5499.")], "1"), Nearby()
    desk = await a_recalling_desk(company, nearby)
    events = await desk.hear(QUESTION, history=HISTORY)
    assert sent(company)[0] == "The billing port is 5499."
    assert sent(company)[-1] == QUESTION
    receipt = finished(events).receipt
    price = company.model.prices[0]
    assert [(line.step, line.model, line.charged_nanos) for line in receipt.lines] == [
        ("recall", "nearby-1", cost(COUNTED, PRICE)),
        ("answer", "alpha-model", cost(USED, price)),
    ]
    assert receipt.charged_nanos == 1_000_000_000 - desk.wallet.available_nanos
    [held] = desk.books.rows(HoldRow)
    assert receipt.charged_nanos <= held.amount_nanos
    assert [row.step for row in desk.books.rows(LineRow)] == ["recall", "answer"]


async def test_the_step_is_a_part_of_the_price_that_is_shown_before() -> None:
    company = Company("Alpha", [saying("On 5499.")], "1")
    with_it = await (await a_recalling_desk(company, Nearby())).hear(QUESTION, history=HISTORY)
    without = await (await a_recalling_desk(company, Nearby(), rules=Rules(num_retries=0))).hear(
        QUESTION, history=HISTORY
    )
    shown = [
        next(event.at_most_nanos for event in events if isinstance(event, Started)) for events in (with_it, without)
    ]
    assert shown[0] > shown[1]


async def test_a_conversation_that_fits_is_not_looked_through() -> None:
    company, nearby = Company("Alpha", [saying("Yes.")], "1"), Nearby()
    desk = await a_recalling_desk(company, nearby)
    await desk.hear(QUESTION, history=said("Hello.", "Hello!"))
    assert (nearby.calls, sent(company)[:-1]) == ([], ["Hello.", "Hello!"])


async def test_without_the_embedding_model_the_question_is_answered_all_the_same() -> None:
    for nearby in (Nearby(fails=ProviderBroken("Broken.")), Nearby(hangs=True)):
        company = Company("Alpha", [saying("I see.")], "1")
        desk = await a_recalling_desk(company, nearby)
        receipt = finished(await desk.hear(QUESTION, history=HISTORY)).receipt
        assert receipt.charged_nanos == cost(USED, company.model.prices[0])
        # It may have billed for what it was sent: that is the operator's.
        assert [line.absorbed_nanos > 0 for line in receipt.lines if line.step == "recall"] == [True]


async def test_what_a_cancelled_recall_may_cost_is_the_operators_and_no_hold_stays() -> None:
    nearby = Nearby(hangs=True)
    desk = await a_recalling_desk(Company("Alpha", [saying("Never.")], "1"), nearby)
    running = desk.start(QUESTION, history=HISTORY)
    await until(lambda: nearby.calls)
    [task] = desk.asks._running
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (running.ask_id != "", open_holds(desk.books), desk.wallet.available_nanos) == (True, [], 1_000_000_000)
    assert [(row.step, row.charged_nanos, row.cost_nanos > 0) for row in desk.books.rows(LineRow)] == [
        ("recall", 0, True)
    ]


async def test_nothing_was_sent_nothing_is_owed() -> None:
    unreachable = ProviderUnreachable("Not there.", may_have_billed=False)
    desk = await a_recalling_desk(Company("Alpha", [saying("I see.")], "1"), Nearby(fails=unreachable))
    receipt = finished(await desk.hear(QUESTION, history=HISTORY)).receipt
    assert [line.step for line in receipt.lines] == ["answer"]


async def test_a_recall_without_an_answer_is_not_charged() -> None:
    desk = await a_recalling_desk(Company("Alpha", [DOWN], "1"), Nearby())
    end = finished(await desk.hear(QUESTION, history=HISTORY))
    assert (end.receipt.charged_nanos, desk.wallet.available_nanos) == (0, 1_000_000_000)
    assert open_holds(desk.books) == []


async def test_a_usage_that_cannot_be_true_is_our_own_count() -> None:
    for usage in (None, Usage(input_tokens=10**9)):
        desk = await a_recalling_desk(Company("Alpha", [saying("I see.")], "1"), Nearby(usage=usage))
        line = finished(await desk.hear(QUESTION, history=HISTORY)).receipt.lines[0]
        assert (line.step, line.estimated, 0 < line.cost_nanos < 100_000) == ("recall", True, True)


async def test_an_embedding_model_that_the_rules_exclude_sees_nothing() -> None:
    nearby = Nearby()
    rules = replace(ALONG, data_collection_allowed=False)
    company = Company("Alpha", [saying("I see.")], "1", fields={"collects_data": False})
    desk = await a_recalling_desk(company, nearby, rules=rules)
    await desk.hear(QUESTION, history=HISTORY)
    assert (nearby.calls, len(company.calls)) == ([], 1)


async def test_no_more_is_recalled_than_was_held_for() -> None:
    company, nearby = Company("Alpha", [saying("Fine.")], "1"), Nearby()
    history = said(*[f"port {number} " + "x" * 300 for number in range(12)], "Lunch?" * 30, "Yes." * 30)
    desk = await a_recalling_desk(company, nearby)
    await desk.hear(QUESTION, history=history)
    recalled = [text for text in sent(company)[:-1] if text.startswith("port")]
    assert 1 <= len(recalled) <= 3
    assert recalled == sorted(recalled, key=lambda text: int(text.split()[1]))


async def test_a_better_model_is_sent_what_was_recalled_too() -> None:
    weak = Company("Alpha", [saying("I'm not sure.")], "1", tier=2)
    better = Company("Beta", [saying("On 5499.")], "5", tier=3)
    nearby = Nearby()
    settings = replace(SETTINGS, context_tokens=200)
    desk = await a_desk_with(weak, better, rules=ALONG, settings=settings)
    embeds(desk, nearby)
    receipt = finished(await desk.hear(HARD, history=HISTORY)).receipt
    assert sent(better)[0] == "The billing port is 5499."
    assert [line.step for line in receipt.lines] == ["recall", "first try", "answer"]
    assert receipt.charged_nanos == 1_000_000_000 - desk.wallet.available_nanos
    assert len(nearby.calls) == 1


async def test_a_picture_is_not_recalled_since_nobody_has_counted_it() -> None:
    picture = Message(Role.USER, (ImagePart("image/png", b"png"), TextPart("The billing port is on this picture.")))
    company = Company("Alpha", [saying("I see.")], "1")
    desk = await a_recalling_desk(company, Nearby())
    await desk.hear(QUESTION, history=(picture, *HISTORY[1:]))
    assert sent(company)[0] == "The billing port is on this picture."
    assert [message.images for message in company.calls[-1].messages if message.images] == []


async def test_an_answer_is_recalled_as_a_quotation_since_no_conversation_begins_with_one() -> None:
    company = Company("Alpha", [saying("On 5499.")], "1")
    desk = await a_recalling_desk(company, Nearby())
    await desk.hear(QUESTION, history=said("Where is it?", "The billing port is 5499.", *texts_of(HISTORY[2:])))
    quoted = Message(Role.USER, (TextPart("You answered earlier: The billing port is 5499."),))
    assert quoted in company.calls[-1].messages


async def test_half_characters_are_looked_through_like_whole_ones() -> None:
    company, nearby = Company("Alpha", [saying("I see.")], "1"), Nearby()
    desk = await a_recalling_desk(company, nearby)
    await desk.hear(f"{QUESTION} \ud83d", history=said("The port \ud83d is 5499.", *texts_of(HISTORY[1:])))
    for text in (*nearby.calls[0].texts, *sent(company)):
        assert text.encode()


async def test_whatever_an_embedding_model_answers_the_question_is_answered() -> None:
    for fault in (ValueError("It is no JSON."), OSError("The connection is gone.")):
        company = Company("Alpha", [saying("I see.")], "1")
        desk = await a_recalling_desk(company, Nearby(fails=fault))
        assert finished(await desk.hear(QUESTION, history=HISTORY)).receipt.charged_nanos > 0
