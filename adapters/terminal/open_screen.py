"""Chooses the kind of screen that this process has."""

import io
from typing import TextIO

from adapters.terminal.pipe import PipeScreen
from adapters.terminal.screen import Output, Screen


def open_screen(stdin: TextIO | None, stdout: TextIO | None) -> Screen:
    """The screen for these streams: with editing and completion on a terminal, line by line otherwise."""
    output = Output(stdout or io.StringIO())
    if stdin is not None and stdout is not None and stdin.isatty() and stdout.isatty():
        from adapters.terminal.tty import TtyScreen  # noqa: PLC0415 - prompt_toolkit takes 0.2 s to import

        return TtyScreen(stdin, stdout, output)
    return PipeScreen(None if stdin is None else stdin.fileno(), output)
