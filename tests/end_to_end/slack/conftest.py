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


@pytest.fixture(params=["socket", pytest.param("http", marks=pytest.mark.soak)])
def transport(request: pytest.FixtureRequest) -> str:
    """Socket Mode; in the long run HTTP too. What rests on the way in has both at once: `each_transport`."""
    return str(request.param)


@pytest.fixture(params=TRANSPORTS)
def each_transport(request: pytest.FixtureRequest) -> str:
    """Both ways in."""
    return str(request.param)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a claim may take longer than the half second it is given: no test is about that by accident."""
    monkeypatch.setattr(events, "CLAIM_SECONDS", UNHURRIED_SECONDS)
