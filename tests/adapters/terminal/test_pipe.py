"""A screen without a terminal, on real pipes."""

import asyncio
import io
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.terminal.lines import Lines
from adapters.terminal.open_screen import open_screen
from adapters.terminal.pipe import PipeScreen
from adapters.terminal.screen import Output, ScreenGone, Suggestions
from core.errors import BadInput


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A reading and a writing end; the test may close the writing one itself."""
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


def sent(pipe: tuple[int, int], data: bytes) -> int:
    """The reading end of a pipe through which all of the data has come."""
    os.write(pipe[1], data)
    os.close(pipe[1])
    return pipe[0]


async def all_of(lines: Lines) -> list[str | None]:
    found: list[str | None] = []
    while not found or found[-1] is not None:
        found.append(await lines.next())
    return found


async def test_lines_come_without_their_ends(pipe: tuple[int, int]) -> None:
    assert await all_of(Lines(sent(pipe, b"one\r\n\ntwo\n"))) == ["one", "", "two", None]


async def test_the_end_of_input_ends_a_line_too(pipe: tuple[int, int]) -> None:
    assert await all_of(Lines(sent(pipe, b"one\ntwo"))) == ["one", "two", None]


async def test_bytes_that_are_no_text_do_not_crash(pipe: tuple[int, int]) -> None:
    assert await all_of(Lines(sent(pipe, b"a\xff\xc3b\n"))) == ["a��b", None]


async def test_a_character_may_come_in_pieces(pipe: tuple[int, int]) -> None:
    lines = Lines(pipe[0])
    os.write(pipe[1], "ü".encode()[:1])
    line = asyncio.create_task(lines.next())
    await asyncio.sleep(0.05)
    sent(pipe, "ü\n".encode()[1:])
    assert await line == "ü"


@pytest.mark.parametrize("chars", [11, 200_000])
async def test_a_line_that_is_too_long_is_skipped(chars: int, tmp_path: Path) -> None:
    file = tmp_path / "input"
    file.write_bytes(b"x" * chars + b"\nnext\n")
    with file.open("rb") as stream:
        lines = Lines(stream.fileno(), max_bytes=10)
        with pytest.raises(BadInput, match="longer than 10 bytes"):
            await lines.next()
        assert await all_of(lines) == ["next", None]


async def test_a_line_of_the_greatest_length_is_read(pipe: tuple[int, int]) -> None:
    assert await Lines(sent(pipe, b"x" * 10 + b"\n"), max_bytes=10).next() == "x" * 10


async def test_an_endless_line_takes_no_memory() -> None:
    endless = os.open("/dev/zero", os.O_RDONLY)
    lines = Lines(endless, max_bytes=1_000)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await lines.next()
    assert len(lines._buffer) <= 1_000 + 64 * 1024
    for thread in threading.enumerate():
        if thread.name == "reading input":
            thread.join()  # else it reads on from whatever gets this descriptor's number next
    os.close(endless)


async def test_no_input_at_all_is_the_end() -> None:
    assert await Lines(None).next() is None


async def test_others_run_while_it_waits_for_a_line(pipe: tuple[int, int]) -> None:
    waiting = asyncio.create_task(Lines(pipe[0]).next())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    sent(pipe, b"late\n")
    assert await waiting == "late"


async def test_what_was_typed_stands_after_the_prompt(pipe: tuple[int, int]) -> None:
    shown = io.StringIO()
    screen = PipeScreen(sent(pipe, b"/balance\n" + b"x" * 2_000 + b"\n"), Output(shown))
    for _ in range(3):
        await screen.read_line("you> ", lambda _: Suggestions())
        screen.write("...\n")
    assert shown.getvalue() == f"you> /balance\n...\nyou> {'x' * 1_000} ...\n...\nyou> \n...\n"


async def test_what_was_typed_cannot_steer_the_terminal_either(pipe: tuple[int, int]) -> None:
    shown = io.StringIO()
    await PipeScreen(sent(pipe, b"\x1b[2J\n"), Output(shown)).read_line("you> ", lambda _: Suggestions())
    assert shown.getvalue() == "you> ␛[2J\n"


async def test_ctrl_c_is_caught_only_while_an_answer_runs() -> None:
    before, pressed = signal.getsignal(signal.SIGINT), asyncio.Event()
    with PipeScreen(None, Output(io.StringIO())).listening(pressed.set, lambda _: False):
        os.kill(os.getpid(), signal.SIGINT)
        async with asyncio.timeout(1):
            await pressed.wait()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_reader_who_left_is_noticed_once_and_quietly(pipe: tuple[int, int]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        output = Output(stream)
        with pytest.raises(ScreenGone):
            output.write("hello")
        output.write("into nowhere")  # what Python flushes on its way out


def test_a_stream_that_cannot_write_a_character_shows_another() -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="ascii")
    Output(stream).write("0.3 cents · Modèle")
    assert written.getvalue() == b"0.3 cents ? Mod?le"


async def test_what_is_shown_while_a_line_is_awaited_stands_above_the_prompt(pipe: tuple[int, int]) -> None:
    shown = io.StringIO()
    screen = PipeScreen(pipe[0], Output(shown))
    await screen.aside("Before.\n")
    reading = asyncio.create_task(screen.read_line("you> ", lambda _: Suggestions()))
    await asyncio.sleep(0)
    await screen.aside("Meanwhile.\n")
    sent(pipe, b"why?\n")
    assert await reading == "why?"
    await screen.aside("Afterwards.\n")
    assert shown.getvalue() == "Before.\nyou> \nMeanwhile.\nyou> why?\nAfterwards.\n"


def test_pipes_get_a_plain_screen() -> None:
    assert isinstance(open_screen(None, None), PipeScreen)
