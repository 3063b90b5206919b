"""How well models are chosen, in lines that a terminal can print."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.reports import Arm, RoutedModel, RoutingNumbers, RoutingReport, VariantReport
from core.text.routing import arm_line, report_lines, routing_lines
from tests.fakes import START


def an_arm(**fields: Any) -> VariantReport:
    """Two hundred asks, eight of them without an answer."""
    known: dict[str, Any] = {
        "variant": "new-model",
        "asks": 200,
        "charged_nanos": 192 * 3_000_000,
        "first_word_ms": 650,
        "answer_ms": 4_249,
        "thumbs_up": 12,
        "thumbs_down": 1,
        "failed": 8,
    }
    return VariantReport(**(known | fields))


def test_an_arm_is_one_line_with_cost_wait_and_thumbs() -> None:
    assert arm_line(an_arm(), enough=True) == (
        "with new-model: 200 asks · about 0.3 cents an answer · first word typically after 0.7 s · "
        "whole answer after 4.2 s · 12 thumbs up, 1 down · 8 without an answer"
    )


def test_what_it_is_compared_with_is_said_to_be_without_it() -> None:
    line = arm_line(an_arm(variant="control:new-model", first_word_ms=0), enough=True)
    assert line.startswith("without new-model: 200 asks · about 0.3 cents an answer · whole answer after 4.2 s")


@pytest.mark.parametrize(("asks", "failed", "answers"), [(15, 3, 12), (3, 3, 0)])
def test_too_few_answers_are_counted_and_not_judged(asks: int, failed: int, answers: int) -> None:
    line = arm_line(an_arm(asks=asks, failed=failed), enough=False)
    assert line == f"with new-model: not enough data yet: {answers} of 100 answers"


def test_the_router_tells_what_it_chose_and_when_that_was_not_good_enough() -> None:
    lines = routing_lines(
        RoutingReport(
            (
                RoutedModel("gpt-mini", 40, 40 * 1_000_000, bettered=3, thumbs_up=1, thumbs_down=2),
                RoutedModel("gpt-large", 1, 20_000_000, bettered=0, thumbs_up=0, thumbs_down=0),
            )
        ),
        {"gpt-mini": "GPT mini"},
    )
    assert lines == (
        "GPT mini: 40 answers · about 0.1 cents an answer · a better model asked for after 3 (7 %) · "
        "1 thumb up, 2 down",
        "gpt-large: 1 answer · about 2 cents an answer · a better model asked for after 0 (0 %) · 0 thumbs up, 0 down",
    )


def test_nothing_chosen_yet_is_said() -> None:
    assert routing_lines(RoutingReport(()), {}) == ("Nothing was answered by a model that was chosen for you yet.",)


def test_an_admin_reads_first_who_is_down_then_what_was_chosen_then_experiments() -> None:
    numbers = RoutingNumbers((Arm(an_arm(asks=9), enough=False),), RoutingReport(()), 30, (("Acme", START),))
    assert report_lines(numbers, {}, ZoneInfo("Europe/Berlin")) == (
        "Acme has not answered since 21 November, 13:00 (Europe/Berlin).",
        "Chosen automatically, in the last 30 days:",
        "  Nothing was answered by a model that was chosen for you yet.",
        "Experiments:",
        "  with new-model: not enough data yet: 1 of 100 answers",
    )
