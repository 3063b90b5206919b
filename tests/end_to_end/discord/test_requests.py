"""Asking for more on Discord: a list with buttons for admins, decided once, and a card that says by whom."""

import pytest

from adapters.discord.views.cards import notice_shown
from core.announcement import Notice
from tests.discord.people import Role, User
from tests.discord.reading import buttons, text_of
from tests.discord.state import Message
from tests.discord.town import Town
from tests.end_to_end.discord.hands import balance, presses, told, types
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_server import ProviderServer


async def test_a_request_is_listed_with_buttons_and_decided(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        assert "$7.00" in told(await types(house, town.ben, "request", amount="7", reason="3 demos on Friday"))
        assert "ben" in told(await types(house, town.ben, "chipin requests"))
        listed = await types(house, town.anna, "admin request list")
        assert listed.original is not None
        assert [each["label"] for each in buttons(listed.original)] == ["Approve", "Half", "Deny"]
        assert "3 demos on Friday" in text_of(listed.original)
        pressed = await presses(house, town.anna, listed.original, "Half")
        assert "$3.50" in text_of(pressed.followed[0])
        assert text_of(listed.original) == "Nobody waits for a decision."


async def test_a_member_decides_nothing(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await types(house, town.ben, "request", amount="7", reason="a demo")
        listed = await types(house, town.anna, "admin request list")
        assert listed.original is not None
        approve = buttons(listed.original)[0]["custom_id"]
        pressed = await presses(house, town.ben, listed.original, approve, forged=True)
        assert "Only admins" in text_of(pressed.followed[0])
        assert "Only admins" in told(await types(house, town.ben, "admin request approve"))
        assert "ben" in told(await types(house, town.anna, "admin request list"))


async def card_of(house: DiscordHouse, user_id: str = "") -> Message:
    """The card of the only request there is, posted where admins chose, or to one of them."""
    anna = await house.member(house.town.anna)
    assert anna is not None
    [request] = await house.app.use_cases.budget_requests.open_for(anna)
    guild, api = house.discord.guild.id, house.chat.api
    channel = await api.direct(user_id) if user_id else house.town.general.id
    said = notice_shown(Notice("n", guild, "request", "ben asks for $7.00.", decide=request.id))
    posted = await api.post(channel, said.fields)
    found = house.discord.find(posted["id"])
    assert found is not None
    return found


async def test_a_card_says_by_whom_it_was_decided_and_can_be_pressed_no_more(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await types(house, town.ben, "request", amount="7", reason="a demo")
        card = await card_of(house)
        approve = buttons(card)[0]["custom_id"]
        for _ in range(2):
            await presses(house, town.anna, card, approve, forged=True)
        assert "ben asks for $7.00." in text_of(card) and not buttons(card)


async def test_a_card_in_a_direct_message_is_about_its_server(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await types(house, town.ben, "request", amount="7", reason="a demo")
        card = await card_of(house, town.anna.id)
        await presses(house, town.anna, card, "Approve")
        assert "Decided by anna." in text_of(card) and not buttons(card)


async def test_a_request_is_taken_back_as_sentences_say_it(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before = await balance(house)
        await types(house, town.ben, "request", amount="7", reason="a demo")
        assert "Taken back." in told(await types(house, town.ben, "request", amount="cancel"))
        assert "Nobody waits" in told(await types(house, town.anna, "chipin requests"))
        assert await balance(house) == before


def told_alone(house: DiscordHouse, user: User) -> list[Message]:
    """What the bot wrote to somebody in a direct message, the oldest first."""
    return house.discord.messages(house.discord.direct(user), by=house.discord.bot_user)


async def test_from_an_empty_wallet_to_the_answer(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server, nanos=1) as house:
        asked = await types(house, town.ben, "ask", prompt="what is a deadlock?")
        more = next(each["custom_id"] for each in buttons(asked.said[-1]) if each["label"] == "Ask for $25.00")
        others = await presses(house, town.anna, asked.said[-1], more, forged=True)
        assert "for somebody else to press" in text_of(others.followed[0])
        pressed = await presses(house, town.ben, asked.said[-1], "Ask for $25.00")
        assert "You asked for $25.00" in text_of(pressed.followed[0])
        card = told_alone(house, town.anna)[-1]
        assert "ben asks for $25.00" in text_of(card)
        await presses(house, town.anna, card, "Approve")
        assert "Decided by anna." in text_of(card) and await balance(house) == 26
        announced = next(each for each in told_alone(house, town.anna) if "anna recorded $25.00" in text_of(each))
        assert [each["label"] for each in buttons(announced)] == ["Undo, 10 min"]
        ready = told_alone(house, town.ben)[-1]
        assert "anna put $25.00 into the team wallet, as you asked." in text_of(ready)
        assert server.calls == []
        run = buttons(ready)[0]["custom_id"]
        for _ in range(2):
            await presses(house, town.ben, ready, run, forged=True)
        assert len(server.calls) == 1


async def test_a_top_up_is_announced_once_and_can_be_undone_where_it_is_told(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        before = await balance(house)
        await types(house, town.anna, "topup", amount="25", reason="November budget")
        [card] = [each for each in told_alone(house, town.anna) if "anna recorded $25.00" in text_of(each)]
        assert "November budget" in text_of(card)
        await presses(house, town.anna, card, "Undo, 10 min")
        assert "is undone" in text_of(card) and await balance(house) == before


@pytest.mark.parametrize("leaves", [True, False])
async def test_who_is_no_admin_any_more_reads_no_request(
    sqlite_url: str, server: ProviderServer, town: Town, leaves: bool
) -> None:
    """Discord tells of neither without a privileged intent: it is asked before somebody is told."""
    bob, members = town.discord.add_member("bob", *keepers_of(town)), town.discord.guild.members
    town.discord.add_guild("Elsewhere").add_member(bob)  # the bot can still write to him
    async with chipin_in(town, sqlite_url, server) as house:
        for user in (town.anna, bob):
            await types(house, user, "balance")
        direct = town.discord.direct(bob)
        read = len(house.answers(direct))
        if leaves:
            del members[bob.id]
        else:
            members[bob.id].roles.clear()
        await types(house, town.ben, "request", amount="2", reason="for the migration")
        assert len(house.answers(direct)) == read
        assert any("for the migration" in text_of(each) for each in house.answers(town.discord.direct(town.anna)))


def keepers_of(town: Town) -> list[Role]:
    return [role for role in town.discord.guild.roles.values() if role.name == "keepers"]
