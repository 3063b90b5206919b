"""What people think of their answers: a thumb up or down on each, for judging how models are chosen."""

from core.ids import new_id
from core.operations import RateAnswer, Refused, Thumb
from core.people import Member
from core.ports import Books, Clock


class Feedback:
    """Thumbs on answers."""

    def __init__(self, books: Books, clock: Clock) -> None:
        self._books = books
        self._clock = clock

    async def rate(self, member: Member, ask_id: str, thumb: Thumb) -> bool:
        """Note a thumb on an answer of the member's own, in place of an earlier one; 0 takes it back.

        False when there is no such answer. Raises a `BooksFailed`.
        """
        said = RateAnswer(
            id=new_id("rate", self._clock.now()),
            wallet_id=member.team.wallet_id,
            ask_id=ask_id,
            team_id=member.team.id,
            member_id=member.id,
            thumb=thumb,
        )
        return not isinstance(await self._books.apply(said), Refused)
