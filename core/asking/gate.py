"""Withholds the first words of an answer while it may still be given to another model."""

from collections.abc import Callable


class Gate:
    """Text goes through once there is more of it than `withheld_chars`, or once it is opened; in order, each once."""

    def __init__(self, show: Callable[[str], None], *, withheld_chars: int) -> None:
        self.show = show
        self._withheld_chars = withheld_chars
        self._withheld: list[str] = []

    @property
    def is_open(self) -> bool:
        """Whether the reader has seen the text so far."""
        return self._withheld_chars == 0

    def put(self, text: str) -> None:
        """The next piece."""
        if self.is_open:
            self.show(text)
            return
        self._withheld.append(text)
        if sum(map(len, self._withheld)) > self._withheld_chars:
            self.open()

    def open(self) -> None:
        """Show what was withheld, and everything that comes."""
        withheld, self._withheld = "".join(self._withheld), []
        self._withheld_chars = 0
        if withheld:
            self.show(withheld)
