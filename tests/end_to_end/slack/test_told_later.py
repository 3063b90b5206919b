"""What a process left behind is told by the next one: ends, answers that nobody saw, and what stands behind a price."""

import asyncio
from typing import Any

import pytest

from adapters.slack.later.announcer import AWAY_SECONDS
from adapters.store.overdue import StoreOverdue
from core.defaults import LIVE_READER_MS
from core.operations import Claim
from core.sweep import Sweep
from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.end_to_end.slack.test_faults import FASTER, PIECES, SENTENCES, HurriedClock, as_slack_reads
from tests.end_to_end.slack.test_pressed import presses
from tests.provider_behaviours import paced
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack
from tests.slack.state import Message

LATER_MS = 200_000
"""Past every lease, and well before what was asked is erased."""


async def rounds(house: SlackHouse, *, ms: int = LATER_MS) -> None:
    """Time passes, and what bot/schedule.py does regularly is done."""
    house.app.store.driver.clock_offset_ms += ms
    await Sweep(house.app.store.books, StoreOverdue(house.app.store), house.app.clock).run()
    await house.app.use_cases.deliveries.run(house.chat.announcer)
    await house.app.use_cases.notices.run(house.chat.announcer)


async def die_with(house: SlackHouse, question: str, channel: str, thread: str) -> None:
    """Ben asked, and the process was killed before it held any money."""
    ben = await house.member(BEN)
    assert ben is not None
    await house.app.store.books.apply(
        Claim(
            id="claim",
            wallet_id=ben.team.wallet_id,
            ask_id="ask_died",
            team_id=ben.team.id,
            member_id=ben.id,
            keys=("a key",),
            platform="slack",
            workspace=house.slack.team_id,
            channel=channel,
            thread=thread,
            lease_seconds=90,
            sealed_question=house.app.use_cases.asks._ports.vault.seal(question),
        )
    )


def in_thread(house: SlackHouse, root: Message) -> list[Message]:
    return [each for each in house.slack.messages(GENERAL, root.ts) if each.user == house.slack.bot_user_id]


async def test_a_question_that_a_process_died_with_is_told_once_and_asked_again_with_a_press(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        root = slack.say(BEN, GENERAL, "why does my migration deadlock?")
        await die_with(house, root.text, GENERAL, root.ts)
        for _ in range(2):
            await rounds(house)
        (told,) = in_thread(house, root)
        assert (
            '"why does my migration deadlock?" was interrupted before it was answered. Not charged.'
            in slack.text_of(told)
        )
        assert "somebody else" in await presses(house, "ask_again", told, ANNA)
        for _ in range(2):
            await presses(house, "ask_again", told)
        assert [call.body["messages"][-1]["content"] for call in server.calls] == [root.text]
        assert len(in_thread(house, root)) == 2


async def test_an_answer_after_another_try_is_told_though_the_end_of_the_first_stands_there(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    """It is paid for, and no end of its own stands there."""
    async with chipin_in(slack, sqlite_url, server) as house:
        root = slack.say(BEN, GENERAL, "why does my migration deadlock?")
        await die_with(house, root.text, GENERAL, root.ts)
        await rounds(house)
        (told,) = in_thread(house, root)
        failing = [slack.fail(method, error="ekm_access_denied") for method in ("chat.startStream", "chat.postMessage")]
        await presses(house, "ask_again", told)
        for fault in failing:
            fault.release()
        for _ in range(2):
            await rounds(house)
        _, answer = in_thread(house, root)
        assert "waiting for each other" in slack.text_of(answer)
        assert await house.charged_nanos() > 0


async def test_an_answer_that_slack_took_no_more_of_reaches_its_asker_whole(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        failing = [slack.fail(method, error="ekm_access_denied") for method in ("chat.startStream", "chat.postMessage")]
        asked = await house.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
        assert asked.message is not None
        await house.quiet()
        charged = await house.charged_nanos()
        assert charged and in_thread(house, asked.message) == []
        for fault in failing:
            fault.release()
        for _ in range(2):
            await rounds(house, ms=LIVE_READER_MS + 1)
        (told,) = in_thread(house, asked.message)
        assert slack.text_of(told).startswith("You had not seen this answer yet.")
        assert await house.charged_nanos() == charged
        assert "tokens in" in await presses(house, "ask_details", told)


@pytest.mark.parametrize("how", [{"drop": "before"}, {"status": 503}])
async def test_an_answer_that_never_came_where_the_bot_may_not_write_reaches_its_asker_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, how: dict[str, Any]
) -> None:
    """It is paid for, and nobody can look whether the command's address showed it."""
    slack.workspace.channels[GENERAL].members.discard(slack.bot_user_id)
    async with chipin_in(slack, sqlite_url, server, clock=HurriedClock()) as house:
        fault = slack.fail("response_url", when=lambda call: call.fields.get("response_type") == "in_channel", **how)
        await house.feed.command("/ask", "--here what is a deadlock?", user=BEN, channel=GENERAL)
        await house.quiet()
        fault.release()
        charged = await house.charged_nanos()
        assert charged and fault.fired
        for _ in range(2):
            await rounds(house, ms=LIVE_READER_MS + 1)
        said = [slack.text_of(each) for each in slack.direct_messages(BEN)]
        assert ["two waiting for each other." in each for each in said] == [True]
        assert house.answers() == [] and await house.charged_nanos() == charged


async def test_an_answer_of_which_slack_took_a_part_stands_there_once_and_whole(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    """Slack is away for longer than the end waits: what was streamed before makes room for the whole."""
    reading, pieces = as_slack_reads(slack), 0

    async def down_after_two() -> None:
        nonlocal pieces
        await reading()
        pieces += 1
        if pieces == 3:
            slack.fail("*", status=503)

    server.answer_with(paced(PIECES, down_after_two))
    async with chipin_in(slack, sqlite_url, server, transport="http", clock=HurriedClock()) as house:
        asked = await house.feed.mention("why?", user=BEN, channel=GENERAL)
        await house.quiet()
        assert asked.message is not None
        [part] = in_thread(house, asked.message)
        assert SENTENCES[0] in slack.text_of(part) and SENTENCES[-1] not in slack.text_of(part)
        slack.faults.release_all()
        other = slack.say(slack.bot_user_id, GENERAL, "Thank you.", thread_ts=asked.message.ts)
        await asyncio.sleep(AWAY_SECONDS / FASTER)
        for _ in range(2):
            await rounds(house, ms=LIVE_READER_MS + 1)
        shown = in_thread(house, asked.message)
        assert [sum(sentence in slack.text_of(each) for each in shown) for sentence in SENTENCES] == [1] * 20
        assert len(shown) == 2 and other in shown and not part.streaming
        assert len(server.calls) == 1


async def test_details_are_there_after_a_restart(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=transport) as before:
        await before.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
        await before.quiet()
    async with chipin_in(slack, sqlite_url, server, transport=transport, nanos=0) as after:
        (answer,) = after.answers()
        assert "tokens in" in await presses(after, "ask_details", answer)
