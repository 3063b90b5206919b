"""A screen on a terminal: editing, history and completion by prompt_toolkit. History lives in memory only."""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app, run_in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.output import Output as TerminalOutput
from prompt_toolkit.output import create_output

from adapters.terminal.screen import Output, ScreenGone, Suggest, Suggestions, catching_interrupts

_THINKING = "thinking..."
_MAX_TYPED_AHEAD = 20
_READ_BYTES = 4096


class TtyScreen:
    """`Screen` on a terminal. `terminal_input` and `terminal_output` stand in for it in tests."""

    def __init__(
        self,
        stdin: TextIO,
        stdout: TextIO,
        output: Output,
        *,
        terminal_input: Input | None = None,
        terminal_output: TerminalOutput | None = None,
    ) -> None:
        self._descriptor = stdin.fileno()
        self._output = output
        self._is_thinking = False
        self._late_interrupts = 0
        self._typed_ahead: deque[str] = deque(maxlen=_MAX_TYPED_AHEAD)
        self._completer = _Completer()
        self._prompt: PromptSession[str] = PromptSession(
            history=InMemoryHistory(),  # never a file: questions are not stored
            completer=self._completer,
            complete_while_typing=_typing_a_command,
            input=terminal_input or create_input(stdin),
            output=terminal_output or create_output(stdout),
        )

    async def read_line(self, prompt: str, suggest: Suggest) -> str | None:
        """The next line; Ctrl-C empties it, Ctrl-D in an empty one is the end of input."""
        self._completer.suggest = suggest
        self._late_interrupts = 0
        if self._typed_ahead:
            line = self._typed_ahead.popleft()
            self.write(f"{prompt}{line}\n")
            return line
        while True:
            try:
                return _decoded(await self._prompt.prompt_async(prompt))
            except KeyboardInterrupt:
                if not self._prompt.default_buffer.text:
                    self.write("/quit leaves.\n")
            except EOFError:
                return None
            except OSError as closed:
                raise ScreenGone from closed

    @contextmanager
    def attended(self) -> Iterator[None]:
        """A Ctrl-C that comes too late for an answer or too early for the prompt is no wish to leave; a second is."""
        chat = asyncio.current_task()

        def pressed() -> None:
            self._late_interrupts += 1
            if self._late_interrupts > 1 and chat is not None:
                chat.cancel()

        with catching_interrupts(pressed):
            yield

    def write(self, text: str) -> None:
        """Write it out, in the place of "thinking..."."""
        if self._is_thinking:
            self._is_thinking = False
            self._output.write_as_is(f"\r{' ' * len(_THINKING)}\r")  # as even a simple terminal understands
        self._output.write(text)

    async def aside(self, text: str) -> None:
        """Write it out above the prompt and what is typed there."""
        await run_in_terminal(lambda: self.write(text))

    def thinking(self) -> None:
        """Show that it goes on."""
        if not self._is_thinking:
            self._output.write_as_is(_THINKING)
            self._is_thinking = True

    @contextmanager
    def listening(self, on_interrupt: Callable[[], None], on_line: Callable[[str], bool]) -> Iterator[None]:
        """Ctrl-C, and lines that are sent with Enter while the answer streams; other lines wait for the prompt."""
        loop = asyncio.get_running_loop()

        def read_typed() -> None:
            typed = _read(self._descriptor)
            if not typed:  # Ctrl-D, or the terminal is gone: the next prompt will see
                loop.remove_reader(self._descriptor)
            for line in typed.splitlines():
                if line.strip() and not on_line(line):
                    self._typed_ahead.append(line)

        with catching_interrupts(on_interrupt):
            loop.add_reader(self._descriptor, read_typed)
            try:
                yield
            finally:
                loop.remove_reader(self._descriptor)


class _Completer(Completer):
    """Turns the chat's suggestions into prompt_toolkit's."""

    def __init__(self) -> None:
        self.suggest: Suggest = lambda _: Suggestions()

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Completions for the text before the cursor."""
        found = self.suggest(document.text_before_cursor)
        for word in found.words:
            yield Completion(word, start_position=-found.replaced_chars)


@Condition
def _typing_a_command() -> bool:
    return get_app().current_buffer.text.startswith("/")


def _read(descriptor: int) -> str:
    try:
        return os.read(descriptor, _READ_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _decoded(typed: str) -> str:
    """prompt_toolkit hands bytes that are not UTF-8 on as lone surrogates, which nothing else can write."""
    return typed.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
