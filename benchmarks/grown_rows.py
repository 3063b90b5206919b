"""The rows of a team that has asked for two years, as SQL: one INSERT a table, in the order of its primary key.

`asked`, one row an ask, is made in each database's own words for the time of the work; everything else is made from
it by the same SQL in both. Every twentieth ask failed: its hold was released and nobody paid. Of an ask's four
operations those of its money are made, hold and settlement, and one request key: all of them would take more disk.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from core.ledger.entries import POOL, TransferKind, spend_account
from core.ledger.holding import HoldState
from core.operations import RequestState
from core.quota import Scope
from core.rows import (
    CounterRow,
    EntryRow,
    HoldRow,
    KeptRow,
    LineRow,
    OperationRow,
    RequestKeyRow,
    RequestRow,
    Row,
    TransferRow,
)

FAILED_EVERY = 20
SPAN_MS = 730 * 24 * 3600 * 1000
HELD_NANOS = 9_000_000
PROVIDER, MODEL = "bench", "bench-1"
MODELS, CHANNELS, TAGS = 6, 20, 5
"""How many of each the asks are about, in turn; one in so many has no tag."""

_COST = "1000000 + number % 1000 * 1000"
_MODEL = f"CASE number % {MODELS} WHEN 0 THEN '{MODEL}' ELSE 'bench-' || CAST(number % {MODELS} + 1 AS TEXT) END"
_PAID = f"number % {FAILED_EVERY} <> {FAILED_EVERY - 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the two databases say differently."""

    series: str
    """A table `series` with the numbers from 0 to {last} in `number`."""
    hex_of: str
    """{value} in {digits} hexadecimal digits."""
    label_of: str
    """The `month` or `day` that milliseconds fall in, by {form}."""
    month: str
    day: str
    hashed: str
    """40 hexadecimal digits in no order, as keyed hashes are."""
    no_bytes: str


