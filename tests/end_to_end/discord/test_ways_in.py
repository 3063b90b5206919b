"""Every way in that is no command: what is a question there, what is none, and who may ask by it."""

from typing import Any

from tests.discord.people import User
from tests.discord.state import VOICE, Channel
from tests.discord.town import Town
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_server import ProviderServer

PRIVATE_THREAD, FORUM, PUBLIC_THREAD = 12, 15, 11


def asked(server: ProviderServer, number: int = -1) -> str:
    """The question as the provider got it."""
    return str(server.calls[number].body["messages"][-1]["content"])


def told(house: DiscordHouse, channel: Channel | None = None) -> str:
    """All that the bot said in a channel."""
    return "\n".join(house.discord.text_of(each) for each in house.answers(channel))


def in_thread(house: DiscordHouse, parent: Channel, kind: int = PUBLIC_THREAD, *, known: bool = True) -> Channel:
    """A thread that somebody opened."""
    guild = house.discord.guild
    thread = guild.add_thread(parent, "deadlocks", kind, house.town.anna)
    if known:
        house.discord.gateway.dispatch("THREAD_CREATE", thread.as_json(), guild.id)
    return thread


# --- what is asked ---


async def test_a_mention_is_taken_out_wherever_it_stands_and_marks_become_words(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        us, anna, crew = town.discord.bot_user.mention, town.anna.mention, town.crew.id
        said = f"is a < b, {us}? {anna} of <@&{crew}> asks in <#{town.general.id}> <:hm:12>"
        await house.feed.say(said, user=town.ben, channel=town.general)
        await house.quiet()
        assert asked(server) == "is a < b,? @anna of @crew asks in #general :hm:"
        assert len(house.answers()) == 1


async def test_a_reply_to_the_bot_is_a_question_unless_its_ping_is_off(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await house.feed.mention("what is a deadlock?", user=town.ben, channel=town.general)
        await house.quiet()
        answer = house.answers()[-1]
        await house.feed.reply(answer, "thanks, all", user=town.ben, ping=False)
        await house.quiet()
        assert len(server.calls) == 1
        await house.feed.reply(answer, "and a livelock?", user=town.ben)
        await house.quiet()
        assert len(server.calls) == 2 and asked(server) == "and a livelock?"


async def test_what_is_said_among_people_is_left_alone(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        for said in ("lunch?", "@everyone @here <@1> Chipin, why?"):
            await house.feed.say(said, user=town.ben, channel=town.general)
        first = await house.feed.say(f"{town.anna.mention} why?", user=town.ben, channel=town.general)
        await house.feed.reply(first, "no idea", user=town.anna)
        await house.quiet()
        assert (server.calls, await house.requests(), house.answers()) == ([], [], [])


async def test_an_edit_asks_nothing(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        said = await house.feed.say("why?", user=town.ben, channel=town.general)
        await house.feed.edited(said, f"{town.discord.bot_user.mention} why?")
        asked_once = await house.feed.mention("what is a deadlock?", user=town.ben, channel=town.general)
        await house.quiet()
        await house.feed.edited(asked_once, f"{town.discord.bot_user.mention} what is a livelock?")
        await house.quiet()
        assert len(server.calls) == 1


async def test_a_mention_alone_is_helped_once_and_costs_nothing(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        first = await house.feed.mention("  ", user=town.ben, channel=town.general)
        await house.feed.told_again(first)
        await house.quiet()
        assert len(house.answers()) == 1
        assert "Mention me together with a question" in told(house) and "Not charged." in told(house)
        assert (server.calls, await house.requests()) == ([], [])


async def test_a_reply_to_a_commands_answer_is_helped_once_for_each_of_them(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        us = town.discord.bot_user
        metadata = {
            "id": "5",
            "type": 2,
            "user": town.ben.as_json(),
            "authorizing_integration_owners": {"0": town.discord.guild.id},
        }
        answer = town.discord.say("Because.", user=us, channel=town.general, metadata=metadata)
        for user in (town.ben, town.ben, town.anna):
            await house.feed.reply(answer, "and then?", user=user, ping=False)
            await house.quiet()
        helped = [each for each in house.answers() if "Mention me in your reply" in town.discord.text_of(each)]
        assert len(helped) == 2 and not server.calls


# --- places ---


async def test_threads_forum_posts_and_voice_chats_are_places_and_rules_count_in_their_channel(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        forum = town.discord.guild.add_channel("help", type=FORUM)
        voice = town.discord.guild.add_channel("lounge", type=VOICE)
        of_kind = {"bitrate": 64_000, "user_limit": 0, "available_tags": []}
        for channel in (forum, voice):
            town.discord.gateway.dispatch("CHANNEL_CREATE", channel.as_json() | of_kind, town.discord.guild.id)
        places = [
            (thread := in_thread(house, town.general), (town.general.id, thread.id)),
            (post := in_thread(house, forum), (forum.id, post.id)),
            (unknown := in_thread(house, town.general, PRIVATE_THREAD, known=False), (town.general.id, unknown.id)),
        ]
        for channel, _ in places:
            await house.feed.mention("why?", user=town.ben, channel=channel)
            await house.quiet()
        message = await house.feed.mention("why?", user=town.ben, channel=voice)
        await house.quiet()
        found = {(each["channel"], each["thread"]) for each in await house.requests()}
        assert found == {place for _, place in places} | {(voice.id, f"by {message.id}")}
        assert all(len(house.answers(channel)) == 1 for channel, _ in places)


# --- direct messages ---


def in_another(town: Town, user: User, name: str = "Elsewhere") -> Any:
    """A second server that somebody is in too."""
    guild = town.discord.add_guild(name)
    guild.add_member(user)
    return guild


async def test_in_a_direct_message_the_only_server_pays(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await house.feed.direct("what is a deadlock?", user=town.ben)
        await house.quiet()
        [request] = await house.requests()
        assert asked(server) == "what is a deadlock?" and request["workspace"] == town.discord.guild.id
        asked_of = len(town.discord.calls_of("get_guild_member"))
        await house.feed.direct("and a livelock?", user=town.ben)
        await house.quiet()
        assert len(town.discord.calls_of("get_guild_member")) == asked_of + 1  # at every question


async def test_who_left_or_lost_the_role_asks_no_more_in_a_direct_message(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        direct, member = town.discord.direct(town.ben), town.discord.guild.members[town.ben.id]
        member.roles.clear()
        await house.feed.direct("why?", user=town.ben)
        await house.quiet()
        assert not server.calls and "Not charged." in told(house, direct)
        member.roles.add(town.crew.id)
        await house.feed.left(town.ben)
        await house.feed.direct("why?", user=town.ben)
        await house.quiet()
        ben = await house.member(town.ben)
        assert ben is not None and ben.gone and not server.calls
        assert "This account has left, says its platform" in told(house, direct)
        town.discord.guild.add_member(town.ben, town.crew)
        await house.feed.direct("why?", user=town.ben)
        await house.quiet()
        ben = await house.member(town.ben)
        assert ben is not None and not ben.gone and len(server.calls) == 1


async def test_who_is_known_nowhere_is_told_how_to_be_known(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        carl = town.discord.add_user("carl")
        await house.feed.direct("why?", user=carl)
        await house.quiet()
        assert "I do not know you in any yet" in told(house, town.discord.direct(carl))
        assert (server.calls, await house.requests(), await house.member(carl)) == ([], [], None)


async def test_of_several_servers_one_is_chosen_and_the_question_that_waited_is_asked_once(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    other = in_another(town, town.anna)
    general = other.add_channel("general")
    listed = {"teams": f"discord:{town.discord.guild.id},discord:{other.id}"}
    async with chipin_in(town, sqlite_url, server, settings=listed) as house:
        await house.feed.mention("hello", user=town.anna, channel=general)  # from now on both know her
        await house.quiet()
        before, direct = len(server.calls), town.discord.direct(town.anna)
        await house.feed.direct("what is a deadlock?", user=town.anna)
        await house.quiet()
        *_, card = house.answers(direct)
        assert "Which of them pays" in town.discord.text_of(card) and len(server.calls) == before
        menu = town.discord.buttons(card)[0]["custom_id"]
        chosen = await house.feed.press(card, menu, user=town.anna, values=[town.discord.guild.id], times=2)
        await house.quiet()
        assert chosen.ok and len(server.calls) == before + 1 and asked(server) == "what is a deadlock?"
        assert town.discord.guild.name in town.discord.text_of(card)
        assert [each["workspace"] for each in await house.requests()].count(town.discord.guild.id) == 1
        await house.feed.direct("and a livelock?", user=town.anna)
        await house.quiet()
        assert len(server.calls) == before + 2
        await house.feed.direct("Home", user=town.anna)
        await house.quiet()
        assert "Which of them pays" in told(house, direct) and len(server.calls) == before + 2
