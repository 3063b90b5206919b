"""Words that are kept hold ids; names are put in when they are shown."""

from core.people import CHIPIN, OPERATOR
from core.text.names import name_of, named_in, person, with_names

NAMES = {"mbr_1": "Anna", "mbr_2": "<mbr_1>"}


def test_everyone_is_named_as_they_are_called_now() -> None:
    words = f"{person('mbr_1')} asks {person('mbr_2')} for more; {person('mbr_1')} waits."
    assert named_in(words) == ("mbr_1", "mbr_2")
    assert with_names(words, NAMES) == "Anna asks <mbr_1> for more; Anna waits."


def test_who_is_forgotten_has_no_name() -> None:
    assert with_names(f"{person('mbr_9')} left.", NAMES) == "somebody who left left."
    assert name_of("mbr_9", NAMES) == "somebody who left"


def test_other_words_in_angle_brackets_stay() -> None:
    words = "if a <b> c, see <https://example.com> or <mbr_> or <MBR_1>"
    assert with_names(words, NAMES) == words


def test_who_is_no_member_is_named_by_what_they_are() -> None:
    assert name_of(OPERATOR, NAMES) == "the operator"
    assert name_of(CHIPIN, NAMES) == "Chipin"
    assert name_of("mbr_1", NAMES) == "Anna"
