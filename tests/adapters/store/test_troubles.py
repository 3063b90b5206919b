"""Real databases that are locked, full, read-only, shared or cut off: nothing is lost, done twice or left open."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from adapters.store import sqlite
from adapters.store.audit import audit
from adapters.store.database import Store, open_store
from core.errors import BooksDamaged, BooksUnavailable, BooksUncertain, OperationConflict
from core.operations import Held, Reason, Refused
from core.rows import HoldRow, WalletRow
from tests.adapters.store.raw import execute, transaction
from tests.bookkeeping import ask_settled, claim, enrol, hold, line, rows_of, settle, top_up

INSERT_OPERATION = "INSERT INTO operation VALUES ('t', 'another fingerprint', '[]', 1)"
END_ALL_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
SHORT_WAIT_SECONDS = 0.1


async def available(store: Store) -> int:
    (wallet,) = await rows_of(store, WalletRow)
    return wallet.available_nanos


@pytest_asyncio.fixture
async def two(database_url: str) -> AsyncIterator[tuple[Store, Store]]:
    """Two writers on one database, as two processes have them, and a team with 1,000 nano-dollars."""
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(open_store(database_url))
        other = await stack.enter_async_context(open_store(database_url))
        await one.books.apply(enrol())
        await other.books.apply(top_up("budget", 1_000))  # both have a connection now, and none a head start
        yield one, other


# --- two writers ---


async def test_money_for_ten_is_held_by_ten_whichever_process_they_ask(two: tuple[Store, Store]) -> None:
    asks = [f"a{number}" for number in range(40)]
    await asyncio.gather(*(two[place % 2].books.apply(claim(ask)) for place, ask in enumerate(asks)))
    holds = (two[place % 2].books.apply(hold(ask, 100)) for place, ask in enumerate(asks))
    outcomes = await asyncio.gather(*holds)
    assert [type(outcome) for outcome in outcomes].count(Held) == 10
    assert await available(two[0]) == 0
    assert len(await rows_of(two[0], HoldRow)) == 10


async def test_money_that_another_process_is_taking_is_not_taken_twice(store: Store, database_url: str) -> None:
    await store.books.apply(top_up("budget", 1_000))
    await store.books.apply(claim("a"))
    async with transaction(database_url, "UPDATE wallet SET available_nanos = 50, held_nanos = 950"):
        waiting = asyncio.create_task(store.books.apply(hold("a", 100)))
        await asyncio.sleep(SHORT_WAIT_SECONDS)
        assert not waiting.done()
    assert await waiting == Refused(reason=Reason.WALLET_HELD, needed=100, available=50, held=950)


async def test_copies_that_reach_both_processes_are_claimed_once(two: tuple[Store, Store]) -> None:
    for number in range(10):
        copies = [claim(f"a{number}-{place}", f"message{number}") for place in range(4)]
        outcomes = await asyncio.gather(*(two[place % 2].books.apply(copy) for place, copy in enumerate(copies)))
        assert [type(outcome).__name__ for outcome in outcomes].count("Claimed") == 1


async def test_an_operation_sent_to_both_processes_is_done_once(two: tuple[Store, Store]) -> None:
    for number in range(10):
        await asyncio.gather(*(store.books.apply(top_up(f"t{number}", 1)) for store in two))
    assert await available(two[0]) == 1_010
    assert (await audit(two[0])).violations == ()


async def test_somebody_who_comes_through_both_processes_is_enrolled_once(two: tuple[Store, Store]) -> None:
    for number in range(10):
        same = {"workspace": f"test:{number}", "identity": f"test:{number}/zoe"}
        copies = [
            enrol(f"zoe{number}-{place}", team=f"team{number}-{place}", wallet=f"wal{number}-{place}", **same)
            for place in range(2)
        ]
        one, other = await asyncio.gather(*(two[place].books.apply(copy) for place, copy in enumerate(copies)))
        assert (one.member_id, one.team_id, one.wallet_id) == (other.member_id, other.team_id, other.wallet_id)
        assert one.new_team is not other.new_team


async def test_what_another_process_did_meanwhile_is_looked_up(store: Store, database_url: str) -> None:
    async with transaction(database_url, INSERT_OPERATION):
        waiting = asyncio.create_task(store.books.apply(top_up("t", 5)))
        await asyncio.sleep(SHORT_WAIT_SECONDS)
        assert not waiting.done()
    with pytest.raises(OperationConflict):
        await waiting
    assert await available(store) == 0


# --- SQLite ---


@pytest_asyncio.fixture
async def on_sqlite(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    """A store that does not wait long for a lock."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_SECONDS", SHORT_WAIT_SECONDS)
    async with open_store(sqlite_url) as opened:
        await opened.books.apply(enrol())
        yield opened


