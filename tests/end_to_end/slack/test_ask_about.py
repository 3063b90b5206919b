"""\"Ask about this\": a form in the menu of a message, and a question that has the message with it."""

from typing import Any

from adapters.slack.listeners.shortcuts import ASK_ABOUT
from adapters.slack.table import HERE, ONLY_ME
from adapters.slack.views.shortcuts import QUESTION, WHERE
from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.slack.state import Message, ShownView
from tests.waiting import until


async def opened(house: SlackHouse, message: Message, **changed: Any) -> ShownView:
    """The form, as Ben sees it."""
    assert (await house.feed.message_shortcut(ASK_ABOUT, message, user=BEN, **changed)).ok
    await until(lambda: house.slack.modal(BEN) is not None)
    modal = house.slack.modal(BEN)
    assert modal is not None
    return modal


def asked(server: ProviderServer) -> str:
    return str(server.calls[-1].body["messages"][-1]["content"])


async def test_the_answer_stands_in_the_thread_of_the_message_under_the_question(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        message = slack.say(ANNA, GENERAL, "the migration &amp; the job deadlock")
        form = await opened(house, message)
        heard = await house.feed.submit(form, {QUESTION: "what does that mean?", WHERE: HERE})
        assert heard.ok and slack.modal(BEN) is None
        await house.quiet()
        assert asked(server) == (
            "what does that mean?\n\nIt is about this message of anna's:\n```\nthe migration & the job deadlock\n```"
        )
        quote, answer = house.answers()
        assert quote.thread_ts == answer.thread_ts == message.ts
        assert "what does that mean?" in slack.text_of(quote) and "migration" not in slack.text_of(quote)


async def test_by_default_only_the_asker_reads_it_and_the_channel_is_not_touched(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        form = await opened(house, slack.say(ANNA, GENERAL, "it deadlocks"))
        chosen = next(block for block in form.blocks if block["block_id"] == WHERE)["element"]["initial_option"]
        assert chosen["value"] == ONLY_ME
        await house.feed.submit(form, {QUESTION: "why?", WHERE: ONLY_ME})
        await house.quiet()
        assert len(server.calls) == 1 and not house.answers()
        assert [each for each in slack.direct_messages(BEN) if each.user == slack.bot_user_id]


async def test_a_form_that_is_sent_three_times_is_asked_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        form = await opened(house, slack.say(ANNA, GENERAL, "it deadlocks"))
        for _ in range(3):
            assert (await house.feed.submit(form, {QUESTION: "why?", WHERE: ONLY_ME}, user=BEN)).ok
        await house.quiet()
        assert len(server.calls) == len(await house.requests()) == 1


async def test_a_form_without_a_question_is_not_sent(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        form = await opened(house, slack.say(ANNA, GENERAL, "it deadlocks"))
        heard = await house.feed.submit(form, {QUESTION: "  ", WHERE: HERE})
        assert heard.body["errors"] == {QUESTION: "Type a question."}
        await house.quiet()
        assert not server.calls


async def test_a_message_too_long_for_a_form_goes_along_whole_and_so_do_its_files(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        notes = slack.add_file("notes.txt", b"lock order", "text/plain", user=ANNA)
        message = slack.say(ANNA, GENERAL, '"line"\n' * 2_000 + "the end", files=[notes])
        await house.feed.submit(await opened(house, message), {QUESTION: "why?", WHERE: ONLY_ME})
        await house.quiet()
        assert asked(server).endswith("the end\n```\n\nnotes.txt:\n```\nlock order\n```")
        assert asked(server).count("line") == 2_000


async def test_where_the_message_cannot_be_read_again_its_beginning_goes_along_and_that_is_said(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        slack.add_channel("C2FAR", "far", [ANNA, BEN], bot_is_member=False)
        message = slack.say(ANNA, "C2FAR", "begin " + "x" * 6_000)
        await house.feed.submit(await opened(house, message), {QUESTION: "why?", WHERE: ONLY_ME})
        await house.quiet()
        assert "begin xxx" in asked(server) and 2_000 < len(asked(server)) < 3_500
        told = [slack.text_of(each) for each in slack.direct_messages(BEN)]
        told += [slack.text_of(each) for each in slack.ephemerals(BEN)]
        assert any("Left out: the end of the message that was asked about" in each for each in told)
