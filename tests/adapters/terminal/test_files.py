"""What core hands over as a file is written whole, for nobody else to read, and over nothing that is there."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from adapters.terminal.files import write_file
from core.commands.speaking import Document
from core.errors import BadInput


async def pieces() -> AsyncGenerator[str, None]:
    for piece in ("one\r\n", "zwö\r\n"):
        yield piece


def document() -> Document:
    return Document("charges-2026-11.csv", "text/csv", pieces())


async def test_a_file_is_written_as_it_is_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    written = await write_file(tmp_path / "files", document())
    assert written == tmp_path / "files/charges-2026-11.csv"
    assert written.read_bytes() == "one\r\nzwö\r\n".encode()
    assert written.stat().st_mode & 0o077 == 0


async def test_what_is_there_stays(tmp_path: Path) -> None:
    names = [(await write_file(tmp_path, document())).name for _ in range(3)]
    assert names == ["charges-2026-11.csv", "charges-2026-11-2.csv", "charges-2026-11-3.csv"]


async def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("no folder")
    with pytest.raises(BadInput, match="could not be written"):
        await write_file(tmp_path / "files", document())
