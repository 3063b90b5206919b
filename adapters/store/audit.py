"""The audit: proves on one snapshot that the books keep every invariant of core/ledger.

A violation is a row that must not exist; a notice is something an operator should know, although the books balance.
"""

from dataclasses import dataclass

from sqlalchemy import text

from adapters.store.audit_rules import NOTICES, SPLIT, VIOLATIONS, Rule
from adapters.store.database import Store

AT_MOST_EXAMPLES = 20
"""How many rows are shown for one rule; there may be more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks a rule (or is worth a notice): the rule's name and sentence, and the row in words."""

    rule: str
    sentence: str
    row: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the audit found. The books balance when there are no violations."""

    violations: tuple[Finding, ...]
    notices: tuple[Finding, ...]


RULES = tuple(rule.name for rule in VIOLATIONS)


async def audit(store: Store) -> AuditReport:
    """Check every rule on one snapshot. Reads only; a running Chipin is not held up."""
    now_ms = await store.now_ms()
    split = SPLIT[store.read_engine.dialect.name]

    async with store.snapshot() as session:
        connection = await session.connection()

        async def broken(rule: Rule) -> list[Finding]:
            query = text(rule.query.replace("{split}", split))
            values = {"now_ms": now_ms} if ":now_ms" in rule.query else {}
            found = (await connection.execute(query, values)).mappings().fetchmany(AT_MOST_EXAMPLES)
            rows = (", ".join(f"{name} {value}" for name, value in row.items()) for row in found)
            return [Finding(rule.name, rule.sentence, row) for row in rows]

        violations = [finding for rule in VIOLATIONS for finding in await broken(rule)]
        notices = [finding for rule in NOTICES for finding in await broken(rule)]
    return AuditReport(tuple(violations), tuple(notices))
