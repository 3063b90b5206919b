"""Each event of an ask becomes something on Slack: the answer for everybody, the rest for its asker alone."""

from dataclasses import replace

import pytest

from adapters.slack.origin import Origin
from adapters.slack.views.answer import MOST_PRICES
from adapters.slack.views.carried import Action, Carried, carried_by
from core.defaults import LIVE_READER_MS
from core.events import (
    AlreadyAsked,
    AskEvent,
    Delta,
    FirstUse,
    NeedsCare,
    NeedsConfirmation,
    Quoted,
    Refused,
)
from core.quote import Quote
from tests.adapters.slack.answering.desk import FINISHED, STARTED, Desk, a_desk
from tests.slack.faults import Moment
from tests.slack.reading import buttons
from tests.slack.server import FakeSlack
from tests.slack.state import Ephemeral, Message

CHEAP = Quote("haiku", "Claude Haiku 4.5", "short questions", 2_000_000, 9_000_000, 1)
DEAR = Quote("opus", "Claude Opus 5", "hard questions", 80_000_000, 200_000_000, 3)


def presses(shown: Message | Ephemeral) -> dict[str, Carried]:
    """What can be pressed, by its label."""
    return {each["text"]["text"]: carried_by(each["value"]) for each in buttons(shown) if each["type"] == "button"}


async def told(desk: Desk, event: AskEvent) -> Ephemeral:
    """What the asker alone reads of it."""
    ask = await desk.show(event)
    assert desk.messages == []
    assert ask.was_delivered
    [shown] = desk.slack.ephemerals("U1", "C1")
    return shown


async def test_what_a_question_would_cost_is_told_to_its_asker_with_a_button_for_each_model() -> None:
    async with a_desk() as desk:
        shown = await told(desk, Quoted("a", "press", (CHEAP, DEAR), CHEAP, note="Think first."))
        assert "What this question would cost" in FakeSlack.text_of(shown)
        assert "Think first." in FakeSlack.text_of(shown)
        under = presses(shown)
        assert list(under) == ["Ask Claude Haiku 4.5", "Claude Opus 5"]
        dear = under["Claude Opus 5"]
        assert (dear.press, dear.model, dear.nanos, dear.asker) == ("press", "opus", 200_000_000, "U1")
        assert (dear.channel, dear.thread) == ("C1", desk.question.ts)


async def test_a_list_of_many_prices_stays_within_what_slack_takes() -> None:
    async with a_desk() as desk:
        quotes = tuple(
            replace(CHEAP, model_id=f"m{number}", title=f"A model with a long name {number}" * 3)
            for number in range(60)
        )
        shown = await told(desk, Quoted("a", "press", quotes, quotes[50]))
        assert len(presses(shown)) == MOST_PRICES


async def test_what_looks_like_a_secret_is_asked_about_and_not_repeated() -> None:
    async with a_desk() as desk:
        secret = "AKIA" + "ABCDEFGHIJKLMNOP"
        where = replace(desk.where, question=f"why does {secret} not work?")
        await desk.show(NeedsCare("a", "press", "There seems to be a key in it.", may_send=True), where=where)
        [shown] = desk.slack.ephemerals("U1")
        under = presses(shown)
        assert list(under) == ["Remove it", "Send anyway"]
        assert secret not in str(shown.blocks)


async def test_sending_a_secret_is_not_offered_where_rules_forbid_it() -> None:
    async with a_desk() as desk:
        assert list(presses(await told(desk, NeedsCare("a", "p", "A key.", may_send=False)))) == ["Remove it"]


async def test_a_dear_question_is_asked_about_with_the_cheaper_choice_beside_it() -> None:
    async with a_desk() as desk:
        under = presses(await told(desk, NeedsConfirmation("a", "p", "This costs.", 80_000_000, 200_000_000, CHEAP)))
        agree, cheaper = under["Ask it, about 8 cents"], under["Ask Claude Haiku 4.5, about 0.2 cents"]
        assert (agree.press, agree.nanos, agree.model) == ("p", 200_000_000, "")
        assert (cheaper.press, cheaper.nanos, cheaper.model) == ("p", 9_000_000, "haiku")


async def test_a_refusal_says_why_and_what_can_be_done() -> None:
    async with a_desk() as desk:
        shown = await told(desk, Refused("Your month is used up.", again="again", cheaper=CHEAP))
        assert "Your month is used up." in FakeSlack.text_of(shown)
        assert presses(shown)["Try again"].press == "again"
        assert presses(shown)["Ask Claude Haiku 4.5, about 0.2 cents"].model == "haiku"


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_a_refusal_that_was_perhaps_not_read_is_left_to_be_told_later(drop: Moment) -> None:
    async with a_desk() as desk:
        desk.slack.fail("chat.postEphemeral", drop=drop, times=1)
        ask = await desk.show(Refused("Your month is used up."))
        assert not ask.was_delivered
        assert len(desk.slack.calls_of("chat.postEphemeral")) == 1


async def test_what_waits_for_a_press_and_was_perhaps_not_read_is_shown_once_more() -> None:
    async with a_desk() as desk:
        desk.slack.fail("chat.postEphemeral", drop="before", times=1)
        event = Quoted("ask_1", "ask_1.1", (CHEAP, DEAR), CHEAP)
        shown = await told(desk, event)
        assert presses(shown)


async def test_while_slack_is_in_trouble_its_asker_is_told_as_soon_as_that_is_over() -> None:
    async with a_desk() as desk:
        desk.slack.fail("chat.postEphemeral", status=503, times=4)
        shown = await told(desk, Refused("Your month is used up."))
        assert "Your month is used up." in FakeSlack.text_of(shown)


