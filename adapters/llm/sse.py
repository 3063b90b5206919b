"""Server-sent events out of bytes, as the HTML standard splits them. Pure: it reads nothing by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_EVENT_BYTES = 1024 * 1024
"""No event of a language model comes near this; whoever sends more is broken or hostile."""

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class NotAnEventStream(ValueError):
    """The bytes are no event stream: not UTF-8, or a line without end."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its name ("message" unless the server said another) and its data, lines joined by line feeds."""

    name: str
    data: str


class SseParser:
    """Takes bytes in pieces cut anywhere and gives back the events that they complete.

    An event that no blank line ends is never given back: the standard discards it, and so it was cut off.
    """

    def __init__(self, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max_event_bytes = max_event_bytes
        self._line = bytearray()
        self._first_line = True
        self._after_return = False  # the last piece ended in CR: an LF that opens the next one belongs to it
        self._name = ""
        self._data: list[str] = []
        self._event_bytes = 0

    def feed(self, piece: bytes) -> Iterator[Event]:
        """The events that end in this piece, in order; to be read to the end before the next piece is fed.

        Raises `NotAnEventStream` after the events that stand before what is none.
        """
        if not piece:
            return
        if self._after_return and piece.startswith(b"\n"):
            piece = piece[1:]
        self._after_return = piece.endswith(b"\r")
        *ended, rest = _LINE_END.split(piece)
        for line in ended:
            if line := self._whole(line):
                self._take_field(line)
            elif event := self._dispatch():
                yield event
        self._line += rest
        self._bound(len(self._line))

    def _whole(self, last_part: bytes) -> bytes:
        """The line that ends here."""
        if self._line:
            last_part = bytes(self._line) + last_part
            self._line.clear()
        if self._first_line:
            self._first_line = False
            return last_part.removeprefix(_BYTE_ORDER_MARK)
        return last_part

    def _bound(self, more_bytes: int) -> None:
        if self._event_bytes + more_bytes > self._max_event_bytes:
            raise NotAnEventStream(f"an event of more than {self._max_event_bytes} bytes")

    def _take_field(self, line: bytes) -> None:
        self._bound(len(line))
        self._event_bytes += len(line)
        name, _, value = line.partition(b":")
        if name not in (b"data", b"event"):  # a comment has no name; `id` and `retry` are for reconnecting readers
            return
        try:
            text = value.removeprefix(b" ").decode()
        except UnicodeDecodeError as error:
            raise NotAnEventStream("the text is not UTF-8") from error
        if name == b"data":
            self._data.append(text)
        else:
            self._name = text

    def _dispatch(self) -> Event | None:
        name, data = self._name, "\n".join(self._data)
        self._name, self._data, self._event_bytes = "", [], 0
        return Event(name or "message", data) if data else None
