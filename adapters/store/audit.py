"""The audit: proves on one snapshot that the books keep every invariant of core/ledger.

A violation is a row that must not exist; a notice is something an operator should know, although the books balance.
It walks the books in chunks: memory does not grow with them, no query takes long, and nobody who writes waits for it.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.store.audit_levels import OF_WALLETS
from adapters.store.audit_policies import READ
from adapters.store.audit_reported import DRIFT, WALKED, Reported
from adapters.store.audit_rules import RULES_OF as OF_THE_OTHERS
from adapters.store.audit_rules import SPLIT, Rule
from adapters.store.audit_totals import TOTALS, Sums, Total
from adapters.store.database import Store
from adapters.store.walk import CHUNK_ROWS, Chunk, chunks, read_by_index

AT_MOST_EXAMPLES = 20
"""How many rows are shown for one broken rule; how many more there are is counted."""
AT_MOST_NOTICES = 10_000
"""The same for a notice: each is something to look after, and a crash leaves one for every ask that ran."""

RULES_OF = OF_THE_OTHERS | {"wallet": OF_WALLETS}
_ALL = [rule for rules in RULES_OF.values() for rule in rules]
RULES = tuple(
    dict.fromkeys(
        [
            *(rule.name for rule in _ALL if not rule.notice),
            *(rule.name for rule, _ in READ.values()),
            *(total.name for total in TOTALS),
        ]
    )
)
_NOTICES = (*(rule.name for rule in _ALL if rule.notice), DRIFT.name)


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks a rule (or is worth a notice): the rule's name and sentence, and the row in words."""

    rule: str
    sentence: str
    row: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the audit found. The books balance when there are no violations.

    `more` is how many rows of a rule were found beyond those that are shown.
    """

    violations: tuple[Finding, ...]
    notices: tuple[Finding, ...]
    more: dict[str, int]


OnChunk = Callable[[str, int], None]
"""Is told the table that is walked and how many of its rows are done, chunk by chunk."""


def _nobody(table: str, rows: int) -> None:
    del table, rows


async def audit(store: Store, *, chunk_rows: int = CHUNK_ROWS, on_chunk: OnChunk = _nobody) -> AuditReport:
    """Check every rule on one snapshot. Reads only; a running Chipin is not held up."""
    now_ms = await store.now_ms()
    async with store.snapshot() as session:
        connection = await session.connection()
        await read_by_index(connection)
        walk = _Walk(connection, now_ms, chunk_rows, on_chunk)
        for table in dict.fromkeys((*RULES_OF, *READ)):
            await walk.check(table)
        for sums in walk.sums:
            await walk.compare(sums)
        walk.compare_reported()
    return walk.found.report()


@dataclass(slots=True)
class _Found:
    """The first rows of each rule, and how many there are."""

    shown: dict[str, list[Finding]] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)

    def room(self, rule: Rule | Total) -> int:
        most = AT_MOST_NOTICES if rule.name in _NOTICES else AT_MOST_EXAMPLES
        return most - len(self.shown.get(rule.name, ()))

    def add(self, rule: Rule | Total, rows: Iterable[str], count: int) -> None:
        self.counted[rule.name] += count
        findings = [Finding(rule.name, rule.sentence, row) for row in rows]
        self.shown.setdefault(rule.name, []).extend(findings[: self.room(rule)])

    def report(self) -> AuditReport:
        more = {name: count - len(self.shown[name]) for name, count in self.counted.items()}
        return AuditReport(
            violations=tuple(finding for name in RULES for finding in self.shown.get(name, ())),
            notices=tuple(finding for name in _NOTICES for finding in self.shown.get(name, ())),
            more={name: count for name, count in more.items() if count},
        )


class _Walk:
    def __init__(self, connection: AsyncConnection, now_ms: int, chunk_rows: int, on_chunk: OnChunk) -> None:
        self._connection = connection
        self._now_ms = now_ms
        self._chunk_rows = chunk_rows
        self._on_chunk = on_chunk
        self._split = SPLIT[connection.dialect.name]
        self.found = _Found()
        self.sums = tuple(Sums(total) for total in TOTALS)
        self._reported = Reported()

    async def check(self, table: str) -> None:
        """Walk one table: find what breaks its rules, and add up what the totals need of it."""
        done = 0
        async for chunk in chunks(self._connection, table, self._chunk_rows):
            for rule in RULES_OF.get(table, ()):
                await self._check(rule, chunk)
            for sums in self.sums:
                if sums.total.walked == table:
                    sums.add(await self._rows(sums.total.parts, chunk))
            if table == WALKED:
                self._reported.add(await self._rows(DRIFT.query, chunk))
            if table in READ:
                rule, damaged_of = READ[table]
                damaged = damaged_of(await self._rows(rule.query, chunk))
                self.found.add(rule, damaged, len(damaged))
            done += self._chunk_rows
            self._on_chunk(table, done)

    async def compare(self, sums: Sums) -> None:
        """Hold what was added up against the running totals."""
        async for chunk in chunks(self._connection, sums.total.table, self._chunk_rows):
            differing = list(sums.differing(await self._rows(sums.total.told, chunk)))
            self.found.add(sums.total, differing, len(differing))
        left_over = list(sums.left_over())
        self.found.add(sums.total, left_over, len(left_over))

    def compare_reported(self) -> None:
        """Hold what providers say they took against the receipts."""
        drifting = list(self._reported.drifting())
        self.found.add(DRIFT, drifting, len(drifting))

    async def _check(self, rule: Rule, chunk: Chunk) -> None:
        most = AT_MOST_EXAMPLES + 1
        rows = await self._rows(f"{rule.query} LIMIT {most}", chunk)
        count = len(rows)
        if count == most:  # how many there are is told by the database: they may be as many as the books are long
            ((count,),) = await self._rows(f"SELECT count(*) FROM ({rule.query}) broken", chunk)
            rows = await self._rows(f"{rule.query} LIMIT {self.found.room(rule)}", chunk)
        if count:
            self.found.add(rule, (_in_words(row._mapping) for row in rows), count)

    async def _rows(self, words: str, chunk: Chunk) -> Any:
        query = chunk.query(words.replace("{split}", self._split))
        values = chunk.parameters | ({"now_ms": self._now_ms} if ":now_ms" in query else {})
        return (await self._connection.execute(text(query), values)).all()


def _in_words(row: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items())
