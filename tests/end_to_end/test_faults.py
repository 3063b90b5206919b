"""Whatever a provider does on the wire: what the member reads, what is charged, and what the operator pays."""

from dataclasses import dataclass
from typing import Any

import pytest

from core.events import Delta, Ending, Finished, Started
from core.prices import Usage, cost
from tests.databases import short_on_sqlite
from tests.end_to_end.house import COUNTER, QUESTION, TERRA, House, a_house, catalogue_price
from tests.provider_behaviours import (
    Behaviour,
    breaks_off_after,
    content_filtered,
    counted,
    drip,
    empty_answer,
    endless,
    error_inside,
    good,
    invalid_utf8,
    malformed_json,
    never_streams,
    refusal,
    reset_after,
    sends,
    silence,
    status,
    web_page,
)
from tests.provider_server import ProviderServer, closed_port

USED = catalogue_price(TERRA, input=12, output=8)
HALF = ("Half of ",)

NOTHING = "nothing"
USAGE = "usage"  # the server's usage, to the nano-dollar
ESTIMATE = "estimate"  # the input as we expect it, and the text as we count it
INPUT = "input"  # the server's usage, which has no output
EXCESS = "excess"  # what an estimate has beyond the hold


@dataclass(frozen=True)
class Fault:
    """What a server does, and what has to come of it."""

    name: str
    does: Behaviour
    ending: Ending
    charged: str
    absorbed: str
    says: str
    quickly: bool = False


def answered(name: str, usage: Any) -> Fault:
    """A whole answer whose usage cannot be true."""
    return Fault(name, good(usage=usage), Ending.ANSWERED, ESTIMATE, NOTHING, "")


QUICKLY: dict[str, Any] = {"deadline_seconds": 1.0}
FAULTS = [
    # nothing came, and nobody takes anything for it
    Fault("401", status(401), Ending.FAILED, NOTHING, NOTHING, "did not accept this bot's key. Whoever runs the bot"),
    Fault("402", status(402), Ending.FAILED, NOTHING, NOTHING, "has run out of funds. Whoever runs the bot"),
    Fault("403", status(403), Ending.FAILED, NOTHING, NOTHING, "did not accept this bot's key"),
    Fault("404", status(404), Ending.FAILED, NOTHING, NOTHING, "has no GPT-6.1 Terra (any more)"),
    Fault(
        "429", status(429, retry_after="7"), Ending.FAILED, NOTHING, NOTHING, "too busy at the moment. Try again in 7 s"
    ),
    Fault("503", status(503), Ending.FAILED, NOTHING, NOTHING, "too busy at the moment. Try again in a moment"),
    Fault("redirect", status(302, location="/v2"), Ending.FAILED, NOTHING, NOTHING, "redirects are not followed"),
    # nothing came, but the provider may have worked
    Fault("500", status(500), Ending.FAILED, NOTHING, ESTIMATE, "has a problem of its own (error 500)"),
    Fault("reset at once", reset_after(()), Ending.FAILED, NOTHING, ESTIMATE, "broke off"),
    Fault("nothing at all", sends(), Ending.FAILED, NOTHING, ESTIMATE, "broke off"),
    Fault("malformed JSON", malformed_json(), Ending.FAILED, NOTHING, ESTIMATE, "something that is not an answer"),
    Fault("invalid UTF-8", invalid_utf8(), Ending.FAILED, NOTHING, ESTIMATE, "something that is not an answer"),
    Fault("a web page", web_page(), Ending.FAILED, NOTHING, ESTIMATE, "something that is not an answer"),
    Fault("silence", silence(), Ending.TIMED_OUT, NOTHING, ESTIMATE, "took too long and was ended", quickly=True),
    Fault("a byte a second", drip(seconds=1), Ending.TIMED_OUT, NOTHING, ESTIMATE, "took too long", quickly=True),
    Fault("empty", empty_answer(), Ending.EMPTY, NOTHING, INPUT, "The model answered nothing"),
    Fault("empty, no usage", good([], usage=None), Ending.EMPTY, NOTHING, ESTIMATE, "The model answered nothing"),
    Fault("filtered", content_filtered(), Ending.DECLINED, NOTHING, USAGE, "declined to answer this"),
    Fault(
        "refusal", refusal("No."), Ending.DECLINED, NOTHING, USAGE, "declined to answer this. Not charged. It said: No."
    ),
    # something came: it is charged for, by estimate
    Fault("reset", reset_after(HALF), Ending.BROKEN, ESTIMATE, NOTHING, "broke off"),
    Fault("clean end", breaks_off_after(HALF), Ending.BROKEN, ESTIMATE, NOTHING, "broke off"),
    Fault("error inside", error_inside({"code": 502}, HALF), Ending.BROKEN, ESTIMATE, NOTHING, "problem of its own"),
    Fault("malformed after", malformed_json(HALF), Ending.BROKEN, ESTIMATE, NOTHING, "not an answer"),
    Fault("a fast drip", drip("drip ", seconds=0), Ending.TIMED_OUT, ESTIMATE, EXCESS, "took too long", quickly=True),
    Fault("endless", endless(), Ending.CUT, ESTIMATE, EXCESS, "reached its length limit"),
    answered("no usage", None),
    answered("zero usage", counted(0, 0)),
    answered("no input", counted(0, 8)),
    answered("no output", counted(12, 0)),
    answered("absurd usage", counted(10**12, 10**12)),
    answered("absurd float", counted(1e12, 1e12)),
    answered("negative usage", counted(-12, 8)),
    answered("float usage", counted(12.0, 8)),
    answered("text as usage", counted("12", "8")),
    answered("true as usage", counted(True, True)),
    answered("more than the cap", counted(12, 1_501)),
    answered("more than the context", counted(2_000_000, 8)),
    answered("more cached than sent", counted(12, 8, cached_tokens=13)),
    # something came, and the usage is true
    Fault(
        "filtered after", content_filtered(HALF), Ending.DECLINED, USAGE, NOTHING, "declined to answer this. Charged"
    ),
    Fault("the whole cap", good(finish="length"), Ending.CUT, USAGE, NOTHING, "reached its length limit"),
    Fault("no stream", never_streams(), Ending.ANSWERED, USAGE, NOTHING, ""),
]
NOBODY_THERE = Fault(
    "connection refused", silence(), Ending.FAILED, NOTHING, NOTHING, "OpenAI cannot be reached. Try again"
)


