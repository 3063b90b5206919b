"""A screen that a test types on and reads from."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from adapters.terminal.chat import TerminalChat
from adapters.terminal.screen import Suggest
from core.text.neutralise import for_terminal

Line = str | Exception | None


class ScriptScreen:
    """`adapters.terminal.screen.Screen` that shows everything to the test, and lets it press while an answer runs."""

    def __init__(self) -> None:
        self._typed: asyncio.Queue[Line] = asyncio.Queue()
        self._asks_for_line = asyncio.Event()
        self._shown: list[str] = []
        self.prompt = ""
        self.suggest: Suggest | None = None
        self.thought = 0
        self.interrupt: Callable[[], None] = lambda: None
        self.type_meanwhile: Callable[[str], bool] = lambda _: False
        self.on_write: Callable[[str], None] = lambda _: None

    async def read_line(self, prompt: str, suggest: Suggest) -> str | None:
        """What the test types next."""
        self.prompt, self.suggest = prompt, suggest
        self._asks_for_line.set()
        line = await self._typed.get()
        if isinstance(line, Exception):
            raise line
        return line

    @contextmanager
    def attended(self) -> Iterator[None]:
        """Always."""
        yield

    def write(self, text: str) -> None:
        """Show it to the test."""
        self._shown.append(for_terminal(text))
        self.on_write(text)

    async def aside(self, text: str) -> None:
        """Show it to the test."""
        self.write(text)

    def thinking(self) -> None:
        """Count it."""
        self.thought += 1

    @contextmanager
    def listening(self, on_interrupt: Callable[[], None], on_line: Callable[[str], bool]) -> Iterator[None]:
        """Let the test press."""
        self.interrupt, self.type_meanwhile = on_interrupt, on_line
        yield

    def type(self, line: Line) -> None:
        """Type without waiting; None is the end of input."""
        self._asks_for_line.clear()
        self._typed.put_nowait(line)

    async def says(self, line: Line) -> str:
        """Type a line and return all that is shown until the next prompt."""
        await self.ready()
        self.type(line)
        await self.ready()
        return self.shown()

    async def ready(self) -> None:
        """Wait for the prompt."""
        async with asyncio.timeout(10):
            await self._asks_for_line.wait()

    def shown(self) -> str:
        """What was shown since the last look."""
        text = "".join(self._shown)
        self._shown.clear()
        return text


class Terminal:
    """A running chat and its screen, as a context manager."""

    def __init__(self, chat: TerminalChat, screen: ScriptScreen) -> None:
        self.screen = screen
        self._chat = chat
        self.late_news = chat.late_news
        self.running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Terminal":
        self.running = asyncio.create_task(self._chat.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.screen.type(None)
        await self.ended()

    async def ended(self) -> None:
        """Wait until the chat is over."""
        assert self.running is not None
        async with asyncio.timeout(10):
            await self.running

    async def says(self, line: Line) -> str:
        """Type a line and return all that is shown until the next prompt."""
        return await self.screen.says(line)
