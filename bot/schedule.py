"""APScheduler as a clock only: it says when, the use cases say what."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import heartbeat
from bot.wiring import App
from core.errors import BooksFailed
from core.ports import Announcer

CATALOGUE_SECONDS = 3
"""How often it is looked whether MODELS_FILE changed: a price that was corrected is in force within this time."""

SPENDING_SECONDS = 300
"""How often each team's day is looked at: who spends far more than usual is told of within this time."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def scheduled(app: App, announcers: Sequence[Announcer] = ()) -> AsyncIterator[None]:
    """Run the regular work while the context is open, and once at the start. `announcers`: the chats that run here."""

    scheduler = AsyncIOScheduler(timezone="UTC")
    every: Sequence[tuple[Callable[[App], Awaitable[None]], float]] = (
        (_follow_models_file, CATALOGUE_SECONDS),
        (_look_after, app.settings.sweep_seconds),
        (_offer_refills, app.settings.sweep_seconds),
        (_beat, heartbeat.BEAT_SECONDS),
        # A job of its own: adding up weeks keeps no hold from being given back.
        (_post_digests, app.settings.sweep_seconds),
        (_look_at_spending, SPENDING_SECONDS),
        # Jobs of their own: a chat that is slow keeps no hold from being given back, and nothing from another chat.
        # Not a lambda: APScheduler awaits only what it sees is a coroutine function, and drops what others return.
        *((partial(_deliver, announcer), app.settings.sweep_seconds) for announcer in announcers),
    )
    for work, seconds in every:
        # APScheduler would skip a tick that is a second late; a late sweep is better than none.
        scheduler.add_job(work, "interval", [app], seconds=seconds, misfire_grace_time=None, coalesce=True)
        await work(app)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


async def _look_after(app: App) -> None:
    """Each by itself: what one of them cannot read keeps nothing of the others from being done."""
    await _sweep(app)
    await _tried(app.news.run, "news_not_posted")
    await _tried(app.alerts.provider_trouble.run, "alert_not_posted")
    await _tried(app.alerts.stale_prices.run, "alert_not_posted")
    await _tried(app.use_cases.budget_requests.run, "requests_not_closed")


async def _tried(run: Callable[[], Awaitable[object]], failed: str) -> None:
    """One round; where the books cannot be used it is logged so, and the next one comes."""
    try:
        await run()
    except BooksFailed as why:
        _log.warning(failed, reason=str(why))


async def _sweep(app: App) -> None:
    try:
        swept = await app.sweep.run()
    except BooksFailed as failed:
        _log.warning("sweep_failed", reason=str(failed))
        return
    if swept.expired or swept.interrupted:
        _log.info("left_behind_by_a_dead_process", holds=swept.expired, asks_without_a_hold=swept.interrupted)
    if swept.failed:  # `python -m bot audit` says what is wrong with them
        _log.error("sweep_left_damaged_rows", ids=swept.failed)
    await app.store.tidy()


async def _look_at_spending(app: App) -> None:
    await _tried(app.alerts.unusual_spending.run, "alert_not_posted")


async def _post_digests(app: App) -> None:
    """Both, whatever becomes of one: a digest that cannot be told keeps nobody's own week back."""
    for run, posted in (
        (app.use_cases.digests.run, "digests_posted"),
        (app.use_cases.own_weeks.run, "own_weeks_posted"),
    ):
        try:
            number = await run()
        except BooksFailed as failed:
            _log.warning("digests_not_posted", reason=str(failed))
            continue
        if number:
            _log.info(posted, number=number)


async def _offer_refills(app: App) -> None:
    await _tried(app.use_cases.refills.run, "refills_not_offered")


async def _deliver(announcer: Announcer, app: App) -> None:
    try:
        told = await app.use_cases.deliveries.run(announcer)
        notices = await app.use_cases.notices.run(announcer)
    except BooksFailed as failed:
        _log.warning("delivery_failed", platform=announcer.platform, reason=str(failed))
        return
    if told or notices:
        _log.info("told_late", platform=announcer.platform, asks=told, notices=notices)


async def _follow_models_file(app: App) -> None:
    await app.catalogue.refresh()


async def _beat(app: App) -> None:
    try:
        await asyncio.to_thread(heartbeat.beat, app.settings.data_folder)
    except OSError as error:
        _log.warning("heartbeat_failed", reason=str(error))
