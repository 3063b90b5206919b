"""A provider of the real kind, pointed at a local server over a real socket."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from adapters.llm.client import open_client
from adapters.llm.openai_compatible import OpenAICompatible
from tests.adapters.llm.asking import provider_at
from tests.provider_server import ProviderServer


@pytest_asyncio.fixture
async def server() -> AsyncIterator[ProviderServer]:
    async with ProviderServer() as running:
        yield running


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client() as opened:
        yield opened


@pytest.fixture
def provider(server: ProviderServer, client: httpx.AsyncClient) -> OpenAICompatible:
    return provider_at(server.base_url, client)
