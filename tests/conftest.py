"""Fixtures that every test may use."""

import gc

import pytest

from tests.databases import (
    compile_statements_once,
    database_url,
    empty_postgres_url,
    emptying,
    new_sqlite_url,
    postgres_database,
    postgres_server,
    postgres_url,
    sqlite_database,
    sqlite_url,
)

__all__ = [
    "database_url",
    "empty_postgres_url",
    "emptying",
    "new_sqlite_url",
    "postgres_database",
    "postgres_server",
    "postgres_url",
    "sqlite_database",
    "sqlite_url",
]


compile_statements_once()
gc.disable()  # until all is imported and collected: nothing of that is ever garbage


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave what was imported and collected out of every later look for garbage: a tenth of the time of all tests."""
    del session
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()
