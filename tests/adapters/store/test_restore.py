"""Restoring: into a place without books, from a whole backup only, and with every guard on afterwards."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.store.audit import audit
from adapters.store.backup import back_up
from adapters.store.database import Store, lay_out, open_store, sqlite_url
from adapters.store.export import export_json
from adapters.store.migrate import SCHEMA_VERSION
from adapters.store.portable import About, seal
from adapters.store.restore import OpenHold, restore
from core.errors import BackupFailed
from tests.adapters.store.full_books import AVAILABLE, HELD, fill
from tests.adapters.store.raw import execute, look
from tests.adapters.store.test_backup import silent
from tests.adapters.store.test_schema import REFUSED
from tests.bookkeeping import enrol, recognise, top_up
from tests.databases import apart


async def exported(url: str) -> str:
    async with open_store(url, must_exist=True) as store:
        return "".join([piece async for piece in export_json(store)])


@pytest.fixture(scope="session")
def backup_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of books in which everything has happened once, for tests to copy."""
    folder = tmp_path_factory.mktemp("backup")

    async def make() -> None:
        async with open_store(sqlite_url(folder / "old.db")) as store:
            await store.books.apply(enrol())
            await store.books.apply(recognise("theirs"))
            await fill(store)
        await back_up(sqlite_url(folder / "old.db"), folder / "backup", silent)

    apart(make())
    return folder / "backup"


@pytest.fixture
def backup(tmp_path: Path, backup_once: Path) -> Path:
    """One to do anything to, and the books it was made of beside it."""
    for name in ("old.db", "backup"):
        shutil.copy(backup_once.with_name(name), tmp_path / name)
    return tmp_path / "backup"


@pytest.fixture(params=["sqlite", "postgres"])
def nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place without books: no file, or a database without a schema."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "new" / "chipin.db").replace("+aiosqlite", "")
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


async def test_sqlite_to_postgres_and_back_is_the_same_to_the_last_character(
    backup: Path, empty_postgres_url: str, tmp_path: Path
) -> None:
    await restore(backup, empty_postgres_url, silent)
    await back_up(empty_postgres_url, tmp_path / "again", silent)
    await restore(tmp_path / "again", sqlite_url(tmp_path / "new.db"), silent)
    there, back = await exported(empty_postgres_url), await exported(sqlite_url(tmp_path / "new.db"))
    assert there == back == await exported(sqlite_url(tmp_path / "old.db"))


async def test_tells_what_stands_in_it_and_what_may_have_been_billed_since(backup: Path, nowhere: str) -> None:
    restored = await restore(backup, nowhere, silent)
    assert restored.balances == (("Others", 50, 20), ("Team", AVAILABLE, HELD))
    assert restored.open_holds == (
        OpenHold("Others", "acme", "acme-1", 20),
        OpenHold("Team", "acme", "acme-1", 100),
    )
    assert restored.providers == ("acme", "other")
    assert restored.secret_digest == "theirs"


async def test_every_guard_is_on_in_the_restored_books(backup: Path, nowhere: str) -> None:
    await restore(backup, nowhere, silent)
    for forbidden in (
        "UPDATE entry SET amount_nanos = 1",
        "DELETE FROM receipt_line",
        "UPDATE wallet SET available_nanos = -1",
        "UPDATE wallet SET available_nanos = 0.5" if nowhere.startswith("sqlite") else "TRUNCATE act",
    ):
        with pytest.raises(REFUSED):
            await execute(nowhere, forbidden)
    async with open_store(nowhere, must_exist=True) as store:
        assert not store.migrated
        await store.books.apply(top_up("goes-on", 5))
        assert (await audit(store)).violations == ()


async def test_never_restores_over_books(backup: Path, store: Store, database_url: str) -> None:
    before = await look(database_url, "SELECT id FROM wallet")
    with pytest.raises(BackupFailed, match=r"left as (it is|they are)"):
        await restore(backup, database_url, silent)
    assert await look(database_url, "SELECT id FROM wallet") == before
    del store


@pytest.mark.parametrize("side", ["-wal", "-shm", "-journal"])
async def test_what_an_old_file_left_would_be_taken_for_its_own(side: str, backup: Path, tmp_path: Path) -> None:
    (tmp_path / f"new.db{side}").write_bytes(b"frames of other books")
    with pytest.raises(BackupFailed, match=f"new.db{side} is there already"):
        await restore(backup, sqlite_url(tmp_path / "new.db"), silent)


async def test_a_database_that_somebody_uses_is_refused(backup: Path, empty_postgres_url: str) -> None:
    async with open_store(empty_postgres_url) as running, running.snapshot() as session:
        await session.connection()
        with pytest.raises(BackupFailed, match="1 other connections to this database are open"):
            await restore(backup, empty_postgres_url, silent)


def damaged(backup: Path, how: str) -> Path:
    content = bytearray(backup.read_bytes())
    match how:
        case "truncated":
            del content[len(content) // 2 :]
        case "a name was changed":
            content = bytearray(bytes(content).replace(b"Anna", b"Anne"))
        case "empty":
            content.clear()
        case "text":
            content = bytearray(b"to be or not to be " * 1_000)
    backup.write_bytes(content)
    return backup


@pytest.mark.parametrize("how", ["truncated", "a name was changed", "empty", "text"])
async def test_a_damaged_file_is_refused_before_anything_is_written(how: str, backup: Path, nowhere: str) -> None:
    with pytest.raises(BackupFailed, match="damaged"):
        await restore(damaged(backup, how), nowhere, silent)
    if nowhere.startswith("sqlite"):
        assert not (backup.parent / "new").exists()
    else:
        assert await look(nowhere, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE backup_about SET schema = '9999'", "made by a newer Chipin"),
        ("UPDATE backup_about SET schema = 'x'", "names no schema"),
        ("DROP TABLE backup_about", "is not a backup of Chipin"),
        ("DROP TABLE act", "damaged"),
        ("UPDATE wallet SET available_nanos = available_nanos + 1", "damaged: wallet is not as it was written"),
    ],
)
async def test_a_file_that_is_no_backup_of_ours_is_refused(
    statement: str, says: str, backup: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(backup, isolation_level=None)) as file:
        file.execute(statement)
    with pytest.raises(BackupFailed, match=says):
        await restore(backup, sqlite_url(tmp_path / "new.db"), silent)
    assert not (tmp_path / "new.db").exists()


async def test_the_books_themselves_are_no_backup(tmp_path: Path, backup: Path) -> None:
    del backup
    with pytest.raises(BackupFailed, match="is not a backup of Chipin"):
        await restore(tmp_path / "old.db", sqlite_url(tmp_path / "new.db"), silent)
    with pytest.raises(BackupFailed, match="There is no file"):
        await restore(tmp_path / "nothing", sqlite_url(tmp_path / "new.db"), silent)


async def test_a_backup_of_an_older_schema_is_brought_up_to_date(nowhere: str, tmp_path: Path) -> None:
    await lay_out(tmp_path / "older", "0001")
    with closing(sqlite3.connect(tmp_path / "older", isolation_level=None)) as file:
        file.execute("INSERT INTO wallet VALUES ('wal', 0, 0)")
        file.execute("INSERT INTO team VALUES ('team', 'wal', 'Team', 'UTC', 0, 5, 1)")
        seal(file, About(1_000, "0001"))
    await restore(tmp_path / "older", nowhere, silent)
    assert await look(nowhere, "SELECT name, frozen FROM team") == [("Team", 0)]
    assert await look(nowhere, "SELECT version_num FROM alembic_version") == [(SCHEMA_VERSION,)]
