"""Whatever a provider does on the wire: what the member reads, what is charged, and what the operator pays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from core.events import Delta, Ending, Finished, Started
from core.prices import Usage, cost
from tests.end_to_end.house import COUNTER, QUESTION, a_house, catalogue_price
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

MONEY = 1_000_000_000
TERRA = "gpt-6.1-terra"
USED = catalogue_price(TERRA, input=12, output=8)
HALF = ("Half of ",)

NOTHING = "nothing"
USAGE = "usage"  # the server's usage, to the nano-dollar
ESTIMATE = "estimate"  # the input as we expect it, and the text as we count it
EXCESS = "excess"  # what an estimate has beyond the hold


@dataclass(frozen=True)
class Fault:
    """What a server does, and what has to come of it."""

    name: str
    does: Behaviour | None
    ending: Ending
    charged: str
    absorbed: str
    says: str
    numbers: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return self.name


def answered(name: str, usage: Any) -> Fault:
    """A whole answer whose usage cannot be true."""
    return Fault(name, good(usage=usage), Ending.ANSWERED, ESTIMATE, NOTHING, "")


QUICKLY = {"deadline_seconds": 0.5}
FAULTS = [
    # nothing came, and nobody takes anything for it
    Fault("connection refused", None, Ending.FAILED, NOTHING, NOTHING, "OpenAI cannot be reached. Try again"),
    Fault("401", status(401), Ending.FAILED, NOTHING, NOTHING, "did not accept this bot's key. Whoever runs the bot"),
    Fault("402", status(402), Ending.FAILED, NOTHING, NOTHING, "has run out of funds. Whoever runs the bot"),
    Fault("403", status(403), Ending.FAILED, NOTHING, NOTHING, "did not accept this bot's key"),
    Fault("404", status(404), Ending.FAILED, NOTHING, NOTHING, "does not offer GPT-6.1 Terra"),
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
    Fault("silence", silence(), Ending.TIMED_OUT, NOTHING, ESTIMATE, "took too long and was ended", QUICKLY),
    Fault("a byte a second", drip(seconds=1), Ending.TIMED_OUT, NOTHING, ESTIMATE, "took too long", QUICKLY),
    Fault("empty", empty_answer(), Ending.EMPTY, NOTHING, "input", "The model answered nothing"),
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
    Fault("a fast drip", drip("drip ", seconds=0), Ending.TIMED_OUT, ESTIMATE, EXCESS, "took too long", QUICKLY),
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
    answered("more than the context", counted(272_000, 8)),
    answered("more cached than sent", counted(12, 8, cached_tokens=13)),
    # something came, and the usage is true
    Fault(
        "filtered after", content_filtered(HALF), Ending.DECLINED, USAGE, NOTHING, "declined to answer this. Charged"
    ),
    Fault("the whole cap", good(finish="length"), Ending.CUT, USAGE, NOTHING, "reached its length limit"),
    Fault("no stream", never_streams(), Ending.ANSWERED, USAGE, NOTHING, ""),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_what_a_provider_does_is_told_and_charged_by_the_rules(
    database_url: str, server: ProviderServer, fault: Fault
) -> None:
    if fault.does is not None:
        server.answer_with(fault.does)
    base_url = server.base_url if fault.does is not None else f"http://127.0.0.1:{closed_port()}/v1"
    async with a_house(database_url, base_url, **(fault.numbers or {})) as house:
        plan = await house.plan()
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
            "input": catalogue_price(TERRA, input=12),
        }
        charged = end.receipt.charged_nanos
        assert end.ending is fault.ending
        assert charged == min(amounts[fault.charged], hold)
        assert sum(line.absorbed_nanos for line in end.receipt.lines) == amounts[fault.absorbed]
        assert bool(text) is bool(charged)
        assert end.receipt.estimated is (ESTIMATE in (fault.charged, fault.absorbed))
        assert fault.says in end.sentence
        assert bool(end.sentence) is bool(fault.says)
        assert ("Not charged." in end.sentence) is (charged == 0)
        assert ("Charged" in end.sentence) is (charged > 0 and fault.ending not in (Ending.ANSWERED, Ending.CUT))
        assert "sk-" not in end.sentence and QUESTION not in end.sentence
        assert started.at_most_nanos == hold
        assert 0 <= charged <= hold
        assert (await house.wallet()).available_nanos == MONEY - charged
        report = await house.assert_at_rest()
        assert report.notices == ()
    assert len(server.calls) == (fault.does is not None)


async def test_a_server_that_fails_once_does_not_fail_the_next_ask(database_url: str, server: ProviderServer) -> None:
    behaviours = [fault.does for fault in FAULTS if fault.does is not None and fault.numbers is None]
    server.answer_with(*(each for fault in behaviours for each in (fault, good())))
    async with a_house(database_url, server, member_day_absorbed_nanos=10**12) as house:
        for _ in behaviours:
            await house.hear()
            end = (await house.hear())[-1]
            assert isinstance(end, Finished)
            assert (end.ending, end.receipt.charged_nanos) == (Ending.ANSWERED, USED)
        await house.assert_at_rest()
