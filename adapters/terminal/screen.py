"""What the chat needs of a screen, and which kind of screen this process has."""

import io
import os
import signal
from asyncio import get_running_loop
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol, TextIO

from core.text.neutralise import for_terminal


class ScreenGone(Exception):
    """Whoever read the output has left: there is nobody to go on for."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What may stand at the end of a line: each of `words` in the place of the last `replaced_chars` characters."""

    replaced_chars: int = 0
    words: Sequence[str] = ()


Suggest = Callable[[str], Suggestions]


class Screen(Protocol):
    """Where one person types and reads."""

    async def read_line(self, prompt: str, suggest: Suggest) -> str | None:
        """The next line that is typed; None at the end of input. `BadInput` for one that is too long."""

    def attended(self) -> AbstractContextManager[None]:
        """For as long as the chat runs."""

    def write(self, text: str) -> None:
        """Show text at once, with its control characters made harmless. `ScreenGone` when nobody reads any more."""

    async def aside(self, text: str) -> None:
        """Show whole lines while a line may be being typed: above it, and it stays as it is. `ScreenGone` too."""

    def thinking(self) -> None:
        """Show that it goes on, until the next `write`; nothing where that cannot be taken away again."""

    def listening(
        self, on_interrupt: Callable[[], None], on_line: Callable[[str], bool]
    ) -> AbstractContextManager[None]:
        """While an answer runs: Ctrl-C calls the one, a typed line the other. A line it returns False for is kept."""


class Output:
    """A text stream as the only way out to a screen: what passes is harmless, flushed, and never a traceback."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of another encoding shows a question mark

    def write(self, text: str) -> None:
        """Write and flush. `ScreenGone` when the other side is closed."""
        self.write_as_is(for_terminal(text))

    def write_as_is(self, text: str) -> None:
        """The same for text of the screen's own."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError) as closed:
            self._mute()
            raise ScreenGone from closed

    def _mute(self) -> None:
        """Let what is left in the stream's buffer go nowhere: Python would complain about it on its way out."""
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


@contextmanager
def catching_interrupts(on_interrupt: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C calls `on_interrupt` meanwhile, and does what it did before afterwards."""
    loop = get_running_loop()

    def pressed(*_: object) -> None:
        loop.call_soon_threadsafe(on_interrupt)

    # Not the loop's own handlers: those forget whom they replaced, and here one stands within the other.
    before = signal.signal(signal.SIGINT, pressed)
    try:
        yield
    finally:
        if before is not None:  # None stands for a handler that Python did not set
            signal.signal(signal.SIGINT, before)
