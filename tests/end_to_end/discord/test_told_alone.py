"""What is refused or cannot be done is never said before everybody, also where the answer would have been."""

from collections.abc import Awaitable, Callable

import pytest

from adapters.discord.views.carried import Action, AskPress, ask_button_id
from tests.discord.interactions import Interaction
from tests.discord.reading import text_of
from tests.discord.town import Town
from tests.end_to_end.discord.hands import told, types
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_server import ProviderServer

Says = Callable[[DiscordHouse], Awaitable[Interaction]]


async def no_question(house: DiscordHouse) -> Interaction:
    return await types(house, house.town.ben, "ask", prompt="  ")


async def no_question_about(house: DiscordHouse) -> Interaction:
    said = house.discord.say("it deadlocks", user=house.town.anna, channel=house.town.general)
    form = await house.feed.context_menu("Ask about this", said, user=house.town.ben, forged=True)
    return await house.feed.submit(form, {"question": "  ", "where": ["here"]})


async def a_model_that_is_gone(house: DiscordHouse) -> Interaction:
    ours = house.discord.say("Because.", user=house.discord.bot_user, channel=house.town.general)
    carried = AskPress(house.town.ben.id, house.discord.guild.id, "ask_1", "#0123456789abcdef", 5)
    return await house.feed.press(ours, ask_button_id(Action.CONFIRM, carried), user=house.town.ben, forged=True)


@pytest.mark.parametrize("says", [no_question, no_question_about, a_model_that_is_gone])
async def test_why_nothing_was_asked_is_told_to_who_tried_alone(
    sqlite_url: str, server: ProviderServer, town: Town, says: Says
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        said = await says(house)
        await house.quiet()
        assert "Not charged." in told(said) and all(each.is_ephemeral for each in said.said)
        assert not any("Not charged." in text_of(each) for each in house.answers())


@pytest.mark.parametrize("prompt", ["  ", "my key is sk-" + "a1B2" * 12])
async def test_where_what_is_being_thought_about_cannot_be_taken_away_nothing_takes_its_place(
    sqlite_url: str, server: ProviderServer, town: Town, prompt: str
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        kept = town.discord.fail("delete_original_webhook_message", times=1, status=403, code=50013)
        said = await types(house, town.ben, "ask", prompt=prompt)
        assert kept.fired == 1
        assert not any("Not charged." in text_of(each) for each in said.said if not each.is_ephemeral)
        assert any("Not charged." in text_of(each) for each in house.answers(town.discord.direct(town.ben)))
