"""A screen without a terminal: lines come from a pipe or a file, and what is written reads well as a transcript."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from adapters.terminal.lines import Lines
from adapters.terminal.screen import Output, Suggest, catching_interrupts
from core.errors import BadInput

_ECHOED_CHARS = 1_000


class PipeScreen:
    """`Screen` for input that nobody sees being typed: it is repeated after the prompt."""

    def __init__(self, descriptor: int | None, output: Output) -> None:
        self._lines = Lines(descriptor)
        self._output = output
        self._prompt = ""

    async def read_line(self, prompt: str, suggest: Suggest) -> str | None:
        """The next line of the input."""
        self._output.write(prompt)
        self._prompt = prompt
        try:
            line = await self._lines.next()
        except BadInput:
            self._output.write("\n")
            raise
        finally:
            self._prompt = ""
        shown = line or ""
        self._output.write((shown if len(shown) <= _ECHOED_CHARS else f"{shown[:_ECHOED_CHARS]} ...") + "\n")
        return line

    @contextmanager
    def attended(self) -> Iterator[None]:
        """Nothing to change: Ctrl-C ends a script between two answers."""
        yield

    def write(self, text: str) -> None:
        """Write it out."""
        self._output.write(text)

    async def aside(self, text: str) -> None:
        """Write it out, and the prompt once more if it stood there."""
        self._output.write(f"\n{text}{self._prompt}" if self._prompt else text)

    def thinking(self) -> None:
        """Nothing: it would stay in the transcript."""

    @contextmanager
    def listening(self, on_interrupt: Callable[[], None], on_line: Callable[[str], bool]) -> Iterator[None]:
        """Ctrl-C only: the lines of a script are for after the answer."""
        with catching_interrupts(on_interrupt):
            yield
