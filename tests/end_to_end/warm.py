"""What the fork server of replicas.py imports and loads once, so that none of its processes has to."""

import asyncio

import alembic.command  # noqa: F401 - a second, wherever a database is migrated

from bot import (
    schedule,  # noqa: F401 - the clock of a whole process
    wiring,
)
from tests.end_to_end.house import COUNTER

asyncio.run(COUNTER.warm())
setattr(wiring, "OfflineTokenCounter", lambda: COUNTER)  # noqa: B010 - mypy would not have it otherwise
