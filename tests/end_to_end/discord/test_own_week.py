"""Own numbers on Discord: who wants them reads their week with the digest, alone and once."""

from tests.discord.people import User
from tests.discord.reading import text_of
from tests.discord.town import Town
from tests.end_to_end.discord.hands import types
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.end_to_end.later import LaterClock, week_is_over
from tests.provider_server import ProviderServer


def own_weeks(house: DiscordHouse, user: User) -> list[str]:
    said = map(text_of, house.discord.answers(house.discord.direct(user)))
    return [each for each in said if "Only you read this" in each]


async def test_who_turned_it_on_reads_their_own_week_once(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    clock = LaterClock()
    async with chipin_in(town, sqlite_url, server, clock=clock) as house:
        await types(house, town.ben, "usage", weekly="on")
        for user in (town.anna, town.ben):
            await types(house, user, "ask", prompt="what is a deadlock? #launch")
        week_is_over(house.app, clock)
        for _ in range(2):
            await house.app.use_cases.digests.run()
            await house.app.use_cases.own_weeks.run()
            await house.app.use_cases.notices.run(house.chat.announcer)
        (told,) = own_weeks(house, town.ben)
        assert told.startswith("You, ") and "1 ask for" in told and "#launch: 1 ask" in told
        assert own_weeks(house, town.anna) == []
