"""What was said in a chat before a question, as the model is told it: by whom, bounded, with its newest pictures."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.asking.context import MAX_CONTEXT_MESSAGES
from core.attached import Attached, Fetch, Kind, fetched_picture, shown_name
from core.call import ImagePart, Message, Part, Role, TextPart
from core.defaults import MAX_PROMPT_CHARS
from core.errors import BadInput
from core.text.wording import count_of

NO_PICTURE = "Left out: an earlier picture of this {where}, which could not be read."


@dataclass(frozen=True, slots=True)
class Said:
    """One message, with its files. `by` is empty for answers of ours."""

    by: str
    text: str
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the model is told of it, oldest first, and sentences on what is left out."""

    history: tuple[Message, ...] = ()
    left_out: tuple[str, ...] = ()


def said_by(by: str, text: str, files: tuple[Attached, ...] = ()) -> Said | None:
    """Somebody's message, which names its files; None where there is nothing in it."""
    listed = ", ".join(shown_name(file.name) for file in files)
    text = f"{text}\n[attached: {listed}]".strip() if files else text
    return Said(by, text, files) if text else None


async def told_of(said: Sequence[Said], fetch: Fetch, *, pictures: int, named: bool, where: str = "thread") -> Told:
    """The newest of it, with at most so many `pictures` of the newest message that has some.

    `named`: with the names of who spoke. `where` is what people call the conversation.
    """
    whole = _joined(said)
    newest = _newest(whole)
    left_out = []
    if gone := len(whole) - len(newest):
        left_out.append(f"Left out of this {where}: {count_of(gone, 'message')} at its beginning.")
    seen, with_pictures = await _pictures(newest, fetch, pictures)
    if not seen:
        left_out.append(NO_PICTURE.format(where=where))
    history = tuple(_message(each, with_pictures.get(at, ()), named=named) for at, each in enumerate(newest))
    return Told(history, tuple(left_out))


def _joined(told: Sequence[Said]) -> list[Said]:
    """The parts of one answer in one."""
    joined: list[Said] = []
    for said in told:
        if joined and not said.by and not joined[-1].by:
            joined[-1] = replace(said, text=f"{joined[-1].text}\n{said.text}")
        else:
            joined.append(said)
    return joined


def _newest(told: Sequence[Said]) -> list[Said]:
    """As many as may be kept with a question. What of them is sent is decided by tokens (core/asking/context.py)."""
    newest, chars = list[Said](), 0
    for said in reversed(told[-MAX_CONTEXT_MESSAGES:]):
        chars += len(said.text)
        if chars > MAX_PROMPT_CHARS:
            break
        newest.append(said)
    return newest[::-1]


async def _pictures(told: Sequence[Said], fetch: Fetch, most: int) -> tuple[bool, dict[int, tuple[ImagePart, ...]]]:
    """The pictures of the newest message that has some, by its place; whether all of them could be had."""
    for at in range(len(told) - 1, -1, -1):
        files = [file for file in told[at].files if file.kind is Kind.PICTURE and file.url]
        if files and told[at].by:
            got = await asyncio.gather(*(_picture(file, fetch) for file in files[:most]))
            return all(got), {at: tuple(each for each in got if each is not None)}
    return True, {}


async def _picture(file: Attached, fetch: Fetch) -> ImagePart | None:
    try:
        return await fetched_picture(file, fetch)
    except BadInput:
        return None


def _message(said: Said, pictures: tuple[ImagePart, ...], *, named: bool) -> Message:
    text = f"{said.by}: {said.text}" if said.by and named else said.text
    parts: tuple[Part, ...] = (TextPart(text), *pictures)
    return Message(Role.USER if said.by else Role.ASSISTANT, parts)
