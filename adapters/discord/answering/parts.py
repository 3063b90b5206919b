"""How much of an answer one message holds, and what it shows while more is coming."""

from collections.abc import Iterator

from adapters.discord.views.answer import MAX_CONTENT_CHARS
from core.text.split import Page, fill, pages_of, utf16_units

MOST_PARTS = 5
"""An answer in more messages than this is a file, with its beginning above it."""
_PREVIEW_CHARS = 1_800
"""So much of an answer is shown while it is written: room is left for what stands around it."""
_MOST_AROUND = MAX_CONTENT_CHARS - _PREVIEW_CHARS
_FAR_ENOUGH = 2 * MAX_CONTENT_CHARS


def parts_of(text: str) -> Iterator[str]:
    """A whole answer, harmless already, as messages; code is closed and opened again. Discord takes no blank ones."""
    pages = pages_of(text, MAX_CONTENT_CHARS, utf16_units)
    return (page.text for page in pages if page.content.strip())


def preview_of(text: str, around: str = "") -> str:
    """What one message shows of an answer that is still written: its beginning, and small print under it.

    The beginning stands still, so that it can be read; that more is written is seen by how much there is of it.
    """
    page, rest = fill(Page(), text[:_FAR_ENOUGH], _PREVIEW_CHARS, utf16_units)
    lines = [around] if around else []
    if rest:
        lines.append(f"Still being written: about {len(text) // 100 * 100:,} characters so far.")
    under = "\n".join(f"-# {line}" for line in lines)
    shown = page.text if page.content.strip() else ""
    return "\n".join(each for each in (shown, cut(under, _MOST_AROUND - 1)) if each)


def cut(text: str, most: int) -> str:
    """No more than so many characters, as UTF-16 counts them; what is left out is said by three dots."""
    if utf16_units(text) <= most:
        return text
    while text and utf16_units(text) > most - 3:
        text = text[: -max(1, (utf16_units(text) - most + 3) // 2)]
    return f"{text}..."
