"""REST answers discord.py as Discord does: what is there, who may, and why not."""

import io

from discord import File
from discord.http import HTTPClient, Route

from tests.discord.building import QUIET, V2, button, command, row, text
from tests.discord.calling import call, edit, post, refused, upload
from tests.discord.permissions import May
from tests.discord.server import FakeDiscord
from tests.discord.state import PRIVATE_THREAD, PUBLIC_THREAD
from tests.discord.town import Town

MESSAGES = "/channels/{channel_id}/messages"
ONE = MESSAGES + "/{message_id}"


# --- messages ---


async def test_a_message_is_posted_edited_read_and_deleted(town: Town, http: HTTPClient) -> None:
    told = await post(http, town.general, "hello")
    [message] = town.discord.answers(town.general)
    assert (told["id"], told["content"], told["author"]["id"]) == (message.id, "hello", town.discord.bot_user.id)
    await edit(http, message, "changed")
    assert message.content == "changed" and [each.content for each in message.edits] == ["hello"]
    where = {"channel_id": town.general.id, "message_id": message.id}
    assert (await call(http, "GET", ONE, **where))["content"] == "changed"
    await call(http, "DELETE", ONE, **where)
    assert not town.discord.messages(town.general)
    assert await refused(call(http, "GET", ONE, **where)) == (404, 10008)
    assert await refused(edit(http, message)) == (404, 10008)


async def test_the_same_nonce_gives_the_first_message_again(town: Town, http: HTTPClient) -> None:
    first = await post(http, town.general, "one", nonce="n", enforce_nonce=True)
    again = await post(http, town.general, "two", nonce="n", enforce_nonce=True)
    assert again["id"] == first["id"] and len(town.discord.answers(town.general)) == 1
    await post(http, town.general, "three", nonce="n")  # not enforced: it is a mark and no more
    assert len(town.discord.answers(town.general)) == 2


async def test_an_empty_message_is_refused(town: Town, http: HTTPClient) -> None:
    assert await refused(post(http, town.general, "")) == (400, 50006)


async def test_components_stay_components(town: Town, http: HTTPClient) -> None:
    body = {**V2, "components": [text("card"), row(button())]}
    await call(http, "POST", MESSAGES, body, channel_id=town.general.id)
    [message] = town.discord.answers(town.general)
    assert town.discord.text_of(message) == "card\nPress"
    assert [each["custom_id"] for each in town.discord.buttons(message)] == ["b"]
    assert await refused(edit(http, message, "x", flags=1 << 15)) == (400, 50035)
    assert [each.rule for each in town.discord.violations] == ["V2 alone"]
    town.discord.violations.clear()


async def test_messages_are_listed_newest_first(town: Town, http: HTTPClient) -> None:
    discord, where = town.discord, {"channel_id": town.general.id}
    said = [discord.say(str(each), user=discord.bot_user, channel=town.general) for each in range(5)]

    async def listed(query: str) -> str:
        return "".join(each["content"] for each in await call(http, "GET", f"{MESSAGES}?{query}", **where))

    assert await listed("limit=3") == "432"
    assert await listed(f"before={said[3].id}&limit=2") == "21"
    assert await listed(f"after={said[1].id}&limit=2") == "32"
    assert await listed(f"around={said[2].id}&limit=3") == "321"
    said[2].deleted = True
    assert await listed("limit=100") == "4310"


async def test_without_the_privileged_intent_only_what_is_meant_for_the_bot_is_read(
    town: Town, http: HTTPClient
) -> None:
    discord = town.discord
    discord.say("among us", user=town.ben, channel=town.general)
    told = discord.say(f"{discord.bot_user.mention} hi", user=town.ben, channel=town.general)
    told.mentioned = (discord.bot_user,)
    where = {"channel_id": town.general.id}
    assert [each["content"] for each in await call(http, "GET", MESSAGES, **where)] == [told.content, ""]
    discord.privileged = 1 << 15
    assert [each["content"] for each in await call(http, "GET", MESSAGES, **where)] == [told.content, "among us"]


async def test_a_reply_points_at_what_it_answers(town: Town, http: HTTPClient) -> None:
    asked = town.discord.say("why?", user=town.ben, channel=town.general)
    told = await post(http, town.general, message_reference={"message_id": asked.id})
    assert told["type"] == 19 and told["message_reference"]["message_id"] == asked.id
    [answer] = town.discord.answers(town.general)
    assert answer.reply_to is asked and not answer.pings
    asked.deleted = True
    assert await refused(post(http, town.general, message_reference={"message_id": asked.id})) == (400, 50035)
    kind = {"message_id": asked.id, "fail_if_not_exists": False}
    assert "message_reference" not in await post(http, town.general, message_reference=kind)


