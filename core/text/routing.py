"""How well models are chosen, in lines: one for each arm of an experiment, one for each model."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from core.defaults import MIN_VARIANT_ASKS
from core.money import format_price
from core.reports import RoutedModel, RoutingNumbers, RoutingReport, VariantReport
from core.routing.variants import CONTROL
from core.text.wording import clock_time, count_of


def report_lines(numbers: RoutingNumbers, titles: Mapping[str, str], zone: ZoneInfo) -> tuple[str, ...]:
    """Everything an admin reads of it: who is down, what was chosen, experiments. `titles` names models by id."""
    down = (f"{title} has not answered since {clock_time(since, zone)}." for title, since in numbers.down)
    arms = [arm_line(arm.report, enough=arm.enough) for arm in numbers.arms]
    return (
        *down,
        f"Chosen automatically, in the last {numbers.days} days:",
        *(f"  {line}" for line in routing_lines(numbers.routing, titles)),
        *(["Experiments:", *(f"  {line}" for line in arms)] if arms else []),
    )


def arm_line(report: VariantReport, *, enough: bool) -> str:
    """One arm: its asks, about what an answer costs, how long it takes, and what people think of it."""
    name = _name(report.variant)
    if not enough:
        return f"{name}: not enough data yet: {report.answers} of {MIN_VARIANT_ASKS} answers"
    parts = [
        count_of(report.asks, "ask"),
        f"about {format_price(report.charged_nanos // report.answers)} an answer",
        *_waits(report),
        _thumbs(report.thumbs_up, report.thumbs_down),
        f"{report.failed} without an answer",
    ]
    return f"{name}: {' · '.join(parts)}"


def routing_lines(report: RoutingReport, titles: Mapping[str, str]) -> tuple[str, ...]:
    """The router's own report: what it chose, and how often somebody wanted a better model after all."""
    return tuple(_routed(model, titles) for model in report.models) or (
        "Nothing was answered by a model that was chosen for you yet.",
    )


def _routed(model: RoutedModel, titles: Mapping[str, str]) -> str:
    share = model.bettered * 100 // model.asks
    parts = [
        count_of(model.asks, "answer"),
        f"about {format_price(model.charged_nanos // model.asks)} an answer",
        f"a better model asked for after {model.bettered} ({share} %)",
        _thumbs(model.thumbs_up, model.thumbs_down),
    ]
    return f"{titles.get(model.model, model.model)}: {' · '.join(parts)}"


def _name(variant: str) -> str:
    return f"without {variant.removeprefix(CONTROL)}" if variant.startswith(CONTROL) else f"with {variant}"


def _waits(report: VariantReport) -> list[str]:
    """Typical waits, as far as they are known."""
    first = [f"first word typically after {_seconds(report.first_word_ms)}"] if report.first_word_ms else []
    whole = [f"whole answer after {_seconds(report.answer_ms)}"] if report.answer_ms else []
    return first + whole


def _seconds(ms: int) -> str:
    tenths = (ms + 50) // 100
    return f"{tenths // 10}.{tenths % 10} s"


def _thumbs(up: int, down: int) -> str:
    return f"{count_of(up, 'thumb')} up, {down} down"
