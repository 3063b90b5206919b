"""What buttons under asks carry comes back as it was, in the 100 characters there are, or is recognised as not ours."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.views.carried import Action, AskPress, ask_button_id, ask_press_of, fingerprint, model_named
from adapters.discord.views.custom_ids import MAX_CUSTOM_ID_CHARS, NotOurs

IDS = st.from_regex(r"ask_[0-9a-f]{23}(\.[1-9][0-9]?)?", fullmatch=True) | st.just("")
USERS = st.integers(1, 2**64 - 1).map(str) | st.just("")
PRESSES = st.builds(
    AskPress, USERS, USERS, IDS, st.sampled_from(["", "haiku", "llama3:8b"]), st.integers(0, 10**13), st.booleans()
)


@given(st.sampled_from(Action), PRESSES)
def test_it_comes_back_as_it_was(action: Action, press: AskPress) -> None:
    written = ask_button_id(action, press)
    assert len(written) <= MAX_CUSTOM_ID_CHARS
    assert ask_press_of(written) == (action, press)


@given(st.sampled_from(Action), PRESSES, st.text(st.characters(codec="utf-8"), min_size=1, max_size=90))
def test_a_model_of_any_name_is_found_again(action: Action, press: AskPress, model: str) -> None:
    named = replace(press, model=model)
    written = ask_button_id(action, named)
    assert len(written) <= MAX_CUSTOM_ID_CHARS
    _, read = ask_press_of(written)
    assert model_named(read.model, ["other", model]) == model


def test_a_model_that_is_offered_no_more_is_not_guessed() -> None:
    with pytest.raises(NotOurs):
        model_named(fingerprint("gone"), ["here"])


@given(st.text(max_size=120))
def test_anything_else_is_not_ours(written: str) -> None:
    try:
        action, press = ask_press_of(written)
    except NotOurs:
        return
    assert action in Action
    assert press.nanos >= 0


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "ask_stop",
        "ask_stop     ",
        "ask_stop a b x c  m",
        "nope      ",
        "ask_stop       ",
        "ask_stop A     ",
        "ask_stop    a/b  ",
    ],
)
def test_what_was_forged_is_not_ours(forged: str) -> None:
    with pytest.raises(NotOurs):
        ask_press_of(forged)


def test_it_is_pressed_by_its_asker_alone_or_by_anybody() -> None:
    assert AskPress(asker="1").may_be_pressed_by("1")
    assert not AskPress(asker="1").may_be_pressed_by("2")
    assert AskPress().may_be_pressed_by("2")
