"""Each event of an ask becomes something on Discord: the answer for everybody, the rest for its asker alone."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from adapters.discord.answering.responder import Where
from adapters.discord.views.answer import MOST_PRICES, question_in
from adapters.discord.views.carried import Action, AskPress, ask_press_of
from core.events import (
    AlreadyAsked,
    AskEvent,
    Delta,
    FirstUse,
    NeedsCare,
    NeedsConfirmation,
    Pausing,
    Quoted,
    Refused,
    Shortfall,
    SwitchedModel,
    Waiting,
)
from core.people import Asker, Member, Team
from core.periods import Calendar
from core.quote import Quote
from tests.adapters.discord.answering.desk import ASK_ID, FINISHED, STARTED, Desk, a_desk, words_in
from tests.bookkeeping import enrol
from tests.discord.posting import walk
from tests.discord.reading import buttons, text_of
from tests.discord.state import Message

CHEAP = Quote("haiku", "Claude Haiku 4.5", "short questions", 2_000_000, 9_000_000, 1)
DEAR = Quote("opus", "Claude Opus 5", "hard questions", 80_000_000, 200_000_000, 3)
PRESS = f"{ASK_ID}.2"
ASKING_BACK: list[AskEvent] = [
    Quoted(ASK_ID, PRESS, (CHEAP, DEAR), CHEAP),
    NeedsCare(ASK_ID, PRESS, "There seems to be a key in it.", may_send=True),
    NeedsConfirmation(ASK_ID, PRESS, "This costs.", 80_000_000, 200_000_000, CHEAP),
    Refused("Your month is used up.", again=PRESS),
]


def presses(shown: Message) -> dict[str, tuple[Action, AskPress]]:
    """What can be pressed, by its label."""
    return {each["label"]: ask_press_of(each["custom_id"]) for each in buttons(shown)}


async def told(desk: Desk, *events: AskEvent, private: bool = False, question: str = "") -> Message:
    """What the asker alone reads in answer to a command."""
    _, where = await desk.typed(private=private, question=question)
    ask = await desk.show(*events, where=where)
    assert desk.messages == []
    assert ask.was_delivered
    return desk.discord.ephemerals(desk.town.ben)[-1]


async def test_what_a_question_would_cost_has_a_button_for_each_model() -> None:
    async with a_desk() as desk:
        shown = await told(desk, Quoted(ASK_ID, PRESS, (CHEAP, DEAR), CHEAP, note="Think first."), question="why *me*?")
        assert "What this question would cost" in text_of(shown)
        assert "Think first." in text_of(shown)
        under = presses(shown)
        assert list(under) == ["Ask Claude Haiku 4.5", "Claude Opus 5"]
        assert under["Claude Opus 5"] == (
            Action.QUOTED,
            AskPress(desk.town.ben.id, desk.discord.guild.id, PRESS, "opus", 200_000_000, private=False),
        )
        texts = [each["content"] for each in walk(shown.components) if "content" in each]
        assert texts[0] == r"-# Asked: why \*me\*?"
        assert question_in(texts) == "why *me*?"


async def test_a_list_of_many_prices_stays_within_what_discord_takes() -> None:
    async with a_desk() as desk:
        quotes = tuple(
            replace(CHEAP, model_id=f"a-provider/a-model-with-a-long-name-{number}" * 3, title=f"A model {number}" * 30)
            for number in range(60)
        )
        shown = await told(desk, Quoted(ASK_ID, PRESS, quotes, quotes[50]))
        assert len(presses(shown)) == MOST_PRICES


async def test_what_looks_like_a_secret_is_asked_about_and_not_repeated() -> None:
    async with a_desk() as desk:
        secret = "AKIA" + "ABCDEFGHIJKLMNOP"
        event = NeedsCare(ASK_ID, PRESS, "There seems to be a key in it.", may_send=True)
        shown = await told(desk, event, question=f"why does {secret} not work?")
        assert list(presses(shown)) == ["Remove it", "Send anyway"]
        assert secret not in str(shown.components)


async def test_sending_a_secret_is_not_offered_where_rules_forbid_it() -> None:
    async with a_desk() as desk:
        assert list(presses(await told(desk, NeedsCare(ASK_ID, PRESS, "A key.", may_send=False)))) == ["Remove it"]


async def test_a_dear_question_is_asked_about_with_the_cheaper_choice_beside_it() -> None:
    async with a_desk() as desk:
        event = NeedsConfirmation(ASK_ID, PRESS, "This costs.", 80_000_000, 200_000_000, CHEAP)
        under = presses(await told(desk, event, private=True))
        ben, home = desk.town.ben.id, desk.discord.guild.id
        assert under["Ask it, about 8 cents"] == (
            Action.CONFIRM,
            AskPress(ben, home, PRESS, "", 200_000_000, private=True),
        )
        assert under["Ask Claude Haiku 4.5, about 0.2 cents"] == (
            Action.CHEAPER,
            AskPress(ben, home, PRESS, "haiku", 9_000_000, private=True),
        )


async def test_a_refusal_says_why_and_what_can_be_done() -> None:
    async with a_desk() as desk:
        await desk.books.apply(enrol("ben"))
        _, where = await desk.typed()
        member = Member("ben", Team("team", "wal", "Team", Calendar(ZoneInfo("UTC"))), "ben", asker=Asker())
        lacks = Shortfall("member:ben:month", "2026-11", None, 5_000_000, "ask_1.1")
        refused = Refused("Your month is used up.", again=PRESS, shortfall=lacks, cheaper=CHEAP)
        await desk.show(refused, where=where.asked_by(member))
        [shown] = desk.discord.ephemerals(desk.town.ben)
        assert "Your month is used up." in text_of(shown)
        labels = [each["label"] for each in buttons(shown)]
        assert labels[0] == "Ask Claude Haiku 4.5, about 0.2 cents"
        assert labels[1].startswith("Ask the admins for ")
        assert labels[2] == "Try again"


@pytest.mark.parametrize("event", ASKING_BACK, ids=lambda event: type(event).__name__)
async def test_what_is_its_askers_alone_never_stands_in_the_channel(event: AskEvent) -> None:
    async with a_desk() as desk:
        asked, where = await desk.typed()
        await desk.show(Waiting(2), lambda: desk.clock.sleep(3.0), event, where=where)
        assert desk.messages == []
        assert asked.original is not None
        assert asked.original.deleted
        [shown] = desk.discord.ephemerals(desk.town.ben)
        assert shown.is_v2


@pytest.mark.parametrize("event", ASKING_BACK, ids=lambda event: type(event).__name__)
async def test_to_a_mention_it_is_said_in_a_direct_message(event: AskEvent) -> None:
    async with a_desk() as desk:
        ask = await desk.show(event, where=desk.said())
        assert ask.was_delivered
        assert desk.messages == []
        [shown] = desk.discord.answers(desk.discord.direct(desk.town.ben))
        assert buttons(shown)


async def test_who_takes_no_direct_messages_is_told_how_to_ask_instead() -> None:
    async with a_desk() as desk:
        desk.discord.direct(desk.town.ben).recipient.refuses_direct = True  # type: ignore[union-attr]
        ask = await desk.show(Refused("You have used $4.90 of $5.00."), where=desk.said())
        assert not ask.was_delivered
        [shown] = desk.messages
        assert "/ask" in text_of(shown)
        assert "$" not in text_of(shown)


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_refusal_that_was_perhaps_not_read_is_left_to_be_told_later(drop: str) -> None:
    async with a_desk() as desk:
        desk.discord.fail("execute_webhook", drop=drop, times=1)
        _, where = await desk.typed()
        ask = await desk.show(Refused("Your month is used up."), where=where)
        assert not ask.was_delivered
        assert len(desk.discord.calls_of("execute_webhook")) == 1


async def test_what_waits_for_a_press_and_was_perhaps_not_read_is_shown_once_more() -> None:
    async with a_desk() as desk:
        desk.discord.fail("execute_webhook", drop="before", times=1)
        assert presses(await told(desk, ASKING_BACK[0]))


async def test_what_is_going_on_is_shown_until_there_are_words() -> None:
    async with a_desk() as desk:
        asked, where = await desk.typed()
        seen: list[str] = []

        async def look() -> None:
            await desk.clock.sleep(3.0)
            assert asked.original is not None
            seen.append(text_of(asked.original))

        busy, switched = "Anthropic is busy; trying again in 3 seconds.", SwitchedModel("A", "B", 9_000_000, "was slow")
        await desk.show(
            *(Waiting(1), look, STARTED, look, Pausing(busy), look, switched, look, Delta("Yes."), look, FINISHED),
            where=where,
        )
        assert seen[0].startswith("-# Waiting: 1 running ask")
        assert seen[1].startswith("-# Thinking...")
        assert seen[2] == f"-# {busy}\nStop"
        assert seen[3].startswith("-# A was slow, so B answers")
        assert seen[4] == "Yes.\nStop"
        assert asked.original is not None
        assert words_in(asked.original) == "Yes."
        assert "A was slow, so B answers" in text_of(asked.original)
        assert "Stop" not in [each["label"] for each in buttons(asked.original)]


async def test_stop_is_there_while_it_comes_and_names_the_ask() -> None:
    async with a_desk() as desk:
        stops: list[dict[str, tuple[Action, AskPress]]] = []
        await desk.show(
            STARTED,
            Delta("One"),
            lambda: desk.clock.sleep(3.0),
            lambda: stops.append(presses(desk.messages[0])),
            FINISHED,
            where=desk.said(),
        )
        assert stops == [{"Stop": (Action.STOP, AskPress(guild_id=desk.discord.guild.id, about=ASK_ID))}]


async def test_what_stands_under_an_answer_is_price_and_model_and_what_can_be_pressed() -> None:
    async with a_desk() as desk:
        await desk.show(STARTED, Delta("Yes."), replace(FINISHED, better=DEAR), where=desk.said())
        [message] = desk.messages
        assert "0.3 cents · Claude Haiku 4.5" in text_of(message)
        assert "$" not in text_of(message)  # months and wallets are nobody else's
        under, ben, home = presses(message), desk.town.ben.id, desk.discord.guild.id
        assert list(under) == ["Better model, about 8 cents", "Details", "Good answer", "Bad answer"]
        better = AskPress(ben, home, ASK_ID, "opus", 200_000_000)
        assert under["Better model, about 8 cents"] == (Action.BETTER, better)
        assert under["Details"] == (Action.DETAILS, AskPress(guild_id=home, about=ASK_ID))


async def test_an_ask_without_a_word_says_what_it_cost_and_can_be_tried_again() -> None:
    async with a_desk() as desk:
        finished = replace(FINISHED, sentence="The model answered nothing. Not charged.", again=PRESS)
        ask = await desk.show(STARTED, lambda: desk.clock.sleep(3.0), finished, where=desk.said())
        assert ask.was_delivered
        [message] = desk.messages
        assert "answered nothing" in text_of(message)
        assert presses(message)["Try again"][1].about == PRESS


async def test_what_asking_means_is_its_askers_alone_and_the_answer_is_everybodys() -> None:
    async with a_desk() as desk:
        asked, where = await desk.typed(question="why?")
        note = replace(STARTED, note="There is money left for a short answer only.")
        await desk.show(
            FirstUse(("Your words go to a provider.",)),
            note,
            lambda: desk.clock.sleep(3.0),
            Delta("Yes."),
            FINISHED,
            where=where,
        )
        [answer] = desk.messages
        assert answer is asked.original
        assert words_in(answer).split("\n")[-1] == "Yes."
        told_alone = "".join(map(text_of, desk.discord.ephemerals(desk.town.ben)))
        assert "Your words go to a provider." in told_alone
        assert "short answer only" in told_alone


async def test_a_message_that_came_twice_is_silent_and_a_second_press_is_not() -> None:
    async with a_desk() as desk:
        twice = AlreadyAsked(ASK_ID, "This is being answered already.")
        await desk.show(twice, where=desk.said())
        assert desk.messages == []
        assert desk.discord.directs == {}
        assert "answered already" in text_of(await told(desk, twice))


async def test_a_conversation_that_goes_on_has_a_thread_of_its_own() -> None:
    async with a_desk() as desk:
        where = replace(desk.said(question="and why that?"), goes_on=True)
        await desk.answer("Because.", where=where)
        assert desk.messages == []
        asked = desk.discord.find(where.origin.message_id)
        assert asked is not None
        assert asked.thread is not None
        assert asked.thread.name == "and why that?"
        [answer] = desk.discord.answers(asked.thread)
        assert words_in(answer) == "Because."


async def test_a_talk_with_the_bot_alone_is_answered_there() -> None:
    async with a_desk() as desk:
        where = desk.said(direct=True)
        await desk.answer("word " * 900, where=where)
        parts = desk.discord.answers(desk.discord.direct(desk.town.ben))
        assert "".join(map(words_in, parts)) == "word " * 900


async def test_a_sentence_is_told_to_whoever_spoke_alone() -> None:
    async with a_desk() as desk:
        _asked, where = await desk.typed()
        await desk.responder.say(where, "Not now.")
        assert isinstance(where, Where)
        assert desk.messages == []
        [shown] = desk.discord.ephemerals(desk.town.ben)
        assert text_of(shown) == "Not now."
