"""`backup` and `restore`."""

import argparse
from contextlib import suppress
from pathlib import Path

from adapters.store.backup import back_up
from adapters.store.restore import Restored, restore
from adapters.store.vault import SECRET_FILE, FernetVault
from bot import heartbeat
from bot.console import Console, Progress
from bot.settings import Settings
from bot.wiring import OWN_SECRET
from core.errors import BackupFailed
from core.models import PRACTICE
from core.text.backups import backup_lines, balance_lines, moment, unknown_lines


async def make_backup(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    """Copy the books to a new file, and say what has to be kept with it."""
    file = Path(arguments.file)
    made = await back_up(settings.database_url.get_secret_value(), file, Progress(console))
    elsewhere = settings.on_server or settings.secret_key is not None
    secret = "in your settings (SECRET_KEY)" if elsewhere else f"in {settings.data_folder / SECRET_FILE}"
    for line in backup_lines(str(file), made_at_ms=made.made_at_ms, rows=made.rows, secret=secret):
        console.say(line)
    return True


async def restore_backup(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    """Put a backup where there are no books, and say what stands in them and what they cannot know."""
    if not settings.on_server and not heartbeat.why_unhealthy(settings.data_folder):
        raise BackupFailed(
            f"A Chipin runs on {settings.data_folder}, or did a minute ago: its sign of life is fresh. Stop it, and "
            f"try again {heartbeat.STALE_SECONDS} seconds later."
        )
    restored = await restore(Path(arguments.file), settings.database_url.get_secret_value(), Progress(console))
    console.say(f"Restored the books of {moment(restored.made_at_ms)}; they balance.")
    holds = [(each.team, each.provider, each.model, each.amount_nanos) for each in restored.open_holds]
    providers = [provider for provider in restored.providers if provider != PRACTICE]
    for line in (
        *balance_lines(restored.balances),
        *unknown_lines(restored.made_at_ms, holds, providers),
        _secret_line(settings, restored),
    ):
        console.say(line)
    return True


def _secret_line(settings: Settings, restored: Restored) -> str:
    path = settings.data_folder / SECRET_FILE
    secret = settings.secret_key.get_secret_value() if settings.secret_key is not None else ""
    if not secret and not settings.on_server:
        with suppress(OSError):
            secret = path.read_text().strip()
    if not restored.secret_digest:
        return "No Chipin has run on these books yet: any secret key will do."
    if secret and FernetVault(secret).digest(OWN_SECRET) == restored.secret_digest:
        return "The secret key that is set here belongs to them: Chipin can start."
    if settings.on_server or settings.secret_key is not None:
        return "Before the start, set the SECRET_KEY that belongs to them: Chipin does not start with another one."
    return (
        f"Before the start, put the secret.key that belongs to them into {path.parent}: Chipin does not start with "
        "another one."
    )
