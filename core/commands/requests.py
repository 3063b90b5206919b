"""Asking for more: /request, /requests, and what admins say to it."""

from collections.abc import Sequence

from core.asks import Asks
from core.budget_requests import BudgetRequests
from core.commands.speaking import Reply, Speaker, said
from core.errors import BadInput
from core.operations import Decision
from core.text.neutralise import for_terminal
from core.text.typed import split_amount

TAKE_BACK = "cancel"
NOTHING_OPEN = "Nobody waits for a decision."


class Requests:
    """Answers whoever asks for more, and whoever decides it."""

    def __init__(self, requests: BudgetRequests, asks: Asks) -> None:
        self._requests = requests
        self._asks = asks

    async def request(self, speaker: Speaker, typed: str) -> Reply:
        """Ask for more of what the last refused question lacked, else of the month; or take that back."""
        member = speaker.member
        word, *number = typed.split()[:2] or [""]
        if word.casefold() == TAKE_BACK:
            open_now = [each.id for each in await self._requests.open_for(member) if each.member_id == member.id]
            return said([await self._requests.cancel(member, _chosen(open_now, "".join(number)))])
        amount, reason = split_amount(typed) if typed[:1].isdigit() or (typed[:1] in "$-" and typed) else ("", typed)
        return await self.ask_for(speaker, amount, reason)

    async def ask_for(self, speaker: Speaker, amount: str, reason: str) -> Reply:
        """The same where the amount is said apart; without one it is what is usual."""
        member = speaker.member
        shortfall = speaker.shortfall or self._asks.lacked(member)
        return said([await self._requests.ask(member, speaker.place, amount, for_terminal(reason), shortfall)])

    async def requests(self, speaker: Speaker, _: str) -> Reply:
        """What is to be decided: all of it for admins, else one's own."""
        lines, shown = await self._requests.lines(speaker.member), await self._open(speaker)
        if not lines:
            return Reply((NOTHING_OPEN,), requests=())
        if not speaker.member.admin:
            return Reply((*lines, "/request cancel takes it back."), requests=shown)
        how = () if speaker.listed is None else ("/approve 1, /half 1 or /deny 1 decides.",)
        return Reply((*lines, *how), requests=shown)

    async def approve(self, speaker: Speaker, typed: str) -> Reply:
        """Grant all of it."""
        return await self._decide(speaker, typed, Decision.APPROVE)

    async def half(self, speaker: Speaker, typed: str) -> Reply:
        """Grant half of it."""
        return await self._decide(speaker, typed, Decision.HALF)

    async def deny(self, speaker: Speaker, typed: str) -> Reply:
        """Grant nothing."""
        return await self._decide(speaker, typed, Decision.DENY)

    async def decide(self, speaker: Speaker, request_id: str, decision: Decision) -> Reply:
        """Press a button of the request's card."""
        done = await self._requests.decide(speaker.member, request_id, decision, announced=speaker.announces)
        return said([done])

    async def is_open(self, speaker: Speaker, request_id: str) -> bool:
        """Whether it still waits for somebody like the speaker."""
        return request_id in await self._open(speaker)

    async def _decide(self, speaker: Speaker, typed: str, decision: Decision) -> Reply:
        """By its number; without one the only one there is."""
        if typed and speaker.listed is not None:
            return await self.decide(speaker, _chosen(speaker.listed, typed), decision)
        open_now = await self._open(speaker)
        if speaker.listed is None and len(open_now) > 1:
            return await self.requests(speaker, "")
        return await self.decide(speaker, _chosen(open_now, typed), decision)

    async def _open(self, speaker: Speaker) -> tuple[str, ...]:
        return tuple(each.id for each in await self._requests.open_for(speaker.member))


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
