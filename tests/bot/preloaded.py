"""What the fork server of warm.py loads once, so that none of its processes has to: the ranks of the token counter."""

import asyncio

from adapters.llm.tokens import OfflineTokenCounter
from bot import wiring

COUNTER = OfflineTokenCounter()
asyncio.run(COUNTER.warm())
setattr(wiring, "OfflineTokenCounter", lambda: COUNTER)  # noqa: B010 - mypy would not have it otherwise
