"""Prices that nobody has looked at for a quarter of a year: told to admins once a month, all models in one notice."""

from datetime import timedelta

from core.defaults import STALE_PRICE_DAYS, STALE_PRICES_AFTER_DAYS
from core.models import with_stale_prices
from core.periods import Period
from core.ports import Catalogue, Clock, Notifier, People
from core.text import alerts

STALE = "stale-prices"
_NEW = timedelta(days=STALE_PRICES_AFTER_DAYS)


class StalePrices:
    """One round is `run`; something like a scheduler calls it again and again."""

    def __init__(self, catalogue: Catalogue, notifier: Notifier, people: People, clock: Clock) -> None:
        self._catalogue = catalogue
        self._notifier = notifier
        self._people = people
        self._clock = clock
        self._seen: object = None

    async def run(self) -> None:
        """Tell every team's admins, each in their own month; not those of a demo, who are only trying it.

        Nor in a team's first week. A `BooksFailed` ends the round; the next one tells it.
        """
        now = self._clock.now()
        old = with_stale_prices(self._catalogue.models, now.date())
        teams = [team for team in await self._people.teams() if not team.demo and team.made_at + _NEW <= now]
        seeing = (now.date(), tuple(model.id for model, _ in old), tuple(team.id for team in teams))
        if not old or seeing == self._seen:
            return
        words = alerts.stale_prices([(model.title, since) for model, since in old], STALE_PRICE_DAYS)
        for team in teams:
            month = team.calendar.span(Period.MONTH, now).label
            await self._notifier.post(team, STALE, month, words)
        self._seen = seeing
