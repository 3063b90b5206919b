"""Logs: one JSON line per event on standard error, without secrets and without anything people wrote."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_NEVER = ("key", "token", "secret", "password", "authorization", "prompt", "question", "answer", "text")


def set_up_logs(level: str) -> None:
    """Configure structlog for the whole process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in event:
        if any(word in name.lower() for word in _NEVER):
            event[name] = "(redacted)"
    return event
