"""What is typed on Discord is answered: every command of core's table, by an admin and by a member."""

from adapters.discord.commands.definitions import BY_PATH
from tests.discord.reading import text_of
from tests.discord.town import Town
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_server import ProviderServer
from tests.waiting import until

GIVEN = {"prompt": "why?", "text": "why?", "amount": "25", "reason": "November", "zone": "Europe/Berlin", "number": 1}
"""What is given for options that have to be."""


async def ready(house: DiscordHouse) -> None:
    """Until Discord knows the commands."""
    await until(lambda: bool(house.feed.offers(house.town.anna, house.town.general)))


async def test_every_command_is_answered_to_who_typed_it_alone(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await ready(house)
        for user in (town.anna, town.ben):
            for path, definition in BY_PATH.items():
                given = {each.name: GIVEN[each.name] for each in definition.options if each.required}
                typed = await house.feed.command(
                    " ".join(path), given, user=user, channel=town.general, forged=user is town.ben
                )
                await house.quiet()
                assert typed.ok and typed.original is not None, path
                assert text_of(typed.original), path
                assert typed.ephemeral == (path != ("ask",)), path
