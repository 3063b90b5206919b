"""What discord.py logs, told by where it was said: its own words may repeat what people wrote."""

import logging

import structlog

_log = structlog.get_logger(__name__)


class _Told(logging.Handler):
    """One line for each, without its message."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        _log.warning("discord_library_trouble", where=f"{record.module}.{record.funcName}", kind=kind)


def quiet_library() -> None:
    """From now on: warnings and errors only, without their words."""
    logger = logging.getLogger("discord")
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(_Told())
