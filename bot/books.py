"""`audit`, `export` and `migrate`: looking at the books, and bringing them up to date."""

import argparse
from contextlib import aclosing

from adapters.store.audit import RULES, audit
from adapters.store.database import open_store
from adapters.store.export import export_json
from adapters.store.migrate import SCHEMA_VERSION
from bot.console import Console, Progress
from bot.settings import Settings


async def prove(settings: Settings, _: argparse.Namespace, console: Console) -> bool:
    """Say what breaks a rule, and whether the books balance."""
    progress = Progress(console)
    async with open_store(settings.database_url.get_secret_value(), must_exist=True) as store:
        report = await audit(
            store, on_chunk=lambda table, rows: progress(f"Audit: {rows:,} rows of {table} checked...")
        )
    for kind, findings in (("VIOLATION", report.violations), ("notice", report.notices)):
        for finding in findings:
            console.say(f"{kind} {finding.rule}: {finding.row}\n          {finding.sentence}")
    for rule, rows in report.more.items():
        console.say(f"{rule}: {rows} more, not shown.")
    if report.violations:
        violations = len(report.violations) + sum(report.more.get(rule, 0) for rule in RULES)
        console.say(f"The books do not balance: {violations} violations. Stop Chipin and restore a backup.")
        return False
    notices = len(report.notices) + sum(report.more.values())
    console.say(f"The books balance: {len(RULES)} rules hold, {notices} notices.")
    return True


async def export(settings: Settings, _: argparse.Namespace, console: Console) -> bool:
    """Write the whole books as JSON."""
    database_url = settings.database_url.get_secret_value()
    async with open_store(database_url, must_exist=True) as store, aclosing(export_json(store)) as pieces:
        async for piece in pieces:
            console.write(piece)
    return True


async def migrate(settings: Settings, _: argparse.Namespace, console: Console) -> bool:
    """Bring the schema up to date, and say whether it had to be."""
    async with open_store(settings.database_url.get_secret_value()) as store:
        done = "migrated to" if store.migrated else "already at"
        console.say(f"The database is {done} schema {SCHEMA_VERSION}.")
    return True
