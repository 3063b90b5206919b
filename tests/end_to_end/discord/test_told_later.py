"""What a process left behind is told by the next one: where it was asked, once, and as a direct message otherwise."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.discord.views.carried import Action, AskPress, ask_button_id
from adapters.store.overdue import StoreOverdue
from core.defaults import LIVE_READER_MS
from core.operations import Claim
from core.sweep import Sweep
from tests.discord.faults import Call
from tests.discord.state import Channel, Message
from tests.discord.town import Town
from tests.end_to_end.discord.hands import presses
from tests.end_to_end.discord.house import DiscordHouse, chipin_in
from tests.provider_server import ProviderServer

LATER_MS = 200_000
"""Past every lease, and well before what was asked is erased."""
ASK_ID = "ask_0199c0ffee42a1b2c3d4e5"
QUESTION = "why does my migration deadlock?"
INTERRUPTED = f'"{QUESTION}" was interrupted before it was answered. Not charged.'


async def rounds(house: DiscordHouse, *, ms: int = LATER_MS) -> None:
    """Time passes, and what bot/schedule.py does regularly is done."""
    house.app.store.driver.clock_offset_ms += ms
    await Sweep(house.app.store.books, StoreOverdue(house.app.store), house.app.clock).run()
    await house.app.use_cases.deliveries.run(house.chat.announcer)
    await house.app.use_cases.notices.run(house.chat.announcer)


async def die_with(house: DiscordHouse, channel: str, thread: str) -> None:
    """Ben asked, and the process was killed before it held any money."""
    ben = await house.member(house.town.ben)
    assert ben is not None
    await house.app.store.books.apply(
        Claim(
            id="claim",
            wallet_id=ben.team.wallet_id,
            ask_id=ASK_ID,
            team_id=ben.team.id,
            member_id=ben.id,
            keys=("a key",),
            platform="discord",
            workspace=house.discord.guild.id,
            channel=channel,
            thread=thread,
            lease_seconds=90,
            sealed_question=house.app.use_cases.asks._ports.vault.seal(QUESTION),
        )
    )


def read(house: DiscordHouse, messages: list[Message]) -> list[str]:
    return [house.discord.text_of(each) for each in messages]


def in_general(town: Town) -> Callable[[Call], bool]:
    return lambda call: town.general.id in call.parameters.values()


def directs(house: DiscordHouse) -> Channel:
    return house.discord.direct(house.town.ben)


async def test_a_question_that_a_process_died_with_is_told_once_as_a_reply_to_it(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        said = town.discord.say(QUESTION, user=town.ben, channel=town.general)
        await die_with(house, town.general.id, f"by {said.id}")
        for _ in range(2):
            await rounds(house)
        [told] = house.answers()
        assert INTERRUPTED in town.discord.text_of(told)
        assert told.reply_to is said
        assert [each["label"] for each in town.discord.buttons(told)] == ["Try again"]


async def test_what_was_asked_in_a_thread_is_told_in_it(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        thread = town.discord.guild.add_thread(town.general, "deadlocks", 11, town.ben)
        await die_with(house, town.general.id, thread.id)
        await rounds(house)
        assert INTERRUPTED in read(house, house.answers(thread))[0]
        assert house.answers() == []


async def test_what_was_asked_in_private_is_told_in_a_direct_message(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await die_with(house, town.general.id, "")
        for _ in range(2):
            await rounds(house)
        assert len(read(house, house.answers(directs(house)))) == 1
        assert INTERRUPTED in read(house, house.answers(directs(house)))[0]
        assert house.answers() == []


async def test_where_the_bot_may_not_write_any_more_its_asker_reads_it_alone(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await die_with(house, town.general.id, "by 1")
        refused = town.discord.fail(
            "create_message", code=50013, when=lambda call: town.general.id in call.parameters.values()
        )
        await rounds(house)
        refused.release()
        assert INTERRUPTED in read(house, house.answers(directs(house)))[0]
        assert house.answers() == []


@pytest.mark.parametrize("how", [{"drop": "after"}, {"status": 502, "taken": True}])
async def test_what_discord_took_though_its_reply_was_lost_is_not_posted_twice(
    how: dict[str, Any], sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    async with chipin_in(town, sqlite_url, server) as house:
        await die_with(house, town.general.id, "by 1")
        town.discord.fail("create_message", times=1, when=in_general(town), **how)
        for _ in range(3):
            await rounds(house, ms=LIVE_READER_MS + LATER_MS)
        assert len(house.answers()) == 1


async def test_half_of_an_answer_makes_room_for_the_whole(sqlite_url: str, server: ProviderServer, town: Town) -> None:
    """The process was killed while it wrote: what stands there has only the button to stop it."""
    async with chipin_in(town, sqlite_url, server) as house:
        await die_with(house, town.general.id, "by 1")
        half = town.discord.say("Half of an ans", user=town.discord.bot_user, channel=town.general)
        stop_id = ask_button_id(Action.STOP, AskPress(about=ASK_ID))
        stop = {"id": 2, "type": 2, "style": 2, "label": "Stop", "custom_id": stop_id}
        half.components = [{"id": 1, "type": 1, "components": [stop]}]
        other = town.discord.say("Thank you.", user=town.discord.bot_user, channel=town.general)
        await rounds(house)
        assert half.deleted and not other.deleted
        assert INTERRUPTED in read(house, house.answers())[-1]


async def test_an_answer_after_another_try_is_told_though_the_end_of_the_first_stands_there(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    """It is paid for, and no end of its own stands there; Discord forgets the first one's nonce only after minutes."""
    async with chipin_in(town, sqlite_url, server) as house:
        said = town.discord.say(QUESTION, user=town.ben, channel=town.general)
        await die_with(house, town.general.id, f"by {said.id}")
        await rounds(house)
        [interrupted] = house.answers()
        refused = [town.discord.fail("create_message", code=50013)]
        refused.append(town.discord.fail("update_original_webhook_message", code=10015))
        await presses(house, town.ben, interrupted, "Try again")
        for fault in refused:
            fault.release()
        for _ in range(2):
            await rounds(house)
        assert len([text for text in read(house, house.answers()) if "waiting for each other" in text]) == 1
        assert not interrupted.deleted
        assert await house.charged_nanos() > 0


async def test_who_looks_after_the_server_reads_once_what_to_do(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    """However often Chipin starts: its owner is met before anybody has spoken."""
    for _ in range(2):
        async with chipin_in(town, sqlite_url, server, nanos=0) as house:
            await house.quiet()
            for _ in range(2):
                await rounds(house)
    [told] = town.discord.answers(town.discord.direct(town.discord.owner))
    assert "/admin allow @role" in town.discord.text_of(told)


async def test_a_notice_that_somebody_may_have_posted_before_is_looked_for(
    sqlite_url: str, server: ProviderServer, town: Town
) -> None:
    """By its mark, as Discord forgets nonces after a few minutes."""
    async with chipin_in(town, sqlite_url, server, nanos=0) as house:
        await house.quiet()
        lost = town.discord.fail("create_message", drop="after")
        await rounds(house)
        lost.release()
        town.discord.clock.advance(600)
        house.chat.announcer._away_until = 0.0
        await rounds(house)
        assert len(town.discord.answers(town.discord.direct(town.discord.owner))) == 1
