"""An open store on each database in turn: with the team of tests/bookkeeping.py, or with all that can happen in it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.store.database import Store, open_store
from tests.adapters.store.full_books import fill
from tests.bookkeeping import enrol
from tests.databases import apart


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A team without a cent."""
    async with open_store(database_url) as opened:
        await opened.books.apply(enrol())
        yield opened


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books in which everything has happened, for tests to copy."""
    path = tmp_path_factory.mktemp("filled") / "chipin.db"
    shutil.copy(sqlite_database, path)

    async def fill_it() -> None:
        async with open_store(f"sqlite:///{path}") as store:
            await store.books.apply(enrol())
            await fill(store)

    apart(fill_it())
    return path


@pytest_asyncio.fixture
async def full(database_url: str, filled_sqlite: Path) -> AsyncIterator[Store]:
    """Books in which everything has happened."""
    on_sqlite = database_url.startswith("sqlite")
    if on_sqlite:
        shutil.copy(filled_sqlite, database_url.removeprefix("sqlite:///"))
    async with open_store(database_url) as store:
        if not on_sqlite:
            await store.books.apply(enrol())
            await fill(store)
        yield store