async def test_a_file_that_another_program_locks_for_long_is_unavailable(on_sqlite: Store, sqlite_url: str) -> None:
    async with transaction(sqlite_url):
        outcomes = await asyncio.gather(
            *(on_sqlite.books.apply(top_up(f"t{number}", 1)) for number in range(50)), return_exceptions=True
        )
    assert {type(outcome) for outcome in outcomes} == {BooksUnavailable}
    assert await available(on_sqlite) == 0
    await on_sqlite.books.apply(top_up("t0", 1))
    assert await available(on_sqlite) == 1


async def test_a_file_that_another_program_locks_for_a_moment_is_waited_for(store: Store, database_url: str) -> None:
    async with transaction(database_url, "UPDATE wallet SET held_nanos = held_nanos"):
        waiting = asyncio.create_task(store.books.apply(top_up("t", 5)))
        await asyncio.sleep(SHORT_WAIT_SECONDS)
        assert not waiting.done()
    await waiting
    assert await available(store) == 5


@pytest.mark.parametrize("trouble", ["PRAGMA query_only=ON", "PRAGMA max_page_count=1"], ids=["read-only", "full"])
async def test_a_file_that_cannot_be_written_takes_nothing(
    sqlite_url: str, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store(sqlite_url) as opened:
        await opened.books.apply(enrol())
        await opened.books.apply(top_up("budget", 100))
    usual = sqlite.connect

    def troubled(path: Path) -> sqlite3.Connection:
        connection = usual(path)
        connection.execute(trouble)
        return connection

    async with open_store(sqlite_url) as opened:
        monkeypatch.setattr(sqlite, "connect", troubled)
        await _refuses_what_is_large(opened)
        monkeypatch.setattr(sqlite, "connect", usual)
        await ask_settled(opened.books, "a", 50, 30)
        assert await available(opened) == 70


async def _refuses_what_is_large(store: Store) -> None:
    with pytest.raises(BooksUnavailable, match="cannot be written"):
        await store.books.apply(claim("large", sealed_question=b"x" * 1_000_000))
    assert await available(store) == 100


class LosingTheWord(sqlite3.Connection):
    """Commits, and then the disk fails before it can say so: the first time."""

    lost = 0

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        done = super().execute(sql, *parameters)
        if sql == "COMMIT" and not LosingTheWord.lost:
            LosingTheWord.lost += 1
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
            raise error
        return done


@pytest.fixture
def losing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], sqlite3.Connection]:
    """A connection whose next COMMIT is done and not confirmed."""
    monkeypatch.setattr(LosingTheWord, "lost", 0)
    return lambda path: sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=LosingTheWord)


