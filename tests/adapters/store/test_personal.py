"""What the books know of one person: all of it for them, and none of it on disk once it is erased."""

import json
import random
import sqlite3
import traceback
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from adapters.store.database import open_store
from adapters.store.export import export_json
from adapters.store.personal import StorePersonalData
from adapters.store.sqlite import SqliteDriver, connect
from adapters.store.writer import TryAgain
from core.errors import BooksDamaged
from core.policy import Setting
from tests.bookkeeping import ask_settled, delivered, enrol, freeze, month, rule, top_up
from tests.databases import run_sql
from tests.forgetting import forget


async def joined(pieces: Any) -> Any:
    """The pieces of a JSON object as what they say."""
    return json.loads("".join([piece async for piece in pieces]))


async def test_it_has_everything_of_one_person_and_agrees_with_the_whole_export(database_url: str) -> None:
    async with open_store(database_url) as store:
        for member in ("anna", "ben"):
            await store.books.apply(enrol(member))
        await store.books.apply(top_up("budget", 1_000))
        for ask in ("a", "b"):
            await ask_settled(store.books, ask, 40, 10, month(500))
        await store.books.apply(rule("limit", "member:anna", Setting.WEEK, "77"))
        await store.books.apply(rule("own", "own:anna", Setting.DAY, "7"))
        await store.books.apply(rule("bens", "member:ben", Setting.DAY, "7", actor="ben"))
        await store.books.apply(freeze("pause", "anna"))
        told = await joined(StorePersonalData(store).export("anna"))
        whole = await joined(export_json(store))
        (ben,) = (await joined(StorePersonalData(store).export("ben")))["identities"]
    (anna,) = told["member"]
    assert (anna["id"], anna["display_name"], anna["team_id"], anna["forgotten_at"]) == ("anna", "Anna", "team", "")
    assert [row["id"] for row in told["identities"]] == ["test:team/anna"] and ben["id"] == "test:team/ben"
    assert {
        row["target"]: {name: each["value"] for name, each in row["entries"].items()} for row in told["settings"]
    } == {
        "member:anna": {"week": "77"},
        "own:anna": {"day": "7"},
    }
    assert [(row["scope"], row["used"]) for row in told["used"]] == [("member_month", 20)]
    shared = set(told["asks"][0]) & set(whole["requests"][0])
    theirs = [row for row in whole["requests"] if row["member"] == "anna"]
    assert {"request_key", "model", "cost_nanos", "why", "at"} <= shared and len(theirs) == 2
    assert [{name: row[name] for name in shared} for row in told["asks"]] == [
        {name: row[name] for name in shared} for row in theirs
    ]
    assert {row["kind"] for row in told["acts"]} >= {"rule", "freeze"}
    assert "bens" not in [row["id"] for row in told["acts"]]
    assert [(row["id"], row["kind"], row["actor"]) for row in told["transfers"]] == [("budget", "top_up", "anna")]
    assert "sealed" not in json.dumps(told)


async def test_after_traces_are_erased_there_are_none(database_url: str) -> None:
    async with open_store(database_url) as store:
        await store.books.apply(enrol())
        await store.books.apply(top_up("budget", 1_000))
        await ask_settled(store.books, "a", 40, 10)
        await store.books.apply(delivered("a"))
        personal = StorePersonalData(store)
        assert (await personal.traces("anna")).asks == ("a",)
        assert await personal.identities("anna") == ("test:team/anna",)
        await store.books.apply(forget("bye"))
        assert await personal.identities("anna") == ()
        assert await personal.scrub()


