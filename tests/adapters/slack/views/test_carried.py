import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.origin import Origin
from adapters.slack.views.carried import Carried, NotOurs, carried_by
from adapters.slack.views.shown import MAX_VALUE_CHARS

PRESSES = st.builds(
    Carried,
    asker=st.text(max_size=12),
    press=st.text(max_size=80),
    model=st.text(max_size=40),
    nanos=st.integers(0, 10**15),
    private=st.booleans(),
    question=st.text(max_size=3_000),
)


@given(PRESSES)
def test_what_a_button_carries_comes_back_and_fits(press: Carried) -> None:
    assert len(press.value) <= MAX_VALUE_CHARS
    back = carried_by(press.value)
    assert replace(back, question="") == replace(press, question="")
    assert press.question.startswith(back.question)


NOT_OURS = (
    *("", "null", "[]", "7", "{", '{"other": "x"}', '{"asker": 7}', None, 7, {"asker": "U1"}),
    *('{"nanos": -1}', '{"nanos": true}', '{"nanos": "7"}', '{"nanos": 1e400}', '{"nanos": NaN}'),
    json.dumps({"asker": "x" * MAX_VALUE_CHARS}),
)


@pytest.mark.parametrize("value", NOT_OURS)
def test_what_no_button_of_ours_carries_is_refused(value: object) -> None:
    with pytest.raises(NotOurs):
        carried_by(value)


def test_only_its_asker_may_press_it_unless_it_is_everybodys() -> None:
    assert Carried(asker="U1").may_be_pressed_by("U1")
    assert not Carried(asker="U1").may_be_pressed_by("U2")
    assert Carried().may_be_pressed_by("U2")


def test_the_answer_to_a_press_goes_where_the_question_was_asked() -> None:
    where = Origin("T1", "U1", "C9", ts="7.7", thread_ts="6.6", response_url="https://x.example")
    assert Carried(channel="C1", thread="5.5").origin(where) == replace(where, channel_id="C1", thread_ts="5.5", ts="")
    assert Carried().origin(where) == replace(where, thread_ts="", ts="")
