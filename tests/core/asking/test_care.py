"""A question with a secret in it waits for a choice, and goes as that choice says."""

from dataclasses import replace
from typing import Any

from core.call import Message, Role, TextPart
from core.conversation import Conversation, Turn
from core.events import Finished, NeedsCare, NeedsConfirmation, Quoted, Started
from core.operations import RequestState
from core.policy import EVERYONE, Setting
from core.question import Secrets
from tests.bookkeeping import rule
from tests.core.asking.house import GOOD, SETTINGS, Desk, a_desk, finished, kinds
from tests.fakes import ScriptedProvider, a_model
from tests.memory_reports import open_holds

CARD = "4111 1111 1111 1111"
TYPED = f"why is {CARD} declined?"
CLEAN = "why is [card number] declined?"


def sent(provider: ScriptedProvider) -> list[str]:
    """What left the house: the question of every call."""
    return [call.messages[-1].text for call in provider.calls]


async def paused(desk: Desk, text: str = TYPED, **fields: Any) -> NeedsCare:
    """Ask, and be asked."""
    (event,) = await desk.hear(text, **fields)
    assert isinstance(event, NeedsCare)
    return event


async def test_nothing_leaves_and_nothing_is_held_before_the_choice() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    asked = await paused(desk)
    assert asked.sentence == (
        "There seems to be a card number that ends in 1111 in your question, so nothing was sent. "
        "Your question can be sent without that, or as it is. Not charged."
    )
    assert CARD not in asked.sentence and asked.may_send
    assert (provider.calls, open_holds(desk.books), desk.requests[0].state) == ([], [], RequestState.AWAITING)
    assert CARD not in desk.requests[0].why


async def test_removed_exactly_what_was_found_is_masked_and_the_reader_knows() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    events = await desk.hear("", resumes=(await paused(desk)).press, secrets=Secrets.REMOVE)
    assert sent(provider) == [CLEAN] and isinstance(events[-1], Finished)
    (started,) = (event for event in events if isinstance(event, Started))
    assert started.note == "Removed before it was sent: a card number that ends in 1111."


async def test_sent_anyway_it_goes_as_it_stands() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    await desk.hear("", resumes=(await paused(desk)).press, secrets=Secrets.SEND)
    assert sent(provider) == [TYPED]


async def test_a_press_without_a_choice_is_asked_again() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    events = await desk.hear("", resumes=(await paused(desk)).press)
    assert kinds(events) == ["NeedsCare"] and not provider.calls


async def test_where_the_policy_forbids_it_a_press_does_not_send_it() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    allowed = await paused(desk)
    await desk.books.apply(rule("no", EVERYONE, Setting.SECRETS, "deny"))
    (again,) = await desk.hear("", resumes=allowed.press, secrets=Secrets.SEND)
    assert isinstance(again, NeedsCare) and not again.may_send and not provider.calls
    assert "your team's rules do not let it be sent as it is" in again.sentence
    await desk.hear("", resumes=again.press, secrets=Secrets.REMOVE)
    assert sent(provider) == [CLEAN]


async def test_the_choice_holds_for_a_better_model_and_is_not_asked_twice() -> None:
    for choice, goes in ((Secrets.REMOVE, CLEAN), (Secrets.SEND, TYPED)):
        provider = ScriptedProvider(GOOD)
        desk = await a_desk(provider, models=(a_model(id="a", tier=1), a_model(id="b", tier=3)))
        first = finished(await desk.hear("", resumes=(await paused(desk, model="a")).press, secrets=choice))
        better = await desk.hear("", improves=first.receipt.ask_id, model="b")
        assert isinstance(better[-1], Finished) and sent(provider) == [goes, goes]


async def test_the_choice_holds_when_it_is_tried_again() -> None:
    provider = ScriptedProvider((RuntimeError("down"),))
    desk = await a_desk(provider)
    failed = finished(await desk.hear("", resumes=(await paused(desk)).press, secrets=Secrets.REMOVE))
    provider.script = GOOD
    await desk.hear("", resumes=failed.again)
    assert sent(provider)[-1] == CLEAN


async def test_the_choice_is_for_one_question_only() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    await desk.hear("", resumes=(await paused(desk)).press, secrets=Secrets.SEND)
    await paused(desk)
    assert len(provider.calls) == 1


async def test_a_price_is_agreed_to_before_or_after_it() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider, settings=replace(SETTINGS, confirm_above_nanos=1))
    (confirm,) = await desk.hear("", resumes=(await paused(desk)).press, secrets=Secrets.REMOVE)
    assert isinstance(confirm, NeedsConfirmation)
    done = await desk.hear("", resumes=confirm.press, pressed_nanos=confirm.at_most_nanos)
    assert isinstance(done[-1], Finished) and sent(provider) == [CLEAN]

    (quoted,) = await desk.hear(TYPED, quote_only=True)
    assert isinstance(quoted, Quoted)
    assert quoted.note == (
        "There seems to be a card number that ends in 1111 in it: before it is sent, you are asked whether to remove "
        "that."
    )
    best = quoted.recommended
    press = {"resumes": quoted.press, "model": best.model_id, "pressed_nanos": best.at_most_nanos}
    asked = await paused(desk, "", **press)
    done = await desk.hear("", resumes=asked.press, secrets=Secrets.REMOVE)
    assert isinstance(done[-1], Finished) and sent(provider) == [CLEAN, CLEAN]


async def test_what_was_said_before_goes_along_without_it_and_nobody_is_asked() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    talk = Conversation("c").with_turn(Turn("a", (TextPart(TYPED),), f"Your {CARD} has expired."))
    events = await desk.hear("and now?", history=talk.history)
    assert isinstance(events[-1], Finished)
    assert provider.calls[0].messages[1:-1] == (
        Message(Role.USER, (TextPart(CLEAN),)),
        Message(Role.ASSISTANT, (TextPart("Your [card number] has expired."),)),
    )


async def test_a_long_question_is_looked_through_to_its_end() -> None:
    provider = ScriptedProvider(GOOD)
    desk = await a_desk(provider)
    await paused(desk, "word " * 10_000 + CARD)
