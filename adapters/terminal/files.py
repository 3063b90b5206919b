"""Files that core hands over, written beside the books: only whoever runs the terminal can read them."""

import asyncio
import os
from contextlib import aclosing
from itertools import count
from pathlib import Path

from core.commands.speaking import Document
from core.errors import BadInput

_ONLY_THEIRS = 0o600


async def write_file(folder: Path, document: Document) -> Path:
    """Write it under its name, or under the next free one: what is there stays as it is. `BadInput` where it cannot."""
    async with aclosing(document.pieces) as pieces:
        content = "".join([piece async for piece in pieces])
    try:
        return await asyncio.to_thread(_write, folder, document.name, content)
    except OSError as error:
        raise BadInput(f"The file could not be written to {folder}: {error.strerror}.") from error


def _write(folder: Path, name: str, content: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = Path(name)
    for number in count(1):
        path = folder / (name if number == 1 else f"{wanted.stem}-{number}{wanted.suffix}")
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _ONLY_THEIRS)
        except FileExistsError:
            continue
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(content)
        return path
    raise AssertionError  # count() does not end
