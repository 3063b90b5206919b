"""The first thing that Discord hears of us, within three seconds and before anything else is done."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import aiohttp
import discord
import structlog

ALREADY_ACKNOWLEDGED = 40060
"""Discord's code for what another process, or another copy of it, took on (topics/opcodes-and-status-codes)."""
SAID_AGAIN_AFTER_SECONDS = 1.0
"""How long discord.py waits at least before it says something again that met trouble (webhook/async_.py)."""

_log = structlog.get_logger(__name__)


async def acknowledged(saying: Coroutine[Any, Any, object]) -> bool:
    """Say it; whether what came in is ours to do.

    It is not when somebody else took it on, or when Discord waits no more: then nobody would read an answer. Where
    Discord perhaps heard it, it is: when the reply was lost, and when discord.py may have said it twice. What is done
    twice after all has one effect, by its keys.
    """
    clock = asyncio.get_running_loop().time
    begun = clock()
    try:
        await saying
    except discord.HTTPException as refused:
        is_ours = refused.code == ALREADY_ACKNOWLEDGED and clock() - begun >= SAID_AGAIN_AFTER_SECONDS
        if refused.status < 500 and not is_ours:
            _log.info("interaction_not_ours", code=refused.code, status=refused.status)
            return False
        _log.warning("acknowledgement_unsure", status=refused.status)
    except (TimeoutError, aiohttp.ClientError, OSError) as lost:
        _log.warning("acknowledgement_unsure", kind=type(lost).__name__)
    return True