async def test_scrubbed_no_byte_of_the_file_has_what_was_deleted_though_pages_were_split(tmp_path: Path) -> None:
    path, chance, gone, there = tmp_path / "books.db", random.Random(2), set[str](), dict[str, str]()
    with closing(connect(path)) as file:
        file.execute("CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT, more TEXT)")
        file.execute("BEGIN")
        for _ in range(2_000):
            key, name = f"slack:T1/U{chance.randrange(10**9):09d}", f"Name{chance.randrange(10**9):09d}"
            if chance.random() < 0.5 or not there:
                there[key] = name
                file.execute("INSERT INTO person VALUES (?, ?, ?)", (key, name, "x" * chance.randrange(300)))
            else:
                key = chance.choice(list(there))
                gone |= {key, there.pop(key)}
                file.execute("DELETE FROM person WHERE id = ?", (key,))
        file.execute("COMMIT")
    driver = SqliteDriver(path)
    assert await driver.scrub()
    await driver.close()
    assert [each for each in gone if each.encode() in path.read_bytes()] == []
    assert all(name.encode() in path.read_bytes() for name in there.values())


async def test_a_process_that_comes_later_scrubs_what_a_killed_one_left(
    sqlite_url: str,
) -> None:
    def mark() -> int:
        path = sqlite_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path)) as file:
            (number,) = file.execute("PRAGMA user_version").fetchone()
            return int(number)

    async with open_store(sqlite_url) as killed:
        await killed.books.apply(enrol("anna"))
        await killed.books.apply(enrol("ben"))
        assert mark() == 0
        await killed.books.apply(forget("bye"))  # and no scrub: the process dies here
    assert mark() != 0
    async with open_store(sqlite_url) as later:
        await later.books.apply(top_up("budget", 1_000))
        await later.tidy()
        assert mark() == 0
        await later.books.apply(forget("bens", "ben"))
        assert await StorePersonalData(later).scrub()
    assert mark() == 0


async def test_a_later_process_has_the_server_write_its_tables_anew_once(empty_postgres_url: str) -> None:
    async def file_of_members() -> Any:
        async with store.snapshot() as session:
            connection = await session.connection()
            return (await connection.execute(text("SELECT pg_relation_filenode('member')"))).scalar_one()

    async with open_store(empty_postgres_url) as store:
        await store.books.apply(enrol("anna"))
        before = await file_of_members()
        await store.tidy()
        assert await file_of_members() == before  # nobody was forgotten
        await store.books.apply(forget("bye"))  # and no scrub: the process dies here
    async with open_store(empty_postgres_url) as store:
        await store.tidy()
        after = await file_of_members()
        await store.tidy()
        assert after != before and await file_of_members() == after


async def test_what_the_server_says_of_a_broken_rule_names_nobody(empty_postgres_url: str) -> None:
    async with open_store(empty_postgres_url) as store:
        await store.books.apply(enrol("anna"))
    run_sql(empty_postgres_url, "ALTER TABLE member ADD CHECK (display_name <> 'Zebedeus Quux')")
    run_sql(empty_postgres_url, "CREATE UNIQUE INDEX one_name ON member (display_name)")
    async with open_store(empty_postgres_url) as store:
        for name, kind in (("Anna", TryAgain), ("Zebedeus Quux", BooksDamaged)):
            with pytest.raises(kind) as failed:
                await store.driver.post((enrol("quux", display_name=name),))
            said = "".join(traceback.format_exception(failed.value))
            told = said + str(getattr(failed.value, "in_full", ""))
            assert f"({name})" not in told and "Quux" not in told and "test:team/quux" not in told
            assert "member" in told or "one_name" in told


async def test_while_somebody_reads_it_is_not_said_to_be_gone_and_is_done_later(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    with closing(connect(path)) as file:
        file.execute("CREATE TABLE person (name TEXT)")
        file.execute("INSERT INTO person VALUES ('Zebedeus')")
    driver = SqliteDriver(path)
    with closing(connect(path)) as writer, closing(connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM person").fetchall()
        writer.execute("DELETE FROM person")
        assert not await driver.scrub()
        reader.execute("COMMIT")
        await driver.tidy()
    await driver.close()
    files = [path, *path.parent.glob("books.db-*")]
    assert not any(b"Zebedeus" in each.read_bytes() for each in files)
