"""`python -m bot COMMAND`: the process. The only place that runs the loop, prints and exits."""

import asyncio
import gc
import sys
from collections.abc import Sequence
from functools import partial

import structlog

from bot.command_line import parse
from bot.console import Console
from bot.logs import set_up_logs
from bot.settings import load_settings
from core.errors import ChipinError

OLDEST_PYTHON = (3, 11)
OK, REFUSED, INTERRUPTED, DEFECT = 0, 1, 130, 70
GC_THRESHOLDS = (50_000, 20, 50)
"""A start makes half a million objects that stay: looking through them every 700 takes a sixth of its time."""


def main(words: Sequence[str]) -> int:
    """Run one command; returns its exit code. Failures are one sentence on standard error."""
    gc.set_threshold(*GC_THRESHOLDS)
    command, arguments = parse(words)
    to_stderr = partial(print, file=sys.stderr, flush=True)
    console = Console(say=print, write=sys.stdout.write, note=to_stderr)
    try:
        settings = load_settings()
        set_up_logs(settings.log_level)
        return OK if asyncio.run(command.perform(settings, arguments, console)) else REFUSED
    except ChipinError as error:
        to_stderr(f"Chipin: {error.in_full}")
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has left; there is nobody to tell
        return OK
    except Exception:  # noqa: BLE001 - the edge of the process: a defect is told in words, its details are logged
        structlog.get_logger(__name__).exception("defect")
        to_stderr("Chipin: a defect of Chipin's own ended it; the log line above says where.")
        return DEFECT


if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("Chipin needs Python 3.11 or newer: install one, then `make run PYTHON=python3.12`.")
    sys.exit(main(sys.argv[1:]))
