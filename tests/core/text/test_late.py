"""What is said to somebody who comes back: plain, true, and what it cost."""

from typing import Any

import pytest

from core.people import Place
from core.reports import AskEnd
from core.text.late import footer, heading


def an_end(**fields: Any) -> AskEnd:
    """An answered ask whose answer is still kept."""
    known: dict[str, Any] = {
        "ask_id": "ask",
        "place": Place("test", "one", "general"),
        "member_id": "anna",
        "asked_by": "Anna",
        "state": "settled",
        "ending": "answered",
        "interrupted": False,
        "provider": "acme",
        "model": "acme-1",
        "cost_nanos": 3_000_000,
        "estimated": False,
        "question": b"sealed",
        "answer": b"sealed",
    }
    return AskEnd(**(known | fields))


RELEASED: dict[str, Any] = {"state": "released", "cost_nanos": 0, "answer": b""}


@pytest.mark.parametrize(
    ("end", "question", "expected"),
    [
        (an_end(), "why?", 'You had not seen this answer yet. You had asked "why?":'),
        (an_end(), "", "You had not seen this answer yet."),
        (
            an_end(**RELEASED, ending="interrupted", interrupted=True),
            "why?",
            'Your question "why?" was interrupted before it was answered. Not charged.',
        ),
        (
            an_end(**RELEASED, ending="interrupted", interrupted=True),
            "",
            "A question of yours was interrupted before it was answered. Not charged.",
        ),
        (
            an_end(**RELEASED, ending="failed"),
            "why?",
            'Your question "why?" got no answer. The provider broke off. Not charged.',
        ),
        (
            an_end(**RELEASED, ending="declined"),
            "why?",
            'Your question "why?" got no answer. The model declined to answer this. Not charged.',
        ),
        (
            an_end(state="refused", ending="", cost_nanos=0, answer=b""),
            "",
            "A question of yours could not be asked, and you may not have read why. Not charged. Ask it again.",
        ),
        (
            an_end(state="refused", ending="", cost_nanos=0, answer=b""),
            "why?",
            'Your question "why?" could not be asked, and you may not have read why. Not charged.',
        ),
        (
            an_end(cost_nanos=0, answer=b""),
            "",
            "A question of yours was answered, but nobody saw the answer within a day: it is erased, and not charged.",
        ),
    ],
)
def test_each_end_is_said_in_a_sentence(end: AskEnd, question: str, expected: str) -> None:
    assert heading(end, question) == expected


def test_a_long_question_is_quoted_in_one_short_line() -> None:
    told = heading(an_end(), "why\n\ndoes " * 50)
    assert "\n" not in told and len(told) < 200 and '..."' in told


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (an_end(), "0.3 cents · Acme One"),
        (an_end(provider="practice"), "0.3 cents · Acme One · practice money"),
        (
            an_end(ending="stopped", estimated=True),
            "about 0.3 cents · Acme One\nStopped. Charged about 0.3 cents for what came.",
        ),
        (
            an_end(ending="broken"),
            "0.3 cents · Acme One\nThe provider broke off. Charged 0.3 cents for what came.",
        ),
    ],
)
def test_a_late_answer_has_its_receipt(end: AskEnd, expected: str) -> None:
    assert footer(end, "Acme One") == expected


@pytest.mark.parametrize(
    ("end", "may"),
    [
        (an_end(**RELEASED, ending="failed"), True),
        (an_end(**RELEASED, ending="interrupted", interrupted=True), True),
        (an_end(state="refused", cost_nanos=0, answer=b""), True),
        (an_end(**RELEASED, ending="failed", question=b""), False),
        (an_end(), False),
        (an_end(answer=b""), False),
    ],
)
def test_what_ended_uncharged_may_be_asked_again_while_its_question_is_kept(end: AskEnd, may: bool) -> None:
    assert end.may_be_asked_again == may
