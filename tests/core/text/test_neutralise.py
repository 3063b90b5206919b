import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from core.text.neutralise import for_terminal

HARMFUL = st.sampled_from(
    ["\x1b", "[31m", "]0;title\x07", "\x9b2J", "\r", "\x08", "\ud83d", "\u202e", "\x00", "\x7f", "a"]
)
TEXTS = st.one_of(st.text(st.characters()), st.lists(HARMFUL).map("".join))


@given(TEXTS)
def test_nothing_that_controls_is_left(text: str) -> None:
    shown = for_terminal(text)
    controls = [char for char in shown if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"]
    assert controls == []
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)
    shown.encode("utf-8")


@given(TEXTS, TEXTS)
def test_pieces_may_be_cut_anywhere(one: str, other: str) -> None:
    assert for_terminal(one) + for_terminal(other) == for_terminal(one + other)


@given(TEXTS)
def test_what_is_harmless_stays_harmless(text: str) -> None:
    assert for_terminal(for_terminal(text)) == for_terminal(text)


def test_words_lines_and_tabs_stay() -> None:
    text = "Grüße, 世界 👩‍💻:\n\tdef f(): ...\n"
    assert for_terminal(text) == text


def test_an_escape_sequence_is_shown_instead_of_done() -> None:
    assert for_terminal("\x1b[2Jhello\r\n") == "␛[2Jhello\n"
