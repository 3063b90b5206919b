"""A screen on a terminal: keys from prompt_toolkit's own pipe, a pseudo-terminal for what is typed meanwhile."""

import asyncio
import io
import os
import pty
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from prompt_toolkit import PromptSession
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.terminal.completion import starting_with
from adapters.terminal.open_screen import open_screen
from adapters.terminal.screen import Output, ScreenGone, Suggestions
from adapters.terminal.tty import TtyScreen


@dataclass
class Fixture:
    """A screen, the keys that go into its prompt, the terminal behind it, and what it wrote."""

    screen: TtyScreen
    keys: PipeInput
    terminal: int
    shown: io.StringIO

    async def read(self, keys: str) -> str | None:
        """Press keys at the prompt."""
        self.keys.send_text(keys)
        async with asyncio.timeout(5):
            return await self.screen.read_line("you> ", lambda line: starting_with(line, ["/balance", "/ask"]))


@pytest.fixture
def tty() -> Iterator[Fixture]:
    with open_tty() as found:
        yield found


@contextmanager
def open_tty() -> Iterator[Fixture]:
    ours, theirs = pty.openpty()
    shown = io.StringIO()
    with create_pipe_input() as keys, os.fdopen(theirs) as stdin:
        screen = TtyScreen(stdin, stdin, Output(shown), terminal_input=keys, terminal_output=DummyOutput())
        yield Fixture(screen, keys, ours, shown)
    os.close(ours)


async def test_a_line_is_read(tty: Fixture) -> None:
    assert await tty.read("what is it?\r") == "what is it?"


async def test_pasted_lines_are_one_question(tty: Fixture) -> None:
    assert await tty.read("\x1b[200~one\ntwo\x1b[201~\r") == "one\ntwo"


async def test_ctrl_d_is_the_end(tty: Fixture) -> None:
    assert await tty.read("\x04") is None


async def test_ctrl_c_empties_the_line(tty: Fixture) -> None:
    assert await tty.read("half\x03whole\r") == "whole"
    assert tty.shown.getvalue() == ""


async def test_ctrl_c_in_an_empty_line_says_how_to_leave(tty: Fixture) -> None:
    assert await tty.read("\x03whole\r") == "whole"
    assert tty.shown.getvalue() == "/quit leaves.\n"


async def test_earlier_lines_come_back_and_are_kept_in_memory_only(tty: Fixture) -> None:
    await tty.read("first\r")
    assert await tty.read("\x1b[A\r") == "first"


async def test_the_table_of_commands_completes(tty: Fixture) -> None:
    reading = asyncio.create_task(tty.read("/b"))
    for key in ("\t", "\r"):
        await asyncio.sleep(0.2)  # completions are looked for beside the typing
        tty.keys.send_text(key)
    assert await reading == "/balance"


async def test_names_with_spaces_are_replaced_whole(tty: Fixture) -> None:
    await tty.read("x\r")
    tty.screen._completer.suggest = lambda _: Suggestions(4, ("Bo Li",))
    document = Document("/as bo l")
    (only,) = tty.screen._completer.get_completions(document, None)  # type: ignore[arg-type]
    assert (only.text, only.start_position) == ("Bo Li", -4)


def test_thinking_gives_way_to_the_next_words(tty: Fixture) -> None:
    tty.screen.thinking()
    tty.screen.thinking()
    tty.screen.write("It depends.")
    assert tty.shown.getvalue() == "thinking...\r           \rIt depends."


async def test_a_line_typed_while_an_answer_runs_is_heard_or_kept(tty: Fixture) -> None:
    heard: list[str] = []
    stopped = asyncio.Event()

    def hears_stop(line: str) -> bool:
        heard.append(line)
        if line == "/stop":
            stopped.set()
        return line == "/stop"

    with tty.screen.listening(lambda: None, hears_stop):
        os.write(tty.terminal, b"/balance\n\n/stop\n")
        async with asyncio.timeout(5):
            await stopped.wait()
    assert heard == ["/balance", "/stop"]
    assert await tty.read("") == "/balance"
    assert tty.shown.getvalue() == "you> /balance\n"
    assert await tty.read("next\r") == "next"


async def test_the_end_of_input_while_an_answer_runs_is_not_the_end(tty: Fixture) -> None:
    with tty.screen.listening(lambda: None, lambda _: False):
        os.write(tty.terminal, b"\x04")
        await asyncio.sleep(0.05)
    assert await tty.read("still here\r") == "still here"


async def test_one_ctrl_c_between_two_prompts_is_forgiven(tty: Fixture) -> None:
    with tty.screen.attended():
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
            assert await tty.read("next\r") == "next"


async def test_a_second_one_in_a_row_leaves_whatever_hangs(tty: Fixture) -> None:
    async def hang() -> None:
        with tty.screen.attended():
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(30)

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(hang())


async def test_ctrl_c_while_an_answer_runs_does_not_count_as_late(tty: Fixture) -> None:
    stopped = asyncio.Event()
    with tty.screen.attended():
        for _ in range(3):
            with tty.screen.listening(stopped.set, lambda _: False):
                os.kill(os.getpid(), signal.SIGINT)
                async with asyncio.timeout(1):
                    await stopped.wait()
            stopped.clear()
        assert await tty.read("next\r") == "next"


async def test_what_is_shown_while_a_line_is_typed_leaves_it_as_it_is(tty: Fixture) -> None:
    reading = asyncio.create_task(tty.read("half a "))
    await asyncio.sleep(0.05)
    await tty.screen.aside("Meanwhile.\n")
    assert tty.shown.getvalue() == "Meanwhile.\n"
    tty.keys.send_text("question\r")
    assert await reading == "half a question"


async def test_news_before_the_first_prompt_are_simply_shown(tty: Fixture) -> None:
    await tty.screen.aside("Before.\n")
    assert tty.shown.getvalue() == "Before.\n"


async def test_a_terminal_that_is_gone_ends_the_chat(tty: Fixture, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> str:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(PromptSession, "prompt_async", gone)
    with pytest.raises(ScreenGone):
        await tty.read("")


def test_a_terminal_gets_editing() -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as stdin, os.fdopen(os.dup(theirs), "w") as stdout:
        assert isinstance(open_screen(stdin, stdout), TtyScreen)
    os.close(ours)
