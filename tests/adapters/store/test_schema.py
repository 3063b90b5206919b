"""One schema, said three times (rows of core, SQLModel tables, migrations), and the rules the database holds itself."""

import sqlite3
from dataclasses import fields
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import BigInteger, Connection, LargeBinary, MetaData, String
from sqlmodel import AutoString, SQLModel

from adapters.store import migrate, tables
from adapters.store.database import Store, open_store
from core.rows import KINDS, HoldRow, Row
from tests.adapters.store.raw import execute, look
from tests.billing import bill
from tests.bookkeeping import ask_settled, enrol, post_notice, top_up
from tests.databases import BESIDE
from tests.telling import post_digest

REFUSED = (sqlite3.IntegrityError, asyncpg.PostgresError)
MIGRATIONS = Path(migrate.__file__).with_name("migrations")
APPEND_ONLY = sorted(kind.table for kind in KINDS if kind.append_only and kind.table != "request_key")
MAX_TOTAL, MAX_AMOUNT = 10**18, 10**15


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.table)
def test_a_row_and_its_table_have_the_same_columns(kind: type[Row]) -> None:
    table = SQLModel.metadata.tables[kind.table]
    assert [column.name for column in table.columns] == [field.name for field in fields(kind)]
    for column, field in zip(table.columns, fields(kind), strict=True):
        whole, raw = isinstance(column.type, BigInteger), isinstance(column.type, LargeBinary)
        assert (whole, raw, column.nullable) == (field.type is int, field.type is bytes, False)


def test_every_table_is_a_row() -> None:
    ours = {table for table in SQLModel.metadata.tables if SQLModel.metadata.tables[table].name in _declared()}
    assert ours == {kind.table for kind in KINDS}


def _declared() -> set[str]:
    return {str(each.__tablename__) for each in vars(tables).values() if hasattr(each, "__tablename__")}


def _other_type(_: object, __: object, ___: object, found: object, meant: object) -> bool | None:
    """Whether a column's type differs: text is text, whatever it is called. None leaves the rest to Alembic."""
    return False if isinstance(found, String) and isinstance(meant, AutoString) else None


def differences(connection: Connection) -> list[object]:
    def ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or name not in BESIDE

    context = MigrationContext.configure(connection, opts={"compare_type": _other_type, "include_name": ours})
    return list(compare_metadata(context, SQLModel.metadata))


