"""What a question would cost, before it is asked."""

from core.events import Quoted, Refused
from core.routing.rules import Rules
from tests.core.asking.companies import DOWN, Company, a_desk_with, saying
from tests.core.routing.planning import EVERYDAY
from tests.memory_reports import open_holds

IMPATIENT = Rules(num_retries=0, allowed_fails=1)


async def test_a_price_recommends_whom_a_question_would_go_to() -> None:
    weak, fit = Company("Alpha", [DOWN], "1", tier=1), Company("Beta", [DOWN], "2")
    desk = await a_desk_with(weak, fit)
    [quoted] = await desk.hear(EVERYDAY, quote_only=True)
    assert isinstance(quoted, Quoted)
    assert [quote.title for quote in quoted.quotes] == ["Alpha Model", "Beta Model"]
    assert quoted.recommended == quoted.quotes[1]
    assert (weak.calls, fit.calls, open_holds(desk.books)) == ([], [], [])


async def test_a_price_that_nobody_can_give_says_why_and_offers_nothing_to_ask() -> None:
    desk = await a_desk_with(Company("Alpha", [DOWN], "1"), rules=IMPATIENT)
    await desk.hear(EVERYDAY, keys=("first",))
    [refused] = await desk.hear(EVERYDAY, keys=("price",), quote_only=True)
    assert isinstance(refused, Refused)
    assert refused.sentence.startswith("Alpha has not answered since")
    assert refused.sentence.endswith("Not charged.")
    assert refused.again == ""


async def test_a_price_is_told_for_who_answered_lately_when_there_is_nobody_else() -> None:
    shaky = Company("Alpha", [saying("Yes."), DOWN], "1")
    desk = await a_desk_with(shaky, rules=IMPATIENT)
    for key in ("first", "second"):
        await desk.hear(EVERYDAY, keys=(key,))
    [quoted] = await desk.hear(EVERYDAY, keys=("price",), quote_only=True)
    assert isinstance(quoted, Quoted)
    assert quoted.quotes == (quoted.recommended,)
