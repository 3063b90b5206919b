"""What is told later stands on Slack once, where its asker or the admins read it, whatever Slack loses on the way."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from adapters.slack.answering.spots import mark
from adapters.slack.api import SlackApi, web_client
from adapters.slack.later.announcer import AWAY_SECONDS, NOT_IN_CHANNEL, SlackAnnouncer
from adapters.slack.later.marked import NOTICE
from adapters.slack.views.carried import Action
from adapters.slack.workspaces import OneWorkspace
from core.announcement import TOPPED_UP, Announcement, Notice
from core.people import Identity, Place
from tests.fakes import FakeClock, FakeDrawing
from tests.slack.reading import body_of, buttons, text_of
from tests.slack.server import FakeSlack
from tests.slack.state import Message

ANNA, BEN, CLEO = "U1ANNA", "U2BEN", "U3CLEO"
GENERAL, BUDGET = "C1GENERAL", "C2BUDGET"
HEADING = 'You had not seen this answer yet. You had asked "why <!here>?":'


@dataclass(frozen=True, slots=True)
class House:
    """A Slack, and who tells things there."""

    slack: FakeSlack
    announcer: SlackAnnouncer
    clock: FakeClock

    def direct(self, user: str) -> list[Message]:
        """What the bot wrote to somebody alone."""
        return [each for each in self.slack.direct_messages(user) if each.user == self.slack.bot_user_id]

    def thread(self, ts: str) -> list[Message]:
        """What the bot wrote in a thread of #general."""
        return [each for each in self.slack.messages(GENERAL, ts) if each.user == self.slack.bot_user_id]


@pytest_asyncio.fixture
async def house() -> AsyncIterator[House]:
    async with FakeSlack() as slack, aiohttp.ClientSession() as session:
        slack.add_user(ANNA, "anna", admin=True)
        slack.add_user(BEN, "ben")
        slack.add_user(CLEO, "cleo", admin=True)
        slack.add_channel(GENERAL, "general", [ANNA, BEN])
        slack.add_channel(BUDGET, "budget", [ANNA, BEN])
        clock = FakeClock()
        workspaces = OneWorkspace(SlackApi(web_client(slack.api_url, slack.bot_token, session=session), clock))
        await workspaces.everyone()
        yield House(slack, SlackAnnouncer(workspaces, clock, lambda *_: None, FakeDrawing()), clock)
        assert slack.violations == []


def person(house: House, user: str) -> Identity:
    return Identity("slack", house.slack.team_id, user, user.title())


def an_end(house: House, channel: str = GENERAL, thread: str = "", **fields: object) -> Announcement:
    known: dict[str, object] = {
        "ask_id": "ask_1",
        "place": Place("slack", house.slack.team_id, channel, thread),
        "asked_by": "Ben",
        "heading": HEADING,
        "answer": "It depends.",
        "footer": "0.3 cents · Test Model",
        "to": person(house, BEN),
    }
    return Announcement(**(known | fields))  # type: ignore[arg-type]  # by name


def a_notice(house: House, **fields: object) -> Notice:
    known: dict[str, object] = {
        "id": "notice:team:1",
        "workspace": house.slack.team_id,
        "kind": "request",
        "words": "Ben asks for $5.00 <@U1ANNA>.",
        "admins": (person(house, ANNA), person(house, CLEO)),
    }
    return Notice(**(known | fields))  # type: ignore[arg-type]  # by name


# --- how an ask ended ---


async def test_an_end_stands_in_the_thread_where_it_was_asked_with_its_receipt_and_details(house: House) -> None:
    asked = house.slack.say(BEN, GENERAL, "why?")
    assert await house.announcer.announce(an_end(house, thread=asked.ts))
    (told,) = house.thread(asked.ts)
    assert "It depends." in body_of(told) and "0.3 cents · Test Model" in text_of(told)
    assert [each["action_id"] for each in buttons(told)] == [Action.DETAILS]
    assert house.direct(BEN) == []


async def test_what_was_asked_in_no_thread_is_told_to_its_asker_alone(house: House) -> None:
    assert await house.announcer.announce(an_end(house))
    assert len(house.direct(BEN)) == 1
    assert house.slack.messages(GENERAL) == []


async def test_what_was_asked_in_a_direct_message_is_told_in_its_thread_there(house: House) -> None:
    asked = house.slack.say(BEN, house.slack.workspace.direct(BEN).id, "why?")
    assert await house.announcer.announce(an_end(house, channel=asked.channel, thread=asked.ts))
    assert [each.thread_ts for each in house.direct(BEN)] == [asked.ts]


async def test_what_ended_uncharged_can_be_asked_again_by_its_asker_alone(house: House) -> None:
    asked = house.slack.say(BEN, GENERAL, "why?")
    await house.announcer.announce(an_end(house, thread=asked.ts, answer="", footer="", press="ask_1.1"))
    (told,) = house.thread(asked.ts)
    (again,) = buttons(told)
    assert again["action_id"] == Action.AGAIN
    assert f'"asker":"{BEN}"' in again["value"] and '"press":"ask_1.1"' in again["value"]


