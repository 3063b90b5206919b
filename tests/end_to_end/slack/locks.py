"""A database that somebody else holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import make_url


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Nobody else can write to this SQLite file inside the block, as during a backup of another program's."""
    path = make_url(url).database or ""
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
