"""What was said before and what is attached go along, are in the price, and hold up no acknowledgement."""

import base64
from typing import Any

from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.slack.state import Message
from tests.waiting import until

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PLAIN = "text/plain"


def sent(server: ProviderServer, number: int = -1) -> list[tuple[str, Any]]:
    """The conversation as the provider got it, without the system's words."""
    return [(each["role"], each["content"]) for each in server.calls[number].body["messages"][1:]]


def told(slack: FakeSlack, user: str = BEN) -> str:
    """All that one person alone reads."""
    return "\n".join(slack.text_of(each) for each in slack.ephemerals(user))


async def mention(house: SlackHouse, text: str, **said: Any) -> Message:
    heard = await house.feed.mention(text, user=BEN, channel=GENERAL, **said)
    await house.quiet()
    assert heard.ok and heard.message is not None
    return heard.message


# --- the thread before a question ---


async def test_a_thread_goes_along_with_who_said_what_and_answers_without_their_receipts(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        root = slack.say(ANNA, GENERAL, "the migration deadlocks")
        slack.say("U9LEFT", GENERAL, "again", thread_ts=root.ts)
        await mention(house, "why?", thread_ts=root.ts)
        slack.say(ANNA, GENERAL, f"<@{BEN}> thanks &amp; bye", thread_ts=root.ts)
        await mention(house, "and how do I fix it?", thread_ts=root.ts)
        answer = FakeSlack.body_of(house.answers()[0])
        assert sent(server) == [
            ("user", "anna: the migration deadlocks"),
            ("user", "Somebody: again"),
            ("user", "ben: why?"),
            ("assistant", answer),
            ("user", "anna: @ben thanks & bye"),
            ("user", "and how do I fix it?"),
        ]
        assert "cents" not in answer


async def test_a_slow_slack_delays_no_acknowledgement(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        await mention(house, "first")  # Ben is known from now on
        root = slack.say(ANNA, GENERAL, "the migration deadlocks")
        stalled = slack.fail("conversations.replies", stall="before")
        heard = await house.feed.mention("why?", user=BEN, channel=GENERAL, thread_ts=root.ts)
        assert heard.ok and len(server.calls) == 1
        stalled.release()
        await house.quiet()
        assert len(server.calls) == 2 and len(sent(server)) == 2


async def test_what_cannot_be_read_is_left_out_and_that_is_said(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        root = slack.say(ANNA, GENERAL, "the migration deadlocks")
        slack.fail("conversations.replies", error="missing_scope", times=1)
        await mention(house, "why?", thread_ts=root.ts)
        assert sent(server) == [("user", "why?")]
        assert "Left out: what was said before in this thread; Chipin may not read it here." in told(slack)


async def test_a_long_thread_keeps_its_newest(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        root = slack.say(ANNA, GENERAL, "message 0")
        for number in range(1, 450):
            slack.say(ANNA, GENERAL, f"message {number}", thread_ts=root.ts)
        await mention(house, "why?", thread_ts=root.ts)
        assert len(slack.calls_of("conversations.replies")) == 3
        assert [said for _, said in sent(server)][-2:] == ["anna: message 449", "why?"]
        assert len(sent(server)) <= 201
        assert "Left out of this thread: 250 messages at its beginning." in told(slack)


async def test_a_command_has_no_thread_and_reads_none(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await house.feed.command("/ask", "--only-me why?", user=BEN, channel=GENERAL)
        await house.quiet()
        assert len(server.calls) == 1 and not slack.calls_of("conversations.replies")


# --- what is attached ---


async def test_a_text_file_is_quoted_under_its_name(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        file = slack.add_file("locks.sql", b"SELECT 1;\r\n", "application/octet-stream", user=BEN)
        await mention(house, "why?", files=[file])
        assert sent(server) == [("user", "why?\n\nlocks.sql:\n```\nSELECT 1;\n```")]


async def test_a_kind_that_no_model_reads_is_named_and_the_question_goes_on(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        film = slack.add_file("demo.mp4", b"...", "video/mp4", user=BEN)
        await mention(house, "why?", files=[film])
        assert sent(server) == [("user", "why?")]
        assert "Left out: demo.mp4, which cannot be read." in told(slack)
        heard = await house.feed.dm("", user=BEN, files=[film])
        await house.quiet()
        assert heard.ok and len(server.calls) == 1
        said = slack.text_of(slack.direct_messages(BEN)[-1])
        assert "There is no question: demo.mp4 cannot be read." in said and "Not charged." in said


async def test_a_file_is_refused_in_words_where_slack_does_not_hand_it_over(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        notes = slack.add_file("notes.txt", b"lock order", PLAIN, user=BEN)
        slack.scopes = {"chat:write", "users:read", "usergroups:read", "channels:history"}
        await mention(house, "why?", files=[notes])
        assert "Slack did not let Chipin read notes.txt." in told(slack)
        slack.scopes = None
        fault = slack.fail("files.download", status=503)
        await mention(house, "why?", files=[notes])
        assert "Slack did not hand over notes.txt. Ask again in a minute. Not charged." in told(slack)
        fault.release()
        assert not server.calls
        assert [each["state"] for each in await house.requests()] == ["refused", "refused"]


async def test_the_token_is_shown_to_slack_alone(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        elsewhere = slack.add_file("notes.txt", b"x", PLAIN, user=BEN)
        elsewhere.url = server.base_url + "/models"
        await mention(house, "why?", files=[elsewhere])
        assert "notes.txt is not kept on Slack, so it was not read." in told(slack)
        assert not server.calls


async def test_what_is_too_large_is_not_even_fetched(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        large = slack.add_file("huge.log", bytes(1_000_001), PLAIN, user=BEN)
        await mention(house, "why?", files=[large])
        assert "huge.log is larger than 1 MB, the most for a text file." in told(slack)
        many = [slack.add_file(f"{number}.png", PNG, "image/png", user=BEN) for number in range(6)]
        await mention(house, "why?", files=many)
        assert "That is 6 pictures; 5 is the most for one question." in told(slack)
        assert not slack.calls_of("files.download") and not server.calls


async def test_a_file_of_a_shared_channel_is_looked_up_first(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        notes = slack.add_file("notes.txt", b"lock order", PLAIN, user=BEN)
        message = slack.say(BEN, GENERAL, f"<@{slack.bot_user_id}> why?", files=[notes])
        message.files = [{"id": notes.id, "mode": "file_access", "file_access": "check_file_info"}]
        assert (await house.feed.tell(message, "app_mention")).ok
        await house.quiet()
        assert sent(server) == [("user", "why?\n\nnotes.txt:\n```\nlock order\n```")]


async def test_pictures_go_to_a_model_that_looks_at_them_also_those_of_the_thread(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        shot = slack.add_file("error.png", PNG, "image/png", user=ANNA)
        root = slack.say(ANNA, GENERAL, "see", files=[shot])
        await mention(house, "what does it say?", thread_ts=root.ts)
        await until(lambda: bool(server.calls))
        seen = sent(server)[0][1]
        assert seen[0] == {"type": "text", "text": "anna: see\n[attached: error.png]"}
        assert seen[1]["image_url"]["url"].endswith(base64.b64encode(PNG).decode())


async def test_a_file_whose_address_another_app_chose_is_not_fetched_with_our_token(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    """Its address may be one of the Web API's: then opening it would do something in our name."""
    async with chipin_in(slack, sqlite_url, server) as house:
        remote = slack.add_file("notes.txt", b"...", PLAIN, user=BEN)
        remote.url = f"{slack.api_url}auth.test?x="
        await house.feed.command("/balance", user=BEN, channel=GENERAL)
        await house.quiet()
        before = len(slack.calls_of("auth.test"))
        await mention(house, "why?", files=[remote])
        assert len(slack.calls_of("auth.test")) == before
        assert not server.calls and "notes.txt is not kept on Slack" in told(slack)
