"""The first thing that Discord hears of us, within three seconds and before anything else is done."""

from collections.abc import Coroutine
from typing import Any

import aiohttp
import discord
import structlog

UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED = 10062, 40060
"""Discord's codes for what came too late, and for what another process, or another copy of it, took on
(topics/opcodes-and-status-codes)."""

_log = structlog.get_logger(__name__)


async def acknowledged(saying: Coroutine[Any, Any, object]) -> bool:
    """Say it; whether what came in is ours to do.

    It is not when somebody else took it on, or when Discord waits no more: then nobody would read an answer. When the
    reply was lost, Discord perhaps heard it: so it is done.
    """
    try:
        await saying
    except discord.HTTPException as refused:
        if refused.status < 500:
            _log.info("interaction_not_ours", code=refused.code, status=refused.status)
            return False
        _log.warning("acknowledgement_unsure", status=refused.status)
    except (TimeoutError, aiohttp.ClientError, OSError) as lost:
        _log.warning("acknowledgement_unsure", kind=type(lost).__name__)
    return True
