"""`audit`, `export` and `migrate`: looking at the books, and bringing them up to date."""

import argparse
from collections.abc import AsyncGenerator
from contextlib import aclosing

from adapters.store.audit import RULES, audit
from adapters.store.database import Store, open_store
from adapters.store.export import export_json
from adapters.store.migrate import SCHEMA_VERSION
from adapters.store.personal import StorePersonalData
from adapters.store.reports import StorePeople
from bot.console import Console, Progress
from bot.settings import Settings
from core.own_data import OwnData


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


async def export(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    """Write the whole books as JSON, or what they know of one member."""
    async with (
        open_store(settings.database_url.get_secret_value(), must_exist=True) as store,
        aclosing(await _exported(store, arguments.member)) as pieces,
    ):
        async for piece in pieces:
            console.write(piece)
    return True


async def _exported(store: Store, member: str) -> AsyncGenerator[str, None]:
    if not member:
        return export_json(store)
    own_data = OwnData(StorePeople(store), StorePersonalData(store))
    return own_data.of(await own_data.named(member))


async def migrate(settings: Settings, _: argparse.Namespace, console: Console) -> bool:
    """Bring the schema up to date, and say whether it had to be."""
    async with open_store(settings.database_url.get_secret_value()) as store:
        done = "migrated to" if store.migrated else "already at"
        console.say(f"The database is {done} schema {SCHEMA_VERSION}.")
    return True
