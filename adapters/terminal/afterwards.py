"""After an answer at the terminal: what is behind its price, and what its asker thinks of it."""

from adapters.terminal.people import People
from adapters.terminal.screen import Screen
from core.errors import BadInput
from core.operations import Thumb
from core.text import wording
from core.use_cases import UseCases

NO_ANSWER_YET = "There is no answer of yours yet in this session. Ask something first."


class AfterDesk:
    """Answers whoever speaks about their own last answer."""

    def __init__(self, use_cases: UseCases, screen: Screen, people: People) -> None:
        self._feedback = use_cases.feedback
        self._receipts = use_cases.receipts
        self._screen = screen
        self._people = people

    async def details(self, _: str) -> None:
        """What is behind the speaker's last receipt."""
        ask_id, people = self._people.current.receipt_of, self._people
        if not ask_id:
            raise BadInput(NO_ANSWER_YET)
        for line in await self._receipts.details(await people.member(), people.place, ask_id):
            self._screen.write(f"{line}\n")

    async def good(self, _: str) -> None:
        """A thumb up."""
        await self._rate(1)

    async def bad(self, _: str) -> None:
        """A thumb down."""
        await self._rate(-1)

    async def _rate(self, thumb: Thumb) -> None:
        answered = self._people.current.answered
        noted = answered is not None and await self._feedback.rate(await self._people.member(), answered.ask_id, thumb)
        if not noted:
            raise BadInput(NO_ANSWER_YET)
        self._screen.write(f"{wording.THANKS}\n")
