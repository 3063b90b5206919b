"""The audit: silent on books that balance, and it names the rule when a single nano-dollar is moved by hand."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from adapters.store.audit import AT_MOST_EXAMPLES, RULES, audit
from adapters.store.database import Store, open_store
from adapters.store.walk import CHUNK_ROWS, Chunk, chunks
from core.rows import KINDS, ActRow, BudgetRequestRow, RequestRow, WalletRow
from tests.adapters.store.full_books import OVERDUE_AFTER_MS, fill
from tests.adapters.store.planted import OF_LEVELS, OF_PEOPLE
from tests.adapters.store.raw import look, replace_with, tamper
from tests.bookkeeping import ask_settled, ceiling, enrol, month, rows_of, top_up

TEN_YEARS_MS = 10 * 365 * 86_400_000
MONTH, CEILING = month(0).counter_id, ceiling(0, "others").counter_id


def transfer(kind: str, reverses: str = "") -> str:
    return f"INSERT INTO transfer VALUES ('x', 'wal', '{kind}', '', '{reverses}', 'nobody', '', 1)"


def entry(account: str, nanos: int) -> str:
    return f"INSERT INTO entry VALUES ('x/{account}', 'x', 'wal', '{account}', {nanos})"


ADD_TO_WALLET = "UPDATE wallet SET available_nanos = available_nanos + 1 WHERE id = 'wal'"
INTO_THE_POOL = [entry("pool", 1), ADD_TO_WALLET]
PLANTED = [
    *OF_PEOPLE,
    *OF_LEVELS,
    ("notice-told-by-whoever-took-it", ["UPDATE notice SET delivered_at_ms = 1, tries = 0"]),
    ("notice-told-by-whoever-took-it", ["UPDATE notice SET team_id = 'nobodys'"]),
    ("request-decided-by-somebody", ["UPDATE budget_request SET decided_by = '' WHERE id = 'more'"]),
    ("request-decided-by-somebody", ["UPDATE budget_request SET amount_nanos = 8 WHERE id = 'more'"]),
    ("request-decided-by-somebody", ["UPDATE budget_request SET granted_nanos = 1 WHERE id = 'wallet'"]),
    ("granted-was-approved", ["UPDATE counter SET granted = granted + 1 WHERE id LIKE 'member_week:%'"]),
    ("granted-was-approved request-decided-by-somebody", ["UPDATE budget_request SET state = 'denied'"]),
    ("transfer-sums-to-zero", ["UPDATE entry SET amount_nanos = amount_nanos + 1 WHERE id = 'budget/0'"]),
    (
        "entry-in-its-wallet hold-in-its-wallet",
        ["UPDATE transfer SET wallet_id = 'wal2' WHERE id = 'answered.1.close'"],
    ),
    ("entry-in-its-wallet", [transfer("refund", reverses="budget")]),
    ("account-known entry-on-its-account", ["UPDATE entry SET account = 'pocket' WHERE id = 'budget/0'"]),
    ("wallet-is-its-pool", [ADD_TO_WALLET]),
    (
        "held-is-open-holds",
        ["UPDATE wallet SET held_nanos = held_nanos + 1, available_nanos = available_nanos - 1 WHERE id = 'wal'"],
    ),
    (
        "hold-is-its-transfer spending-is-the-receipt",
        [
            "UPDATE entry SET amount_nanos = amount_nanos + 1 WHERE id = 'failed.1.close/2'",
            "UPDATE entry SET amount_nanos = amount_nanos - 1 WHERE id = 'failed.1.close/1'",
        ],
    ),
    (
        "spending-has-a-hold",
        [transfer("absorb"), entry("operator", -1), entry("spend:acme", 1)],
    ),
    (
        "receipt-is-the-charge",
        ["UPDATE receipt_line SET charged_nanos = 1 + charged_nanos WHERE id = 'answered.1.close/0'"],
    ),
    (
        "receipt-is-the-charge spending-is-the-receipt",
        ["UPDATE receipt_line SET cost_nanos = cost_nanos + 1 WHERE id = 'answered.1.close/0'"],
    ),
    ("receipt-is-the-charge", ["UPDATE request SET cost_nanos = cost_nanos + 1 WHERE id = 'failed'"]),
    ("transfer-has-its-kind", [transfer("gift"), entry("funding", -1), entry("pool", 1), ADD_TO_WALLET]),
    ("transfer-has-its-kind", [transfer("refund"), entry("funding", -1), entry("pool", 1), ADD_TO_WALLET]),
    ("topped-up-is-its-top-ups", [f"UPDATE counter SET used = used + 1 WHERE id = '{CEILING}'"]),
    ("topped-up-is-its-top-ups", [f"UPDATE counter SET held = held + 1 WHERE id = '{CEILING}'"]),
    ("topped-up-is-its-top-ups", [f"DELETE FROM counter WHERE id = '{CEILING}'"]),
    ("topped-up-is-its-top-ups", ["UPDATE top_up SET counter_id = '' WHERE id = 'theirs'"]),
    (
        "refunds-of-a-top-up",
        ["UPDATE top_up SET refunded_nanos = refunded_nanos - 1 WHERE id = 'slip'"],
    ),
    (
        "refunds-of-a-top-up transfer-has-its-kind",
        [transfer("reverse", reverses="budget"), entry("operator", -1), *INTO_THE_POOL],
    ),
    (
        "reversals-of-a-hold",
        [transfer("reverse", reverses="answered.1.close"), entry("operator", -1), *INTO_THE_POOL],
    ),
    (
        "counter-is-its-holds receipt-is-the-charge reversals-of-a-hold",
        ["UPDATE hold SET reversed_nanos = reversed_nanos - 1 WHERE id = 'undelivered.1.hold'"],
    ),
    ("top-up-is-its-transfer", ["UPDATE top_up SET amount_nanos = amount_nanos + 1 WHERE id = 'budget'"]),
    ("top-up-is-its-transfer", ["INSERT INTO top_up VALUES ('x', 'wal', 1, 0, 1, '', '', '')"]),
    ("mark-is-a-top-up top-up-is-its-transfer", ["DELETE FROM top_up WHERE id = 'budget'"]),
    ("counter-is-its-holds", [f"UPDATE counter SET used = used + 1 WHERE id = '{MONTH}'"]),
    ("counter-is-its-holds", [f"UPDATE counter SET held = held + 1 WHERE id = '{MONTH}'"]),
    ("hold-has-its-counters", [f"DELETE FROM counter WHERE id = '{MONTH}'"]),
    ("entry-has-its-transfer", [entry("funding", -1), entry("pool", 1), ADD_TO_WALLET]),
    (
        "entry-on-its-account",
        [
            transfer("top_up"),
            entry("operator", -1),
            entry("pool", 1),
            ADD_TO_WALLET,
            "INSERT INTO top_up VALUES ('x', 'wal', 1, 0, 1, '', '', '')",
        ],
    ),
    (
        "entry-on-its-account spending-is-the-receipt",
        ["UPDATE entry SET account = 'funding' WHERE transfer_id = 'answered.1.close' AND account = 'spend:acme'"],
    ),
    ("entry-on-its-account", ["UPDATE transfer SET kind = 'absorb' WHERE id = 'answered.1.close'"]),
    ("hold-in-its-wallet line-of-its-request", ["UPDATE request SET wallet_id = 'wal2' WHERE id = 'answered'"]),
    (
        "counter-is-its-holds hold-in-its-wallet receipt-is-the-charge spending-has-a-hold spending-is-the-receipt",
        [
            "UPDATE hold SET transfer_id = 'trimmed.1.close', charged_nanos = 50, absorbed_nanos = 7 "
            "WHERE id = 'answered.1.hold'",
            "UPDATE hold SET transfer_id = 'answered.1.close', charged_nanos = 30, absorbed_nanos = 0 "
            "WHERE id = 'trimmed.1.hold'",
        ],
    ),
    ("hold-in-its-wallet", ["UPDATE hold SET transfer_id = 'gone' WHERE id = 'expired.1.hold'"]),
    ("line-of-its-request", ["UPDATE receipt_line SET request_id = 'nobody' WHERE id = 'free.1.close/0'"]),
    ("line-of-its-request", ["UPDATE receipt_line SET wallet_id = 'wal2' WHERE id = 'answered.1.close/0'"]),
    ("hold-in-its-wallet", ["UPDATE hold SET request_id = 'nobody' WHERE id = 'theirs-1.1.hold'"]),
    ("hold-state-known", ["UPDATE hold SET state = 'released' WHERE id = 'answered.1.hold'"]),
    ("hold-state-known", ["UPDATE hold SET state = 'lost' WHERE id = 'failed.1.hold'"]),
    ("hold-is-what-was-taken", ["UPDATE hold SET amount_nanos = amount_nanos + 1 WHERE id = 'failed.1.hold'"]),
    ("hold-is-what-was-taken", ["UPDATE hold SET amount_nanos = 10 * amount_nanos WHERE id = 'expired.1.hold'"]),
    ("hold-is-what-was-taken", ["UPDATE hold SET reheld_by = 'answered.1.hold' WHERE id = 'expired.1.hold'"]),
    ("hold-is-what-was-taken", ["DELETE FROM operation WHERE id = 'answered.1.hold'"]),
    (
        "spending-is-the-receipt",
        ["UPDATE entry SET account = 'spend:other' WHERE transfer_id = 'answered.1.close' AND account = 'spend:acme'"],
    ),
    ("charged-answer-is-there", ["UPDATE kept SET answer = '' WHERE id = 'trimmed'"]),
    ("charged-answer-is-there", ["DELETE FROM kept WHERE id = 'trimmed'"]),
    ("counter-is-what-its-id-says", ["UPDATE counter SET scope = 'member_day' WHERE id LIKE 'member_week:%'"]),
    ("counter-is-what-its-id-says", [f"UPDATE counter SET label = '2026-10' WHERE id = '{MONTH}'"]),
    (
        "counter-is-what-its-id-says hold-on-its-members-limits",
        [f"UPDATE counter SET subject = 'ben' WHERE id = '{MONTH}'"],
    ),
    (
        "counter-is-what-its-id-says hold-on-its-members-limits",
        [f"UPDATE counter SET subject = 'ben', scope = 'member_day' WHERE id = '{MONTH}'"],
    ),
    (
        "counter-is-its-holds counter-is-what-its-id-says hold-has-its-counters",
        [f"UPDATE counter SET scope = 'ask' WHERE id = '{MONTH}'"],
    ),
    ("button-of-its-member", ["UPDATE kept_press SET team_id = 'others'"]),
    ("rule-of-its-team", ["UPDATE policy SET target = 'guests'"]),
    ("rule-can-be-read", ["UPDATE policy SET entries = '{'"]),
    ("rule-can-be-read", ["UPDATE policy SET entries = '[]'"]),
    ("rule-can-be-read", ["UPDATE policy SET entries = replace(entries, 'month', 'moon')"]),
    ("rule-can-be-read", ['UPDATE policy SET entries = replace(entries, \'"value":"\', \'"value":"-\')']),
    ("rule-can-be-read", ["UPDATE policy SET entries = replace(entries, '\"by\"', '\"who\"')"]),
    ("zone-can-be-read", ["UPDATE team SET zone = 'Mars/Base' WHERE id = 'team'"]),
    ("zone-can-be-read", ["UPDATE team SET zones = 'UTC 1 Mars/Base' WHERE id = 'team'"]),
    ("zone-can-be-read", ["UPDATE team SET zones = 'UTC 1' WHERE id = 'team'"]),
    ("zone-can-be-read", ["UPDATE team SET zones = 'UTC 1 Europe/Berlin' WHERE id = 'team'"]),
    ("zone-can-be-read", ["UPDATE team SET zones = 'UTC -99999999999999999999 UTC' WHERE id = 'team'"]),
]
"""The rules (spaces between) that each piece of damage breaks."""


async def broken(store: Store, chunk_rows: int = CHUNK_ROWS) -> list[str]:
    """The rules that the audit names, each once."""
    return sorted({finding.rule for finding in (await audit(store, chunk_rows=chunk_rows)).violations})


async def test_books_in_which_everything_has_happened_balance(full: Store) -> None:
    assert (await audit(full)).violations == ()


async def test_empty_books_balance(store: Store) -> None:
    report = await audit(store)
    assert (report.violations, report.notices) == ((), ())


async def test_names_exactly_the_rules_that_a_hand_has_broken(
    sqlite_url: str, filled_sqlite: Path, subtests: pytest.Subtests
) -> None:
    async with open_store(sqlite_url) as store:
        for number, (rules, statements) in enumerate(PLANTED):
            replace_with(filled_sqlite, sqlite_url)
            await tamper(sqlite_url, *statements)
            with subtests.test(rules, number=number):
                assert await broken(store, CHUNK_ROWS if number % 8 else 3) == rules.split()


ALL_PLANTED = pytest.mark.parametrize(
    ("rules", "statements"), PLANTED, ids=[f"{rules}-{n}" for n, (rules, _) in enumerate(PLANTED)]
)


@pytest.mark.soak
@ALL_PLANTED
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_names_each_of_them_when_every_row_is_the_first_and_the_last(
    full: Store, database_url: str, rules: str, statements: list[str]
) -> None:
    await tamper(database_url, *statements)
    assert await broken(full, chunk_rows=1) == rules.split()


@pytest.mark.soak
@ALL_PLANTED
async def test_names_each_of_them_on_a_server_too(postgres_url: str, rules: str, statements: list[str]) -> None:
    await assert_named_on_a_server(postgres_url, rules, statements)


@pytest.mark.parametrize(("rules", "statements"), PLANTED[::14])
async def test_names_them_on_a_server_too(postgres_url: str, rules: str, statements: list[str]) -> None:
    await assert_named_on_a_server(postgres_url, rules, statements)


async def assert_named_on_a_server(postgres_url: str, rules: str, statements: list[str]) -> None:
    async with open_store(postgres_url) as store:
        await store.books.apply(enrol())
        await fill(store)
        await tamper(postgres_url, *statements)
        assert await broken(store) == rules.split()


def test_every_rule_has_been_broken_here() -> None:
    assert {rule for rules, _ in PLANTED for rule in rules.split()} == set(RULES)


MONEY = [
    (kind.table, field.name)
    for kind in KINDS
    for field in fields(kind)
    if (field.name.endswith("_nanos") or field.name in ("used", "held")) and kind not in (ActRow, BudgetRequestRow)
    if field.name not in ("shown_nanos", "reported_nanos", "total_nanos", "full_nanos", "before_nanos")
]
"""Every column with an amount in it, but for limits and what was only said: no money moves by them."""


async def test_no_nano_dollar_is_added_anywhere_unseen(
    sqlite_url: str, filled_sqlite: Path, subtests: pytest.Subtests
) -> None:
    async with open_store(sqlite_url) as store:
        for table, column in MONEY:
            replace_with(filled_sqlite, sqlite_url)
            await tamper(sqlite_url, add_one(table, column))
            with subtests.test(table, column=column):
                assert await broken(store)


@pytest.mark.soak
@pytest.mark.parametrize(("table", "column"), MONEY)
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_no_nano_dollar_is_added_unseen_on_a_server(
    full: Store, database_url: str, table: str, column: str
) -> None:
    await tamper(database_url, add_one(table, column))
    assert await broken(full)


def add_one(table: str, column: str) -> str:
    """SQL that adds one to a column of one row."""
    hold = "answered.1.hold" if column == "reversed_nanos" else "running.1.hold"
    one = f"'{hold}'" if table == "hold" else f'(SELECT min(id) FROM "{table}")'
    return f'UPDATE "{table}" SET {column} = {column} + 1 WHERE id = {one}'


async def test_says_the_rule_in_a_sentence_and_shows_the_row(full: Store, database_url: str) -> None:
    await tamper(database_url, ADD_TO_WALLET)
    (finding,) = (await audit(full)).violations
    assert finding.sentence == "What is available and held in a wallet is the sum of its pool entries."
    assert finding.row == "id wal, balance_nanos 921, but the rows add up to balance_nanos 920"


@pytest.mark.parametrize("chunk_rows", [1, 2, 3, 10])
async def test_what_leads_nowhere_is_found_wherever_a_chunk_ends(
    full: Store, database_url: str, chunk_rows: int
) -> None:
    """Entries and lines of ids before, between and after all that the walked tables have, and of an empty one."""
    for number, nowhere in enumerate(("", "!", "budgetx", "late.1.close!", "zzz")):
        await tamper(
            database_url,
            f"INSERT INTO entry VALUES ('n{number}', '{nowhere}', 'wal', 'pool', 0)",
            f"INSERT INTO receipt_line SELECT 'n{number}', '{nowhere}', 'wal', step, provider, model, "
            "0, 0, 0, 0, 0, 0, 0, 0, -1 FROM receipt_line WHERE id = 'free.1.close/0'",
        )
    found = Counter(finding.rule for finding in (await audit(full, chunk_rows=chunk_rows)).violations)
    assert found == {"entry-has-its-transfer": 5, "line-of-its-request": 5}


@pytest.mark.parametrize("chunk_rows", [7, CHUNK_ROWS])
async def test_shows_a_few_rows_of_many_and_counts_the_rest(store: Store, database_url: str, chunk_rows: int) -> None:
    await asyncio.gather(*(store.books.apply(top_up(f"t{number}", 1)) for number in range(AT_MOST_EXAMPLES + 25)))
    await tamper(database_url, "UPDATE top_up SET amount_nanos = 2")
    report = await audit(store, chunk_rows=chunk_rows)
    assert len(report.violations) == AT_MOST_EXAMPLES
    assert report.more == {"top-up-is-its-transfer": 25}


async def test_says_how_far_it_is(full: Store) -> None:
    told: list[tuple[str, int]] = []
    await audit(full, chunk_rows=5, on_chunk=lambda table, rows: told.append((table, rows)))
    assert [rows for table, rows in told if table == "transfer"] == [5, 10]
    assert list(dict.fromkeys(table for table, _ in told)) == [
        "transfer",
        "top_up",
        "hold",
        "request",
        "notice",
        "budget_request",
        "kept_press",
        "policy",
        "counter",
        "wallet",
        "team",
        "member",
    ]


async def test_others_go_on_writing_while_it_looks_at_its_moment(full: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    async def with_asks_in_between(*walk: Any) -> AsyncIterator[Chunk]:
        async for chunk in chunks(*walk):
            yield chunk
            ask = f"between-{len(written)}"
            await ask_settled(full.books, ask, 5, 5, month(900))
            written.append(ask)

    monkeypatch.setattr("adapters.store.audit.chunks", with_asks_in_between)
    report = await audit(full, chunk_rows=5)
    assert (report.violations, len(written) > 8) == ((), True)
    monkeypatch.undo()
    assert await broken(full) == []
    assert {row.id for row in await rows_of(full, RequestRow)} > set(written)


async def test_a_wallet_that_is_gone_is_missed(full: Store, database_url: str) -> None:
    await tamper(database_url, "DELETE FROM wallet WHERE id = 'wal2'")
    rows = {finding.rule: finding.row for finding in (await audit(full)).violations}
    assert rows == {
        "wallet-is-its-pool": "id wal2 is not there, but its rows add up to balance_nanos 70",
        "held-is-open-holds": "id wal2 is not there, but its rows add up to held_nanos 20",
    }


async def test_one_teams_trouble_is_not_anothers(full: Store, database_url: str) -> None:
    await tamper(database_url, "UPDATE wallet SET available_nanos = available_nanos - 1 WHERE id = 'wal2'")
    assert [finding.row.split(",")[0] for finding in (await audit(full)).violations] == ["id wal2"]


async def test_teams_that_share_a_wallet_are_no_violation(full: Store) -> None:
    await full.books.apply(enrol("kim", team="third", wallet="wal"))
    assert await broken(full) == []


# --- notices ---


async def test_an_answer_after_the_sweep_is_a_notice_only(full: Store) -> None:
    notices = {notice.rule: notice.row for notice in (await audit(full)).notices}
    assert notices["settled-late"] == "id late.1.hold, request_id late, absorbed_nanos 9"


async def test_each_call_that_nobody_was_charged_for_is_a_notice(full: Store) -> None:
    (notice,) = (each for each in (await audit(full)).notices if each.rule == "call-not-charged")
    told = "id expired.1.hold, request_id expired, provider acme, model acme-1, amount_nanos 35, opened_at_ms "
    assert notice.row.startswith(told)


async def test_holds_past_their_deadline_are_a_notice_only(full: Store) -> None:
    full.driver.clock_offset_ms += OVERDUE_AFTER_MS
    report = await audit(full)
    overdue = [notice.row.split(",")[0] for notice in report.notices if notice.rule == "hold-overdue"]
    assert (report.violations, sorted(overdue)) == ((), ["id running.1.hold", "id theirs-1.1.hold"])


async def test_holds_opened_while_the_clock_was_ahead_are_a_notice_only(full: Store) -> None:
    full.driver.clock_offset_ms -= TEN_YEARS_MS
    report = await audit(full)
    early = [notice.row.split(",")[0] for notice in report.notices if notice.rule == "hold-from-the-future"]
    assert (report.violations, sorted(early)) == ((), ["id running.1.hold", "id theirs-1.1.hold"])


async def test_ten_years_change_no_balance(full: Store, database_url: str) -> None:
    before, entries = await rows_of(full, WalletRow), await look(database_url, "SELECT * FROM entry ORDER BY id")
    full.driver.clock_offset_ms += TEN_YEARS_MS
    assert (await audit(full)).violations == ()
    assert await rows_of(full, WalletRow) == before
    assert await look(database_url, "SELECT * FROM entry ORDER BY id") == entries
