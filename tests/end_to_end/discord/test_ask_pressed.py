"""What is pressed under an ask on Discord, by whom it may be, and what becomes of it, after a restart too."""

import asyncio

from adapters.discord.views.carried import Action, AskPress, ask_button_id
from tests.discord.people import User
from tests.discord.reading import buttons, text_of
from tests.discord.state import Message
from tests.discord.town import Town
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_behaviours import gate
from tests.provider_server import ProviderServer
from tests.waiting import until


async def asks(house: DiscordHouse, command: str = "ask", **given: object) -> None:
    """Ben types it."""
    await until(lambda: bool(house.feed.offers(house.town.anna, house.town.general)))
    await house.feed.command(
        command, given or {"prompt": "what is a deadlock?"}, user=house.town.ben, channel=house.town.general
    )
    await house.quiet()


async def press(house: DiscordHouse, label: str, on: Message, user: User | None = None) -> str:
    """Press; what whoever pressed reads alone then."""
    user = user or house.town.ben
    before = len(house.discord.ephemerals(user))
    shown = next(each["custom_id"] for each in buttons(on) if each["label"].startswith(label))
    pressed = await house.feed.press(on, shown, user=user, forged=user is not house.town.ben)
    assert pressed.ok
    await house.quiet()
    return "\n".join(map(text_of, house.discord.ephemerals(user)[before:]))


def card(house: DiscordHouse) -> Message:
    """What Ben read alone last."""
    return house.discord.ephemerals(house.town.ben)[-1]


async def test_details_say_to_whoever_presses_what_is_theirs_to_know(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await asks(house, prompt=f"what is a deadlock in <#{house.town.general.id}>? #Launch")
        [answer] = house.answers()
        own, other = await press(house, "Details", answer), await press(house, "Details", answer, town.anna)
        assert "tokens" in own and "left this month" in own
        assert "Tag: launch" in own  # and not the channel's name, which is written like one
        assert "tokens" not in other and "left this month" in other


async def test_a_better_model_answers_once_and_only_for_its_asker(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await asks(house)
        [answer] = house.answers()
        assert "somebody else" in await press(house, "Better", answer, town.anna)
        assert len(server.calls) == 1
        for _ in range(2):
            await press(house, "Better", answer)
        assert len(server.calls) == len(house.answers()) == 2
        assert server.calls[0].body["model"] != server.calls[1].body["model"]
        assert "Asked: what is a deadlock?" in text_of(house.answers()[1])


async def test_thumbs_are_their_askers(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await asks(house)
        [answer] = house.answers()
        assert await press(house, "Good", answer) == "Thank you."
        assert "Only whoever asked" in await press(house, "Bad", answer, town.anna)


async def test_prices_come_first_and_the_one_that_is_pressed_is_asked_after_a_restart_too(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await asks(house, "price", text="what is a deadlock?")
        assert server.calls == []
        prices = card(house)
    async with chipin_in(town, sqlite_url, server, nanos=0) as house:
        for _ in range(2):
            await press(house, "Ask ", prices)
        assert len(server.calls) == 1
        assert house.answers() == []  # prices were its asker's alone, and so is the answer


async def test_a_secret_leaves_only_when_its_asker_says_so(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await asks(house, prompt="is 4111 1111 1111 1111 valid?")
        assert server.calls == [] and house.answers() == []
        await press(house, "Remove it", card(house))
        assert len(server.calls) == len(house.answers()) == 1
        assert "4111" not in str(server.calls[0].body) + text_of(house.answers()[0])


async def test_an_answer_is_stopped_by_its_asker_or_an_admin_and_nobody_else(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    cleo = town.discord.add_member("cleo")
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with chipin_in(town, sqlite_url, server) as house:
        await house.feed.mention("what is a deadlock?", user=town.ben, channel=town.general)
        await until(lambda: bool(house.answers() and buttons(house.answers()[0])))
        [answer] = house.answers()
        await house.feed.press(answer, "Stop", user=cleo)
        await until(lambda: "nothing to stop" in "".join(map(text_of, house.discord.ephemerals(cleo))))
        assert house.app.use_cases.asks.running == 1
        await house.feed.press(answer, "Stop", user=town.anna)
        await house.quiet()
        assert house.app.use_cases.asks.running == 0
        assert "Stopped." in text_of(answer)
        opened.set()


async def test_a_press_that_was_forged_spends_nothing(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await asks(house)
        [asked] = await house.requests()
        [answer] = house.answers()
        charged = await house.charged_nanos()
        mine = AskPress(town.anna.id, town.discord.guild.id, str(asked["id"]), "gpt-6.1-sol", 10**10)
        for action in (Action.BETTER, Action.CONFIRM, Action.QUOTED, Action.AGAIN):
            written = ask_button_id(action, mine)
            await house.feed.press(answer, written, user=town.anna, forged=True)
            await house.quiet()
        await house.feed.press(answer, "ask_better ? ? ?", user=town.anna, forged=True)
        await house.quiet()
        assert len(server.calls) == 1
        assert await house.charged_nanos() == charged


async def test_who_asks_where_the_bot_is_no_more_is_told_so(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await until(lambda: bool(house.feed.offers(town.anna, town.general)))
        house.chat.client._connection._guilds.clear()  # as while Discord has not told of it yet
        given = {"prompt": "what is a deadlock?"}
        await house.feed.command("ask", given, user=town.ben, channel=town.general)
        await house.quiet()
        assert "not in this server" in text_of(card(house))
        assert (server.calls, house.answers()) == ([], [])
