"""What Discord tells of a message: who wrote it, all that it says, and what it answers."""

from typing import Any

from adapters.discord.conversation.answers import question_above, words_of_answer
from adapters.discord.conversation.files import attached_to
from adapters.discord.conversation.messages import (
    answers,
    author_of,
    begins_an_answer,
    files_of,
    says_something,
    seconds_of,
    text_of,
)
from adapters.discord.views.answer import ANSWER
from core.attached import Attached

CAT = {"id": "1", "filename": "cat.png", "content_type": "image/png", "size": 5, "url": "there"}


def nobody(sign: str, named: str) -> str:
    return ""


def test_those_who_are_mentioned_come_along_with_their_names() -> None:
    message = {"content": "<@1> and <@2>", "mentions": [{"id": "1", "username": "anna_x", "global_name": "Anna"}, 7]}
    assert text_of(message, nobody) == "@Anna and @somebody"


def test_cards_of_apps_are_read_and_previews_of_links_are_not() -> None:
    message: dict[str, Any] = {
        "content": "Build 7",
        "embeds": [
            {
                "type": "rich",
                "title": "Failed",
                "description": "on main",
                "fields": [{"name": "Step", "value": "test"}],
            },
            {"type": "link", "title": "a page", "description": "that somebody linked"},
        ],
        "components": [{"type": 17, "components": [{"type": 10, "content": "See the log"}, {"type": 1}]}],
    }
    assert text_of(message, nobody) == "Build 7\nFailed\non main\nStep: test\nSee the log"


def test_what_is_passed_on_is_read_and_answers_nothing() -> None:
    passed_on = {"content": "it deadlocks", "attachments": [CAT]}
    reference = {"type": 1, "message_id": "5", "channel_id": "7"}
    message = {
        "content": "",
        "channel_id": "7",
        "message_reference": reference,
        "message_snapshots": [{"message": passed_on}],
    }
    assert text_of(message, nobody) == "it deadlocks"
    assert [file.name for file in files_of(message)] == ["cat.png"]
    assert answers(message) == ""


def test_an_answer_is_to_a_message_of_the_same_channel() -> None:
    reply = {"channel_id": "7", "message_reference": {"message_id": "5", "channel_id": "7"}}
    elsewhere = {"channel_id": "7", "message_reference": {"message_id": "5", "channel_id": "8"}}
    assert (answers(reply), answers(elsewhere), answers({"channel_id": "7"})) == ("5", "", "")
    assert begins_an_answer(reply) and begins_an_answer({"interaction_metadata": {"id": "1"}})
    assert not begins_an_answer({"channel_id": "7"})


def test_people_are_called_as_they_are_shown() -> None:
    author = {"username": "anna_x", "global_name": "Anna"}
    assert author_of({"author": author, "member": {"nick": "Annie"}}) == "Annie"
    assert author_of({"author": author, "member": {"nick": None}}) == "Anna"
    assert author_of({"author": {"username": "anna_x", "global_name": None}}) == "anna_x"
    assert author_of({}) == "Somebody"


def test_notices_of_discords_say_nothing() -> None:
    said = [number for number in range(60) if says_something({"type": number})]
    assert said == [0, 19, 20, 23]


def test_files_are_read_off_a_message_as_far_as_they_are_there() -> None:
    told = {"attachments": [CAT, {"id": "2", "size": "large"}, {"filename": "no id"}, "no file"]}
    assert attached_to(told) == (Attached("1", "cat.png", "image/png", 5, "there"), Attached("2"))
    assert attached_to({}) == attached_to({"attachments": None}) == ()


def test_the_small_print_is_no_part_of_an_answer() -> None:
    content = "-# above\n\nOne.\n-# small print of the model's own\nTwo.\n\n-# 0.3 cents · A Model\n-# goes on below"
    assert words_of_answer({"content": content}) == "One.\n-# small print of the model's own\nTwo."
    assert words_of_answer({"content": "-# It goes on below."}) == ""
    card = {"content": "", "flags": 1 << 15, "components": [{"type": 10, "id": 1, "content": "Your balance"}]}
    assert words_of_answer(card) == ""


def test_the_last_part_of_an_answer_stands_in_a_card_and_its_question_above_it() -> None:
    words = {"type": 10, "id": ANSWER, "content": "-# Asked: why \\*does\\* it?\nBecause."}
    price = {"type": 17, "id": 2, "components": [{"type": 10, "id": 3, "content": "-# 0.3 cents"}]}
    card = {"content": "", "flags": 1 << 15, "components": [words, price]}
    assert (question_above(card), words_of_answer(card)) == ("why *does* it?", "Because.")
    assert question_above({"content": "Because.\n-# Asked: no"}) == ""
    in_file = {"content": "The beginning", "attachments": [CAT]}
    assert words_of_answer(in_file) == "The beginning\n[The rest of this answer is in a file.]"


def test_an_id_says_when_its_message_was_written() -> None:
    assert seconds_of("175928847299117063") - seconds_of(175928847299117063 - (60_000 << 22)) == 60.0
