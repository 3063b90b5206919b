"""What was said before a question: who said it, how much of it goes along, and which pictures."""

from core.attached import Attached
from core.call import Message, Role, TextPart
from core.defaults import MAX_PROMPT_CHARS
from core.errors import BadInput
from core.spoken import Said, Told, said_by, told_of

PNG = b"\x89PNG\r\n\x1a\n0000"
CAT, DOG = (Attached(name, f"{name}.png", "image/png", 12, f"there/{name}") for name in ("cat", "dog"))


async def fetch(file: Attached, most_bytes: int) -> bytes:
    if "broken" in file.url:
        raise BadInput("no")
    return PNG[:most_bytes]


async def told(*said: Said, pictures: int = 5, named: bool = True) -> Told:
    return await told_of(said, fetch, pictures=pictures, named=named)


def texts(found: Told) -> list[str]:
    return [message.text for message in found.history]


async def test_people_are_named_where_there_are_several_and_answers_are_ours() -> None:
    said = (Said("anna", "why?"), Said("", "because"), Said("ben", "oh"))
    assert texts(await told(*said)) == ["anna: why?", "because", "ben: oh"]
    assert [message.role for message in (await told(*said)).history] == [Role.USER, Role.ASSISTANT, Role.USER]
    assert texts(await told(*said, named=False)) == ["why?", "because", "oh"]


async def test_the_parts_of_one_answer_are_one_turn() -> None:
    said = (Said("anna", "why?"), Said("", "one"), Said("", "two"), Said("anna", "and?"), Said("", "three"))
    assert texts(await told(*said)) == ["anna: why?", "one\ntwo", "anna: and?", "three"]


async def test_the_newest_go_along_and_it_is_said_how_many_do_not() -> None:
    found = await told(*(Said("anna", str(number)) for number in range(203)))
    assert (texts(found)[0], texts(found)[-1], len(found.history)) == ("anna: 3", "anna: 202", 200)
    assert found.left_out == ("Left out of this thread: 3 messages at its beginning.",)
    long = await told(Said("anna", "x" * MAX_PROMPT_CHARS), Said("ben", "y"))
    assert texts(long) == ["ben: y"] and long.left_out == ("Left out of this thread: 1 message at its beginning.",)


async def test_only_the_newest_message_with_pictures_brings_them_and_no_more_than_there_is_room_for() -> None:
    said = [each for each in (said_by("anna", "", (CAT,)), said_by("ben", "look", (CAT, DOG))) if each is not None]
    found = await told(*said, pictures=1)
    assert [len(message.images) for message in found.history] == [0, 1]
    assert texts(found) == ["anna: [attached: cat.png]", "ben: look\n[attached: cat.png, dog.png]"]
    assert (await told(*said, pictures=0)).history[1].images == ()


async def test_a_picture_that_cannot_be_had_is_left_out_and_that_is_said() -> None:
    found = await told(Said("anna", "look", (Attached("x", "x.png", "image/png", 1, "broken"),)))
    assert found.history == (Message(Role.USER, (TextPart("anna: look"),)),)
    assert found.left_out == ("Left out: an earlier picture of this thread, which could not be read.",)


def test_there_is_nothing_in_an_empty_message() -> None:
    assert said_by("anna", "") is None
