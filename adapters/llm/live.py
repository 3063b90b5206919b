"""What can be asked here and now: the models of connected providers, cheapest first."""

from collections.abc import Iterable, Mapping
from datetime import date

from core.models import Model
from core.ports import Clock, Provider
from core.prices import TYPICAL_QUESTION, cost


class LiveCatalogue:
    """The models that can be asked now. `core.ports.Catalogue`.

    `notes` are sentences for the operator about providers that look configured and are not connected.
    """

    def __init__(
        self, models: Iterable[Model], providers: Mapping[str, Provider], clock: Clock, *, notes: tuple[str, ...] = ()
    ) -> None:
        self._listed = tuple(models)
        self._providers = dict(providers)
        self._clock = clock
        self._priced: tuple[date, tuple[Model, ...]] = (date.min, ())
        self.notes = notes

    @property
    def models(self) -> tuple[Model, ...]:
        """Models of connected providers with a price in force today (UTC), cheapest typical question first."""
        today = self._clock.now().date()
        if self._priced[0] != today:
            self._priced = (today, self._priced_on(today))
        return self._priced[1]

    def _priced_on(self, today: date) -> tuple[Model, ...]:
        priced = [
            (cost(TYPICAL_QUESTION, price), model.id, model)
            for model in self._listed
            if model.provider in self._providers and (price := model.price_on(today)) is not None
        ]
        return tuple(model for _, _, model in sorted(priced, key=lambda entry: entry[:2]))

    @property
    def providers(self) -> Mapping[str, Provider]:
        """The connected providers by name."""
        return self._providers
