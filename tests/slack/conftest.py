"""One Slack a test, with a few people; a test of the fake itself ends without violations unless it says otherwise."""

from collections.abc import AsyncIterator

import pytest

from tests.slack.bolt import TRANSPORTS
from tests.slack.server import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        slack.add_user("U1", "ada", admin=True)
        slack.add_user("U2", "bob", tz="Europe/Berlin")
        slack.add_user("U3", "guest", ultra_restricted=True)
        slack.add_user("U4", "stranger", team="T9OTHER")
        slack.add_channel("C1", "general", ["U1", "U2"])
        slack.add_channel("C2", "elsewhere", ["U1"], bot_is_member=False)
        slack.add_channel("G1", "secret", ["U1"], private=True, bot_is_member=False)
        yield slack


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)