@short_on_sqlite
@pytest.mark.parametrize("quickly", [False, True])
async def test_what_a_provider_does_is_told_and_charged_by_the_rules(
    database_url: str, server: ProviderServer, quickly: bool, subtests: pytest.Subtests
) -> None:
    async with a_house(database_url, server, **(QUICKLY if quickly else {})) as house:
        for fault in (fault for fault in FAULTS if fault.quickly is quickly):
            with subtests.test(fault.name):
                server.answer_with(fault.does)
                server.calls.clear()
                house.forgive()
                await assert_told_and_charged(house, fault)
                assert len(server.calls) == 1


@short_on_sqlite
async def test_a_provider_that_is_not_there_is_told_and_costs_nothing(database_url: str) -> None:
    async with a_house(database_url, f"http://127.0.0.1:{closed_port()}/v1") as house:
        await assert_told_and_charged(house, NOBODY_THERE)


async def assert_told_and_charged(house: House, fault: Fault) -> None:
    """Ask once, and hold everything that came of it against the rules."""
    plan, before = await house.plan(), await house.wallet()
    events = await house.hear()
    started, end = events[0], events[-1]
    assert isinstance(started, Started) and isinstance(end, Finished)
    text = "".join(event.text for event in events if isinstance(event, Delta))
    out = (await COUNTER.count(text, plan.call.model.tokenizer)).expected
    estimate = cost(Usage(plan.input_expected_tokens, output_tokens=out), plan.price)
    hold = plan.at_most_nanos
    amounts = {
        NOTHING: 0,
        USAGE: USED,
        ESTIMATE: estimate,
        EXCESS: max(0, estimate - hold),
        INPUT: catalogue_price(TERRA, input=12),
    }
    charged = end.receipt.charged_nanos
    assert end.ending is fault.ending
    assert charged == min(amounts[fault.charged], hold)
    assert sum(line.absorbed_nanos for line in end.receipt.lines) == amounts[fault.absorbed]
    assert end.receipt.estimated is (ESTIMATE in (fault.charged, fault.absorbed))
    assert bool(text) is bool(charged)
    assert 0 <= charged <= hold == started.at_most_nanos
    _assert_true_of_the_money(end.sentence, fault, charged)
    assert (await house.wallet()).available_nanos == before.available_nanos - charged
    report = await house.assert_at_rest()
    assert report.notices == ()


def _assert_true_of_the_money(sentence: str, fault: Fault, charged: int) -> None:
    says_charged = charged > 0 and fault.ending not in (Ending.ANSWERED, Ending.CUT)  # there the price line says it
    assert fault.says in sentence
    assert bool(sentence) is bool(fault.says)
    assert ("Not charged." in sentence) is (charged == 0)
    assert ("Charged" in sentence) is says_charged
    assert "sk-" not in sentence and QUESTION not in sentence


@short_on_sqlite
async def test_a_server_that_fails_once_does_not_fail_the_next_ask(database_url: str, server: ProviderServer) -> None:
    behaviours = [fault.does for fault in FAULTS if not fault.quickly]
    server.answer_with(*(each for fault in behaviours for each in (fault, good())))
    async with a_house(database_url, server, member_day_absorbed_nanos=10**12) as house:
        for _ in behaviours:
            await house.hear()
            house.forgive()
            end = (await house.hear())[-1]
            assert isinstance(end, Finished)
            assert (end.ending, end.receipt.charged_nanos) == (Ending.ANSWERED, USED)
        await house.assert_at_rest()