@pytest.mark.parametrize("where", ["not a member", "archived", "thread deleted"])
async def test_where_nothing_can_be_posted_any_more_its_asker_is_told_alone(house: House, where: str) -> None:
    asked = house.slack.say(BEN, GENERAL, "why?")
    if where == "not a member":
        house.slack.workspace.channels[GENERAL].members.discard(house.slack.bot_user_id)
    else:
        error = {"archived": "is_archived", "thread deleted": "thread_not_found"}[where]
        house.slack.fail("chat.postMessage", error=error, when=lambda call: call.fields["channel"] == GENERAL)
    assert await house.announcer.announce(an_end(house, thread=asked.ts))
    assert len(house.direct(BEN)) == 1


async def test_who_is_not_known_any_more_is_told_nothing(house: House) -> None:
    assert not await house.announcer.announce(an_end(house, to=None))
    assert house.slack.calls_of("chat.postMessage") == []


async def test_a_long_answer_comes_whole_and_in_order(house: House) -> None:
    answer = "\n\n".join(f"Paragraph {number}: " + "word " * 40 for number in range(170))
    assert await house.announcer.announce(an_end(house, answer=answer))
    told = sorted(house.direct(BEN), key=lambda message: float(message.ts))
    assert len(told) > 3
    read = "".join(body_of(message) for message in told)
    assert [read.count(f"Paragraph {number}:") for number in range(170)] == [1] * 170
    assert [bool(buttons(message)) for message in told] == [False] * (len(told) - 1) + [True]


async def test_after_a_lost_reply_every_part_stands_there_once(house: House) -> None:
    house.slack.fail("chat.postMessage", drop="after", times=2)
    assert await house.announcer.announce(an_end(house, answer="word " * 5_000))
    marks = [message.metadata["event_payload"]["part"] for message in house.direct(BEN) if message.metadata]
    assert sorted(marks) == list(range(1, len(marks) + 1)) and len(marks) == len(house.direct(BEN))


async def test_what_a_process_died_with_is_completed_and_nothing_is_posted_twice(house: House) -> None:
    end = an_end(house, answer="word " * 7_000)
    failing = house.slack.fail("chat.postMessage", error="fatal_error", when=lambda _: len(house.direct(BEN)) == 2)
    assert not await house.announcer.announce(end)
    failing.release()
    house.clock.advance(AWAY_SECONDS)
    assert await house.announcer.announce(replace(end, again=True))
    marks = [message.metadata["event_payload"]["part"] for message in house.direct(BEN) if message.metadata]
    assert sorted(marks) == list(range(1, len(marks) + 1)) and len(marks) > 2
    posted = len(house.direct(BEN))
    assert await house.announcer.announce(replace(end, again=True))
    assert len(house.direct(BEN)) == posted


@pytest.mark.parametrize("last", [True, False])
async def test_an_answer_that_was_shown_to_its_end_before_is_not_told_again(house: House, *, last: bool) -> None:
    """A part of one makes room for the whole."""
    slack, workspace = house.slack, house.slack.workspace
    asked, direct = slack.say(BEN, GENERAL, "why?"), workspace.direct(BEN).id
    shown = slack.say(slack.bot_user_id, GENERAL, "It depends.", thread_ts=asked.ts, bot_id=slack.bot_id)
    shown.metadata = mark("ask_1", 1, last=last)
    assert await house.announcer.announce(an_end(house, thread=asked.ts, again=True))
    [stands] = house.thread(asked.ts)
    assert (stands is shown) == last
    # A private one: the bot quoted the question in a direct message, and answered in the thread under it.
    quoted = slack.say(slack.bot_user_id, direct, "You asked", bot_id=slack.bot_id)
    quoted.metadata = mark("ask_2", 0)
    answered = slack.say(slack.bot_user_id, direct, "It depends.", thread_ts=quoted.ts, bot_id=slack.bot_id)
    answered.metadata = mark("ask_2", 1, last=last)
    assert await house.announcer.announce(an_end(house, ask_id="ask_2", again=True))
    assert len(house.direct(BEN)) == (2 if last else 3)


async def test_a_stream_that_broke_off_makes_room_for_the_whole_and_nothing_else_does(house: House) -> None:
    slack = house.slack
    asked = slack.say(BEN, GENERAL, "why?")
    ours: dict[str, Any] = {"thread_ts": asked.ts, "bot_id": slack.bot_id}
    slack.say(slack.bot_user_id, GENERAL, "Because &lt;!here> two transactions wait", **ours)
    short = slack.say(slack.bot_user_id, GENERAL, "Because", **ours)
    quoted = slack.say(BEN, GENERAL, "Because &lt;!here> two transactions wait", thread_ts=asked.ts)
    other = slack.say(slack.bot_user_id, GENERAL, "Because &lt;!here> two transactions", **ours)
    other.metadata = mark("ask_2", 1, last=True)
    answer = "Because <!here> two transactions wait for each other."
    assert await house.announcer.announce(an_end(house, thread=asked.ts, answer=answer, again=True))
    *before, told = slack.messages(GENERAL, asked.ts)[1:]
    assert before == [short, quoted, other]
    assert "two transactions wait for each other." in text_of(told)


