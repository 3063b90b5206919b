"""An open store on each database in turn, with the team of tests/bookkeeping.py."""

from collections.abc import AsyncIterator

import pytest_asyncio

from adapters.store.database import Store, open_store
from tests.bookkeeping import enrol


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A team without a cent."""
    async with open_store(database_url) as opened:
        await opened.books.apply(enrol())
        yield opened
