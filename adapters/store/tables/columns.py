"""Columns and indexes as these tables write them."""

from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field


def whole(default: int | None = None) -> Any:
    """A whole number: nano-dollars, milliseconds, tokens."""
    return Field(sa_type=BigInteger) if default is None else Field(default=default, sa_type=BigInteger)


def index_of(name: str, *columns: str, only: str) -> Index:
    """Over the few rows that are looked for: an index that stays small while its table grows."""
    return Index(name, *columns, sqlite_where=text(only), postgresql_where=text(only))
