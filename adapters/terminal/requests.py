"""Asking for more at the terminal: /request, and what admins say to it."""

from collections.abc import Sequence

from adapters.terminal.commands import starting_with
from adapters.terminal.people import People
from adapters.terminal.screen import Screen, Suggestions
from core.budget_requests import BudgetRequests
from core.errors import BadInput
from core.operations import Decision
from core.text.neutralise import for_terminal
from core.text.typed import split_amount

TAKE_BACK = "cancel"
NOTHING_OPEN = "Nobody waits for a decision."


class RequestDesk:
    """Answers whoever asks for more, and whoever decides it."""

    def __init__(self, requests: BudgetRequests, screen: Screen, people: People) -> None:
        self._requests = requests
        self._screen = screen
        self._people = people

    async def request(self, typed: str) -> None:
        """Ask for more of what the last refused question lacked, else of the month; or take that back."""
        person, member = self._people.current, await self._people.member()
        word, *number = typed.split()[:2] or [""]
        if word.casefold() == TAKE_BACK:
            open_now = [each.id for each in await self._requests.open_for(member) if each.member_id == member.id]
            self._say([await self._requests.cancel(member, _chosen(open_now, "".join(number)))])
            return
        amount, reason = split_amount(typed) if typed[:1].isdigit() or (typed[:1] in "$-" and typed) else ("", typed)
        place, shortfall = self._people.place, person.shortfall
        self._say([await self._requests.ask(member, place, amount, for_terminal(reason), shortfall)])

    async def requests(self, _: str) -> None:
        """What is to be decided: all of it for admins, else one's own."""
        member = await self._people.member()
        lines = await self._requests.lines(member)
        self._people.current.requests = tuple(each.id for each in await self._requests.open_for(member))
        self._say(lines or [NOTHING_OPEN])
        if lines:
            self._say(["/approve 1, /half 1 or /deny 1 decides." if member.admin else "/request cancel takes it back."])

    async def approve(self, typed: str) -> None:
        """Grant all of it."""
        await self._decide(typed, Decision.APPROVE)

    async def half(self, typed: str) -> None:
        """Grant half of it."""
        await self._decide(typed, Decision.HALF)

    async def deny(self, typed: str) -> None:
        """Grant nothing."""
        await self._decide(typed, Decision.DENY)

    def numbers(self, typed: str) -> Suggestions:
        """The numbers of the last list."""
        return starting_with(typed, map(str, range(1, 1 + len(self._people.current.requests))))

    async def _decide(self, typed: str, decision: Decision) -> None:
        person, member = self._people.current, await self._people.member()
        listed = person.requests if typed else tuple(each.id for each in await self._requests.open_for(member))
        self._say([await self._requests.decide(member, _chosen(listed, typed), decision)])

    def _say(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._screen.write(f"{line}\n")


def _chosen(listed: Sequence[str], typed: str) -> str:
    """The request with the number that was typed; without one the only one there is."""
    if not typed and not listed:
        raise BadInput(NOTHING_OPEN)
    if not typed and len(listed) == 1:
        return listed[0]
    numbers = {str(number): request for number, request in enumerate(listed, start=1)}
    if typed not in numbers:
        raise BadInput("Which one? /requests lists them with their numbers. Nothing was changed.")
    return numbers[typed]