async def test_the_migrated_schema_is_that_of_the_tables(store: Store) -> None:
    async with store.read_engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def differences_of_slack(connection: Connection) -> list[object]:
    meant = MetaData()
    AsyncSQLAlchemyInstallationStore.build_bots_table(meant, "slack_bots")
    AsyncSQLAlchemyInstallationStore.build_installations_table(meant, "slack_installations")

    own = AsyncSQLAlchemyOAuthStateStore(600, connection).oauth_states  # type: ignore[arg-type]  # only looked at
    own.to_metadata(meant)

    def slacks(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or name in BESIDE

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": slacks})
    return list(compare_metadata(context, meant))


async def test_slacks_tables_are_those_that_slack_sdk_makes(store: Store) -> None:
    async with store.read_engine.connect() as connection:
        assert await connection.run_sync(differences_of_slack) == []


def test_the_version_in_the_code_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.SCHEMA_VERSION


# --- what the database refuses ---


async def full(store: Store) -> None:
    """At least one row in every table that money touches."""
    await store.books.apply(top_up("budget", 100))
    await ask_settled(store.books, "a", 50, 30)
    await store.books.apply(post_notice("gone"))
    await store.books.apply(post_digest("2026-W47"))
    await store.books.apply(bill("bill"))


@pytest.mark.parametrize("table", APPEND_ONLY)
async def test_history_is_neither_changed_nor_removed(store: Store, database_url: str, table: str) -> None:
    await full(store)
    rows = await look(database_url, f'SELECT * FROM "{table}" ORDER BY id')
    assert rows
    for statement in (f'UPDATE "{table}" SET id = id', f'DELETE FROM "{table}"'):
        with pytest.raises(REFUSED, match="append-only"):
            await execute(database_url, statement)
    assert await look(database_url, f'SELECT * FROM "{table}" ORDER BY id') == rows


async def test_postgres_does_not_truncate_history_either(postgres_url: str) -> None:
    for table in APPEND_ONLY:
        with pytest.raises(asyncpg.PostgresError, match="append-only"):
            await execute(postgres_url, f'TRUNCATE "{table}" CASCADE')


BOUNDS = [
    ("wallet", "available_nanos", -1, MAX_TOTAL + 1),
    ("wallet", "held_nanos", -1, MAX_TOTAL + 1),
    ("counter", "used", -1, MAX_TOTAL + 1),
    ("counter", "held", -1, MAX_TOTAL + 1),
    ("hold", "amount_nanos", -1, MAX_AMOUNT + 1),
    ("hold", "charged_nanos", -1, 51),
    ("hold", "absorbed_nanos", -1, MAX_TOTAL + 1),
    ("hold", "reversed_nanos", -1, 31),
    ("top_up", "amount_nanos", 0, MAX_AMOUNT + 1),
    ("top_up", "refunded_nanos", -1, 101),
    ("request", "cost_nanos", -1, MAX_AMOUNT + 1),
    ("request", "thumb", -2, 2),
    ("notice", "tries", -1, 10**9 + 1),
]


async def test_no_total_leaves_its_bounds(store: Store, database_url: str) -> None:
    await full(store)
    await execute(database_url, "INSERT INTO counter VALUES ('c', 'wal', 'member_month', 'anna', '', 0, 0, 0, 0)")
    for table, column, too_little, too_much in BOUNDS:
        for value in (too_little, too_much):
            with pytest.raises(REFUSED):
                await execute(database_url, f'UPDATE "{table}" SET {column} = {value}')


async def test_no_entry_and_no_receipt_is_written_out_of_bounds(store: Store, database_url: str) -> None:
    await full(store)
    with pytest.raises(REFUSED):
        await execute(database_url, f"INSERT INTO entry VALUES ('e', 'budget', 'wal', 'pool', {MAX_TOTAL + 1})")
    line = "INSERT INTO receipt_line VALUES ('l', 'a', 'wal', 'answer', 'p', 'm', 1, 0, 0, 1, 0, {}, {}, 0, {})"
    wrong = (-1, 0, -1), (0, -1, -1), (0, MAX_AMOUNT + 1, -1), (0, 0, -2), (0, 0, MAX_TOTAL + 1)
    for cost, charged, reported in wrong:
        with pytest.raises(REFUSED):
            await execute(database_url, line.format(cost, charged, reported))
    await execute(database_url, line.format(0, 0, -1))


@pytest.mark.parametrize("value", ["0.5", "1e3 + 0.25", "9223372036854775807 + 1", "'12x'", "NULL"])
async def test_sqlite_keeps_no_money_that_is_not_whole(sqlite_url: str, value: str) -> None:
    async with open_store(sqlite_url) as store:
        await store.books.apply(enrol())
    with pytest.raises(sqlite3.IntegrityError):
        await execute(sqlite_url, f"UPDATE wallet SET available_nanos = {value}")
    with pytest.raises(sqlite3.IntegrityError):
        await execute(sqlite_url, f"INSERT INTO wallet VALUES ('new', 0, {value}, 0, 100, '')")


async def test_money_stands_in_a_wallet_that_exists(store: Store, database_url: str) -> None:
    names = ", ".join(field.name for field in fields(HoldRow))
    values = "'h', 'nobody''s', 'a', 1, 'open', 5, '', 'p', 'm', 1, 1, 0, 0, 0, '', 0, '', ''"
    insert = f"INSERT INTO hold ({names}) VALUES ({values})"
    switched_on = ("PRAGMA foreign_keys=ON",) if database_url.startswith("sqlite") else ()
    with pytest.raises(REFUSED):
        await execute(database_url, *switched_on, insert)
