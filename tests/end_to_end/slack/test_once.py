"""One question is answered and paid once, however often Slack delivers it."""

import asyncio

from tests.end_to_end.slack.house import BEN, GENERAL, chipin_in
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack


async def test_an_event_that_comes_three_times_is_answered_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, each_transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=each_transport) as house:
        first = await house.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
        copies = [await house.feed.again(first, retry=number) for number in (1, 2)]
        await house.quiet()
        assert [each.ok for each in (first, *copies)] == [True, True, True]
        assert len(server.calls) == 1
        assert len(house.answers()) == 1
        assert len(await house.requests()) == 1


async def test_of_twenty_copies_at_once_one_is_answered(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, each_transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=each_transport) as house:
        message = slack.say(BEN, GENERAL, f"<@{slack.bot_user_id}> what is a deadlock?")
        heard = await asyncio.gather(
            *(house.feed.tell(message, "app_mention", event_id="Ev1", retry=number % 4) for number in range(20))
        )
        await house.quiet()
        assert all(each.ok for each in heard)
        assert len(server.calls) == 1
        assert len(house.answers()) == 1


async def test_a_message_under_a_new_event_id_is_answered_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, each_transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=each_transport) as house:
        first = await house.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
        await house.feed.again(first, new_event_id=True)
        await house.quiet()
        assert len(server.calls) == 1
        assert len(house.answers()) == 1


async def test_a_first_copy_that_never_arrived_is_no_loss(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, each_transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=each_transport) as house:
        message = slack.say(BEN, GENERAL, f"<@{slack.bot_user_id}> what is a deadlock?")
        assert (await house.feed.tell(message, "app_mention", retry=1)).ok
        await house.quiet()
        assert len(server.calls) == len(house.answers()) == 1


async def test_copies_after_a_restart_are_answered_no_second_time(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack, each_transport: str
) -> None:
    async with chipin_in(slack, sqlite_url, server, transport=each_transport) as before:
        first = await before.feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
        await before.quiet()
        charged = await before.charged_nanos()
    async with chipin_in(slack, sqlite_url, server, transport=each_transport, nanos=0) as after:
        copies = [await after.feed.again(first, retry=2), await after.feed.again(first, new_event_id=True)]
        await after.quiet()
        assert [each.ok for each in copies] == [True, True]
        assert len(server.calls) == len(after.answers()) == 1
        assert await after.charged_nanos() == charged
