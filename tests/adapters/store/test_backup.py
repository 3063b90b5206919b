"""Backups: one moment of the books, in one format, made beside whoever writes; whole or not there at all."""

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.store import backup, tables
from adapters.store.backup import back_up
from adapters.store.database import Store
from adapters.store.drafts import draft
from adapters.store.migrate import SCHEMA_VERSION
from adapters.store.portable import Rows, file_rows, live_rows, opened, tables_of
from core.errors import BackupFailed, BooksUnavailable, NoBooksYet
from core.rows import KINDS
from tests.adapters.store.raw import execute, tamper
from tests.bookkeeping import books_of, top_up


def silent(_: str) -> None:
    """Nobody waits."""


def in_file(path: Path) -> dict[str, Rows]:
    """Every row in a backup, by table."""
    with opened(path) as (file, _):
        columns = tables_of(file)
        return {name: [row for rows in file_rows(file, name, columns[name]) for row in rows] for name in columns}


def beside(folder: Path) -> list[str]:
    """What is there but the books themselves."""
    return sorted(file.name for file in folder.iterdir() if not file.name.startswith("chipin.db"))


async def test_holds_every_row_of_every_table(full: Store, database_url: str, tmp_path: Path) -> None:
    made = await back_up(database_url, tmp_path / "b", silent)
    copied, live = in_file(tmp_path / "b"), await books_of(full)
    assert copied.keys() == set(tables.Wallet.metadata.tables)
    assert {name: len(rows) for name, rows in copied.items()} == {kind.table: len(live[kind.table]) for kind in KINDS}
    assert made.rows == sum(map(len, copied.values()))
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
    assert beside(tmp_path) == ["b"]


async def test_tokens_of_chats_are_in_no_backup(full: Store, database_url: str, tmp_path: Path) -> None:
    values = "(1, 'app', 'A1', 'T1', 'sealed-token', false, '2026-01-01 00:00:00')"
    columns = "(id, client_id, app_id, team_id, bot_token, is_enterprise_install, installed_at)"
    await execute(database_url, f"INSERT INTO slack_bots {columns} VALUES {values}")
    await back_up(database_url, tmp_path / "b", silent)
    assert b"sealed-token" not in (tmp_path / "b").read_bytes()
    with closing(sqlite3.connect(tmp_path / "b")) as file:
        assert file.execute("SELECT count(*) FROM slack_bots").fetchone() == (0,)


async def test_is_of_one_moment_and_holds_up_nobody(
    full: Store, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = 0

    async def while_somebody_writes(*asked: Any) -> AsyncIterator[Rows]:
        nonlocal written
        async for rows in live_rows(*asked):
            written += 1
            await asyncio.wait_for(full.books.apply(top_up(f"meanwhile-{written}", 5)), 10)
            yield rows

    monkeypatch.setattr(backup, "live_rows", while_somebody_writes)
    await back_up(database_url, tmp_path / "b", silent)
    assert written > 10
    assert not [row for row in in_file(tmp_path / "b")["top_up"] if row[0].startswith("meanwhile")]
    assert len([row for row in (await books_of(full))["top_up"] if row.id.startswith("meanwhile")]) == written


async def test_never_writes_over_a_file(full: Store, database_url: str, tmp_path: Path) -> None:
    del full
    (tmp_path / "b").write_text("precious")
    with pytest.raises(BackupFailed, match="b is there already, and is left as it is"):
        await back_up(database_url, tmp_path / "b", silent)
    assert (tmp_path / "b").read_text() == "precious"


async def test_a_file_that_appears_meanwhile_is_left_too(
    full: Store, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def audit_slowly(*asked: Any) -> Any:
        (tmp_path / "b").write_text("precious")
        return await usual(*asked)

    del full
    usual = backup.audit_file
    monkeypatch.setattr(backup, "audit_file", audit_slowly)
    with pytest.raises(BackupFailed, match="is there already"):
        await back_up(database_url, tmp_path / "b", silent)
    assert (tmp_path / "b").read_text() == "precious"


async def test_books_that_do_not_balance_are_not_passed_off_as_a_backup(
    full: Store, database_url: str, tmp_path: Path
) -> None:
    del full
    await tamper(database_url, "UPDATE wallet SET available_nanos = available_nanos + 1")
    with pytest.raises(BackupFailed, match="do not balance"):
        await back_up(database_url, tmp_path / "b", silent)
    assert beside(tmp_path) == []


async def test_books_of_another_schema_are_left_as_they_are(full: Store, database_url: str, tmp_path: Path) -> None:
    del full
    await execute(database_url, "UPDATE alembic_version SET version_num = '0001'")
    try:
        with pytest.raises(BooksUnavailable, match="These books have schema 0001"):
            await back_up(database_url, tmp_path / "b", silent)
    finally:
        await execute(database_url, f"UPDATE alembic_version SET version_num = '{SCHEMA_VERSION}'")


async def test_no_books_make_no_backup(tmp_path: Path, empty_postgres_url: str) -> None:
    for url in (f"sqlite:///{tmp_path}/none.db", empty_postgres_url):
        with pytest.raises(NoBooksYet):
            await back_up(url, tmp_path / "b", silent)
    assert beside(tmp_path) == []


async def test_a_folder_that_is_not_there_is_named(full: Store, database_url: str, tmp_path: Path) -> None:
    del full
    with pytest.raises(BackupFailed, match=r"nowhere/b.partial cannot be written: No such file"):
        await back_up(database_url, tmp_path / "nowhere" / "b", silent)


async def test_two_backups_do_not_write_one_file(full: Store, database_url: str, tmp_path: Path) -> None:
    del full
    with draft(tmp_path / "b.partial"), pytest.raises(BackupFailed, match="Another process is writing"):
        await back_up(database_url, tmp_path / "b", silent)


async def test_what_a_killed_backup_left_is_written_over(full: Store, database_url: str, tmp_path: Path) -> None:
    del full
    (tmp_path / "b.partial").write_bytes(b"half" * 5_000)
    (tmp_path / "b.partial-wal").write_bytes(b"half")
    await back_up(database_url, tmp_path / "b", silent)
    with closing(sqlite3.connect(tmp_path / "b")) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
