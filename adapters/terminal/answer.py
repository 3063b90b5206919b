"""Shows one answer as it comes: every event of an ask becomes text on the screen."""

from adapters.terminal.screen import Screen
from core.events import (
    AlreadyAsked,
    AskEvent,
    Delta,
    Finished,
    NeedsConfirmation,
    Pausing,
    Quoted,
    Refused,
    Started,
    SwitchedModel,
    Waiting,
)
from core.money import format_exact
from core.text import wording
from core.text.prices import quote_lines
from core.text.receipts import outcome_lines


class AnswerView:
    """One answer on a screen. `last` is its newest event."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._line_is_open = False
        self.has_text = False
        self.last: AskEvent | None = None

    def show(self, event: AskEvent) -> None:
        """Put one event on the screen."""
        self.last = event
        match event:
            case Delta(text):
                self.has_text = True
                self._line_is_open = not text.endswith("\n")
                self._screen.write(text)
            case Waiting(running_asks):
                self.line(wording.waiting(running_asks))
            case Started(note=note):
                if note:
                    self.line(note)
            case Pausing(sentence):
                self.line(sentence)
            case SwitchedModel(from_title, to_title, at_most_nanos, because):
                self.line(wording.switched(from_title, to_title, because, at_most_nanos=at_most_nanos))
            case Quoted(quotes=quotes):
                for line in quote_lines(quotes):
                    self.line(line)
            case NeedsConfirmation(sentence=sentence):
                self.line(f"{sentence} /yes agrees.")
            case Refused(sentence) | AlreadyAsked(sentence=sentence):
                self.line(sentence)
            case Finished():
                self._finish(event)

    def line(self, text: str) -> None:
        """A line of ours, never on the same line as the answer."""
        self._screen.write(f"\n{text}\n" if self._line_is_open else f"{text}\n")
        self._line_is_open = False

    def _finish(self, finished: Finished) -> None:
        lines = list(outcome_lines(finished))
        if finished.receipt.charged_nanos:
            lines[0] += f" · charged {format_exact(finished.receipt.charged_nanos)} · /details"
        if self.has_text:
            self.line("")
        for text in lines:
            self.line(text)
