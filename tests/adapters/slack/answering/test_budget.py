from contextlib import ExitStack

from adapters.slack.answering.budget import MOST_IN_WINDOW, USUAL_PACE_SECONDS, WINDOW_SECONDS, AppendBudget
from tests.fakes import FakeClock


def written_in_a_minute(answers: int, *, is_enough: bool = False, edits: bool = False) -> int:
    """How often all of them together are written to in one minute, each as soon as it may."""
    clock = FakeClock()
    budget, written, last = AppendBudget(clock), 0, [float("-inf")] * answers
    with ExitStack() as running:
        for _ in range(answers):
            running.enter_context(budget.answer())
        while clock.monotonic() < WINDOW_SECONDS:
            for number in range(answers):
                if budget.seconds_to_wait(last[number], is_enough=is_enough, edits=edits) == 0:
                    budget.take()
                    last[number] = clock.monotonic()
                    written += 1
            clock.advance(0.125)
    return written


def test_one_answer_is_written_to_once_a_second_and_sooner_with_enough_to_show() -> None:
    assert written_in_a_minute(1) == WINDOW_SECONDS / USUAL_PACE_SECONDS
    assert WINDOW_SECONDS < written_in_a_minute(1, is_enough=True) <= MOST_IN_WINDOW


def test_however_many_answers_there_are_the_workspace_stays_within_its_rate() -> None:
    for answers in (2, 5, 20, 100):
        assert MOST_IN_WINDOW - 15 <= written_in_a_minute(answers, is_enough=True) <= MOST_IN_WINDOW


def test_edits_are_rarer() -> None:
    assert written_in_a_minute(1, edits=True) == 20


def test_the_answers_share_it_fairly() -> None:
    clock = FakeClock()
    budget = AppendBudget(clock)
    with budget.answer(), budget.answer():
        assert budget.seconds_to_wait(0.0, is_enough=True, edits=False) == 2 * WINDOW_SECONDS / MOST_IN_WINDOW
    assert budget.seconds_to_wait(0.0, is_enough=True, edits=False) == 0


def test_it_is_idle_a_minute_after_the_last_word() -> None:
    clock = FakeClock()
    budget = AppendBudget(clock)
    budget.take()
    seen = [budget.idle]
    clock.advance(WINDOW_SECONDS)
    assert [*seen, budget.idle] == [False, True]
