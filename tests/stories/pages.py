"""The pages whose transcripts are what was played: `python -m tests.stories.write_pages` writes them anew.

A block stands under a line such as `<!-- played: request, deciding -->`, and has those chapters of the story in it.
"""

import re
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = tuple(ROOT / "docs" / name for name in ("admins.md", "members.md"))
_BLOCK = re.compile(r"(<!-- played: ([^>]+) -->\n```text\n)(.*?)(```\n)", re.DOTALL)
_NOTICE = re.compile(r"Before your first question, once:\n(?:  .+\n)+")


def blocks_of(page: str) -> dict[str, str]:
    """Each block of a page by the names of its chapters."""
    return {found[2]: found[3] for found in _BLOCK.finditer(page)}


def block(names: str, chapters: Mapping[str, str]) -> str:
    """What stands in the block of these chapters. The first-use notice is shown in the chapter that is about it."""
    played = "".join(chapters[name] for name in names.split(", "))
    return played if "first question" in names else _NOTICE.sub("[...]\n", played)


def written_anew(page: str, chapters: Mapping[str, str]) -> str:
    """The page with every block as it was played."""
    return _BLOCK.sub(lambda found: found[1] + block(found[2], chapters) + found[4], page)
