"""What is kept of a question comes back as it was asked, whatever came with the press."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.asking.kept import from_kept, to_keep, words_of
from core.call import ImagePart, Message, Role, TextPart
from core.models import AUTO
from tests.core.asking.house import a_question

PICTURE = ImagePart("image/png", b"\x89PNG\x00\xff")
BEFORE = (Message(Role.USER, (TextPart("hello"), PICTURE)), Message(Role.ASSISTANT, (TextPart("hi"),)))


@given(text=st.text(), pictures=st.booleans(), history=st.booleans(), model=st.sampled_from([AUTO, "gpt-6.1-terra"]))
def test_a_question_is_kept_whole(text: str, pictures: bool, history: bool, model: str) -> None:
    parts = (TextPart(text), PICTURE) if pictures else (TextPart(text),)
    asked = a_question(parts=parts, history=BEFORE if history else (), model=model)
    kept = to_keep(asked)
    again = from_kept(kept, a_question("something else", history=BEFORE, model="pressed"))
    assert (again.parts, again.history, again.model) == (asked.parts, asked.history, asked.model)
    assert words_of(kept) == text


def test_words_alone_are_kept_bare_as_earlier_releases_did() -> None:
    assert to_keep(a_question("why?")) == "why?"
    assert from_kept("why?", a_question("")).text == "why?"


@pytest.mark.parametrize(
    "typed",
    ['{"chipin-question-1', '{"chipin-question-1": 5}', '{"chipin-question-1x": {}}', '{"chipin-question-1": ' * 9],
)
def test_words_that_an_earlier_release_kept_bare_are_words_whatever_they_begin_with(typed: str) -> None:
    assert from_kept(typed, a_question("")).text == typed
    assert words_of(typed) == typed


@pytest.mark.parametrize(
    "content",
    [
        {"model": AUTO, "parts": []},
        {"model": AUTO, "parts": [["text"]], "history": []},
        {"model": AUTO, "parts": 5, "history": []},
        {"model": AUTO, "parts": [], "history": [["boss", []]]},
        {"parts": [], "history": []},
    ],
)
def test_what_lacks_a_field_is_no_question(content: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        from_kept(json.dumps({"chipin-question-1": content}), a_question(""))


@pytest.mark.parametrize(
    "forged", ['{"chipin-question-1": {"parts": [], "history": [["system", []]]}}', '{"chipin-question-1']
)
def test_words_that_look_like_what_is_kept_are_words(forged: str) -> None:
    asked = a_question(forged)
    assert from_kept(to_keep(asked), a_question("")).parts == asked.parts


def test_what_was_left_out_of_a_question_is_kept_with_it() -> None:
    asked = a_question("why?", left_out="Left out: film.mp4.")
    assert from_kept(to_keep(asked), a_question("")).left_out == "Left out: film.mp4."
    assert from_kept(to_keep(a_question("why?")), asked).left_out == ""
    assert words_of(to_keep(asked)) == "why?"
