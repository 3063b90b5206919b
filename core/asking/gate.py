"""Withholds the first words of an answer while another model may still answer instead."""

from collections.abc import Callable


class Gate:
    """Text goes through once there is more of it than `withheld_chars`, or once it is opened; in order, each once.

    Blanks at the beginning wait for a word: alone they are no answer, and another model may give one.
    """

    def __init__(self, show: Callable[[str], None], *, withheld_chars: int) -> None:
        self.show = show
        self._withheld_chars = withheld_chars
        self._withheld: list[str] = []
        self._length = 0
        self._has_words = False
        self._is_open = False

    @property
    def is_open(self) -> bool:
        """Whether the reader has seen the text so far."""
        return self._is_open

    def put(self, text: str) -> None:
        """The next piece."""
        if self._is_open:
            self.show(text)
            return
        self._withheld.append(text)
        self._length += len(text)
        self._has_words = self._has_words or bool(text.strip())
        self._show_if_due()

    def open(self) -> None:
        """Show what was withheld, and everything that comes."""
        self._withheld_chars = 0
        self._show_if_due()

    def _show_if_due(self) -> None:
        if not self._is_open and self._has_words and self._length > self._withheld_chars:
            withheld, self._withheld = "".join(self._withheld), []
            self._is_open = True
            self.show(withheld)
