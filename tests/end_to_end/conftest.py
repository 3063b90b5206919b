"""A provider that answers as told, for every test of this folder."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot import wiring
from tests.end_to_end.house import COUNTER
from tests.provider_server import ProviderServer


@pytest_asyncio.fixture
async def server() -> AsyncIterator[ProviderServer]:
    """A chat-completions server on a real socket."""
    async with ProviderServer() as running:
        yield running


@pytest.fixture(autouse=True)
def one_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every process of a test counts with the same ranks."""
    monkeypatch.setattr(wiring, "OfflineTokenCounter", lambda: COUNTER)
