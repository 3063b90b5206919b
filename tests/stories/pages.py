"""The pages whose transcripts are what was played: `python -m tests.stories.write_pages` writes them anew.

A block stands under a line such as `<!-- played: request, deciding -->` and shows those chapters; under
`<!-- played: audit (6 lines) -->` their first lines.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.stories.transcript import masked

ROOT = Path(__file__).parents[2]
PAGES = tuple(ROOT / "docs" / name for name in ("admins.md", "members.md"))
_BLOCK = re.compile(r"(<!-- played: ([^>(]+?)(?: \((\d+) lines\))? -->\n```text\n)(.*?)(```\n)", re.DOTALL)
_NOTICE = re.compile(r"Before your first question, once:\n(?:  .+\n)+")
FIRST = "first question"
"""The chapter that is about the notice before it; elsewhere it is left out."""


@dataclass(frozen=True, slots=True)
class Block:
    """A transcript on a page: what stands there, and which chapters it shows, or their first lines."""

    names: tuple[str, ...]
    lines: int | None
    shown: str

    def played(self, chapters: Mapping[str, str]) -> str:
        """What should stand there."""
        whole = "".join(chapters[name] for name in self.names)
        whole = whole if FIRST in self.names else _NOTICE.sub("[...]\n", whole)
        return whole if self.lines is None else "".join([*whole.splitlines(keepends=True)[: self.lines], "[...]\n"])

    def is_true(self, chapters: Mapping[str, str]) -> bool:
        """Whether it stands there, but for days, times and how long ago something was."""
        return masked(self.shown) == masked(self.played(chapters))


def blocks_of(page: str) -> tuple[Block, ...]:
    """Every transcript of a page."""
    return tuple(map(_block, _BLOCK.finditer(page)))


def written_anew(page: str, chapters: Mapping[str, str]) -> str:
    """The page with every block as it was played, where that is something else."""

    def anew(found: re.Match[str]) -> str:
        block = _block(found)
        return found[0] if block.is_true(chapters) else found[1] + block.played(chapters) + found[5]

    return _BLOCK.sub(anew, page)


def _block(found: re.Match[str]) -> Block:
    return Block(tuple(found[2].split(", ")), int(found[3]) if found[3] else None, found[4])
