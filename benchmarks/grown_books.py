"""Books that have grown: as many ledger entries as one likes, made by SQL within minutes, and the audit passes on them.

    grown = await grow(database_url, entries=1_000_000)

The team, its members and its budget are made through the store, so that the schema is there and the roster is real.
Nobody else may have the database open meanwhile. On PostgreSQL it takes a superuser.
"""

import asyncio
import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import asyncpg
from sqlalchemy.engine import URL

from adapters.store.database import open_store, parse_database_url
from benchmarks.grown_rows import GROWING, POSTGRES, SPAN_MS, SQLITE, Plan, asks_for, statements
from benchmarks.team import make_team

SETTLED_BEFORE_MS = 60_000
"""The last ask was over this long before the rows were made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrownBooks:
    """Whose books they are, and how many asks they hold."""

    team_id: str
    wallet_id: str
    member_ids: tuple[str, ...]
    asks: int
    until_ms: int


async def grow(
    database_url: str,
    *,
    entries: int,
    name: str = "grown",
    span_ms: int = SPAN_MS,
    until_ms: int = 0,
    for_reports: bool = False,
) -> GrownBooks:
    """Make a team that has asked until there are `entries` entries of its asks (and two of its one top-up).

    Its asks are spread over `span_ms`, by default two years, until `until_ms`, by default just now. `for_reports`
    leaves out what no report reads; then the audit does not pass.
    """
    async with open_store(database_url) as store:
        team = await make_team(store.books, name)
        until_ms = until_ms or await store.now_ms() - SETTLED_BEFORE_MS
    plan = Plan(
        wallet_id=team.wallet_id,
        team_id=team.id,
        member_prefix=team.member_ids[0].removesuffix("0"),
        members=len(team.member_ids),
        asks=asks_for(entries),
        until_ms=until_ms,
        span_ms=span_ms,
        for_reports=for_reports,
    )
    url = parse_database_url(database_url)
    if url.get_backend_name() == "sqlite":
        await asyncio.to_thread(_fill_sqlite, str(url.database), statements(plan, SQLITE))
    else:
        await _fill_postgres(url.set(drivername="postgresql"), statements(plan, POSTGRES))
    return GrownBooks(
        team_id=team.id, wallet_id=team.wallet_id, member_ids=team.member_ids, asks=plan.asks, until_ms=until_ms
    )


_TABLES = tuple(kind.table for kind in GROWING)
_NAMED = ", ".join(f"'{table}'" for table in _TABLES)
# An index that grows beside its table takes several times as long as one that is made at the end.
_SQLITE_INDEXES = (
    f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({_NAMED})"
)
_POSTGRES_INDEXES = (
    "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
    "JOIN pg_class t ON t.oid = i.indrelid WHERE t.relname = ANY($1) AND t.relnamespace = 'public'::regnamespace "
    "AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)"
)


def _fill_sqlite(path: str, inserts: Sequence[str]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.create_function("hashed", 1, _hashed, deterministic=True)
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -262144"):
            file.execute(f"PRAGMA {setting}")
        indexes = file.execute(_SQLITE_INDEXES).fetchall()
        for name, _ in indexes:
            file.execute(f'DROP INDEX "{name}"')
        file.execute("BEGIN")
        for insert in inserts:
            file.execute(insert)
        file.execute("COMMIT")
        for _, made in indexes:
            file.execute(made)
        file.execute("PRAGMA journal_mode = WAL")


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


async def _fill_postgres(url: URL, inserts: Sequence[str]) -> None:
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        await connection.execute("SET session_replication_role = replica")  # foreign keys off: the rows are made to fit
        await connection.execute("SET synchronous_commit = off")
        await connection.execute("SET maintenance_work_mem = '512MB'")
        await connection.execute("SET work_mem = '256MB'")
        indexes = await connection.fetch(_POSTGRES_INDEXES, _TABLES)
        for name, _ in indexes:
            await connection.execute(f'DROP INDEX "{name}"')
        async with connection.transaction():
            for insert in inserts:
                await connection.execute(insert)
        for _, made in indexes:
            await connection.execute(made)
        await connection.execute("VACUUM (ANALYZE)")  # as autovacuum would have done long ago
    finally:
        await connection.close()
