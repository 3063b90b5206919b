"""Numbers for a monitor, in the text format of Prometheus: how this process is, nothing of any team."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.wiring import App

Gauge = tuple[str, str, int]
"""A name, what it means, and the number now."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a monitor is told of one chat. `trouble`: what is wrong with it now, in words; empty for nothing."""

    gauges: Callable[[], Iterable[Gauge]]
    trouble: Callable[[], str]


def metrics_of(app: App, watched: Iterable[Watched] = ()) -> str:
    """The numbers now."""
    every = [*_all(app), *(gauge for each in watched for gauge in each.gauges())]
    return "".join(
        f"# HELP {name} {help_text}\n# TYPE {name} gauge\n{name} {value}\n" for name, help_text, value in every
    )


def _all(app: App) -> Iterator[Gauge]:
    asks, catalogue = app.use_cases.asks, app.catalogue
    yield "chipin_asks_running", "Asks that run in this process now.", asks.running
    yield "chipin_models_offered", "Models with a price in force and a connected provider.", len(catalogue.models)
    yield "chipin_models_withdrawn", "Models that their provider says are gone.", len(catalogue.gone)
