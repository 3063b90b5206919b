"""What takes long to look up is looked up once the question stands in the books, and kept with it."""

import asyncio
from dataclasses import replace
from typing import Any

from core.asking.gathering import GATHER_SECONDS, NOT_IN_TIME, PICTURES_LEFT_OUT
from core.asking.kept import UNREAD
from core.call import ImagePart, Message, Role, TextPart
from core.errors import BadInput
from core.events import NeedsConfirmation, Quoted, Refused, Started
from core.operations import RequestState
from core.pictures import MAX_BYTES_TOGETHER
from core.policy import Setting
from core.question import Gathered
from tests.bookkeeping import rule
from tests.core.asking.companies import Company, TimedDesk, a_desk_with, saying
from tests.core.asking.house import QUESTION, SETTINGS, ManualClock, finished, heard, hearing, kinds

PICTURE = ImagePart("image/png", b"\x89PNG")
BEFORE = (Message(Role.USER, (TextPart("It deadlocks."),)),)
FOUND = Gathered((TextPart("\n\nnotes.txt:\nlock order"),), BEFORE, "Left out: film.mp4.")


class Thread:
    """A chat that can be looked at: slowly, not at all, or for nothing."""

    def __init__(self, found: Gathered = FOUND, *, slow: bool = False, fails: Exception | None = None) -> None:
        self.looks = 0
        self.opened = asyncio.Event()
        self._found, self._fails = found, fails
        if not slow:
            self.opened.set()

    async def __call__(self) -> Gathered:
        self.looks += 1
        await self.opened.wait()
        if self._fails is not None:
            raise self._fails
        return self._found


async def a_desk(**fields: Any) -> tuple[Company, TimedDesk]:
    looking = {"images": True, "image_tokens": 1_000}
    alpha = Company("Alpha", [saying("Two locks.")], "1", fields=looking)
    return alpha, await a_desk_with(alpha, **fields)


def notes(events: Any) -> str:
    return " ".join(event.note for event in events if isinstance(event, Started))


async def test_a_question_is_claimed_while_what_belongs_to_it_is_still_looked_up() -> None:
    alpha, desk = await a_desk()
    thread = Thread(slow=True)
    running = desk.start(gather=thread)
    async with hearing(running) as events:
        assert await running.claimed()
        assert (alpha.calls, desk.requests[0].state) == ([], RequestState.RUNNING)
        thread.opened.set()
        heard_of = [event async for event in events]
    finished(heard_of)
    asked = alpha.calls[0].messages
    assert [message.text for message in asked[1:]] == ["It deadlocks.", f"{QUESTION}\n\nnotes.txt:\nlock order"]
    assert notes(heard_of) == "Left out: film.mp4."


async def test_a_question_that_was_asked_before_is_not_looked_up_again() -> None:
    _, desk = await a_desk()
    thread = Thread()
    finished(await desk.hear(keys=("event",), gather=thread))
    assert kinds(await desk.hear(keys=("event",), gather=thread)) == ["AlreadyAsked"]
    assert thread.looks == 1


async def test_for_who_may_not_ask_nothing_is_looked_up() -> None:
    _, desk = await a_desk()
    await desk.books.apply(rule("deny", "member:anna", Setting.MAY_ASK, "deny"))
    thread = Thread()
    assert isinstance((await desk.hear(gather=thread))[-1], Refused)
    assert thread.looks == 0


async def test_a_press_gets_the_question_whole_without_another_look() -> None:
    alpha, desk = await a_desk()
    thread = Thread()
    [quoted] = await desk.hear(keys=("price",), gather=thread, quote_only=True)
    assert isinstance(quoted, Quoted) and quoted.note == "Left out: film.mp4."
    events = await desk.hear("", keys=("press",), resumes=quoted.press, model="alpha-model")
    finished(events)
    assert [message.text for message in alpha.calls[0].messages[1:]] == [
        "It deadlocks.",
        f"{QUESTION}\n\nnotes.txt:\nlock order",
    ]
    assert (thread.looks, notes(events)) == (1, "Left out: film.mp4.")


