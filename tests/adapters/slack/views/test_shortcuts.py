"""The form behind "Ask about this" carries as much of a message as fits, and takes nothing that is not its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.views.shortcuts import MAX_ALONG_CHARS, About, along, sent_about

ABOUT = About("C1", "1.2", "1.1", "U1", "anna", "it deadlocks", ("F1", "F2"), response_url="https://x.example")


def sent(metadata: str) -> About | None:
    return sent_about({"private_metadata": metadata}).about


def test_a_message_that_fits_comes_back_whole() -> None:
    assert sent(along(ABOUT)) == ABOUT
    assert (ABOUT.thread, About("C1", "1.2", "", "U1", "anna", "").thread) == ("1.1", "1.2")


@given(st.text(max_size=60), st.integers(min_value=0, max_value=900), st.text(max_size=300))
def test_of_a_longer_one_its_beginning_does(piece: str, times: int, name: str) -> None:
    text = piece * times
    written = along(About("C1", "1.2", "", "U1", name, text))
    back = sent(written)
    assert len(written) <= MAX_ALONG_CHARS
    assert back is not None and text.startswith(back.text) and back.is_cut == (back.text != text)


@pytest.mark.parametrize("metadata", ["", "{", "[]", "5", '{"channel": "C1"}', '{"ts": "1.2"}', "[" * 10_000])
def test_what_is_no_form_of_ours_is_about_nothing(metadata: str) -> None:
    assert sent(metadata) is None
