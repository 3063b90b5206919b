"""APScheduler as a clock only: it says when, the use cases say what."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.wiring import App, data_folder
from core.errors import BooksFailed

HEARTBEAT_SECONDS = 10
HEARTBEAT_STALE_SECONDS = 60
_log = structlog.get_logger(__name__)


def heartbeat_file(app_folder: Path) -> Path:
    """Touched while the process lives; `python -m bot health` looks at its age."""
    return app_folder / "heartbeat"


@asynccontextmanager
async def scheduled(app: App) -> AsyncIterator[None]:
    """Run the regular work while the context is open; the sweep runs once at the start too."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    heartbeat = heartbeat_file(data_folder(app.settings))
    jobs = {"sweep": (_sweep, app, app.settings.sweep_seconds), "heartbeat": (_beat, heartbeat, HEARTBEAT_SECONDS)}
    for name, (work, subject, seconds) in jobs.items():
        # APScheduler would skip a tick that is a second late; a late sweep is better than none.
        scheduler.add_job(work, "interval", [subject], id=name, seconds=seconds, misfire_grace_time=None, coalesce=True)
    await _sweep(app)
    await _beat(heartbeat)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


async def _sweep(app: App) -> None:
    try:
        expired = await app.sweep.run()
    except BooksFailed as failed:
        _log.warning("sweep_failed", reason=str(failed))
        return
    if expired:
        _log.info("holds_given_back", holds=expired)


async def _beat(heartbeat: Path) -> None:
    try:
        await asyncio.to_thread(heartbeat.touch)
    except OSError as error:
        _log.warning("heartbeat_failed", reason=str(error))