async def test_pictures_that_are_looked_up_are_in_the_price_that_is_asked_about() -> None:
    alpha, desk = await a_desk()
    [plain] = await desk.hear(keys=("plain",), quote_only=True)
    [pictured] = await desk.hear(keys=("picture",), gather=Thread(Gathered((PICTURE,))), quote_only=True)
    assert isinstance(plain, Quoted) and isinstance(pictured, Quoted)
    assert pictured.recommended.at_most_nanos >= plain.recommended.at_most_nanos + 1_000 * 1_000
    assert not alpha.calls


async def test_what_is_no_question_without_its_file_is_refused_in_the_words_of_the_chat() -> None:
    alpha, desk = await a_desk()
    events = await desk.hear(gather=Thread(fails=BadInput("film.mp4 cannot be read.")))
    assert events == [Refused("film.mp4 cannot be read. Not charged.")]
    assert (desk.requests[0].state, desk.requests[0].why, alpha.calls) == (RequestState.REFUSED, "BadInput", [])


async def test_a_look_that_does_not_end_is_given_up() -> None:
    alpha, desk = await a_desk()
    listening = asyncio.ensure_future(heard(desk.start(gather=Thread(slow=True))))
    clock = desk.ports.clock
    assert isinstance(clock, ManualClock)
    began = clock.monotonic()
    await clock.until(listening, step_seconds=1.0)
    assert listening.result() == [Refused(f"{NOT_IN_TIME} Not charged.")]
    assert GATHER_SECONDS <= clock.monotonic() - began < desk.settings.deadline_seconds
    assert not alpha.calls


async def test_a_stop_ends_the_look() -> None:
    alpha, desk = await a_desk()
    running = desk.start(gather=Thread(slow=True))
    async with hearing(running) as events:
        await running.claimed()
        running.stop()
        assert [event async for event in events] == [Refused("Stopped. Not charged.")]
    assert not alpha.calls


async def test_earlier_pictures_stay_behind_where_all_are_too_large_together() -> None:
    half = ImagePart("image/png", bytes(MAX_BYTES_TOGETHER // 2 + 1))
    alpha, desk = await a_desk()
    before = (Message(Role.USER, (half, TextPart("See?"))),)
    events = await heard(desk.start(gather=Thread(Gathered((half,), before))))
    assert [len(message.images) for message in alpha.calls[0].messages] == [0, 0, 1]
    assert notes(events) == PICTURES_LEFT_OUT
    too_large = await heard(desk.start(gather=Thread(Gathered((half, half)))))
    assert isinstance(too_large[-1], Refused) and "larger than 12 MB together" in too_large[-1].sentence


async def test_a_picture_alone_is_a_question() -> None:
    alpha, desk = await a_desk()
    finished(await desk.hear(parts=(), gather=Thread(Gathered((PICTURE,)))))
    assert alpha.calls[0].messages[-1].parts == (PICTURE,)


async def test_who_tries_again_after_a_crash_in_the_middle_of_the_look_reads_what_is_missing() -> None:
    _, desk = await a_desk()
    running = desk.start(gather=Thread(slow=True))
    async with hearing(running):
        await running.claimed()
        kept = desk.ports.vault.unseal(desk.kept[0].question)
        running.stop()
    assert UNREAD in kept and QUESTION in kept


async def test_a_dear_question_that_is_confirmed_has_all_that_belongs_to_it() -> None:
    alpha, desk = await a_desk(settings=replace(SETTINGS, confirm_above_nanos=1))
    [first] = await desk.hear(keys=("event",), gather=Thread())
    assert isinstance(first, NeedsConfirmation)
    finished(await desk.hear("", keys=("press",), resumes=first.press))
    assert alpha.calls[0].messages[1].text == "It deadlocks."
