"""Whether a Chipin runs on this data folder: its heartbeat is young and its database can be read."""

import asyncio
import time
from pathlib import Path

from bot.schedule import HEARTBEAT_STALE_SECONDS, heartbeat_file
from bot.settings import Settings
from bot.wiring import data_folder


async def why_unhealthy(settings: Settings) -> str:
    """A sentence saying what is wrong; empty when all is well."""
    return await asyncio.to_thread(_why, heartbeat_file(data_folder(settings)))


def _why(heartbeat: Path) -> str:
    try:
        age_seconds = time.time() - heartbeat.stat().st_mtime
    except OSError:
        return f"No Chipin has run on {heartbeat.parent} yet."
    if age_seconds > HEARTBEAT_STALE_SECONDS:
        return f"The last sign of life is {int(age_seconds)} seconds old."
    return ""