async def test_a_message_says_whom_it_pings(town: Town, http: HTTPClient) -> None:
    words = f"{town.ben.mention} @everyone"
    await post(http, town.general, words)
    await post(http, town.general, words, allowed_mentions={"parse": ["users", "everyone"]})
    assert [each.pings for each in town.discord.answers(town.general)] == [set(), {town.ben.id, "everyone"}]
    assert {each.rule for each in town.discord.violations} == {"allowed mentions"}
    town.discord.violations.clear()


async def test_files_are_uploaded_and_downloaded(town: Town, http: HTTPClient) -> None:
    file = File(io.BytesIO(b"all of it"), "answer.md")
    body = {**QUIET, "content": "long", "attachments": [{"id": "0", "filename": "answer.md"}]}
    told = await upload(http, Route("POST", MESSAGES, channel_id=town.general.id), file, body)
    [attachment] = told["attachments"]
    assert (attachment["filename"], attachment["size"]) == ("answer.md", 9)
    assert await http.get_from_cdn(attachment["url"]) == b"all of it"
    kept = await edit(http, told, "longer")
    assert kept["attachments"] == told["attachments"]
    gone = await edit(http, told, "short", attachments=[])
    assert gone["attachments"] == []


# --- who may ---


async def test_a_channel_that_is_not_seen_or_not_written_in_is_refused(town: Town, http: HTTPClient) -> None:
    me, channel = town.discord.bot_user, town.general
    channel.overwrite(me, deny=May.SEND_MESSAGES)
    assert await refused(post(http, channel)) == (403, 50013)
    channel.overwrite(me, deny=May.VIEW_CHANNEL)
    assert await refused(post(http, channel)) == (403, 50001)
    assert await refused(call(http, "GET", "/channels/1")) == (404, 10003)


async def test_what_others_said_is_not_the_bots_to_change(town: Town, http: HTTPClient) -> None:
    said = town.discord.say("mine", user=town.ben, channel=town.general)
    assert await refused(edit(http, said)) == (403, 50005)
    where = {"channel_id": town.general.id, "message_id": said.id}
    assert await refused(call(http, "DELETE", ONE, **where)) == (403, 50013)


async def test_permissions_come_from_roles_then_from_the_channel(town: Town) -> None:
    guild, channel, crew = town.discord.guild, town.general, town.crew
    assert guild.permissions_of(town.anna) & May.MANAGE_GUILD
    assert not guild.permissions_of(town.ben) & May.MANAGE_GUILD
    channel.overwrite(guild.everyone, deny=May.SEND_MESSAGES)
    assert not guild.permissions_of(town.ben, channel) & May.SEND_MESSAGES
    channel.overwrite(crew, allow=May.SEND_MESSAGES)
    assert guild.permissions_of(town.ben, channel) & May.SEND_MESSAGES
    channel.overwrite(town.ben, deny=May.VIEW_CHANNEL)
    assert guild.permissions_of(town.ben, channel) == 0
    assert guild.permissions_of(guild.owner, channel) & May.ADMINISTRATOR
    chief = guild.add_role("chief", May.ADMINISTRATOR)
    guild.members[town.ben.id].roles.add(chief.id)
    assert guild.permissions_of(town.ben, channel) & May.MANAGE_ROLES


async def test_a_direct_message_is_opened_once_and_may_be_refused(town: Town, http: HTTPClient) -> None:
    opened = await call(http, "POST", "/users/@me/channels", {"recipient_id": town.ben.id})
    again = await call(http, "POST", "/users/@me/channels", {"recipient_id": town.ben.id})
    assert opened["id"] == again["id"] and opened["recipients"][0]["id"] == town.ben.id
    direct = town.discord.direct(town.ben)
    await post(http, direct, "psst")
    assert [each.content for each in town.discord.answers(direct)] == ["psst"]
    town.ben.refuses_direct = True
    assert await refused(post(http, direct)) == (403, 50007)


# --- threads and guilds ---


