"""What was said before and what is attached go along, as far as Discord shows it; nothing fails for the rest."""

import base64
from typing import Any

import pytest

from adapters.discord.conversation.files import Files
from adapters.discord.conversation.history import History
from adapters.discord.conversation.talks import Talks
from adapters.discord.origin import Origin
from tests.discord.state import Channel, Message
from tests.discord.town import Town
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_server import ProviderServer

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PLAIN = "text/plain"


def sent(server: ProviderServer, number: int = -1) -> list[tuple[str, Any]]:
    """The conversation as the provider got it, without the system's words."""
    return [(each["role"], each["content"]) for each in server.calls[number].body["messages"][1:]]


def told(house: DiscordHouse) -> str:
    """All that Ben reads of the bot's, in the channel and alone."""
    alone = house.discord.answers(house.discord.direct(house.town.ben))
    return "\n".join(house.discord.text_of(each) for each in (*house.answers(), *alone))


async def mention(house: DiscordHouse, text: str, *, channel: Channel | None = None, **said: Any) -> Message:
    message = await house.feed.mention(text, user=house.town.ben, channel=channel or house.town.general, **said)
    await house.quiet()
    return message


async def left_out(house: DiscordHouse, question: Message) -> str:
    """What is said to be missing of what was said before a question."""
    chat, parent = house.chat, house.discord.channels[question.channel_id].parent_id
    files = Files(chat.session, house.discord.api_url)
    server = chat.servers.of(house.discord.guild.id)
    assert server is not None
    origin = Origin(
        server.guild_id,
        question.author.id,
        channel_id=parent or question.channel_id,
        thread_id=question.channel_id if parent else "",
        message_id=question.id,
    )
    answered = question.reply_to.id if question.reply_to is not None else ""
    return (await Talks(History(chat.api), files, chat.servers).before(server, origin, answered)).left_out


# --- replies ---


