"""Money on Discord: budget is recorded once, by who may, and it can be undone."""

import pytest

from core.defaults import KEEP_SEALED_MS
from core.rows import EntryRow, Row
from tests.bookkeeping import rows_of
from tests.discord.reading import text_of
from tests.discord.state import Message
from tests.discord.town import Town
from tests.end_to_end.discord.hands import balance, carried, presses, told, types
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_server import ProviderServer
from tests.waiting import until


async def entries(house: DiscordHouse) -> list[Row]:
    """Everything that stands in the ledger."""
    return list(await rows_of(house.app.store, EntryRow))


async def test_a_typed_top_up_is_recorded_and_undone_once(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before = await balance(house)
        typed = await types(house, town.anna, "topup", amount="25", reason="November budget")
        assert "Recorded $25.00 of budget" in told(typed) and "/admin undo takes it back" in told(typed)
        assert await balance(house) == before + 25
        assert typed.original is not None
        undo = carried(typed.original, "Undo, 10 min")
        for _ in range(2):
            await presses(house, town.anna, typed.original, undo, forged=True)
        assert "The top-up of $25.00 is undone." in text_of(typed.original)
        assert await balance(house) == before


@pytest.mark.parametrize("command", ["topup", "admin undo"])
async def test_a_members_forged_command_is_refused_and_the_ledger_is_as_it_was(
    command: str, sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before = await balance(house), await entries(house)
        given = {"amount": "25", "reason": "for me"} if command == "topup" else {}
        typed = await types(house, town.ben, command, **given)
        assert "Only admins of the team can change its budget." in told(typed) and typed.ephemeral
        assert (await balance(house), await entries(house)) == before


async def test_a_reason_stays_a_reason_and_an_amount_an_amount(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before = await balance(house)
        assert "Recorded $25.00" in told(await types(house, town.anna, "topup", amount="25", reason="cents matter"))
        assert "Recorded" not in told(await types(house, town.anna, "topup", amount="25 euros", reason="x"))
        assert await balance(house) == before + 25


async def test_an_unusual_amount_is_recorded_when_it_is_agreed_to_and_once(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before = await balance(house)
        typed = await types(house, town.anna, "topup", amount="500", reason="a reason of many words " * 8)
        assert "Nothing is recorded yet: the button below records it." in told(typed)
        assert await balance(house) == before and typed.original is not None
        agree = carried(typed.original, "Record it")
        for _ in range(2):
            await presses(house, town.anna, typed.original, agree, forged=True)
        assert await balance(house) == before + 500
        assert "Recorded $500.00 of budget" in text_of(typed.original)


async def test_nobody_else_agrees_and_not_now_does_nothing(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before = await balance(house)
        typed = await types(house, town.anna, "topup", amount="500", reason="all")
        assert typed.original is not None
        pressed = await presses(house, town.ben, typed.original, carried(typed.original, "Record it"), forged=True)
        assert "for somebody else to press" in text_of(pressed.followed[0])
        assert pressed.followed[0].only_for == town.ben.id
        await presses(house, town.anna, typed.original, "Not now")
        assert text_of(typed.original) == "Nothing was done."
        assert await balance(house) == before


async def test_a_button_whose_day_is_over_says_so(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before = await balance(house)
        typed = await types(house, town.anna, "topup", amount="500", reason="all")
        house.app.store.driver.clock_offset_ms += KEEP_SEALED_MS
        assert typed.original is not None
        pressed = await presses(house, town.anna, typed.original, "Record it")
        assert "day is over" in text_of(pressed.followed[0])
        assert await balance(house) == before


async def test_a_button_works_after_a_restart(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        typed = await types(house, town.anna, "topup", amount="500", reason="all")
        before = await balance(house)
    assert typed.original is not None
    async with chipin_in(town, sqlite_url, server, nanos=0) as house:
        await presses(house, town.anna, typed.original, "Record it")
        assert await balance(house) == before + 500


async def test_the_form_is_recorded_once_and_only_for_who_may(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before, guild = await balance(house), town.discord.guild.id
        said = (await types(house, town.anna, "balance")).original
        assert said is not None
        for user in (town.anna, town.ben):
            opened = await house.feed.press(said, f"open_topup {guild}", user=user, forged=True)
            assert opened.modal is not None and opened.modal["title"] == "Add budget"
            sent = await house.feed.submit(opened, {"amount": "25", "reason": "a form"}, times=2)
            await house.quiet()
            assert ("Recorded $25.00" in told(sent)) == (user is town.anna)
            assert sent.ephemeral
        assert await balance(house) == before + 25


async def test_a_button_of_another_version_says_so_and_does_nothing(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        said = (await types(house, town.anna, "balance")).original
        assert said is not None
        for forged in ("undo", "agree x", "decide_approve", "other thing", "undo a b c"):
            pressed = await presses(house, town.anna, said, forged, forged=True)
            assert "another version" in text_of(pressed.followed[0]), forged


async def test_what_is_recorded_is_announced_in_the_channel_that_an_admin_chose(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        chosen = await types(house, town.anna, "admin announce", channel=town.general)
        assert "What is recorded is announced in #general" in told(chosen)
        await types(house, town.anna, "topup", amount="25", reason="November budget")
        await until(lambda: len(house.answers()) == 1)
        assert "anna recorded $25.00 of budget for the team" in house.discord.text_of(house.answers()[0])
        digest = await types(house, town.anna, "admin digest", channel=town.general)
        assert "It is posted in #general" in told(digest)
        refused = await types(house, town.ben, "admin announce", off=True)
        assert "Only admins of the team can set that." in told(refused)
        assert "told to the admins, each alone" in told(await types(house, town.anna, "admin announce", off=True))
        await types(house, town.anna, "topup", amount="25", reason="December budget")
        await until(lambda: "December budget" in "".join(house.discord.text_of(each) for each in alone(house)))
        assert len(house.answers()) == 1


def alone(house: DiscordHouse) -> list[Message]:
    """What Anna alone was told."""
    return house.discord.answers(house.discord.direct(house.town.anna))


async def test_a_low_wallet_asks_admins_once_and_one_press_of_several_adds_it(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before, line = await balance(house), await balance(house) + 5
        set_it = await types(house, town.anna, "admin refill", below=str(line), add="25", at_most="100")
        assert "The refill rule is set" in told(set_it) and "asked within a minute" in told(set_it)
        for _ in range(2):
            await house.app.use_cases.refills.run()
            await house.app.use_cases.notices.run(house.chat.announcer)
        (card,) = [each for each in alone(house) if "refill rule" in text_of(each)]
        assert "The refill rule would add $25.00" in text_of(card) and "no card is charged" in text_of(card)
        add = carried(card, "Add $25")
        refused = await presses(house, town.ben, card, add, forged=True)
        assert "Only admins of the team can change its budget." in text_of(refused.followed[0])
        assert await balance(house) == before
        pressed = [await presses(house, town.anna, card, add, forged=True) for _ in range(2)]
        assert await balance(house) == before + 25
        assert "Recorded $25.00 of budget" in text_of(card) and "Undo, 10 min" in text_of(card)
        assert "$25.00 was added already" in text_of(pressed[1].followed[0])
        assert "$25.00 of this month's $100.00 is used" in told(await types(house, town.anna, "admin refill"))
        assert "Only admins" in told(await types(house, town.ben, "admin refill", off=True))
