"""What can be asked here and now: the models of connected providers, cheapest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from adapters.llm.operator_models import OperatorModels
from core.models import Gone, Model
from core.ports import Clock, Provider
from core.prices import TYPICAL_QUESTION, cost

GONE_FOR = timedelta(days=1)
"""How long a model that its provider does not know stays out: then one ask finds out whether it is back."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Offer:
    day: date
    models: tuple[Model, ...]
    embedders: tuple[Model, ...]


class LiveCatalogue:
    """The models that can be asked now. `core.ports.Catalogue`.

    `notes` are sentences for the operator about providers that look configured and are not connected. `operators` is
    their own file, which is followed while it changes (`refresh`): it adds models to those given, or replaces them.
    """

    def __init__(
        self,
        models: Iterable[Model],
        providers: Mapping[str, Provider],
        clock: Clock,
        *,
        notes: tuple[str, ...] = (),
        operators: OperatorModels | None = None,
    ) -> None:
        self._built_in = tuple(models)
        self._operators = operators
        self._providers = dict(providers)
        self._clock = clock
        self._gone: dict[tuple[str, str], Gone] = {}
        self._offer: _Offer | None = None
        self.notes = notes

    @property
    def models(self) -> tuple[Model, ...]:
        """Models of connected providers with a price in force today (UTC), cheapest typical question first."""
        return self._offer_now().models

    @property
    def embedders(self) -> tuple[Model, ...]:
        """Those that turn texts into vectors, in the same order: they answer nothing, so nobody is offered them."""
        return self._offer_now().embedders

    def _offer_now(self) -> _Offer:
        now = self._clock.now()
        self._give_another_chance(now)
        if self._offer is None or self._offer.day != now.date():
            self._offer = self._offered_on(now.date())
        return self._offer

    def _offered_on(self, today: date) -> _Offer:
        priced = [
            (cost(TYPICAL_QUESTION, price), model.id, model)
            for model in self._listed()
            if model.provider in self._providers
            and _at_its_provider(model) not in self._gone
            and (price := model.price_on(today)) is not None
        ]
        models = [model for _, _, model in sorted(priced, key=lambda entry: entry[:2])]
        answering = tuple(model for model in models if not model.embeds)
        return _Offer(today, answering, tuple(model for model in models if model.embeds))

    def _listed(self) -> tuple[Model, ...]:
        if self._operators is None:
            return self._built_in
        ours = (model for model in self._built_in if model.id not in self._operators.names)
        return (*ours, *self._operators.models.values())

    @property
    def providers(self) -> Mapping[str, Provider]:
        """The connected providers by name."""
        return self._providers

    def withdraw(self, model: Model) -> None:
        """Its provider does not know it: out for a day, under whatever ids it is listed."""
        name = _at_its_provider(model)
        if name in self._gone or name not in map(_at_its_provider, self._listed()):
            return
        _log.warning("model_gone", model=model.id, provider=model.provider, name_there=model.wire_name)
        self._gone[name] = Gone(model, self._clock.now())
        self._offer = None

    async def refresh(self) -> None:
        """Follow the operator's file if it changed. While it is broken, none of the models that it names is offered.

        Asks that run keep the model, and the price, that they began with.
        """
        before = self.trouble
        if self._operators is None or not await self._operators.look():
            return
        self._offer = None
        if self.trouble:
            _log.warning("models_file_broken", reason=self.trouble)
            return
        self._gone.clear()
        tell = _log.warning if before else _log.info
        tell("models_file_loaded", models=len(self._operators.models), mended=bool(before))

    @property
    def trouble(self) -> str:
        """What is wrong with the operator's file, with its line and the fix; empty while it is good."""
        return self._operators.trouble if self._operators is not None else ""

    @property
    def gone(self) -> tuple[Gone, ...]:
        """What was withdrawn and is still out."""
        return tuple(self._gone.values())

    def _give_another_chance(self, now: datetime) -> None:
        if back := [name for name, gone in self._gone.items() if now - gone.since >= GONE_FOR]:
            for name in back:
                del self._gone[name]
            self._offer = None


def _at_its_provider(model: Model) -> tuple[str, str]:
    return model.provider, model.wire_name
