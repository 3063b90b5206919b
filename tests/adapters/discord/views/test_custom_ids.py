"""What a button carries comes back as it was; what no button of ours carries is refused."""

import pytest

from adapters.discord.views.custom_ids import MAX_CUSTOM_ID_CHARS, Carried, NotOurs, carried_by, custom_id

KNOWN = {"undo": 1, "not_now": 0, "ask_for": 2}


@pytest.mark.parametrize("carried", [Carried("not_now"), Carried("undo", ("",)), Carried("ask_for", ("a:b/c.2", "5"))])
def test_it_comes_back_as_it_was(carried: Carried) -> None:
    assert carried_by(custom_id(carried.action, *carried.fields), KNOWN) == carried


@pytest.mark.parametrize(
    "written",
    [
        "",
        "undo",
        "undo a b",
        "not_now ",
        "other 1",
        "UNDO a",
        "undo a\nb",
        "undo \x00",
        " undo a",
        f"undo {'x' * 96}",
    ],
)
def test_what_no_button_of_ours_carries_is_refused(written: str) -> None:
    with pytest.raises(NotOurs):
        carried_by(written, KNOWN)


@pytest.mark.parametrize("fields", [("two words",), ("a\nb",), ("x" * MAX_CUSTOM_ID_CHARS,)])
def test_what_a_button_cannot_carry_is_a_defect(fields: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="No button can carry undo"):
        custom_id("undo", *fields)
