"""What is attached to a question, as it is sent to a model: told apart by its kind, and refused in words."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePosixPath

from core.call import ImagePart, Part, TextPart
from core.errors import BadInput
from core.pictures import MAX_PICTURE_BYTES, not_too_large_alone, not_too_many, picture_of

MAX_FILES = 10
"""How many may hang on one question."""
MAX_TEXT_FILE_BYTES = 1_000_000
"""Of one file. What is sent in all is bounded by `MAX_PROMPT_CHARS`, and shown with its price before it is dear."""
TAKEN = "Models here take text files, and pictures as PNG, JPEG, GIF or WebP."
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_TEXTS = frozenset(
    f"application/{name}"
    for name in (
        *("json", "ld+json", "x-ndjson", "xml", "yaml", "x-yaml", "toml", "sql", "javascript", "x-javascript"),
        *("typescript", "x-sh", "x-python", "x-httpd-php", "x-ruby", "graphql", "csv"),
    )
)
_OF_TEXT = """
    txt md rst csv tsv log json jsonl yaml yml toml ini cfg conf env xml html css scss sql graphql proto
    py js jsx ts tsx java kt go rs rb php c h cpp hpp cs swift m scala sh bash zsh ps1 lua pl r jl
    ex exs erl hs clj dart vue svelte tf hcl gradle cmake mk diff patch tex srt vtt ics
"""
_ENDINGS = frozenset(_OF_TEXT.split())
_NAMES = frozenset({"dockerfile", "makefile", "gemfile", "rakefile", "procfile", "license", "readme"})
_TICKS = re.compile(r"`{3,}")
MAX_NAME_CHARS = 80


class Kind(Enum):
    """What a file is to a model."""

    PICTURE = auto()
    TEXT = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as its chat tells of it. `url` is empty where it did not come along; a `size_bytes` of 0 is not known."""

    id: str
    name: str = ""
    media_type: str = ""
    size_bytes: int = 0
    url: str = ""

    @property
    def kind(self) -> Kind:
        """What it is to a model."""
        return kind_of(self.name, self.media_type)


Fetch = Callable[[Attached, int], Awaitable[bytes]]
"""Has a file handed over by its chat: its bytes, at most one more than so many. `BadInput` where it is not."""


async def parts_of(files: Sequence[Attached], fetch: Fetch, *, words: bool) -> tuple[tuple[Part, ...], str]:
    """What of them is sent with a question, and a sentence on those that no model reads.

    `words`: the question has some of its own. `BadInput` for too many, too large, or what is not handed over: an answer
    without it would be worth nothing, and cost all the same.
    """
    not_too_many_files(len(files))
    other = [file.name for file in files if file.kind is Kind.OTHER]
    readable = [file for file in files if file.kind is not Kind.OTHER]
    if other and not readable and not words:
        raise nothing_to_ask(other)
    not_too_many(sum(file.kind is Kind.PICTURE for file in readable))
    fetched = await asyncio.gather(*(_part(file, fetch) for file in readable), return_exceptions=True)
    for part in fetched:
        if isinstance(part, BaseException):
            raise part
    return tuple(part for part in fetched if not isinstance(part, BaseException)), not_read(other) if other else ""


async def fetched_picture(file: Attached, fetch: Fetch) -> ImagePart:
    """One picture; the same `BadInput`."""
    not_too_large_alone(file.size_bytes, shown_name(file.name))
    return picture_of(await fetch(file, MAX_PICTURE_BYTES), shown_name(file.name))


async def _part(file: Attached, fetch: Fetch) -> Part:
    if file.kind is Kind.PICTURE:
        return await fetched_picture(file, fetch)
    if file.size_bytes > MAX_TEXT_FILE_BYTES:
        raise BadInput(too_large(file.name))
    return await asyncio.to_thread(text_part, await fetch(file, MAX_TEXT_FILE_BYTES), file.name)


def kind_of(name: str, media_type: str) -> Kind:
    """By what its chat says it is, else by the end of its name."""
    told, ending = media_type.partition(";")[0].strip().lower(), PurePosixPath(name.lower()).suffix[1:]
    if told in _PICTURES:
        return Kind.PICTURE
    if told.startswith("text/") and told != "text/rtf":
        return Kind.TEXT
    known = told in _TEXTS or ending in _ENDINGS or name.lower() in _NAMES
    return Kind.TEXT if known and not told.startswith(("image/", "video/", "audio/")) else Kind.OTHER


def text_part(data: bytes, name: str) -> TextPart:
    """A text file as a quoted part of a question, under its name. `BadInput` for what is none, or too large."""
    if len(data) > MAX_TEXT_FILE_BYTES:
        raise BadInput(too_large(name))
    return TextPart(quoted(_text_of(data, name), shown_name(name)))


def quoted_message(text: str, by: str) -> str:
    """A message that a question is about, as a part of it. `by` is what its author is called."""
    return quoted(text, f"It is about this message of {shown_name(by)}'s")


def quoted(text: str, title: str) -> str:
    """Words of somebody else's within a question, so that a model can tell where they begin and end."""
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in _TICKS.findall(text))])
    return f"\n\n{title}:\n{fence}\n{text.rstrip()}\n{fence}"


def too_large(name: str) -> str:
    """Why a text file is not read."""
    most = MAX_TEXT_FILE_BYTES // 1_000_000
    return f"{shown_name(name)} is larger than {most} MB, the most for a text file. Attach the part that matters."


def not_read(names: list[str]) -> str:
    """What is left out because no model reads its kind."""
    listed = ", ".join(map(shown_name, names))
    return f"Left out: {listed}, which cannot be read. {TAKEN}"


def nothing_to_ask(names: list[str]) -> BadInput:
    """Only such files, and not a word."""
    return BadInput(f"There is no question: {', '.join(map(shown_name, names))} cannot be read. {TAKEN}")


def not_too_many_files(number: int) -> None:
    """`BadInput` for more of them than one question may have."""
    if number > MAX_FILES:
        raise BadInput(f"That is {number} files; {MAX_FILES} is the most for one question.")


def shown_name(name: str) -> str:
    """A file's name in one line of a sentence."""
    line = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    return f"{line[: MAX_NAME_CHARS - 3]}..." if len(line) > MAX_NAME_CHARS else line or "A file"


def _text_of(data: bytes, name: str) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{shown_name(name)} is no text that can be read. Save it as UTF-8, or paste it.") from error
    if "\0" in text:
        raise BadInput(f"{shown_name(name)} is no text that can be read. {TAKEN}")
    return text.replace("\r\n", "\n")
