from dataclasses import replace

from core.events import Ending, Finished
from core.prices import Usage
from core.receipt import PricedLine, Receipt
from core.text.receipts import detail_lines, outcome_lines, price_line

LINE = PricedLine(
    provider="anthropic",
    model="claude-haiku-4.5",
    usage=Usage(input_tokens=1_204, output_tokens=356),
    cost_nanos=2_984_000,
    charged_nanos=2_984_000,
    estimated=False,
)
RECEIPT = Receipt("ask_1", "Claude Haiku 4.5", (LINE,), "short question", 8_080_000_000)


def test_price_and_model_are_the_main_line() -> None:
    assert price_line(RECEIPT) == "0.3 cents · Claude Haiku 4.5"


def test_an_estimate_and_practice_money_are_said() -> None:
    estimated = replace(RECEIPT, lines=(replace(LINE, estimated=True),), practice=True)
    assert price_line(estimated) == "about 0.3 cents · Claude Haiku 4.5 · practice money"


def test_what_went_wrong_follows_the_price() -> None:
    stopped = Finished(Ending.STOPPED, RECEIPT, "Stopped. Charged 0.3 cents for what came.")
    assert outcome_lines(stopped) == ("0.3 cents · Claude Haiku 4.5", "Stopped. Charged 0.3 cents for what came.")


def test_a_failure_has_no_price_line() -> None:
    nothing = replace(RECEIPT, lines=())
    assert outcome_lines(Finished(Ending.FAILED, nothing, "It failed. Not charged.")) == ("It failed. Not charged.",)


def test_a_free_answer_has_one() -> None:
    free = replace(RECEIPT, lines=(replace(LINE, cost_nanos=0, charged_nanos=0),))
    assert outcome_lines(Finished(Ending.ANSWERED, free)) == ("free · Claude Haiku 4.5",)


def test_details_are_exact() -> None:
    assert detail_lines(RECEIPT) == (
        "claude-haiku-4.5: 1,204 tokens in, 356 out · charged $0.002984000",
        "Model: Claude Haiku 4.5, chosen because: short question.",
        "$8.08 left this month; what you don't use stays in the team wallet.",
    )


def test_details_tell_cache_thinking_estimate_and_who_pays_the_rest() -> None:
    line = replace(LINE, usage=Usage(1_000, 204, 0, 300, 56), charged_nanos=2_000_000, estimated=True)
    first, second, together, *_ = detail_lines(replace(RECEIPT, lines=(line, LINE)))
    assert first == (
        "claude-haiku-4.5: 1,204 tokens in (204 of them from the provider's cache), 356 out (56 of them for thinking)"
        " · charged $0.002000000 · estimated by our own count, as the provider gave none that can be true"
        " · another $0.000984000 is paid by the operator"
    )
    assert second.endswith("charged $0.002984000")
    assert together == "together $0.004984000"


def test_details_of_nothing() -> None:
    assert detail_lines(replace(RECEIPT, lines=()))[0] == "No tokens were used. Not charged."


def test_details_tell_of_a_first_try_and_of_who_gave_no_answer() -> None:
    weak = replace(LINE, model="small", step="first try", charged_nanos=1_000, cost_nanos=1_000)
    broke = replace(LINE, model="broken", charged_nanos=0)
    first, second, third, together, *_ = detail_lines(replace(RECEIPT, lines=(weak, broke, LINE)))
    assert first == "first try, small: 1,204 tokens in, 356 out · charged $0.000001000"
    assert second == "broken: gave no answer. Not charged. What it may cost, $0.002984000, is paid by the operator"
    assert third.startswith("claude-haiku-4.5: ")
    assert together == "together $0.002985000"


def test_a_price_is_exact_whatever_failed_before_it() -> None:
    broke = replace(LINE, model="broken", charged_nanos=0, estimated=True)
    assert price_line(replace(RECEIPT, lines=(broke, LINE))) == "0.3 cents · Claude Haiku 4.5"
    assert replace(RECEIPT, lines=(broke,)).estimated


def test_what_was_not_charged_is_not_added_up() -> None:
    broke = replace(LINE, charged_nanos=0)
    assert not any("together" in line for line in detail_lines(replace(RECEIPT, lines=(broke, broke))))
