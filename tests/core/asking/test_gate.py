"""The first words of an answer are withheld while another model may still give it, and none is ever lost."""

from hypothesis import given
from hypothesis import strategies as st

from core.asking.gate import Gate


@given(pieces=st.lists(st.text(max_size=20)), withheld=st.integers(0, 40), opened_after=st.integers(0, 12))
def test_everything_comes_through_once_and_in_order(pieces: list[str], withheld: int, opened_after: int) -> None:
    shown: list[str] = []
    gate = Gate(shown.append, withheld_chars=withheld)
    for number, piece in enumerate(pieces):
        if number == opened_after:
            gate.open()
        gate.put(piece)
    gate.open()
    assert "".join(shown) == ("".join(pieces) if "".join(pieces).strip() else "")


def test_blanks_wait_for_the_first_word() -> None:
    shown: list[str] = []
    gate = Gate(shown.append, withheld_chars=0)
    gate.put("\n ")
    assert (shown, gate.is_open) == ([], False)
    gate.put("Yes")
    gate.put(".")
    assert shown == ["\n Yes", "."]


def test_a_short_answer_stays_unseen_until_it_is_opened() -> None:
    shown: list[str] = []
    gate = Gate(shown.append, withheld_chars=10)
    gate.put("no idea")
    assert (shown, gate.is_open) == ([], False)
    gate.put(", sorry")
    assert (shown, gate.is_open) == (["no idea, sorry"], True)
