"""Who typed a command, what they read, and what they may press then: plain values, which a button can carry."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass

from core.events import Shortfall
from core.people import Member, Place
from core.ports import PlaceNames


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who typed it and where, as the books and the platform know them at this moment.

    `key` is of this very line: what it records is recorded once, however often the line comes. `agrees` is what the
    chat calls agreeing: "/yes"; `announces` whether it tells the team what was recorded. `shortfall` is what they
    pressed to ask for more of; without it that is what their last question lacked. `listed` are the requests that they
    were shown with numbers, None where a chat shows requests with buttons and keeps no numbers.
    """

    member: Member
    place: Place
    names: PlaceNames
    key: str
    agrees: str
    announces: bool = False
    shortfall: Shortfall | None = None
    listed: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class TopUpWaits:
    """An unusual amount, as it was typed: nothing is recorded before somebody agrees. The `key` records it once."""

    amount: str
    reason: str
    key: str


@dataclass(frozen=True, slots=True)
class ForgetWaits:
    """Somebody is to be forgotten: nothing is erased before it is agreed to."""

    member_id: str


@dataclass(frozen=True, slots=True)
class LinkWaits:
    """Two accounts are to become one person: nothing is joined before both sides agree to it."""

    link_id: str


Waits = TopUpWaits | ForgetWaits | LinkWaits


@dataclass(frozen=True, slots=True)
class Document:
    """A file: its name, its media type, and its text piece by piece (close it if it is left early).

    What is `shown_here` where a chat shows files as text, and where it has no way to hand over a file.
    """

    name: str
    media_type: str
    pieces: AsyncGenerator[str, None]
    shown_here: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to whoever typed, and what they may press then.

    `waits` is what waits for their agreement. `requests` are the ids behind the first lines, which an admin may decide
    (None: no such list). `top_up_id` may be undone. `forgotten` is the name of who is not known any more. `documents`
    are files for them alone.
    """

    lines: tuple[str, ...] = ()
    waits: Waits | None = None
    requests: tuple[str, ...] | None = None
    top_up_id: str = ""
    forgotten: str = ""
    documents: tuple[Document, ...] = ()


Answer = Callable[[Speaker, str], Awaitable[Reply]]
"""From who types, and what they typed after the command's name, to what they read. A `ChipinError` says why not."""


def said(lines: Iterable[str]) -> Reply:
    """Nothing but lines."""
    return Reply(tuple(lines))
