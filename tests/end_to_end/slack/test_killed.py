"""The process is killed while it writes an answer in Slack: its asker is told, pays nothing, and can try again."""

import asyncio
from functools import partial

from pydantic import SecretStr

from adapters.slack.listeners import events
from bot.slack import slack_chat
from bot.wiring import wire
from tests.end_to_end.house import settings_for
from tests.end_to_end.replicas import Tell, replicas
from tests.end_to_end.slack.house import BEN, GENERAL, UNHURRIED_SECONDS, chipin_in
from tests.provider_behaviours import gate, good
from tests.provider_server import ProviderServer
from tests.slack.feed import SocketFeed
from tests.slack.reading import buttons
from tests.slack.server import FakeSlack
from tests.waiting import until


async def serve(url: str, provider_url: str, api_url: str, tokens: tuple[str, str], tell: Tell) -> None:
    """A whole process in Slack, until it is killed."""
    del tell
    events.CLAIM_SECONDS = UNHURRIED_SECONDS  # in this process alone, which is killed
    bot, app_token = tokens
    given = {"slack_bot_token": SecretStr(bot), "slack_app_token": SecretStr(app_token), "slack_api_url": api_url}
    async with wire(settings_for(url, provider_url).model_copy(update=given), practice=False) as app:
        await slack_chat(app).run()


async def test_whoever_asked_is_told_and_pays_nothing(
    sqlite_url: str, server: ProviderServer, slack: FakeSlack
) -> None:
    server.answer_with(gate(asyncio.Event(), ["Half of an answer. " * 30]))
    async with chipin_in(slack, sqlite_url, server):
        """Only so that Ben and the wallet are there."""
    job = partial(serve, sqlite_url, server.base_url, slack.api_url, (slack.bot_token, slack.app_token))
    async with replicas(job):
        await slack.sockets.connected()
        feed = SocketFeed(slack, patience_seconds=UNHURRIED_SECONDS)
        first = await feed.mention("what is a deadlock?", user=BEN, channel=GENERAL)
        assert first.ok and first.message is not None
        await until(lambda: any(each.markdown for each in slack.messages(GENERAL)))
    before = len(slack.messages(GENERAL))
    server.answer_with(good())
    async with chipin_in(slack, sqlite_url, server, nanos=0) as house:
        house.app.store.driver.clock_offset_ms = (house.app.settings.hold_ttl_seconds + 100) * 1_000
        await house.app.sweep.run()
        await house.app.use_cases.deliveries.run(house.chat.announcer)
        await house.quiet()
        assert [each["state"] for each in await house.requests()] == ["released"]
        assert await house.charged_nanos() == 0
        [told] = slack.messages(GENERAL)[before:]
        assert "interrupted before it was answered. Not charged." in slack.text_of(told)
        assert (await house.feed.again(first, new_event_id=True)).ok
        await house.quiet()
        assert len(server.calls) == 1
        await house.feed.press(buttons(told)[0]["action_id"], user=BEN, on=told)
        await house.quiet()
        assert len(server.calls) == 2
        assert any("two waiting for each other." in slack.text_of(each) for each in house.answers())
        assert await house.charged_nanos() > 0