async def test_a_commit_that_the_disk_would_not_confirm_is_done_once(
    sqlite_url: str, losing: Callable[[Path], sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store(sqlite_url) as opened:
        await opened.books.apply(enrol())
    async with open_store(sqlite_url) as opened:
        monkeypatch.setattr(sqlite, "connect", losing)
        moved = await asyncio.gather(*(opened.books.apply(top_up(f"t{number}", 1)) for number in range(3)))
        assert all(not isinstance(one, Refused) and one.replayed for one in moved)
        assert (LosingTheWord.lost, await available(opened)) == (1, 3)


async def test_a_commit_that_the_disk_would_not_confirm_is_uncertain_while_nobody_can_look(
    sqlite_url: str, losing: Callable[[Path], sqlite3.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(path: Path) -> sqlite3.Connection:
        if LosingTheWord.lost:
            raise sqlite3.OperationalError("unable to open database file")
        return losing(path)

    async with open_store(sqlite_url) as opened:
        await opened.books.apply(enrol())
    async with open_store(sqlite_url) as opened:
        with monkeypatch.context() as patch:
            patch.setattr(sqlite, "connect", gone)
            with pytest.raises(BooksUncertain, match="Look at /balance"):
                await opened.books.apply(top_up("once", 5))
        moved = await opened.books.apply(top_up("once", 5))
        assert not isinstance(moved, Refused) and moved.replayed
        assert await available(opened) == 5


# --- PostgreSQL ---


@pytest_asyncio.fixture
async def on_postgres(postgres_url: str) -> AsyncIterator[Store]:
    async with open_store(postgres_url) as opened:
        await opened.books.apply(enrol())
        yield opened


async def test_a_connection_that_was_cut_while_idle_is_not_noticed(on_postgres: Store, postgres_url: str) -> None:
    await on_postgres.books.apply(top_up("before", 1))
    await execute(postgres_url, f"{END_ALL_OTHERS} AND datname = current_database()")
    await on_postgres.books.apply(top_up("after", 2))
    assert await available(on_postgres) == 3


async def test_a_commit_whose_answer_was_lost_is_done_once(on_postgres: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = asyncpg.transaction.Transaction.commit
    lost: list[bool] = []

    async def losing(self: Any) -> None:
        await usual(self)
        if not lost:
            lost.append(True)
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    monkeypatch.setattr(asyncpg.transaction.Transaction, "commit", losing)
    moved = await on_postgres.books.apply(top_up("once", 5))
    assert not isinstance(moved, Refused) and moved.replayed
    assert (lost, await available(on_postgres)) == ([True], 5)


@pytest.mark.parametrize("loss", [TimeoutError(), asyncpg.ConnectionDoesNotExistError("closed")])
async def test_a_server_that_is_gone_after_a_commit_leaves_it_uncertain(
    on_postgres: Store, monkeypatch: pytest.MonkeyPatch, loss: Exception
) -> None:
    usual = asyncpg.transaction.Transaction.commit
    reachable: str = on_postgres.driver._dsn  # type: ignore[union-attr]

    async def losing(self: Any) -> None:
        await usual(self)
        on_postgres.driver._dsn = "postgresql://nobody@127.0.0.1:1/nothing"  # type: ignore[union-attr]
        raise loss

    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.transaction.Transaction, "commit", losing)
        with pytest.raises(BooksUncertain, match="Look at /balance"):
            await on_postgres.books.apply(top_up("once", 5))
    on_postgres.driver._dsn = reachable  # type: ignore[union-attr]
    moved = await on_postgres.books.apply(top_up("once", 5))
    assert not isinstance(moved, Refused) and moved.replayed


async def test_a_connection_that_is_cut_while_it_opens_is_no_damage(
    on_postgres: Store, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen when 300 connections were cut at random: asyncpg blames itself, and whoever settles must try again."""

    async def cut(*_: object, **__: object) -> None:
        raise asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress")

    await on_postgres.driver.close()
    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.Connection, "execute", cut)
        with pytest.raises(BooksUnavailable, match="cannot be reached"):
            await on_postgres.books.apply(top_up("t", 5))
    await on_postgres.books.apply(top_up("t", 5))
    assert await available(on_postgres) == 5


async def test_a_server_that_is_gone_is_unavailable(postgres_url: str) -> None:
    async with open_store(postgres_url) as opened:
        opened.driver._dsn = "postgresql://nobody@127.0.0.1:1/nothing"  # type: ignore[union-attr]
        with pytest.raises(BooksUnavailable, match="cannot be reached"):
            await opened.books.apply(enrol())
        with pytest.raises(BooksUnavailable, match="cannot be reached"):
            await opened.now_ms()


UNDOES_THE_FIRST = """
CREATE SEQUENCE tries;
CREATE FUNCTION undo_the_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('tries') <= 2 THEN RAISE EXCEPTION 'undone' USING ERRCODE = '{code}'; END IF;
    RETURN new;
END $$;
CREATE TRIGGER undo_the_first BEFORE UPDATE ON wallet FOR EACH STATEMENT EXECUTE FUNCTION undo_the_first()
"""


@pytest.mark.parametrize("code", ["40P01", "40001"], ids=["deadlock", "serialization"])
async def test_what_the_server_undid_for_anothers_sake_is_tried_again(empty_postgres_url: str, code: str) -> None:
    async with open_store(empty_postgres_url) as opened:
        await opened.books.apply(enrol())
        await execute(empty_postgres_url, UNDOES_THE_FIRST.format(code=code))
        await asyncio.gather(*(opened.books.apply(top_up(f"t{number}", 1)) for number in range(3)))
        assert await available(opened) == 3


# --- values ---


@pytest.mark.parametrize("text", ["\N{NULL}", "\ud800"], ids=["NUL", "half a character"])
async def test_text_that_cannot_be_kept_leaves_the_others_alone(on_postgres: Store, text: str) -> None:
    operations = [top_up("before", 1), top_up("bad", 2, reason=text), top_up("after", 4)]
    outcomes = await asyncio.gather(*map(on_postgres.books.apply, operations), return_exceptions=True)
    assert isinstance(outcomes[1], BooksDamaged)
    assert await available(on_postgres) == 5


async def test_a_total_that_would_break_a_check_is_damage_and_nothing_is_written(store: Store) -> None:
    await store.books.apply(top_up("budget", 100))
    await store.books.apply(claim("a"))
    with pytest.raises(BooksDamaged, match="refused to break a rule"):
        await store.books.apply(hold("a", -5))
    await store.books.apply(hold("a", 50))
    with pytest.raises(BooksDamaged):
        await store.books.apply(settle("a", line(-5)))
    assert await available(store) == 50
    assert (await audit(store)).violations == ()