SQLITE = Words(
    series="RECURSIVE series(number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM series WHERE number < {last})",
    hex_of="printf('%0{digits}x', {value})",
    label_of="strftime('{form}', {value} / 1000, 'unixepoch')",
    month="%Y-%m",
    day="%Y-%m-%d",
    hashed="hashed({value})",
    no_bytes="x''",
)
POSTGRES = Words(
    series="series AS (SELECT generate_series(0, {last}) AS number)",
    hex_of="lpad(to_hex({value}), {digits}, '0')",
    label_of="to_char(to_timestamp({value} / 1000) AT TIME ZONE 'UTC', '{form}')",
    month="YYYY-MM",
    day="YYYY-MM-DD",
    hashed="left(encode(sha256(({value})::bytea), 'hex'), 40)",
    no_bytes="''::bytea",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Whose asks, how many, and until when. Members are `member_prefix` and a number."""

    wallet_id: str
    team_id: str
    member_prefix: str
    members: int
    asks: int
    until_ms: int
    span_ms: int = SPAN_MS
    """The first ask was over so long before the last one."""
    for_reports: bool = False
    """Without what no report reads: keys, remembered operations and kept text, which are half of all bytes."""


GROWING: tuple[type[Row], ...] = (
    CounterRow, RequestRow, HoldRow, TransferRow, EntryRow, LineRow, KeptRow, RequestKeyRow, OperationRow,
)  # fmt: skip
"""What becomes many rows."""


def asks_for(entries: int) -> int:
    """How many asks make so many entries: each that was paid makes two."""
    paid = entries // 2
    return paid + (paid - 1) // (FAILED_EVERY - 1)


def statements(plan: Plan, words: Words) -> list[str]:
    """Everything, in the order in which rows refer to each other; the wallet pays at the end."""
    sides = "(SELECT 0 AS side UNION ALL SELECT 2) AS sides"
    steps = "(SELECT '.1.close' AS step UNION ALL SELECT '.1.hold') AS steps"
    every, paid = "asked ORDER BY id", "asked WHERE paid = 1 ORDER BY id"
    cost = f"(SELECT sum(cost_nanos) FROM asked) WHERE id = '{plan.wallet_id}'"
    rest = [
        _insert(KeptRow, words, {"id": "id"}, every),
        _insert(RequestKeyRow, words, _key(words), "asked ORDER BY 1"),
        _insert(OperationRow, words, _operation(words), f"asked, {steps} ORDER BY id, step"),
    ]
    return [
        _asked(plan, words),
        *(_insert(CounterRow, words, columns, source) for columns, source in _counters(plan)),
        _insert(RequestRow, words, _request(plan), every),
        _insert(HoldRow, words, _hold(plan), every),
        _insert(TransferRow, words, _transfer(plan), paid),
        _insert(EntryRow, words, _entry(plan), f"asked, {sides} WHERE paid = 1 ORDER BY id, side"),
        _insert(LineRow, words, _line(plan), paid),
        *([] if plan.for_reports else rest),
        f"UPDATE wallet SET available_nanos = available_nanos - {cost}",
        "DROP TABLE asked",
    ]


def _insert(kind: type[Row], words: Words, columns: Mapping[str, str], source: str) -> str:
    """Columns that are not given have the default of their row."""
    given = {field.name: _literal(field.default, words) for field in fields(kind) if field.default is not MISSING}
    values = {**given, **columns}
    names = [field.name for field in fields(kind)]
    return f'INSERT INTO "{kind.table}" ({", ".join(names)}) SELECT {", ".join(values[n] for n in names)} FROM {source}'


def _literal(value: Any, words: Words) -> str:
    if isinstance(value, bytes):
        return words.no_bytes
    return str(value) if isinstance(value, int) else f"'{value}'"


def _asked(plan: Plan, words: Words) -> str:
    step_ms = max(1, plan.span_ms // plan.asks)
    begun_ms = plan.until_ms - plan.asks * step_ms
    return (
        f"CREATE TEMP TABLE asked AS WITH {words.series.format(last=plan.asks - 1)}, "
        f"timed AS (SELECT number, {begun_ms} + number * CAST({step_ms} AS BIGINT) AS at_ms FROM series) "
        f"SELECT number, 'ask_' || {words.hex_of.format(value='at_ms', digits=11)} "
        f"|| {words.hex_of.format(value='number', digits=12)} AS id, at_ms, "
        f"'{plan.member_prefix}' || CAST(number % {plan.members} AS TEXT) AS member_id, "
        f"{words.label_of.format(value='at_ms', form=words.month)} AS month, "
        f"{words.label_of.format(value='at_ms', form=words.day)} AS day, "
        f"CASE WHEN {_PAID} THEN 1 ELSE 0 END AS paid, CASE WHEN {_PAID} THEN {_COST} ELSE 0 END AS cost_nanos "
        "FROM timed"
    )


_PERIODS = {Scope.MEMBER_IN_FLIGHT: "''", Scope.MEMBER_DAY_ABSORBED: "day", Scope.MEMBER_MONTH: "month"}
_USED = {Scope.MEMBER_MONTH: "sum(cost_nanos)"}


def _counter_id(scope: Scope) -> str:
    return f"'{scope}:' || member_id || ':' || {_PERIODS[scope]}"


def _counters(plan: Plan) -> list[tuple[Mapping[str, str], str]]:
    return [
        (
            {
                "id": _counter_id(scope),
                "wallet_id": f"'{plan.wallet_id}'",
                "scope": f"'{scope}'",
                "subject": "member_id",
                "label": label,
                "used": _USED.get(scope, "0"),
            },
            f"asked GROUP BY member_id{'' if scope is Scope.MEMBER_IN_FLIGHT else f', {label}'} ORDER BY 1",
        )
        for scope, label in _PERIODS.items()
    ]


def _request(plan: Plan) -> Mapping[str, str]:
    return {
        "id": "id",
        "wallet_id": f"'{plan.wallet_id}'",
        "team_id": f"'{plan.team_id}'",
        "member_id": "member_id",
        "platform": "'bench'",
        "workspace": "'one'",
        "channel": f"'general-' || CAST(number % {CHANNELS} AS TEXT)",
        "thread": "''",
        "state": f"CASE WHEN paid = 1 THEN '{RequestState.SETTLED}' ELSE '{RequestState.RELEASED}' END",
        "attempt": "1",
        "lease_until_ms": "at_ms + 180000",
        "started_at_ms": "at_ms",
        "hold_id": "id || '.1.hold'",
        "provider": f"'{PROVIDER}'",
        "model": _MODEL,
        "tag": f"CASE number % {TAGS} WHEN 0 THEN '' ELSE 'project-' || CAST(number % {TAGS} AS TEXT) END",
        "ending": "CASE WHEN paid = 1 THEN 'answered' ELSE 'failed' END",
        "why": "'cheapest'",
        "input_tokens": "paid * 100",
        "output_tokens": "paid * 200",
        "cost_nanos": "cost_nanos",
        "finished_at_ms": "at_ms + 8000",
        "delivered_at_ms": "at_ms + 8500",
    }


def _hold(plan: Plan) -> Mapping[str, str]:
    return {
        "id": "id || '.1.hold'",
        "wallet_id": f"'{plan.wallet_id}'",
        "request_id": "id",
        "attempt": "1",
        "state": f"CASE WHEN paid = 1 THEN '{HoldState.SETTLED}' ELSE '{HoldState.RELEASED}' END",
        "amount_nanos": str(HELD_NANOS),
        "counters": " || ' ' || ".join(map(_counter_id, _PERIODS)),
        "opened_at_ms": "at_ms + 10",
        "deadline_ms": "at_ms + 180010",
        "charged_nanos": "cost_nanos",
        "transfer_id": "CASE WHEN paid = 1 THEN id || '.1.close' ELSE '' END",
        "closed_at_ms": "at_ms + 8000",
        "provider": f"'{PROVIDER}'",
        "model": _MODEL,
    }


def _transfer(plan: Plan) -> Mapping[str, str]:
    return {
        "id": "id || '.1.close'",
        "wallet_id": f"'{plan.wallet_id}'",
        "kind": f"'{TransferKind.SETTLE}'",
        "request_id": "id",
        "reverses": "''",
        "actor": "'chipin'",
        "reason": "''",
        "at_ms": "at_ms + 8000",
    }


def _entry(plan: Plan) -> Mapping[str, str]:
    return {
        "id": "id || '.1.close/' || CAST(side AS TEXT)",
        "transfer_id": "id || '.1.close'",
        "wallet_id": f"'{plan.wallet_id}'",
        "account": f"CASE WHEN side = 0 THEN '{POOL}' ELSE '{spend_account(PROVIDER)}' END",
        "amount_nanos": "CASE WHEN side = 0 THEN -cost_nanos ELSE cost_nanos END",
    }


def _line(plan: Plan) -> Mapping[str, str]:
    return {
        "id": "id || '.1.close/0'",
        "request_id": "id",
        "wallet_id": f"'{plan.wallet_id}'",
        "step": "'chat'",
        "provider": f"'{PROVIDER}'",
        "model": _MODEL,
        "input_tokens": "100",
        "cache_read_tokens": "0",
        "cache_write_tokens": "0",
        "output_tokens": "200",
        "reasoning_tokens": "0",
        "cost_nanos": "cost_nanos",
        "charged_nanos": "cost_nanos",
        "estimated": "0",
    }


def _key(words: Words) -> Mapping[str, str]:
    return {"id": words.hashed.format(value="id"), "request_id": "id"}


def _operation(words: Words) -> Mapping[str, str]:
    settled = (
        """'["Settled",{"charged_nanos":' || CAST(cost_nanos AS TEXT) || ',"absorbed_nanos":0,"available_nanos":1,"""
        """"charged_by_line":[' || CAST(cost_nanos AS TEXT) || '],"used_by_counter":[["' """
        f"""|| {_counter_id(Scope.MEMBER_MONTH)} || '",0]],"late":false}}]'"""
    )
    held = f"""'["Held",{{"hold_id":"' || id || '.1.hold","amount_nanos":{HELD_NANOS}}}]'"""
    return {
        "id": "id || step",
        "fingerprint": f"substr({words.hashed.format(value='id || step')}, 1, 32)",
        "outcome": f"CASE step WHEN '.1.close' THEN {settled} ELSE {held} END",
        "at_ms": "at_ms + CASE step WHEN '.1.close' THEN 8000 ELSE 10 END",
    }
