"""Own numbers in Slack: who wants them reads their week with the digest, alone and once."""

from tests.end_to_end.later import LaterClock, week_is_over
from tests.end_to_end.slack.house import ANNA, BEN, SlackHouse, chipin_in
from tests.end_to_end.slack.test_typed import types
from tests.provider_server import ProviderServer
from tests.slack.server import FakeSlack


def own_weeks(house: SlackHouse, user: str) -> list[str]:
    said = map(house.slack.text_of, house.slack.direct_messages(user))
    return [each for each in said if "Only you read this" in each]


async def test_who_turned_it_on_reads_their_own_week_once(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    clock = LaterClock()
    async with chipin_in(slack, sqlite_url, server, clock=clock) as house:
        await types(house, "/usage weekly on")
        for user in (ANNA, BEN):
            await types(house, "/ask --here what is a deadlock? #launch", user)
        week_is_over(house.app, clock)
        for _ in range(2):
            await house.app.use_cases.digests.run()
            await house.app.use_cases.own_weeks.run()
            await house.app.use_cases.notices.run(house.chat.announcer)
        (told,) = own_weeks(house, BEN)
        assert told.startswith("You, ") and "1 ask for" in told and "#launch: 1 ask" in told
        assert own_weeks(house, ANNA) == []
