"""Fixtures that every test may use."""

from tests.databases import (
    database_url,
    empty_postgres_url,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_url,
)

__all__ = [
    "database_url",
    "empty_postgres_url",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_url",
]
