"""What the reader of one ask is told. Every ask ends in one event, whatever happens to it."""

from core.asking.event_stream import EventStream
from core.errors import BooksFailed, BooksUncertain
from core.events import AskEvent, Refused, Shortfall
from core.text import wording

UNKNOWN_CHARGE = (
    "Whether this answer was booked is not known yet; if it was not, nothing is charged. /balance shows it."
)
LOST = "The database was lost for a moment."


class Telling:
    """The events of one ask. `answered` is set before the charge is booked: from then on it may have been."""

    def __init__(self, events: EventStream) -> None:
        self._events = events
        self._end: AskEvent | None = None
        self.answered = False

    def put(self, event: AskEvent) -> None:
        """Tell something on the way."""
        self._events.put(event)

    def end(self, event: AskEvent) -> None:
        """Tell how it ended, and let the reader go; only the first time counts."""
        if self._end is None:
            self._end = event
            self._events.put(event)
            self._events.close()

    @property
    def shortfall(self) -> Shortfall | None:
        """What was missing, if that is how it ended."""
        return self._end.shortfall if isinstance(self._end, Refused) else None

    def interrupted(self) -> None:
        """Tell that it ended without its end. Harmless when it has ended."""
        self.end(Refused(f"This was interrupted. {self._what_of_the_money()}"))

    def books_failed(self, failed: BooksFailed) -> None:
        """Tell that the database is away: the books may be closed long after."""
        # A hold that was taken all the same charges nothing: nobody called a provider, and it is given back.
        reason = LOST if isinstance(failed, BooksUncertain) else str(failed)
        self.end(Refused(f"{reason} {self._what_of_the_money()}"))

    def _what_of_the_money(self) -> str:
        return UNKNOWN_CHARGE if self.answered else f"{wording.NOT_CHARGED} Try again in a minute."
