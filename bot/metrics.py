"""Numbers for a monitor, in the text format of Prometheus: how this process is, nothing of any team."""

from collections.abc import Iterator

from bot.wiring import App


def metrics_of(app: App) -> str:
    """The numbers now."""
    return "".join(
        f"# HELP {name} {help_text}\n# TYPE {name} gauge\n{name} {value}\n" for name, help_text, value in _all(app)
    )


def _all(app: App) -> Iterator[tuple[str, str, int]]:
    asks, catalogue = app.use_cases.asks, app.catalogue
    yield "chipin_asks_running", "Asks that run in this process now.", asks.running
    yield "chipin_models_offered", "Models with a price in force and a connected provider.", len(catalogue.models)
    yield "chipin_models_withdrawn", "Models that their provider says are gone.", len(catalogue.gone)