@pytest.mark.parametrize("answered", ["first", "last"])
async def test_a_reply_takes_along_what_it_goes_back_to_and_nothing_else(
    sqlite_url: str, server: ProviderServer, town: Town, answered: str
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        discord, here = town.discord, town.general
        us = discord.bot_user
        discord.say("lunch?", user=town.anna, channel=here)
        first = discord.say(f"{us.mention} why?", user=town.anna, channel=here, mentioned=(us,))
        discord.say("another answer", user=us, channel=here, reply_to=discord.say("x", user=town.ben, channel=here))
        one = discord.say("Because of\n", user=us, channel=here, reply_to=first)
        discord.say("hm", user=town.anna, channel=here)
        two = discord.say("the lock.\n-# 0.3 cents · A Model", user=us, channel=here)
        discord.say("no part of it", user=us, channel=here, reply_to=discord.say("y", user=town.ben, channel=here))
        await mention(house, "and then?", to=one if answered == "first" else two)
        assert sent(server) == [
            ("user", "anna: @Chipin why?"),
            ("assistant", "Because of\nthe lock."),
            ("user", "and then?"),
        ]


async def test_replies_are_followed_far_back_and_no_further_than_is_read_for_one_question(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        discord, here, us = town.discord, town.general, town.discord.bot_user
        old: Message | None = None
        for number in range(20):
            old = discord.say(f"{number}", reply_to=old, user=town.anna, mentioned=(us,), channel=here)
            for _ in range(6):
                discord.say("among us", user=town.anna, channel=here)
        before = len(discord.calls)
        await mention(house, "and then?", to=old)
        read = [call.operation for call in discord.calls[before:] if call.method == "GET"]
        assert (read.count("list_messages"), read.count("get_message")) == (1, 5 if "get_message" in read else 0)
        assert len(sent(server)) == 21 and sent(server)[0] == ("user", "anna: 0")


async def test_a_message_that_discord_does_not_show_is_left_out_and_that_is_said(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        hidden = town.discord.say("our secret plan", user=town.anna, channel=town.general)
        question = await mention(house, "what does that mean?", to=hidden)
        assert sent(server) == [("user", "what does that mean?")]
        assert "choose Apps, Ask about this" in await left_out(house, question)


@pytest.mark.parametrize("code", [10008, 50001, 50013])
async def test_what_may_not_be_read_is_left_out_and_nothing_fails(
    sqlite_url: str, server: ProviderServer, town: Town, code: int
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        gone = town.discord.say("it deadlocks", user=town.anna, channel=town.general)
        town.discord.fail("list_messages", code=code)
        town.discord.fail("get_message", code=code)
        question = await mention(house, "why?", to=gone)
        assert sent(server) == [("user", "why?")]
        assert "Left out: what was said before" in await left_out(house, question)


async def test_a_deleted_message_ends_the_chain(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        discord, us = town.discord, town.discord.bot_user
        gone = discord.say("why?", user=town.anna, channel=town.general, mentioned=(us,))
        answer = discord.say("Because.", user=us, channel=town.general, reply_to=gone)
        await house.feed.deleted(gone)
        await mention(house, "and then?", to=answer)
        assert sent(server)[-1] == ("user", "and then?") and "why?" not in str(sent(server))
        await house.feed.deleted(answer)
        await mention(house, "really?", to=answer)
        assert sent(server) == [("user", "really?")]


# --- threads ---


async def test_a_thread_goes_along_with_who_said_what_as_far_as_it_mentions_the_bot(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        discord, us = town.discord, town.discord.bot_user
        thread = discord.guild.add_thread(town.general, "deadlocks", 11, town.anna)
        discord.gateway.dispatch("THREAD_CREATE", thread.as_json(), discord.guild.id)
        discord.say("among us", user=town.anna, channel=thread)
        discord.say(f"{us.mention} why?", user=town.anna, channel=thread, mentioned=(us,))
        discord.say("Because.\n-# 0.3 cents", user=us, channel=thread)
        question = await mention(house, "and then?", channel=thread)
        assert sent(server) == [("user", "anna: @Chipin why?"), ("assistant", "Because."), ("user", "and then?")]
        missing = await left_out(house, question)
        assert missing.startswith("Left out of this thread: 1 message that Discord does not show")


async def test_a_conversation_that_goes_on_in_a_thread_takes_along_what_it_came_from(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await house.feed.command("ask", {"prompt": "why?"}, user=town.ben, channel=town.general)
        await house.quiet()
        [first] = house.answers()
        reply = await mention(house, "and then?", to=first)
        assert sent(server)[:2] == [("user", "ben: why?"), ("assistant", "A deadlock is two waiting for each other.")]
        assert reply.thread is not None
        await mention(house, "really?", channel=reply.thread)
        assert [role for role, _ in sent(server)] == ["user", "assistant", "user", "assistant", "user"]
        assert [said for role, said in sent(server) if role == "user"] == [
            "ben: why?",
            "ben: @Chipin and then?",
            "really?",
        ]


# --- direct messages ---


async def test_a_talk_with_the_bot_alone_goes_on_until_an_hour_of_silence(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        discord, direct = town.discord, town.discord.direct(town.ben)
        discord.say("long ago", user=town.ben, channel=direct)
        discord.clock.advance(3_700)
        discord.say("why?", user=town.ben, channel=direct)
        discord.say("Because.", user=discord.bot_user, channel=direct)
        await house.feed.direct("and then?", user=town.ben)
        await house.quiet()
        assert sent(server) == [("user", "why?"), ("assistant", "Because."), ("user", "and then?")]


# --- files ---


async def test_pictures_and_texts_go_along(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        files = [
            town.discord.add_file("cat.png", PNG, "image/png"),
            town.discord.add_file("log.txt", b"it broke", PLAIN),
        ]
        await mention(house, "what is this?", files=files)
        words, picture, text = sent(server)[0][1]
        assert words["text"] == "what is this?" and text["text"].endswith("log.txt:\n```\nit broke\n```")
        assert base64.b64encode(PNG).decode() in picture["image_url"]["url"]
        fetched = [call for call in town.discord.calls if call.operation == "cdn"]
        assert len(fetched) == 2 and all("Authorization" not in call.headers for call in fetched)


async def test_a_picture_without_words_is_a_question(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await mention(house, "", files=[town.discord.add_file("cat.png", PNG, "image/png")])
        assert len(server.calls) == 1


async def test_what_is_kept_elsewhere_is_never_fetched(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        file = town.discord.add_file("cat.png", PNG, "image/png")
        file.url = f"{server.base_url}/attachments/1/2/cat.png"
        await mention(house, "what is this?", files=[file])
        assert not server.calls and "cat.png is not kept on Discord" in told(house)
        assert "Not charged." in told(house)


async def test_a_file_that_is_gone_or_too_large_is_refused_in_words(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        gone = town.discord.add_file("cat.png", PNG, "image/png")
        del town.discord.files[gone.id]
        await mention(house, "what is this?", files=[gone])
        assert "cat.png is not there any more. Attach it again." in told(house)
        await mention(house, "and this?", files=[town.discord.add_file("log.txt", b"x" * 1_000_001, PLAIN)])
        assert "log.txt is larger than 1 MB" in told(house)
        assert not server.calls
