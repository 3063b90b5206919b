"""Fixtures that every test may use."""

from tests.databases import (
    database_url,
    empty_postgres_url,
    empty_sqlite_books_url,
    postgres_database,
    postgres_server,
    postgres_url,
    sqlite_database,
    sqlite_url,
)

__all__ = [
    "database_url",
    "empty_postgres_url",
    "empty_sqlite_books_url",
    "postgres_database",
    "postgres_server",
    "postgres_url",
    "sqlite_database",
    "sqlite_url",
]
