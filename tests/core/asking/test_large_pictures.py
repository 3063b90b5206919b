"""Pictures that are too large together: refused, or left behind, before anything is kept or held."""

from typing import Any

from core.call import ImagePart, Message, Role, TextPart
from core.events import AskEvent, Refused, Started
from core.pictures import MAX_BYTES_TOGETHER
from tests.core.asking.companies import Company, TimedDesk, a_desk_with, saying
from tests.core.asking.house import finished, heard

HALF = ImagePart("image/png", bytes(MAX_BYTES_TOGETHER // 2 + 1))
BEFORE = (Message(Role.USER, (HALF, TextPart("See?"))), Message(Role.ASSISTANT, (TextPart("Yes."),)))
WORDS = TextPart("And now?")


async def a_looking_desk() -> tuple[Company, TimedDesk]:
    """A desk with a model that looks at pictures."""
    looking = Company("Alpha", [saying("Now too.")], "1", fields={"images": True, "image_tokens": 1_000})
    return looking, await a_desk_with(looking)


async def hear(desk: TimedDesk, text: str = "", **fields: Any) -> list[AskEvent]:
    """Ask while the clock stands still: pictures are sealed in a thread, which takes real time."""
    return await heard(desk.start(text, **fields))


async def test_pictures_that_are_too_large_together_are_refused_before_anything_is_kept() -> None:
    looking, desk = await a_looking_desk()
    [refused] = await hear(desk, parts=(HALF, HALF, WORDS))
    assert refused == Refused(
        "These pictures are larger than 12 MB together. Make them smaller, or send fewer. Not charged."
    )
    assert (desk.requests, desk.kept, looking.calls) == ([], [], [])


async def test_earlier_pictures_stay_behind_where_they_are_too_large_beside_those_of_the_question() -> None:
    looking, desk = await a_looking_desk()
    events = await hear(desk, parts=(HALF, WORDS), history=BEFORE)
    [call] = looking.calls
    assert [len(message.images) for message in call.messages] == [0, 0, 0, 1]
    [note] = [event.note for event in events if isinstance(event, Started)]
    assert note.startswith("Left out of this conversation: its earlier pictures")
    assert len(desk.kept[0].question) < 2 * MAX_BYTES_TOGETHER


async def test_pictures_that_fit_go_along_and_come_back_with_a_press() -> None:
    looking, desk = await a_looking_desk()
    [quoted] = await hear(desk, parts=(WORDS,), history=BEFORE, keys=("price",), quote_only=True)
    finished(await hear(desk, keys=("press",), resumes=quoted.press, model="alpha-model"))  # type: ignore[union-attr]
    assert [len(message.images) for message in looking.calls[0].messages] == [0, 1, 0, 0]
