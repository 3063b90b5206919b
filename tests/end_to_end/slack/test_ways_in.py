"""Every way in by events: what is a question there, what is none, and who may ask by it."""

import asyncio
from dataclasses import replace
from typing import Any

from core.people import AdminBecause, Place
from core.preferred import ON, goes_on_in
from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.provider_behaviours import silence
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.waiting import until

OTHER_BOT, BOT_ID = "U3BOT", "B3BOT"
CARL, EVE = "U4CARL", "U5EVE"


def asked(server: ProviderServer, number: int = -1) -> str:
    """The question as the provider got it."""
    return str(server.calls[number].body["messages"][-1]["content"])


async def go_on_here(house: SlackHouse) -> None:
    anna = await house.member(ANNA)
    assert anna is not None
    name = goes_on_in(Place("slack", house.slack.team_id, GENERAL))
    looks_after = replace(anna, admin=True, because=(AdminBecause.PLATFORM,))
    assert await house.app.use_cases.preferences.set_for_team(looks_after, name, ON)


# --- what is asked ---


async def test_a_mention_is_taken_out_wherever_it_stands_and_marks_become_words(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        us = slack.bot_user_id
        said = f"is a &lt; b &amp;&amp; c, <@{us}>? See <https://x.example/a|the docs> and <#C1|general> <!here>"
        message = slack.say(BEN, GENERAL, said)
        assert (await house.feed.tell(message, "app_mention")).ok
        await house.quiet()
        assert asked(server) == "is a < b && c,? See the docs (https://x.example/a) and #general @here"


async def test_people_are_named_as_far_as_they_are_known(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await house.feed.mention("first", user=ANNA, channel=GENERAL)
        await house.feed.mention(f"what did <@{ANNA}> and <@U9NOBODY> say?", user=BEN, channel=GENERAL)
        await house.quiet()
        assert asked(server) == "what did @anna and @somebody say?"


async def test_a_direct_message_and_a_reply_in_its_thread_are_questions(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        first = await house.feed.dm("what is a deadlock?", user=BEN)
        await house.quiet()
        assert first.ok and first.message is not None
        assert (await house.feed.dm("and a livelock?", user=BEN, thread_ts=first.message.ts)).ok
        await house.quiet()
        assert [call.body["messages"][-1]["content"] for call in server.calls] == [
            "what is a deadlock?",
            "and a livelock?",
        ]
        [one, two] = house.answers(first.message.channel)
        assert {one.thread_ts, two.thread_ts} == {first.message.ts}


async def test_a_mention_alone_is_helped_once_and_costs_nothing(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        first = await house.feed.mention("  ", user=BEN, channel=GENERAL)
        await house.feed.again(first)
        await house.quiet()
        [helped] = slack.ephemerals(BEN)
        assert "Mention me together with a question" in slack.text_of(helped) and "Not charged." in slack.text_of(
            helped
        )
        assert (server.calls, await house.requests()) == ([], [])


async def test_more_than_a_message_holds_is_refused_in_words(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        assert (await house.feed.dm("x" * 50_000, user=BEN)).ok
        await house.quiet()
        [told] = [each for each in slack.direct_messages(BEN) if each.user == slack.bot_user_id] or slack.ephemerals(
            BEN
        )
        assert "That is 50,000 characters; 40,000 is the most in a message." in slack.text_of(told)
        assert not server.calls


async def test_a_mention_that_comes_as_a_message_too_is_answered_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        root = slack.say(ANNA, GENERAL, "it deadlocks")
        message = slack.say(BEN, GENERAL, f"<@{slack.bot_user_id}> why?", thread_ts=root.ts)
        heard = await asyncio.gather(house.feed.tell(message), house.feed.tell(message, "app_mention"))
        await house.quiet()
        assert all(each.ok for each in heard) and len(server.calls) == len(house.answers()) == 1


# --- what is no question ---


NO_QUESTIONS: tuple[dict[str, Any], ...] = (
    {"subtype": "message_changed", "hidden": True},
    {"subtype": "message_deleted", "hidden": True},
    {"subtype": "channel_join"},
    {"subtype": "channel_topic"},
    {"user": "U0CHIPIN"},
    {"user": "USLACKBOT"},
    {"bot_id": "B0CHIPIN", "app_id": "A0CHIPIN"},
    {"user": ""},
)


async def test_edits_notices_and_our_own_messages_are_no_questions(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        for kind, channel in (("message", slack.workspace.direct(BEN).id), ("app_mention", GENERAL)):
            for changed in NO_QUESTIONS:
                event = house.feed.payloads.message_event(slack.say(BEN, channel, "<@U0CHIPIN> why?"), kind)
                assert (await house.feed.event({**event, **changed})).ok
        await house.quiet()
        assert (server.calls, await house.requests()) == ([], [])


# --- threads that go on ---


async def in_a_thread(house: SlackHouse) -> str:
    """A thread that Chipin answered in."""
    first = await house.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
    await house.quiet()
    assert first.message is not None
    return first.message.ts


async def test_a_thread_goes_on_without_a_mention_where_the_channel_chose_so(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        thread = await in_a_thread(house)
        assert (await house.feed.channel_message("and then?", user=BEN, channel=GENERAL, thread_ts=thread)).ok
        await house.quiet()
        assert len(server.calls) == 1  # nobody chose it yet
        await go_on_here(house)
        assert (await house.feed.channel_message("and then?", user=BEN, channel=GENERAL, thread_ts=thread)).ok
        await house.quiet()
        assert len(server.calls) == 2 and asked(server) == "and then?"


async def test_a_thread_that_a_command_began_goes_on_too(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await house.feed.command("/ask", "--here what is a deadlock?", user=BEN, channel=GENERAL)
        await house.quiet()
        quote = house.answers()[0]
        said = {"user": ANNA, "channel": GENERAL, "thread_ts": quote.ts}
        assert (await house.feed.channel_message("and then?", **said)).ok
        await house.quiet()
        assert len(server.calls) == 1 and not slack.calls_of("conversations.replies")
        await go_on_here(house)
        assert (await house.feed.channel_message("and then?", **said)).ok
        await house.quiet()
        assert len(server.calls) == 2 and asked(server) == "and then?"
        before = [each["content"] for each in server.calls[-1].body["messages"][1:-1]]
        assert "what is a deadlock?" in before[0] and before[1] == FakeSlack.body_of(house.answers()[1])


async def test_who_is_deactivated_asks_no_more_until_they_are_back(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        for kind, deleted in (("user_change", True), ("team_join", False)):
            user = {**slack.workspace.users[BEN].as_json(slack.team_id), "deleted": deleted}
            assert (await house.feed.event({"type": kind, "user": user})).ok
            ben = await house.member(BEN)
            assert ben is not None and ben.gone is deleted


async def test_what_is_said_to_others_or_elsewhere_is_left_alone(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        thread = await in_a_thread(house)
        await go_on_here(house)
        other = slack.say(ANNA, GENERAL, "lunch?")
        said = {"user": BEN, "channel": GENERAL}
        await house.feed.channel_message(f"<@{ANNA}> what do you think?", thread_ts=thread, **said)
        await house.feed.channel_message("yes", thread_ts=other.ts, **said)
        await house.feed.channel_message("hello everybody", **said)
        slack.add_user(OTHER_BOT, "buildbot", bot=True)
        await house.feed.channel_message(
            "build is green", user=OTHER_BOT, channel=GENERAL, thread_ts=thread, bot_id=BOT_ID
        )
        await house.quiet()
        assert len(server.calls) == 1


# --- who may ask ---


async def test_bots_guests_and_people_of_other_companies_spend_nothing_until_an_admin_lets_them(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_user(OTHER_BOT, "buildbot", bot=True)
    slack.add_user(CARL, "carl", restricted=True)
    slack.add_user(EVE, "eve", team="T9OTHER")
    slack.workspace.channels[GENERAL].members |= {CARL, EVE, OTHER_BOT, "U6STRANGER"}
    async with chipin_in(slack, sqlite_url, server) as house:
        before = await house.charged_nanos()
        for user in (CARL, EVE, "U6STRANGER"):
            assert (await house.feed.mention("why?", user=user, channel=GENERAL)).ok
        assert (await house.feed.mention("why?", user=OTHER_BOT, channel=GENERAL, bot_id=BOT_ID)).ok
        await house.quiet()
        assert (server.calls, await house.charged_nanos()) == ([], before)
        assert [each["state"] for each in await house.requests()] == ["refused"] * 4
        assert not house.answers()


async def test_a_message_from_another_company_is_known_by_the_workspace_it_was_delivered_to(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_user(EVE, "eve", team="T9OTHER")
    slack.workspace.channels[GENERAL].shared = True
    slack.workspace.channels[GENERAL].members.add(EVE)
    async with chipin_in(slack, sqlite_url, server) as house:
        await house.feed.command("/chipin", "admin allow outsiders", user=ANNA, channel=GENERAL)
        await house.quiet()
        event = house.feed.payloads.message_event(slack.say(EVE, GENERAL, "<@U0CHIPIN> why?"), "app_mention")
        assert (await house.feed.event(event, team_id="T9OTHER")).ok
        await house.quiet()
        assert len(server.calls) == len(house.answers()) == 1


async def test_two_bots_that_answer_each_other_come_to_an_end(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    slack.add_user(OTHER_BOT, "buildbot", bot=True)
    slack.workspace.channels[GENERAL].members.add(OTHER_BOT)
    async with chipin_in(slack, sqlite_url, server, max_in_flight=50) as house:
        await house.feed.command("/chipin", "admin allow bots", user=ANNA, channel=GENERAL)
        await house.quiet()
        thread = (await house.feed.mention("begin", user=BEN, channel=GENERAL)).message
        assert thread is not None
        await house.quiet()
        for _ in range(12):
            said = {"user": OTHER_BOT, "channel": GENERAL, "bot_id": BOT_ID, "thread_ts": thread.ts}
            assert (await house.feed.mention("and why is that?", **said)).ok
            await house.quiet()
        assert len(server.calls) == 1 + 6


# --- the agent's own place ---


async def test_who_opens_the_messages_tab_sees_at_most_four_prompts(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        assert (await house.feed.home_opened(BEN, tab="messages")).ok
        await until(lambda: bool(slack.workspace.prompts))
        [shown] = slack.workspace.prompts
        assert 1 <= len(shown["prompts"]) <= 4 and "thread_ts" not in shown
        assert not await house.requests()


async def test_slacks_own_stop_ends_the_ask_of_who_asked_and_nobody_elses(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    server.answer_with(silence())
    async with chipin_in(slack, sqlite_url, server) as house:
        slack.add_user(CARL, "carl")
        slack.workspace.channels[GENERAL].members.add(CARL)
        first = await house.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
        assert first.message is not None
        await until(lambda: bool(server.calls))
        assert (await house.feed.session_stopped(GENERAL, first.message.ts, CARL)).ok
        await until(lambda: bool(slack.ephemerals(CARL)))
        assert house.app.use_cases.asks.running == 1
        assert (await house.feed.session_stopped(GENERAL, first.message.ts, BEN)).ok
        await until(lambda: not house.app.use_cases.asks.running)
        await house.quiet()