async def test_the_end_is_given_up_before_others_tell_it_and_what_came_first_holds_up_nothing() -> None:
    """However slow each call is: after a minute core tells the end to somebody else (LIVE_READER_MS)."""
    async with a_desk() as desk:
        first = desk.slack.fail("chat.postEphemeral", stall="before")
        began = desk.clock.monotonic()
        ask = await desk.show(FirstUse(("Hello.",)), Refused("Your month is used up."))
        first.release()
        assert not ask.was_delivered
        assert (desk.clock.monotonic() - began) * 1_000 < LIVE_READER_MS


async def test_a_note_before_the_answer_is_its_askers_alone() -> None:
    async with a_desk() as desk:
        await desk.show(replace(STARTED, note="There is money left for a short answer only."), Delta("Yes."), FINISHED)
        [shown] = desk.slack.ephemerals("U1")
        assert FakeSlack.text_of(shown) == "There is money left for a short answer only."
        assert "money left" not in FakeSlack.text_of(desk.messages[0])


async def test_an_event_that_came_twice_is_silent_and_a_second_press_is_not() -> None:
    async with a_desk() as desk:
        await desk.show(AlreadyAsked("a", "This is being answered already."))
        assert desk.slack.ephemerals("U1") == []
        pressed_twice = replace(desk.where, origin=replace(desk.where.origin, trigger_id="1.2.3"))
        await desk.show(AlreadyAsked("a", "This is being answered already."), where=pressed_twice)
        assert len(desk.slack.ephemerals("U1")) == 1


async def test_the_footer_has_what_can_be_pressed() -> None:
    async with a_desk() as desk:
        await desk.show(STARTED, Delta("Yes."), replace(FINISHED, better=DEAR))
        [message] = desk.messages
        under = presses(message)
        better, details = under["Better model, about 8 cents"], under["Details"]
        assert (better.ask_id, better.model, better.nanos, better.asker) == ("ask_1", "opus", 200_000_000, "U1")
        assert (details.ask_id, details.asker) == ("ask_1", "")
        thumbs = next(each for each in buttons(message) if each["type"] == "feedback_buttons")
        assert carried_by(thumbs["positive_button"]["value"]).thumb == "good"
        assert thumbs["action_id"] == Action.FEEDBACK
        assert "$" not in FakeSlack.text_of(message)  # months and wallets are nobody else's


async def test_a_public_answer_to_a_command_quotes_the_question_and_is_a_thread_under_it() -> None:
    async with a_desk() as desk:
        origin = Origin(desk.slack.team_id, "U1", "C1", user_name="ada_<!here>")
        await desk.answer("Because.", where=replace(desk.where, origin=origin, question="why *now*?\n<!channel>"))
        root, answer = (each for each in desk.slack.messages("C1") if each.user == desk.slack.bot_user_id)
        assert FakeSlack.body_of(root) == r"**ada\_&lt;\!here\>** asked:" + "\n> why *now*?\n> &lt;!channel>"
        assert answer.thread_ts == root.ts
        assert FakeSlack.body_of(answer) == "Because."
        thumbs = next(each for each in buttons(answer) if each["type"] == "feedback_buttons")
        assert carried_by(thumbs["positive_button"]["value"]).thread == root.ts
        assert desk.slack.workspace.sessions["C1", root.ts]["status"] == "active"


@pytest.mark.parametrize("drop", ["before", "after"])
async def test_the_question_is_quoted_once_though_slacks_reply_was_lost(drop: str) -> None:
    async with a_desk() as desk:
        desk.slack.fail("chat.postMessage", drop=drop, times=1)
        origin = Origin(desk.slack.team_id, "U1", "C1", user_name="ada")
        await desk.answer("Because.", where=replace(desk.where, origin=origin))
        root, answer = (each for each in desk.slack.messages("C1") if each.user == desk.slack.bot_user_id)
        assert answer.thread_ts == root.ts


async def test_a_private_answer_never_touches_the_channel() -> None:
    async with a_desk() as desk:
        before = len(desk.slack.messages("C1"))
        origin = Origin(desk.slack.team_id, "U1", "C1")
        await desk.answer("Because.", where=replace(desk.where, origin=origin, private=True))
        await desk.show(Refused("Your month is used up."), where=replace(desk.where, origin=origin, private=True))
        assert len(desk.slack.messages("C1")) == before
        assert desk.slack.ephemerals("U1", "C1") == []
        root, answer, refusal = desk.slack.direct_messages("U1")
        assert FakeSlack.body_of(root) == "**You** asked:\n> why?"
        assert (FakeSlack.body_of(answer), answer.thread_ts) == ("Because.", root.ts)
        assert "Your month is used up." in FakeSlack.text_of(refusal)


async def test_in_a_direct_message_everything_stays_in_its_thread() -> None:
    async with a_desk() as desk:
        channel = desk.slack.workspace.direct("U1").id
        said = desk.slack.say("U1", channel, "why?")
        where = replace(desk.where, origin=Origin(desk.slack.team_id, "U1", channel, ts=said.ts))
        await desk.answer("Because.", where=where)
        await desk.show(Refused("Your month is used up."), where=where)
        assert [each.thread_ts for each in desk.slack.direct_messages("U1")[1:]] == [said.ts, said.ts]


async def test_a_long_answer_can_be_stopped_where_slack_has_no_button_for_it() -> None:
    async with a_desk() as desk:
        desk.slack.fail("agents.sessions.setStatus", error="not_an_agent")
        desk.slack.fail("assistant.threads.setStatus", error="not_allowed")
        await desk.show(STARTED, Delta("One. "), lambda: desk.clock.sleep(6), Delta("Two."), FINISHED)
        [shown] = desk.slack.ephemerals("U1")
        assert presses(shown)["Stop"] == Carried(asker="U1", ask_id="ask_1")
