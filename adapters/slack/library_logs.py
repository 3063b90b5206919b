"""What slack-bolt and slack_sdk log, told by where it was said: their own words repeat what people wrote."""

import logging

import structlog

_log = structlog.get_logger(__name__)


class _Told(logging.Handler):
    """One line for each, without its message."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        _log.warning("slack_library_trouble", where=f"{record.module}.{record.funcName}", kind=kind)


def library_logger() -> logging.Logger:
    """What slack-bolt and the clients are given to log with: errors only."""
    logger = logging.getLogger("chipin.slack")
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(_Told())
    return logger
