"""Shows one answer as it comes: every event of an ask becomes text on the screen."""

from typing import assert_never

from adapters.terminal.screen import Screen
from core.defaults import WALLET_REQUESTS_NANOS
from core.events import (
    AlreadyAsked,
    AskEvent,
    Delta,
    Finished,
    FirstUse,
    NeedsCare,
    NeedsConfirmation,
    Pausing,
    Quoted,
    Refused,
    Started,
    SwitchedModel,
    Waiting,
)
from core.money import NANOS_PER_USD, format_exact
from core.quote import Quote
from core.text import wording
from core.text.prices import better_label, quote_lines, shown_quotes
from core.text.receipts import outcome_lines

ALL = "--all"
_ASK_THE_ADMINS = "Ask the admins: " + ", ".join(
    f"/request {nanos // NANOS_PER_USD}" for nanos in WALLET_REQUESTS_NANOS
)


class AnswerView:
    """One answer on a screen. `last` is its newest event, `text` its words, `quotes` the prices that it numbered."""

    def __init__(self, screen: Screen, *, all_prices: bool = False) -> None:
        self._screen = screen
        self._all_prices = all_prices
        self._line_is_open = False
        self._pieces: list[str] = []
        self.quotes: tuple[Quote, ...] = ()
        self.last: AskEvent | None = None

    @property
    def has_text(self) -> bool:
        """Whether a word of it came."""
        return bool(self._pieces)

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self._pieces)

    def show(self, event: AskEvent) -> None:
        """Put one event on the screen."""
        self.last = event
        match event:
            case Delta(text):
                self._pieces.append(text)
                self._line_is_open = not text.endswith("\n")
                self._screen.write(text)
            case Waiting(running_asks):
                self.line(wording.waiting(running_asks))
            case Started():
                self._start(event)
            case SwitchedModel(from_title, to_title, at_most_nanos, because):
                self.line(wording.switched(from_title, to_title, because, at_most_nanos=at_most_nanos))
            case FirstUse(lines):
                self.line("\n".join(lines))
            case Quoted():
                self._quote(event)
            case NeedsCare() | NeedsConfirmation():
                self.line(f"{event.sentence} {_choices(event)}")
            case Refused(sentence, again, shortfall=shortfall, cheaper=cheaper):
                take = " /cheaper takes that one." if cheaper is not None else ""
                self.line(_with_again(f"{sentence}{take}", again))
                if shortfall is not None and not shortfall.counter_id:
                    self.line(_ASK_THE_ADMINS)
            case Pausing(sentence=sentence) | AlreadyAsked(sentence=sentence):
                self.line(sentence)
            case Finished():
                self._finish(event)
            case _:
                assert_never(event)  # a new event is shown, or mypy says where it is not

    def line(self, text: str) -> None:
        """A line of ours, never on the same line as the answer."""
        self._screen.write(f"\n{text}\n" if self._line_is_open else f"{text}\n")
        self._line_is_open = False

    def _start(self, started: Started) -> None:
        if started.note:
            self.line(started.note)

    def _quote(self, quoted: Quoted) -> None:
        self.quotes = shown_quotes(quoted, everything=self._all_prices)
        for text in (*quote_lines(quoted, self.quotes), *([quoted.note] if quoted.note else [])):
            self.line(text)
        self.line("/yes asks the recommended one, /yes 2 number 2." if len(self.quotes) > 1 else "/yes asks it.")
        if more := len(quoted.quotes) - len(self.quotes):
            self.line(f"There are {more} more: /price {ALL} QUESTION lists all.")

    def _finish(self, finished: Finished) -> None:
        lines = list(outcome_lines(finished))
        if finished.receipt.charged_nanos:
            lines[0] += f" · charged {format_exact(finished.receipt.charged_nanos)} · /details"
        if lines:
            lines[-1] = _with_again(lines[-1], finished.again)
        if finished.better is not None:
            lines.append(f"{better_label(finished.better)}: /better")
        if self._pieces:
            self.line("")
        for text in lines:
            self.line(text)


def _choices(event: NeedsCare | NeedsConfirmation) -> str:
    """What can be typed now."""
    if isinstance(event, NeedsCare):
        return f"/remove asks without it{', /send sends it as it is' if event.may_send else ''}."
    return f"/yes agrees{', /cheaper takes the cheaper one' if event.cheaper else ''}."


def _with_again(sentence: str, again: str) -> str:
    return f"{sentence} /again asks it once more." if again else sentence