async def test_while_slack_is_away_nothing_is_tried_for_a_while(house: House) -> None:
    await house.slack.go_down()
    assert not await house.announcer.announce(an_end(house))
    assert [*house.announcer.workspaces, *house.announcer.admin_workspaces] == []
    await house.slack.come_back()
    house.clock.advance(AWAY_SECONDS)
    assert list(house.announcer.workspaces) == [house.slack.team_id]
    assert await house.announcer.announce(an_end(house, again=True))
    assert len(house.direct(BEN)) == 1


async def test_a_later_that_slack_says_is_waited_for(house: House) -> None:
    house.slack.fail("chat.postMessage", retry_after=3, times=2)
    assert await house.announcer.announce(an_end(house))
    assert len(house.direct(BEN)) == 1


async def test_a_workspace_without_an_installation_is_told_nothing(house: House) -> None:
    place = Place("slack", "T0OTHER", GENERAL)
    assert not await house.announcer.announce(replace(an_end(house), place=place))
    assert not await house.announcer.tell_admins(a_notice(house, workspace="T0OTHER"))
    assert not await house.announcer.tell_member(a_notice(house, workspace="T0OTHER", to=person(house, BEN)))


# --- what people are to know ---


async def test_every_admin_reads_a_request_once_with_what_decides_it(house: House) -> None:
    assert await house.announcer.tell_admins(a_notice(house, decide="more_1"))
    for admin in ANNA, CLEO:
        (card,) = house.direct(admin)
        assert [each["value"] for each in buttons(card)] == ["more_1"] * 3
        assert card.metadata == {"event_type": NOTICE, "event_payload": {"notice_id": "notice:team:1"}}
    assert house.direct(BEN) == []


async def test_who_was_told_before_a_process_died_is_not_told_again(house: House) -> None:
    notice = a_notice(house)
    failing = house.slack.fail("conversations.open", error="fatal_error", when=lambda c: c.fields["users"] == CLEO)
    assert not await house.announcer.tell_admins(notice)
    failing.release()
    house.clock.advance(AWAY_SECONDS)
    assert await house.announcer.tell_admins(replace(notice, again=True))
    assert (len(house.direct(ANNA)), len(house.direct(CLEO))) == (1, 1)


async def test_a_notice_whose_reply_was_lost_stands_there_once(house: House) -> None:
    notice = a_notice(house, admins=(person(house, ANNA),))
    house.slack.fail("chat.postMessage", drop="after", times=1)
    assert not await house.announcer.tell_admins(notice)
    house.clock.advance(AWAY_SECONDS)
    assert await house.announcer.tell_admins(replace(notice, again=True))
    assert len(house.direct(ANNA)) == 1


async def test_an_admin_who_cannot_be_written_to_holds_nobody_up(house: House) -> None:
    house.slack.add_user("U4GONE", "dora", deleted=True)
    admins = (person(house, "U4GONE"), person(house, ANNA), person(house, "U5NEVER"))
    assert await house.announcer.tell_admins(a_notice(house, admins=admins))
    assert len(house.direct(ANNA)) == 1
    assert not await house.announcer.tell_admins(a_notice(house, id="n2", admins=admins[:1]))
    assert not await house.announcer.tell_admins(a_notice(house, id="n3", admins=()))


async def test_a_top_up_is_told_in_the_channel_that_was_chosen_with_undo(house: House) -> None:
    notice = a_notice(house, kind=TOPPED_UP, undo="topup_1", channel=BUDGET)
    assert await house.announcer.tell_admins(notice)
    assert await house.announcer.tell_admins(replace(notice, again=True))
    (told,) = house.slack.messages(BUDGET)
    assert [each["value"] for each in buttons(told)] == ["topup_1"]
    assert house.direct(ANNA) == []


async def test_where_the_chosen_channel_takes_nothing_admins_are_told_and_why(house: House) -> None:
    house.slack.workspace.channels[BUDGET].members.discard(house.slack.bot_user_id)
    assert await house.announcer.tell_admins(a_notice(house, kind=TOPPED_UP, undo="topup_1", channel=BUDGET))
    for admin in ANNA, CLEO:
        (told,) = house.direct(admin)
        assert NOT_IN_CHANNEL in text_of(told)


async def test_a_member_is_told_alone_and_can_run_what_waits(house: House) -> None:
    assert await house.announcer.tell_member(a_notice(house, to=person(house, BEN), press="ask_1.1"))
    (told,) = house.direct(BEN)
    assert [(each["action_id"], each["value"]) for each in buttons(told)] == [("run_now", "ask_1.1")]
    assert not await house.announcer.tell_member(a_notice(house, to=person(house, "U5NEVER")))
