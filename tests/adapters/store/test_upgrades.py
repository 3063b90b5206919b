"""Books that an older Chipin wrote: they open, they balance, and what they did not know yet is filled in."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.store.audit import audit
from adapters.store.database import open_store, parse_database_url
from adapters.store.overdue import StoreOverdue, StoreUndelivered
from adapters.store.policies import StorePolicies
from core.announcement import WALLET_LOW
from core.operations import Concluded, Held
from core.policy import Setting
from core.rows import NOT_REPORTED, CounterRow, HoldRow, LineRow, MemberRow, NoticeRow, RequestRow, TeamRow, WalletRow
from core.sweep import Sweep
from tests.adapters.store.raw import execute
from tests.adapters.store.test_schema import MIGRATIONS
from tests.bookkeeping import ask_settled, enrol, hold, line, month, month_limit, refund, release, rows_of, settle, zone
from tests.databases import a_database, apart
from tests.fakes import FakeClock

ONE_ASK_RUNS = (
    "INSERT INTO wallet VALUES ('wal', 60, 40)",
    "INSERT INTO team VALUES ('team', 'wal', 'Team', 'UTC', 0, 500, 1)",
    "INSERT INTO workspace VALUES ('other:elsewhere', 'team'), ('test:home', 'team')",
    "INSERT INTO member VALUES ('anna', 'team', 'Anna', 1, -1, 1)",
    "INSERT INTO transfer VALUES ('budget', 'wal', 'top_up', '', '', 'anna', '', 1)",
    "INSERT INTO entry VALUES ('budget/0', 'budget', 'wal', 'funding', -100)",
    "INSERT INTO entry VALUES ('budget/1', 'budget', 'wal', 'pool', 100)",
    "INSERT INTO top_up VALUES ('budget', 'wal', 100, 0, 1)",
    "INSERT INTO hold VALUES ('a.1.hold', 'wal', 'a', 1, 'open', 40, '', 1, 9999999999999, 0, 0, '', 0)",
    """INSERT INTO operation VALUES ('a.1.hold', '', '["Held",{"hold_id":"a.1.hold","amount_nanos":40}]', 1)""",
    "INSERT INTO request VALUES ('a', 'wal', 'team', 'anna', 'test', '', '', 'running', 1, 9999999999999, 1, 0, "
    "'a.1.hold', 'acme', 'acme-1', 0, '', '', 0, 0, 0, 0, 0, 0)",
)
"""As version 0001 wrote it."""


@pytest.fixture(scope="session")
def old_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books of schema 0001 in which one ask runs, for tests to copy."""
    path = tmp_path_factory.mktemp("old") / "chipin.db"
    apart(_make(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def old_postgres(postgres_server: str) -> Iterator[str]:
    """The name of a database with the same."""
    with a_database(postgres_server) as url:
        apart(_make(url))
        yield urlsplit(url).path.strip("/")


@pytest.fixture(params=["sqlite", "postgres"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Books of schema 0001 in which one ask runs."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("old_sqlite"), tmp_path / "chipin.db")
        yield f"sqlite:///{tmp_path}/chipin.db"
        return
    like: str = request.getfixturevalue("old_postgres")
    with a_database(request.getfixturevalue("postgres_server"), like) as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def upgraded_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same books after the upgrade, for tests that only look."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("upgraded") / "chipin.db"
        shutil.copy(request.getfixturevalue("old_sqlite"), path)
        apart(_open(f"sqlite:///{path}"))
        yield f"sqlite:///{path}"
        return
    like: str = request.getfixturevalue("old_postgres")
    with a_database(request.getfixturevalue("postgres_server"), like) as url:
        apart(_open(url))
        yield url


async def _open(url: str) -> None:
    async with open_store(url) as store:
        assert store.migrated


async def _make(url: str) -> None:
    engine = create_async_engine(parse_database_url(url))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_make_0001)
    finally:
        await engine.dispose()
    await execute(url, *ONE_ASK_RUNS)


def _make_0001(connection: Connection) -> None:
    _upgrade(connection, "0001")


def _upgrade(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


async def test_old_books_open_and_balance_and_go_on(old_url: str) -> None:
    async with open_store(old_url) as store:
        assert store.migrated
        await store.books.apply(enrol("ben"))
        await store.books.apply(release("a", line(7)))
        assert (await audit(store)).violations == ()


async def test_a_hold_of_old_knows_now_what_it_was_taken_for(upgraded_url: str) -> None:
    async with open_store(upgraded_url) as store:
        (held,) = await rows_of(store, HoldRow)
        assert (held.provider, held.model, held.reversed_nanos) == ("acme", "acme-1", 0)


async def over_before(old_url: str) -> None:
    """Asks of every kind that ended before the upgrade, with the bytes that an older Chipin kept of them."""
    over = "INSERT INTO request VALUES ('{}', 'wal', 'team', 'anna', 'test', '', '', '{}', 1, 9, 8, 0, '', '', '', 0, "
    over += "'', '', 0, 0, 0, 0, 9, 0)"
    states = ("refused", "refused"), ("awaiting", "awaiting"), ("erased", "settled"), ("kept", "settled")
    await execute(old_url, *(over.format(*state) for state in states))
    sealed = "CAST('{}' AS BLOB)" if old_url.startswith("sqlite") else "'{}'::bytea"
    kept = (("refused", ""), ("awaiting", ""), ("erased", ""), ("kept", "sealed"))
    rows = (f"INSERT INTO kept VALUES ('{ask}', {sealed.format('')}, {sealed.format(text)}, 9)" for ask, text in kept)
    await execute(old_url, *rows)


async def test_only_answers_that_are_still_kept_are_told_after_an_upgrade(old_url: str) -> None:
    await over_before(old_url)
    async with open_store(old_url) as store:
        told = {request.id: bool(request.delivered_at_ms) for request in await rows_of(store, RequestRow)}
    assert told == {"a": False, "refused": True, "awaiting": True, "erased": True, "kept": False}


async def test_who_is_told_after_an_upgrade_is_told_where_their_team_is(old_url: str) -> None:
    await over_before(old_url)
    now_ms, long_ms = int(time.time() * 1000), 9_999_999_999_999
    lately = "UPDATE request SET started_at_ms = {} WHERE id = '{}'"
    await execute(old_url, lately.format(now_ms, "kept"), lately.format(now_ms + long_ms, "a"))
    async with open_store(old_url) as store:
        assert await StoreUndelivered(store).due("test", ("home",)) == (("kept", "wal"),)
        store.driver.clock_offset_ms = long_ms
        await Sweep(store.books, StoreOverdue(store), FakeClock()).run()
        assert ("a", "wal") in await StoreUndelivered(store).due("test", ("home",))


async def test_a_wallet_of_old_is_as_full_as_it_was_and_tells_its_levels_from_there(old_url: str) -> None:
    async with open_store(old_url) as store:
        await ask_settled(store.books, "b", 35, 35)
        assert WALLET_LOW not in [notice.kind for notice in await rows_of(store, NoticeRow)]
        (wallet,) = await rows_of(store, WalletRow)
        assert (wallet.full_nanos, wallet.told_percent, wallet.marked_by) == (100, 100, "")
        await ask_settled(store.books, "c", 15, 15)
        assert f"{WALLET_LOW}:wal::50" in [notice.id for notice in await rows_of(store, NoticeRow)]
        await store.books.apply(refund("undo", "budget"))
        assert (await audit(store)).violations == ()


async def test_nobody_is_frozen_by_an_upgrade(upgraded_url: str) -> None:
    async with open_store(upgraded_url) as store:
        assert [team.frozen for team in await rows_of(store, TeamRow)] == [0]
        assert [member.frozen for member in await rows_of(store, MemberRow)] == [0]


async def test_monthly_limits_become_what_the_policy_says(old_url: str) -> None:
    await execute(
        old_url,
        "INSERT INTO member VALUES ('ben', 'team', 'Ben', 0, 0, 1), ('cleo', 'team', 'Cleo', 0, 7000000000, 1)",
    )
    async with open_store(old_url) as store:
        policies = await StorePolicies(store).all("team")
        told = {policy.target: policy.entries[Setting.MONTH] for policy in policies}
        assert {target: ruled.value for target, ruled in told.items()} == {
            "everyone": "500",
            "member:ben": "0",
            "member:cleo": "7000000000",
        }
        assert {(ruled.set_by.by, ruled.set_by.at_ms) for ruled in told.values()} == {("", 0)}
        await store.books.apply(month_limit("less", 3, "cleo"))
        assert (await audit(store)).violations == ()


async def test_who_was_frozen_stays_so_and_a_months_counter_goes_on(old_url: str) -> None:
    engine = create_async_engine(parse_database_url(old_url))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, "0006")
    finally:
        await engine.dispose()
    await execute(
        old_url,
        "UPDATE member SET frozen = 1",
        "INSERT INTO counter (id, wallet_id, scope, subject, label, used, held) "
        "VALUES ('member_month:anna:2026-11', 'wal', 'member_month', 'anna', '2026-11', 0, 0)",
    )
    async with open_store(old_url) as store:
        (anna,) = await rows_of(store, MemberRow)
        assert (anna.frozen, anna.suspended, anna.welcomed_at_ms) == (1, 0, 0)
        (counter,) = await rows_of(store, CounterRow)
        assert (counter.granted, counter.limited_to) == (0, 0)
        (team,) = await rows_of(store, TeamRow)
        assert (team.zone, team.zones) == ("UTC", "")
        assert (await store.books.apply(zone("east", "Asia/Kolkata"))) == Concluded()


async def test_of_what_was_asked_before_no_route_is_known_and_nothing_is_said_of_it(upgraded_url: str) -> None:
    async with open_store(upgraded_url) as store:
        (asked,) = await rows_of(store, RequestRow)
        chosen = asked.route, asked.needed_tier, asked.variant, asked.improves, asked.thumb, asked.first_word_ms
        assert chosen == ("", 0, "", "", 0, 0)


async def test_a_receipt_of_old_says_nothing_of_what_its_provider_reported(old_url: str) -> None:
    line_of_old = "INSERT INTO receipt_line VALUES ('l', 'a', 'wal', 'answer', 'p', 'm', 1, 0, 0, 1, 0, 0, 0, 0)"
    await execute(old_url, line_of_old)
    async with open_store(old_url) as store:
        (old,) = await rows_of(store, LineRow)
        assert old.reported_nanos == NOT_REPORTED
        await store.books.apply(settle("a", line(7, reported=8)))
        assert {row.reported_nanos for row in await rows_of(store, LineRow)} == {NOT_REPORTED, 8}


async def test_an_operation_of_old_is_recognised_after_an_upgrade(old_url: str) -> None:
    done = """'["Held",{"hold_id":"a.1.hold","amount_nanos":40}]'"""
    await execute(old_url, f"INSERT INTO operation VALUES ('again', 'a42be44b913d3938c921c656610a4ebe', {done}, 1)")
    async with open_store(old_url) as store:
        held = await store.books.apply(hold("a", 10, month(5), id="again"))
        assert isinstance(held, Held)
        assert (held.amount_nanos, held.replayed) == (40, True)
