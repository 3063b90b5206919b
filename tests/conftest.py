"""Fixtures that every test may use."""

from tests.databases import (
    database_url,
    empty_postgres_url,
    postgres_database,
    postgres_server,
    postgres_url,
    sqlite_url,
)

__all__ = [
    "database_url",
    "empty_postgres_url",
    "postgres_database",
    "postgres_server",
    "postgres_url",
    "sqlite_url",
]
