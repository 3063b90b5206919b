"""The digest's chart as a value: what was spent on each day, beside the same day of the week before."""

from collections.abc import Sequence

from core.chart import Bar, Chart
from core.periods import Span
from core.text.digest import chart_alt, chart_title, day_name, week_before_name, week_name


def chart_of(
    days: Sequence[tuple[Span, int]], days_before: Sequence[tuple[Span, int]], *, running: bool
) -> Chart | None:
    """What each day came to, in nano-dollars, and each of the week before; None where nothing was spent in both."""
    if not any(nanos for _, nanos in (*days, *days_before)):
        return None
    before = {day.first_day.weekday(): 0 for day, _ in days_before}
    for day, nanos in days_before:
        before[day.first_day.weekday()] += nanos
    bars = tuple(Bar(day_name(day.first_day), nanos, before.pop(day.first_day.weekday(), 0)) for day, nanos in days)
    return Chart(
        title=chart_title(),
        now=week_name(running=running),
        before=week_before_name(),
        bars=bars,
        alt=chart_alt(bars, sum(nanos for _, nanos in days), sum(nanos for _, nanos in days_before), running=running),
    )
