"""What is charged: each row of the table at the top of core/asking/charging.py."""

import pytest

from core.asking.calling import CallResult, EndedBy
from core.asking.charging import believable, charged_lines, ending_of
from core.call import StopReason
from core.errors import ProviderBroken, ProviderBusy, ProviderUnreachable
from core.events import Ending
from core.prices import Usage, cost
from tests.core.asking.house import QUESTION, planned
from tests.fakes import ByteCounter, a_model

WORDS = "Two wait."
USED = Usage(input_tokens=40, output_tokens=9)
NEVER_REACHED = ProviderUnreachable("no", may_have_billed=False)
BROKE_OFF = ProviderUnreachable("broke off")
BUSY = ProviderBusy("busy")
BROKEN = ProviderBroken("broken")


def a_result(
    text: str = "", usage: Usage | None = None, stop: StopReason | None = None, **fields: object
) -> CallResult:
    """What is known of a call that was sent."""
    known = {"pieces": [text] if text else [], "usage": usage, "stop_reason": stop, "sent": True}
    return CallResult(**(known | fields))  # type: ignore[arg-type]  # a test's table of fields


@pytest.mark.parametrize(
    ("result", "ending", "rule"),
    [
        # text was delivered: usage times price
        (a_result(WORDS, USED, StopReason.END), Ending.ANSWERED, "exact"),
        (a_result(WORDS, USED, StopReason.CAP), Ending.CUT, "exact"),
        (a_result(WORDS, USED, StopReason.DECLINED), Ending.DECLINED, "exact"),
        (a_result(WORDS, USED, failure=BROKE_OFF), Ending.BROKEN, "exact"),
        # text was delivered, but no usage that can be true: an estimate
        (a_result(WORDS, None, StopReason.END), Ending.ANSWERED, "estimate"),
        (a_result(WORDS, Usage(), StopReason.END), Ending.ANSWERED, "estimate"),
        (a_result(WORDS, Usage(40, output_tokens=10**12), StopReason.END), Ending.ANSWERED, "estimate"),
        (a_result(WORDS, None, StopReason.DECLINED), Ending.DECLINED, "estimate"),
        (a_result(WORDS, failure=BROKE_OFF), Ending.BROKEN, "estimate"),
        (a_result(WORDS, failure=BROKEN), Ending.BROKEN, "estimate"),
        (a_result(WORDS, ended_by=EndedBy.STOP), Ending.STOPPED, "estimate"),
        (a_result(WORDS, ended_by=EndedBy.DEADLINE), Ending.TIMED_OUT, "estimate"),
        (a_result(WORDS, ended_by=EndedBy.CAP), Ending.CUT, "estimate"),
        (a_result(WORDS), Ending.BROKEN, "estimate"),
        # no text was delivered: nothing is charged; what the provider takes is the operator's
        (a_result("", USED, StopReason.END), Ending.EMPTY, "absorbed"),
        (a_result("\n ", USED, StopReason.CAP), Ending.EMPTY, "absorbed"),
        (a_result("", USED, StopReason.CAP), Ending.EMPTY, "absorbed"),
        (a_result("", USED, StopReason.DECLINED), Ending.DECLINED, "absorbed"),
        (a_result("", None, StopReason.END), Ending.EMPTY, "absorbed estimate"),
        (a_result("", Usage(40, output_tokens=10**12), StopReason.END), Ending.EMPTY, "absorbed estimate"),
        (a_result("", failure=BROKE_OFF), Ending.FAILED, "absorbed estimate"),
        (a_result("", failure=BROKEN), Ending.FAILED, "absorbed estimate"),
        (a_result("", ended_by=EndedBy.STOP), Ending.STOPPED, "absorbed estimate"),
        (a_result("", ended_by=EndedBy.DEADLINE), Ending.TIMED_OUT, "absorbed estimate"),
        # nobody takes anything
        (a_result("", Usage(), StopReason.END), Ending.EMPTY, "zero"),
        (a_result("", None, StopReason.DECLINED), Ending.DECLINED, "none"),
        (a_result("", failure=BUSY), Ending.FAILED, "none"),
        (a_result("", failure=NEVER_REACHED), Ending.FAILED, "none"),
        (a_result("", sent=False), Ending.FAILED, "none"),
        (a_result("", sent=False, ended_by=EndedBy.STOP), Ending.STOPPED, "none"),
    ],
)
async def test_every_ending_has_its_charge(result: CallResult, ending: Ending, rule: str) -> None:
    plan = await planned(QUESTION, a_model())
    lines = await charged_lines(plan, result, ByteCounter())
    estimate = cost(Usage(plan.input_expected_tokens, output_tokens=len(result.text)), plan.price)
    charged, costs, estimated = {
        "exact": (cost(USED, plan.price), cost(USED, plan.price), False),
        "estimate": (estimate, estimate, True),
        "absorbed": (0, cost(USED, plan.price), False),
        "absorbed estimate": (0, estimate, True),
        "zero": (0, 0, False),
        "none": (0, 0, False),
    }[rule]
    assert ending_of(result) is ending
    assert sum(line.charged_nanos for line in lines) == charged
    assert sum(line.cost_nanos for line in lines) == costs
    assert any(line.estimated for line in lines) is estimated
    assert len(lines) == (0 if rule == "none" else 1)


@pytest.mark.parametrize(
    ("usage", "text", "true"),
    [
        (USED, WORDS, True),
        (Usage(40, output_tokens=1_000), WORDS, True),  # the whole cap
        (Usage(40, output_tokens=1, reasoning_tokens=999), WORDS, True),
        (Usage(cache_read_tokens=40, output_tokens=9), WORDS, True),
        (Usage(0, output_tokens=0), "", True),
        (Usage(40, output_tokens=0), "", True),
        (None, WORDS, False),
        (Usage(40, output_tokens=0), WORDS, False),
        (Usage(0, output_tokens=9), WORDS, False),
        (Usage(40, output_tokens=1_001), WORDS, False),
        (Usage(40, output_tokens=1, reasoning_tokens=1_000), WORDS, False),
        (Usage(128_000, output_tokens=1), WORDS, False),  # more than the context
        (Usage(10**12, output_tokens=9), "", False),
    ],
)
async def test_usage_counts_only_when_it_can_be_true(usage: Usage | None, text: str, true: bool) -> None:
    plan = await planned(QUESTION, a_model())
    assert believable(usage, plan, text) == (usage if true else None)


async def test_an_answer_of_empty_pieces_is_no_answer() -> None:
    result = CallResult(pieces=["", ""], usage=USED, stop_reason=StopReason.END, sent=True)
    assert ending_of(result) is Ending.EMPTY
    lines = await charged_lines(await planned(QUESTION, a_model()), result, ByteCounter())
    assert [line.charged_nanos for line in lines] == [0]
