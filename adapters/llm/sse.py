"""Server-sent events out of bytes, as the HTML standard splits them. Pure: it reads nothing by itself."""

import re
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

    def feed(self, piece: bytes) -> list[Event]:
        """The events that end in this piece, in order. Raises `NotAnEventStream`."""
        if not piece:
            return []
        if self._after_return and piece.startswith(b"\n"):
            piece = piece[1:]
        self._after_return = piece.endswith(b"\r")
        *ended, rest = _LINE_END.split(piece)
        events = [event for line in ended if (event := self._end_line(line))]
        self._hold(rest)
        return events

    def _hold(self, part: bytes) -> None:
        self._line += part
        if self._event_bytes + len(self._line) > self._max_event_bytes:
            raise NotAnEventStream(f"an event of more than {self._max_event_bytes} bytes")

    def _end_line(self, last_part: bytes) -> Event | None:
        self._hold(last_part)
        line = bytes(self._line)
        self._line.clear()
        if self._first_line:
            self._first_line = False
            line = line.removeprefix(_BYTE_ORDER_MARK)
        if not line:
            return self._dispatch()
        self._event_bytes += len(line)
        self._take_field(line)
        return None

    def _take_field(self, line: bytes) -> None:
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
        event = Event(self._name or "message", "\n".join(self._data))
        self._name, self._data, self._event_bytes = "", [], 0
        return event if event.data else None
