"""What admins are told of the catalogue: a model is gone, the operator's file broke or was mended, a price changed."""

from collections.abc import Iterable
from datetime import date

from core.ids import new_id
from core.models import PRACTICE, Model
from core.operations import TellChange
from core.people import Team
from core.ports import Books, ChangingCatalogue, Clock, NoticeBooks, Notifier, People
from core.prices import TYPICAL_QUESTION, Price, cost
from core.text import notices

MODEL_GONE, MODELS_FILE, PRICE = "model-gone", "models-file", "price"
GOOD, BROKEN = "good", "broken"


class CatalogueNews:
    """One round is `run`; something like a scheduler calls it again and again.

    What was told is kept in the books: many processes that see the same tell it once, and so does one that is started
    again. Of a team, or a model, that is seen for the first time nothing is told.
    """

    def __init__(
        self,
        catalogue: ChangingCatalogue,
        books: Books,
        notice_books: NoticeBooks,
        *,
        notifier: Notifier,
        people: People,
        clock: Clock,
    ) -> None:
        self._catalogue = catalogue
        self._books = books
        self._notice_books = notice_books
        self._notifier = notifier
        self._people = people
        self._clock = clock
        self._seen: object = None

    async def run(self) -> None:
        """Post what is new to every team's admins. A `BooksFailed` ends the round; the next one says it all again."""
        offered, gone, trouble = self._catalogue.models, self._catalogue.gone, self._catalogue.trouble
        teams, today = await self._people.teams(), self._clock.now().date()
        seeing = (today, offered, gone, trouble, tuple(team.id for team in teams))
        if seeing == self._seen:
            return
        for team in teams:
            for each in gone:
                month = f"{each.since:%Y-%m}"  # who leaves it in the catalogue is told again in the next one
                words = notices.model_gone(each.model)
                await self._notifier.post(team, MODEL_GONE, f"{each.model.id}:{month}", words)
            known = await self._notice_books.told(team.id)
            await self._tell_of_file(team, known.get(MODELS_FILE, ""), trouble)
            for model, price in _sold(offered, today):
                await self._tell_of_price(team, known.get(f"{PRICE}:{model.id}", ""), model, price)
        self._seen = seeing

    async def _tell_of_file(self, team: Team, was: str, trouble: str) -> None:
        value = BROKEN if trouble else GOOD
        words = notices.models_file_broken(trouble) if trouble else notices.MODELS_FILE_MENDED
        first = not was and not trouble
        await self._change(team, MODELS_FILE, was, value, "" if first else words)

    async def _tell_of_price(self, team: Team, was: str, model: Model, price: Price) -> None:
        now_nanos = cost(TYPICAL_QUESTION, price)
        words = notices.price_changed(model, int(was), now_nanos, price.effective_from) if was else ""
        await self._change(team, f"{PRICE}:{model.id}", was, str(now_nanos), words)

    async def _change(self, team: Team, subject: str, was: str, value: str, words: str) -> None:
        if was == value:
            return
        change = TellChange(
            id=new_id("tell", self._clock.now()),
            wallet_id=team.wallet_id,
            team_id=team.id,
            subject=subject,
            was=was,
            value=value,
            kind=subject.partition(":")[0],
            words=words,
        )
        await self._books.apply(change)


def _sold(offered: Iterable[Model], today: date) -> Iterable[tuple[Model, Price]]:
    """What answers questions for money (or for nothing), with its price of today. Practice money is nobody's news."""
    for model in offered:
        price = model.price_on(today)
        if price is not None and model.provider != PRACTICE:
            yield model, price
