"""What goes along with the next question."""

from core.call import ImagePart, Part, Role, TextPart
from core.conversation import MAX_TURNS, Conversation, Turn
from core.defaults import MAX_PROMPT_CHARS

PICTURE = ImagePart("image/png", b"png")


def a_turn(number: int, *more: Part, answer: str = "yes") -> Turn:
    """One question and its answer."""
    return Turn(f"ask{number}", (TextPart(f"question {number}"), *more), answer)


def after(*turns: Turn) -> Conversation:
    """A conversation in which this was said."""
    said = Conversation("talk")
    for turn in turns:
        said = said.with_turn(turn)
    return said


def test_question_and_answer_take_turns() -> None:
    history = after(a_turn(1), a_turn(2, answer="no")).history
    assert [(said.role, said.text) for said in history] == [
        (Role.USER, "question 1"),
        (Role.ASSISTANT, "yes"),
        (Role.USER, "question 2"),
        (Role.ASSISTANT, "no"),
    ]


def test_a_better_answer_takes_the_place_of_the_first_one() -> None:
    said = after(a_turn(1), a_turn(2)).with_turn(a_turn(9, answer="better"), in_place_of="ask1")
    assert [(turn.ask_id, turn.answer) for turn in said.turns] == [("ask9", "better"), ("ask2", "yes")]


def test_a_better_answer_to_what_is_forgotten_is_a_turn_of_its_own() -> None:
    assert len(after(a_turn(1)).with_turn(a_turn(9), in_place_of="ask0").turns) == 2


def test_pictures_stay_with_the_newest_question_only() -> None:
    said = after(a_turn(1, PICTURE))
    assert said.history[0].images == (PICTURE,)
    assert [message.images for message in said.with_turn(a_turn(2, PICTURE)).history] == [(), (), (PICTURE,), ()]


def test_it_is_bounded_in_turns_and_in_length() -> None:
    assert after(*map(a_turn, range(MAX_TURNS + 5))).turns[0].ask_id == "ask5"
    long = a_turn(3, answer="x" * (MAX_PROMPT_CHARS - 30))
    assert [turn.ask_id for turn in after(a_turn(1), a_turn(2), long).turns] == ["ask2", "ask3"]
