"""Nothing that anybody writes calls somebody or shows a preview on Discord: not an answer, a name, a title, an error.

Every payload is looked at by the Discord of the tests (tests/discord): what breaks a rule fails the test there.
"""

import pytest

from tests.discord.state import COMPONENTS_V2, SUPPRESS_EMBEDS
from tests.discord.town import Town
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_behaviours import Behaviour, error_inside, good, refusal, status
from tests.provider_server import ProviderServer

EVIL = (
    "@everyone @here <@&{crew}> <@{anna}> <#{general}> </ask:1> <id:customize> <t:1:R> "
    "[x](https://evil.example) https://evil.example/x.png `@everyone`"
)
NAME = "Mallory @everyone <@&1>"


def evil(town: Town) -> str:
    return EVIL.format(crew=town.crew.id, anna=town.anna.id, general=town.general.id)


def assert_harmless(house: DiscordHouse) -> None:
    """What the bot said pinged nobody, previews nothing, and has no live mention in it."""
    ours = [each for one in house.discord.channels.values() for each in one.messages]
    ours = [each for each in ours if each.author is house.discord.bot_user and not each.deleted]
    assert ours
    for message in ours:
        shown = house.discord.text_of(message)
        assert not message.pings and message.flags & (SUPPRESS_EMBEDS | COMPONENTS_V2)  # V2 previews nothing
        assert "@everyone" not in shown and "<@&" not in shown and "<#" not in shown and "</ask" not in shown


@pytest.mark.parametrize("size", [1, 7, 500])
async def test_an_answer_and_its_question(sqlite_url: str, server: ProviderServer, town: Town, size: int) -> None:
    """In pieces of any size: in a channel, in a direct message, and as the answer to a command."""
    whole = f"Before {evil(town)}\n```\n{evil(town)}\n```\nAfter"
    server.answer_with(good([whole[start : start + size] for start in range(0, len(whole), size)]))
    async with chipin_in(town, sqlite_url, server) as house:
        await house.feed.mention(evil(town), user=town.ben, channel=town.general)
        await house.feed.direct(evil(town), user=town.ben)
        await house.feed.command("ask", {"prompt": evil(town)}, user=town.ben, channel=town.general)
        await house.quiet()
        assert len(server.calls) == 3
        direct = town.discord.direct(town.ben)
        shown = [town.discord.text_of(each) for each in (*house.answers(), *house.answers(direct))]
        assert sum("After" in each for each in shown) == 3
        assert_harmless(house)


@pytest.mark.parametrize("number", range(3))
async def test_what_a_provider_says_of_its_troubles(
    sqlite_url: str, server: ProviderServer, town: Town, number: int
) -> None:
    words = evil(town)
    troubles: tuple[Behaviour, ...] = (
        refusal(words),
        error_inside({"message": words}, ["Half."]),
        status(400, error={"message": words, "type": words}),
    )
    server.answer_with(troubles[number])
    async with chipin_in(town, sqlite_url, server) as house:
        await house.feed.mention("why?", user=town.ben, channel=town.general)
        await house.quiet()
        assert server.calls
        assert_harmless(house)


async def test_names_of_people_and_servers(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    other = town.discord.add_guild(NAME)
    other.add_member(town.anna, nick=NAME)
    town.discord.guild.members[town.anna.id].nick = NAME
    listed = {"teams": f"discord:{town.discord.guild.id},discord:{other.id}"}
    general = other.add_channel("general")
    async with chipin_in(town, sqlite_url, server, settings=listed) as house:
        await house.feed.mention("why?", user=town.anna, channel=general)
        await house.quiet()
        await house.feed.direct("why?", user=town.anna)
        await house.quiet()
        told = house.answers(town.discord.direct(town.anna))
        [card] = [each for each in told if "Which of them pays" in town.discord.text_of(each)]
        menu = town.discord.buttons(card)[0]["custom_id"]
        await house.feed.press(card, menu, user=town.anna, values=[other.id])
        message = town.discord.say(evil(town), user=town.anna, channel=town.general)
        form = await house.feed.context_menu("Ask about this", message, user=town.ben)
        await house.feed.submit(form, {"question": evil(town), "where": ["here"]})
        await house.quiet()
        assert "Mallory" in town.discord.text_of(card)
        assert_harmless(house)
