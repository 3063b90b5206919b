"""A clock that a test moves on, and the week that is over then."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import SystemClock
from bot.wiring import App
from core.periods import Calendar, Period


class LaterClock(SystemClock):
    """The time, and some more."""

    later = timedelta(0)

    def now(self) -> datetime:
        """This moment, as a process has it that began later."""
        return super().now() + self.later


def week_is_over(app: App, clock: LaterClock) -> None:
    """Two days after this week its digest is due; the database's clock says so too."""
    week = Calendar(ZoneInfo("UTC")).span(Period.WEEK, clock.now())
    clock.later = week.end + timedelta(days=2) - clock.now()
    app.store.driver.clock_offset_ms += clock.later // timedelta(milliseconds=1)