async def test_threads_are_opened_from_a_message_and_without(town: Town, http: HTTPClient) -> None:
    discord, where = town.discord, {"channel_id": town.general.id}
    asked = discord.say("why?", user=town.ben, channel=town.general)
    route = ONE + "/threads"
    told = await call(http, "POST", route, {"name": "Why"}, **where, message_id=asked.id)
    thread = discord.channels[asked.id]
    assert told["id"] == asked.id and thread.type == PUBLIC_THREAD and asked.thread is thread
    assert await refused(call(http, "POST", route, {"name": "x"}, **where, message_id=asked.id)) == (400, 160004)
    await post(http, thread, "inside")
    assert [each.content for each in discord.answers(thread)] == ["inside"]

    threads = "/channels/{channel_id}/threads"
    open_one = await call(http, "POST", threads, {"name": "Long", "type": PUBLIC_THREAD}, **where)
    assert discord.channels[open_one["id"]].parent_id == town.general.id
    assert await refused(call(http, "POST", threads, {"name": "x", "type": PRIVATE_THREAD}, **where)) == (403, 50013)
    town.general.overwrite(discord.bot_user, deny=May.SEND_MESSAGES_IN_THREADS)
    assert await refused(post(http, thread)) == (403, 50013)


async def test_an_archived_thread_takes_no_edits_until_somebody_writes(town: Town, http: HTTPClient) -> None:
    thread = town.discord.guild.add_thread(town.general, "Long", PUBLIC_THREAD, town.ben)
    message = await post(http, thread)
    thread.archived = True
    assert await refused(edit(http, message)) == (400, 50083)
    await post(http, thread)
    assert not thread.archived
    await edit(http, message)
    thread.archived = thread.locked = True
    assert await refused(post(http, thread)) == (403, 50013)


async def test_guilds_are_read_as_they_are_now(town: Town, http: HTTPClient) -> None:
    guild, where = town.discord.guild, {"guild_id": town.discord.guild.id}
    assert (await call(http, "GET", "/guilds/{guild_id}", **where))["owner_id"] == guild.owner.id
    member = await call(http, "GET", "/guilds/{guild_id}/members/{user_id}", **where, user_id=town.ben.id)
    assert member["roles"] == [town.crew.id]
    names = {each["name"] for each in await call(http, "GET", "/guilds/{guild_id}/roles", **where)}
    assert names == {"@everyone", "Chipin", "keepers", "crew"}
    stranger = town.discord.add_user("stranger")
    assert await refused(call(http, "GET", "/guilds/{guild_id}/members/{user_id}", **where, user_id=stranger.id)) == (
        404,
        10007,
    )
    assert await refused(call(http, "GET", "/guilds/{guild_id}/members", **where)) == (403, 50001)
    search = "/guilds/{guild_id}/members/search?query=be"
    assert [each["user"]["id"] for each in await call(http, "GET", search, **where)] == [town.ben.id]
    [mine] = await call(http, "GET", "/users/@me/guilds")
    assert mine["id"] == guild.id
    town.discord.remove_bot(guild)
    assert await refused(call(http, "GET", "/guilds/{guild_id}", **where)) == (404, 10004)
    assert await refused(post(http, town.general)) == (404, 10003)


async def test_a_wrong_token_is_refused(discord: FakeDiscord, http: HTTPClient) -> None:
    http.token = "wrong"
    assert await refused(call(http, "GET", "/users/@me")) == (401, 0)


async def test_commands_are_replaced_as_a_whole_or_one_by_one(town: Town, http: HTTPClient) -> None:
    where = {"application_id": town.discord.application_id}
    every, one = "/applications/{application_id}/commands", "/applications/{application_id}/commands/{command_id}"
    first, _ = await call(http, "PUT", every, [command("ask"), command("usage")], **where)
    kept, new = await call(http, "PUT", every, [command("ask"), command("models")], **where)
    assert kept["id"] == first["id"] and kept["version"] != first["version"]
    added = await call(http, "POST", every, command("price"), **where)
    await call(http, "DELETE", one, **where, command_id=new["id"])
    assert await refused(call(http, "GET", one, **where, command_id=new["id"])) == (404, 10063)
    assert [each["id"] for each in await call(http, "GET", every, **where)] == [first["id"], added["id"]]
    guild = "/applications/{application_id}/guilds/{guild_id}/commands"
    [own] = await call(http, "PUT", guild, [command("here")], **where, guild_id=town.discord.guild.id)
    assert own["guild_id"] == town.discord.guild.id
    assert len(await call(http, "GET", every, **where)) == 2
