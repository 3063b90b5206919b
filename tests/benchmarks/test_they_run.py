"""Every benchmark runs, with numbers so small that they mean nothing, and checks its books as it always does."""

from itertools import count
from pathlib import Path

import pytest

from benchmarks import __main__ as program
from benchmarks import ask, growth, reports, routing, slack, start, streams, wallet
from benchmarks.databases import NewDatabase
from benchmarks.table import Table

KIND = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@pytest.fixture
def new_database(database_url: str, tmp_path: Path) -> NewDatabase:
    """A new file each time; on PostgreSQL always the same database: the teams in it have names of their own."""
    numbers = count()

    async def make(_: str) -> str:
        return f"sqlite:///{tmp_path}/{next(numbers)}.db" if database_url.startswith("sqlite") else database_url

    return make


@pytest.fixture
def kind(database_url: str) -> str:
    return KIND[database_url.split(":", maxsplit=1)[0]]


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_wallet(kind: str, new_database: NewDatabase) -> None:
    size = wallet.Size(callers=(1, 2), aimed_at_callers=2, rounds=1, seconds=0)
    rates, latencies = await wallet.tables(kind, new_database, size)
    assert [row[0] for row in rates.rows] == ["1", "2"]
    assert all("target" in rates.rows[1][column] for column in (4, 5))
    assert [row[0] for row in latencies.rows] == [wallet.GROUPED, wallet.ALONE, wallet.SESSION]


async def test_growth(kind: str, new_database: NewDatabase) -> None:
    (table,) = await growth.tables(kind, new_database, growth.Size(entries=(100, 200), rounds=1, asks=1, balances=1))
    assert [row[:2] for row in table.rows] == [
        (what, size) for what in ("hold", "settle", "balance") for size in ("100", "200")
    ]


@on_sqlite
async def test_reports(kind: str, new_database: NewDatabase) -> None:
    size = reports.Size(asks=100, rounds=1, asks_a_second=1_000)
    for table, over in zip(await reports.tables(kind, new_database, size), (reports.YEAR, reports.MONTH), strict=True):
        assert over in table.title and table.title.startswith("101 asks")
        assert any("statement" in row[0] and "reached" in row[3] for row in table.rows)


@on_sqlite
async def test_ask(kind: str, new_database: NewDatabase) -> None:
    (table,) = await ask.tables(kind, new_database, ask.Size(callers=(1, 2), calls=2, chunks=2))
    assert [row[0] for row in table.rows] == ["1", "2"]


@pytest.mark.soak
@on_sqlite
async def test_streams(kind: str, new_database: NewDatabase) -> None:
    size = streams.Size(teams=2, members=2, asks_each=2, chunks=3)
    (table,) = await streams.tables(kind, new_database, size)
    assert table.rows[0][0] == "8"


async def test_routing(new_database: NewDatabase) -> None:
    difficulty, plans = await routing.tables("SQLite", new_database, rounds=1)
    assert "400,000" in difficulty.rows[1][0] or "399," in difficulty.rows[1][0]
    assert plans.rows[0][0] == "1" and int(plans.rows[1][0]) > 10
    assert await routing.tables("PostgreSQL", new_database) == []


@on_sqlite
async def test_slack(kind: str, new_database: NewDatabase) -> None:
    (table,) = await slack.tables(kind, new_database, rounds=2)
    assert [row[0] for row in table.rows] == ["slack-bolt as it comes", "Chipin"]


@pytest.mark.soak
async def test_every_ask_that_may_run_has_a_connection_of_its_own(kind: str, new_database: NewDatabase) -> None:
    await streams.tables(kind, new_database, streams.Size(chunks=2))


@pytest.mark.soak
@on_sqlite
async def test_start(kind: str, new_database: NewDatabase) -> None:
    (table,) = await start.tables(kind, new_database, start.Size(later_starts=1, settle_seconds=0))
    assert "with migration" in table.rows[0][0] and "provider's key" in table.rows[-1][0]


def test_the_program_prints_and_writes_what_was_asked_for(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def found(kind: str, new_database: NewDatabase, size: growth.Size) -> list[Table]:
        assert (await new_database("growth")).startswith(kind.lower())
        return [Table(title=kind, heading=("entries",), rows=tuple((str(entries),) for entries in size.entries))]

    monkeypatch.setenv("TEST_DATABASE_URL", postgres_server)
    monkeypatch.setattr(growth, "tables", found)
    program.main(["growth", "--entries", "300000", "--markdown", str(tmp_path / "page.md")])
    for said in (capsys.readouterr().out, (tmp_path / "page.md").read_text()):
        assert all(word in said for word in ("cores", "fsync", "SQLite", "PostgreSQL", "100000", "300000"))
