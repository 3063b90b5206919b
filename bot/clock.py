"""The real clock."""

import asyncio
import time
from datetime import UTC, datetime


class SystemClock:
    """`core.ports.Clock` on the machine's time."""

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let others run for that long."""
        await asyncio.sleep(seconds)
