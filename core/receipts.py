"""What an ask cost and why, read from the books at any time: by its asker, and by others who see the answer."""

from core.allowance import Allowances
from core.errors import BadInput
from core.ledger.delivery import INTERRUPTED
from core.models import PRACTICE
from core.operations import RequestState
from core.people import Member, Place
from core.ports import Catalogue, ReceiptBooks
from core.receipt import BookedAsk, Receipt, RecentAsk
from core.text import receipts as words
from core.text.tags import tag_line

MOST_RECENT = 5
"""As many asks as somebody sees at a glance."""


class Receipts:
    """Answers Details: whoever presses reads about themselves."""

    def __init__(self, books: ReceiptBooks, allowances: Allowances, catalogue: Catalogue) -> None:
        self._books = books
        self._allowances = allowances
        self._catalogue = catalogue

    async def details(self, member: Member, place: Place, ask_id: str) -> tuple[str, ...]:
        """What is behind the price of an ask, a line each. `BadInput` where their team has no such ask.

        Its asker reads tokens, the exact charge of each step, why this model, and what is left of their month. Somebody
        else reads its price and model, and what is left of their own month.
        """
        booked = await self._books.one(member.team.id, ask_id)
        if booked is None:
            raise BadInput(words.NOT_HERE)
        month_left_nanos = (await self._allowances.of(member, place)).month_left_nanos
        title = self._title(booked)
        if booked.member_id not in member.ids:
            return words.details_of_another(booked, title, month_left_nanos, practice=booked.provider == PRACTICE)
        if booked.state not in (RequestState.SETTLED, RequestState.RELEASED) or booked.ending == INTERRUPTED:
            return (words.without_receipt(booked),)
        receipt = Receipt(booked.ask_id, title, booked.lines, booked.why, month_left_nanos)
        return words.detail_lines(receipt, given_back_nanos=booked.given_back_nanos, tag=tag_line(booked.tagged))

    async def recent(self, member: Member, at_most: int = MOST_RECENT) -> tuple[RecentAsk, ...]:
        """A member's last asks, the newest first."""
        newest = await self._books.newest(member.team.id, member.ids, at_most)
        return tuple(RecentAsk(booked, self._title(booked)) for booked in newest)

    def _title(self, booked: BookedAsk) -> str:
        """The name of its model; its id where it is not offered any more."""
        titles = (model.title for model in self._catalogue.models if model.id == booked.model)
        return next(titles, booked.model)
