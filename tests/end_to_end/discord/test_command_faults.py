"""What Discord does not take of an answer reaches who typed it all the same, once, and nothing is done twice."""

from typing import Any

import pytest

from tests.discord.reading import text_of
from tests.discord.town import Town
from tests.end_to_end.discord.hands import balance, presses, told, types
from tests.end_to_end.discord.house import chipin_in
from tests.provider_server import ProviderServer

ANSWERS, FOLLOWS = "update_original_webhook_message", "execute_webhook"


@pytest.mark.parametrize("how", [{"code": 10015}, {"code": 50027}])
async def test_an_answer_whose_token_is_dead_comes_as_a_direct_message(
    how: dict[str, Any], sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before = await balance(house)
        dead = town.discord.fail(ANSWERS, times=1, **how)
        await types(house, town.anna, "topup", amount="5", reason="x")
        directs = town.discord.messages(town.discord.direct(town.anna), by=town.discord.bot_user)
        assert dead.fired == 1 and await balance(house) == before + 5
        assert sum("Recorded $5.00" in text_of(each) for each in directs) == 1


@pytest.mark.parametrize("how", [{"status": 502, "taken": True}, {"drop": "after"}, {"retry_after": 0.01}])
async def test_an_answer_that_met_trouble_stands_there_once(
    how: dict[str, Any], sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before = await balance(house)
        trouble = town.discord.fail(ANSWERS, times=1, **how)
        typed = await types(house, town.anna, "topup", amount="5", reason="x")
        assert trouble.fired == 1 and await balance(house) == before + 5
        assert told(typed).count("Recorded $5.00") == 1


async def test_a_card_that_cannot_be_changed_is_told_beside_it(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before = await balance(house)
        typed = await types(house, town.anna, "topup", amount="5", reason="x")
        assert typed.original is not None
        town.discord.fail(ANSWERS, times=1, code=10008)
        pressed = await presses(house, town.anna, typed.original, "Undo, 10 min")
        assert "is undone" in text_of(pressed.followed[0]) and await balance(house) == before


async def test_a_sentence_beside_whose_reply_is_lost_is_not_said_again(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        typed = await types(house, town.anna, "topup", amount="500", reason="x")
        assert typed.original is not None
        lost = town.discord.fail(FOLLOWS, times=1, drop="after")
        pressed = await presses(house, town.ben, typed.original, "not ours", forged=True)
        assert lost.fired == 1 and len(pressed.followed) == 1
