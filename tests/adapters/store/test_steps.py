"""The plan of a batch: what it asks of a database, in which order and how often, whatever database that is."""

from collections.abc import Sequence
from typing import Any

import pytest

from adapters.store import postgres, steps
from adapters.store.database import Store, open_store
from adapters.store.steps import Lock, Look, Step, Write, post
from core.columns import COLUMNS, changed, row_of
from core.errors import BooksDamaged, OperationConflict
from core.operations import Claimed, Held, Operation, Refused, Settled
from core.rows import KINDS, HoldRow, KeptRow, RequestRow, Row, WalletRow
from tests.bookkeeping import claim, delivered, enrol, hold, line, month, month_limit, rows_of, settle, top_up


class Tables:
    """A database of dictionaries that notes every step."""

    def __init__(self) -> None:
        self.rows: dict[type[Row], dict[str, Row]] = {kind: {} for kind in KINDS}
        self.steps: list[Step] = []

    def post(self, *operations: Operation[Any]) -> list[Any]:
        """One batch."""
        self.steps, plan, sent = [], post(operations), None
        try:
            while True:
                step = plan.send(sent)
                self.steps.append(step)
                sent = self._do(step)
        except StopIteration as end:
            outcomes: list[Any] = end.value
            return outcomes

    def _do(self, step: Step) -> Any:
        match step:
            case Lock(ids):
                return 1_000, self._there(WalletRow, ids)
            case Look(ids_of):
                return {kind: self._there(kind, ids) for kind, ids in ids_of.items()}
            case Write(made, altered, removed):
                for cells in made:
                    for values in zip(*cells.columns, strict=True):
                        assert values[0] not in self.rows[cells.kind]
                        self.rows[cells.kind][values[0]] = row_of(cells.kind, values)
                for cells in altered:
                    for values in zip(*cells.columns, strict=True):
                        row = self.rows[cells.kind][values[0]]
                        self.rows[cells.kind][row.id] = changed(row, **dict(zip(cells.names, values, strict=True)))
                for cells in removed:
                    for row_id in cells.columns[0]:
                        del self.rows[cells.kind][row_id]
        return None

    def _there(self, kind: type[Row], ids: Sequence[str]) -> list[Row]:
        return [self.rows[kind][row_id] for row_id in ids if row_id in self.rows[kind]]


@pytest.fixture
def tables() -> Tables:
    """A team with 1,000 nano-dollars."""
    made = Tables()
    made.post(enrol(), top_up("budget", 1_000))
    return made


def looks(tables: Tables) -> list[tuple[type[Row], str]]:
    """Every row that was looked up."""
    looked = [step for step in tables.steps if isinstance(step, Look)]
    return [(kind, row_id) for step in looked for kind, ids in step.ids.items() for row_id in ids]


def test_locks_the_wallets_before_anything_else_in_the_order_of_their_ids(tables: Tables) -> None:
    tables.post(*(top_up(f"t-{wallet}", 1, wallet_id=wallet) for wallet in ("wal", "b", "a", "b")))
    assert tables.steps[0] == Lock(["a", "b", "wal"])
    assert [type(step) for step in tables.steps[1:]] == [Look, Write]


def test_looks_no_row_up_twice(tables: Tables) -> None:
    tables.post(*(claim(f"a{number}") for number in range(9)))
    tables.post(*(hold(f"a{number}", 10) for number in range(9)))
    looked = looks(tables)
    assert len(set(looked)) == len(looked)


def test_ids_are_looked_up_in_their_order(tables: Tables) -> None:
    tables.post(claim("c"), claim("a"), claim("b"))
    (look,) = (step for step in tables.steps if isinstance(step, Look))
    assert all(list(ids) == sorted(ids) for ids in look.ids.values())


def test_a_whole_ask_fits_into_one_batch(tables: Tables) -> None:
    outcomes = tables.post(claim("a"), hold("a", 100), settle("a", line(30)), delivered("a"))
    assert [type(outcome) for outcome in outcomes[:3]] == [Claimed, Held, Settled]
    wallet = tables.rows[WalletRow]["wal"]
    assert isinstance(wallet, WalletRow)
    assert (wallet.available_nanos, wallet.held_nanos) == (970, 0)


