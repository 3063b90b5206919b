"""A Slack on this machine, and both ways into Chipin."""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.listeners import events
from tests.end_to_end.slack.house import TRANSPORTS, UNHURRIED_SECONDS, a_slack
from tests.slack.server import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack with Anna, Ben and #general."""
    async with a_slack() as running:
        yield running


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    """Socket Mode, then HTTP."""
    return str(request.param)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a claim may take longer than the half second it is given: no test is about that by accident."""
    monkeypatch.setattr(events, "CLAIM_SECONDS", UNHURRIED_SECONDS)
