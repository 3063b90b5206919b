"""What the books know of one person: all of it for them, and none of it on disk once it is erased."""

import json
import random
from contextlib import closing
from pathlib import Path
from typing import Any

from adapters.store.database import open_store
from adapters.store.export import export_json
from adapters.store.personal import StorePersonalData
from adapters.store.sqlite import SqliteDriver, connect
from core.policy import Setting
from tests.bookkeeping import ask_settled, delivered, enrol, freeze, month, rule, top_up
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
