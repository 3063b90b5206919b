"""What people wrote becomes letters that a picture can show, in the room there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.drawing.letters import CUT, SHOWN, cut, fitting, shown, width


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("Claude Haiku 4.5", "Claude Haiku 4.5"),
        ("  two\nlines\t here ", "two lines here"),
        ("Cafe\N{COMBINING ACUTE ACCENT}", "Café"),
        ("Привет", "Привет"),
        ("日本語 tag", "… tag"),
        ("🚀 launch 👩‍👩‍👧", "… launch …"),
        ("a\N{ZERO WIDTH JOINER}b\N{RIGHT-TO-LEFT OVERRIDE}", "ab"),
        ("\x00\x1b[31m", "…[31m"),
        ("\ud800", "…"),
        ("", ""),
    ],
)
def test_letters_that_the_font_does_not_have_are_left_out(written: str, drawn: str) -> None:
    assert shown(written) == drawn


@given(st.text())
def test_nothing_else_is_ever_drawn(written: str) -> None:
    assert set(shown(written)) <= SHOWN


@given(st.text(sorted(SHOWN)), st.integers(20, 300))
def test_what_is_cut_has_room_and_says_so(written: str, room: int) -> None:
    drawn = cut(written, 13, room)
    assert width(drawn, 13) <= room
    assert drawn == written or drawn.endswith(CUT)


def test_letters_are_as_large_as_there_is_room() -> None:
    assert fitting("$42.10", 30, 200, 13) == 30
    assert 13 < fitting("$1,000,000,000.00", 30, 200, 13) < 30
    assert fitting("$1,000,000,000.00", 30, 10, 13) == 13
