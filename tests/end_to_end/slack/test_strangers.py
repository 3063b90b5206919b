"""Bots, other companies and guests spend nothing, and two bots never talk to each other."""

import pytest

from tests.end_to_end.slack.house import ANNA, BEN, GENERAL, SlackHouse, chipin_in
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack

GUEST, NARROW_GUEST, OUTSIDER, ROBOT = "U3GUEST", "U4GUEST", "U5OUT", "U7BOT"


@pytest.fixture(autouse=True)
def _strangers(slack: FakeSlack) -> None:
    slack.add_user(GUEST, "gil", restricted=True)
    slack.add_user(NARROW_GUEST, "gus", ultra_restricted=True)
    slack.add_user(OUTSIDER, "otto", team="T9OTHER")
    slack.add_user(ROBOT, "robot", bot=True)
    channel = slack.workspace.channels[GENERAL]
    channel.shared = True
    channel.members |= {GUEST, NARROW_GUEST, OUTSIDER, ROBOT}


async def assert_nothing_spent(house: SlackHouse) -> None:
    await house.quiet()
    assert not house.provider.calls
    assert await house.charged_nanos() == 0
    assert house.answers() == []


@pytest.mark.parametrize("user", [GUEST, NARROW_GUEST, OUTSIDER])
async def test_who_may_not_ask_is_told_alone_and_nothing_is_spent(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, user: str
) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        assert (await house.feed.mention("what is a deadlock?", user=user, channel=GENERAL)).ok
        assert (await house.feed.command("/ask", "--here what is a deadlock?", user=user, channel=GENERAL)).ok
        await assert_nothing_spent(house)
        told = [slack.text_of(each) for each in slack.ephemerals(user)]
        assert len([each for each in told if "Not charged." in each]) == 2, told


async def test_other_bots_get_no_answer_that_they_could_answer(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    """What is said to a bot alone comes to it by no event, so nothing goes back and forth."""
    async with chipin_in(slack, sqlite_url, server) as house:
        for say in (house.feed.mention, house.feed.channel_message):
            assert (await say("what is a deadlock?", user=ROBOT, channel=GENERAL, bot_id="B7BOT")).ok
        assert (await house.feed.dm("what is a deadlock?", user=ROBOT, bot_id="B7BOT")).ok
        await assert_nothing_spent(house)
        assert [each for each in slack.direct_messages(ROBOT) if each.user == slack.bot_user_id] == []


async def test_its_own_messages_are_no_questions(sqlite_url: str, server: ProviderServer, slack: FakeSlack) -> None:
    async with chipin_in(slack, sqlite_url, server) as house:
        await house.feed.dm("what is a deadlock?", user=BEN)
        await house.quiet()
        [answer] = [each for each in slack.direct_messages(BEN) if each.user == slack.bot_user_id]
        assert (await house.feed.tell(answer)).ok
        answer.text = f"<@{slack.bot_user_id}> and you?"
        assert (await house.feed.tell(answer, "app_mention")).ok
        await house.quiet()
        assert len(server.calls) == 1


async def test_a_workspace_that_is_not_ours_gets_nothing(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, transport: str
) -> None:
    """Its events, commands and presses come by our own connection, and name another team."""
    async with chipin_in(slack, sqlite_url, server, transport=transport) as house:
        calls = len(slack.calls)
        message = slack.say(BEN, GENERAL, f"<@{slack.bot_user_id}> what is a deadlock?")
        event = house.feed.payloads.message_event(message, "app_mention")
        theirs = {"team_id": "T666", "user_id": "U666BOT", "is_bot": True, "is_enterprise_install": False}
        assert (await house.feed.event(event, team_id="T666", authorizations=[theirs])).ok
        assert (await house.feed.command("/topup", "25", user=ANNA, channel=GENERAL, team_id="T666")).ok
        stranger = {"id": "T666", "domain": "elsewhere"}
        undo = {"type": "button", "action_id": "undo", "value": "1"}
        assert (await house.feed.press("undo", user=ANNA, on=message, forged=undo, team=stranger)).ok
        await assert_nothing_spent(house)
        assert not [call for call in slack.calls[calls:] if call.method.startswith("chat.")]
