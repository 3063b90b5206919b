"""`doctor` looks at Slack's tokens."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.slack.manifest import manifest
from bot.check import Check
from bot.settings import Settings
from bot.slack_doctor import examine_slack
from tests.slack.server import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as running:
        running.install(manifest())
        yield running


async def looked_at(slack: FakeSlack, **settings: Any) -> tuple[Check, Check]:
    given: dict[str, Any] = {
        "slack_api_url": slack.api_url,
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_app_token": SecretStr(slack.app_token),
    }
    found = [each async for each in examine_slack(Settings.model_construct(**given | settings))]
    [bot, connection] = found
    return bot, connection


async def test_good_tokens_say_in_which_workspace(slack: FakeSlack) -> None:
    bot, connection = await looked_at(slack)
    assert bot.ok and bot.finding == "in Home (T0HOME), with leave for everything it does"
    assert connection.ok
    assert {call.method for call in slack.calls} == {"auth.test", "apps.connections.open"}


async def test_a_token_that_slack_does_not_accept_is_named_with_its_fix(slack: FakeSlack) -> None:
    wrong = SecretStr("xoxb-another")
    bot, connection = await looked_at(slack, slack_bot_token=wrong, slack_app_token=wrong)
    assert (bot.ok, connection.ok) == (False, False)
    assert "SLACK_BOT_TOKEN (invalid_auth)" in bot.finding and "install the app again" in bot.fix
    assert "SLACK_APP_TOKEN (invalid_auth)" in connection.finding


async def test_what_an_app_may_not_do_is_named(slack: FakeSlack) -> None:
    granted = manifest()["oauth_config"]["scopes"]["bot"]
    slack.scopes = frozenset(granted) - {"files:read", "usergroups:read"}
    bot, _ = await looked_at(slack)
    assert not bot.ok and "without leave for files:read, usergroups:read" in bot.finding


async def test_a_slack_that_cannot_be_reached_is_no_wrong_token(slack: FakeSlack) -> None:
    bot, connection = await looked_at(slack, slack_api_url="http://127.0.0.1:9/api/")
    assert not bot.ok and not connection.ok
    assert "cannot be reached" in bot.finding and "HTTPS_PROXY" in connection.fix


async def test_what_nobody_here_can_try_is_said(slack: FakeSlack) -> None:
    bot, connection = await looked_at(slack, slack_bot_token=None, slack_app_token=None)
    assert bot.ok and "/slack/install" in bot.finding
    assert connection.ok and "Slack calls this machine" in connection.finding
