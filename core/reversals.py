"""Giving back what an ask cost: by a reversing transfer with a reason, at the operator's expense."""

from core.errors import BadInput
from core.operations import Moved, Reason, Refused, Reverse
from core.people import OPERATOR
from core.ports import Books, Notifier, WhoseAsks
from core.text.notices import given_back
from core.text.typed import reason_of


class Reversals:
    """What the operator gives back. The provider keeps its money: so it is the operator's, and nobody else may."""

    def __init__(self, books: Books, whose: WhoseAsks, notifier: Notifier) -> None:
        self._books = books
        self._whose = whose
        self._notifier = notifier

    async def reverse(self, ask_id: str, reason: str) -> Moved:
        """Give all of it back, once: the same ask again answers the same. The team's admins are told once.

        The limits it counted against have that room again. `BadInput` says why not.
        """
        words = reason_of(reason)
        if not words:
            raise BadInput("Say why: python -m bot reverse ASK_ID REASON. Nothing was given back.")
        team = await self._whose.team_of(ask_id)
        if team is None:
            raise BadInput(
                f'There is no ask "{ask_id[:60]}"; `export --json` lists them as request_key. Nothing was given back.'
            )
        done = await self._books.apply(
            Reverse(id=f"{ask_id}.given_back", wallet_id=team.wallet_id, ask_id=ask_id, actor=OPERATOR, reason=words)
        )
        if isinstance(done, Refused):
            why = "cost nothing, or it was given back before" if done.reason is Reason.NOTHING_LEFT else "is not there"
            raise BadInput(f"This ask {why}. Nothing was given back.")
        await self._notifier.post(team, "reverse", ask_id, given_back(done.amount_nanos, words))
        return done
