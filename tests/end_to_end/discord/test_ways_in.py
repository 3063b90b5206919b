"""Every way in that is no command: what is a question there, what is none, and who may ask by it."""

from tests.discord.town import Town
from tests.end_to_end.discord.house import chipin_in
from tests.provider_server import ProviderServer


def asked(server: ProviderServer, number: int = -1) -> str:
    """The question as the provider got it."""
    return str(server.calls[number].body["messages"][-1]["content"])


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