def test_what_an_earlier_operation_of_the_batch_leads_to_is_looked_up_then(tables: Tables) -> None:
    tables.post(claim("a"))
    held, settled = tables.post(hold("a", 100), settle("a", line(30), sealed_answer=b"sealed answer"))
    assert isinstance(held, Held) and isinstance(settled, Settled)
    kept = tables.rows[KeptRow]["a"]
    assert isinstance(kept, KeptRow) and kept.answer == b"sealed answer"


def test_only_columns_that_change_are_written(tables: Tables) -> None:
    tables.post(claim("a"))
    tables.post(hold("a", 100))
    write = tables.steps[-1]
    assert isinstance(write, Write)
    assert {cells.kind: cells.names for cells in write.changed} == {
        WalletRow: ("id", "available_nanos", "held_nanos"),
        RequestRow: ("id", "lease_until_ms", "hold_id", "provider", "model"),
    }


def test_a_batch_that_changes_nothing_writes_nothing(tables: Tables) -> None:
    tables.post(top_up("budget", 1_000), hold("nobody", 5))
    assert not any(isinstance(step, Write) for step in tables.steps)


def test_a_conflict_is_its_own_outcome(tables: Tables) -> None:
    conflict, moved = tables.post(top_up("budget", 7), top_up("more", 7))
    assert isinstance(conflict, OperationConflict)
    assert moved.available_nanos == 1_007


def test_a_rule_that_reads_what_it_did_not_ask_for_is_damage(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "wants", lambda *_: [])
    with pytest.raises(BooksDamaged, match="without asking for it"):
        tables.post(claim("a"))


LIKELY = (("team", "team"), ("member", "anna"), ("policy", "team everyone"), ("counter", month(1).counter_id))


@pytest.mark.parametrize(("likely", "rounds"), [((), 3), (LIKELY[:2], 3), (LIKELY, 2)])
def test_a_hold_that_says_what_it_will_need_is_looked_up_in_fewer_rounds_and_decided_alike(
    tables: Tables, likely: tuple[tuple[str, str], ...], rounds: int
) -> None:
    tables.post(claim("a"))
    assert tables.post(hold("a", 40, likely=likely)) == [Held(hold_id="a.1.hold", amount_nanos=40)]
    assert len([step for step in tables.steps if isinstance(step, Look)]) == rounds


def test_what_a_hold_thinks_it_will_need_decides_nothing(tables: Tables) -> None:
    tables.post(claim("a"), month_limit("low", 39, "anna"))
    wrong = (("counter", month(10_000, "ben").counter_id), ("policy", "team member:ben"))
    [refused] = tables.post(hold("a", 40, likely=wrong))
    assert isinstance(refused, Refused)
    assert refused.limit == month(39)


async def test_an_earlier_operation_leads_to_more_rows_in_a_real_database_too(store: Store) -> None:
    await store.books.apply(top_up("budget", 1_000))
    await store.books.apply(claim("a"))
    outcomes = await store.driver.post([hold("a", 100), settle("a", line(30), sealed_answer=b"sealed answer")])
    assert [type(outcome) for outcome in outcomes] == [Held, Settled]
    assert [kept.answer for kept in await rows_of(store, KeptRow)] == [b"sealed answer"]
    assert [(row.state, row.charged_nanos) for row in await rows_of(store, HoldRow)] == [("settled", 30)]


async def test_postgresql_finds_rows_by_their_key_though_the_tables_are_empty(postgres_url: str) -> None:
    every = tuple((kind, COLUMNS[kind].names) for kind in KINDS if not kind.append_only)
    columns = [of for kind, _ in every for of in COLUMNS[kind].types]
    async with open_store(postgres_url) as store:
        await store.books.apply(enrol())  # opens the connection
        connection: Any = store.driver._connection
        gone, ids = tuple((kind, ("id",)) for kind, _ in every), [str] * len(every)
        for statement, types in (
            (postgres._look(KINDS), [str] * len(KINDS)),
            (postgres._write((), every, ()), columns),
            (postgres._write((), (), gone), ids),
        ):
            prepared = await connection.prepare(statement)
            plan = str(await prepared.explain(*([of(number) for number in range(8)] for of in types)))
            assert "Index" in plan
            assert not [walk for walk in ("Seq Scan", "Hash", "Merge") if walk in plan]
