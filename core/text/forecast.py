"""What a month will come to, in words."""

from core.forecast import LEAST_DAYS, Forecast
from core.money import format_price
from core.text.wording import amount, count_of


def forecast_line(forecast: Forecast) -> str:
    """The month that runs in one line: "November: about $41.00 by its end if ..."; where none can be told, why not."""
    name = f"{forecast.month.first_day:%B}"
    # As the lines of /usage above it say the same sum.
    spent = format_price(forecast.spent_nanos) if forecast.spent_nanos else amount(0)
    if forecast.forecast_nanos is None:
        known = count_of(forecast.days_known, "whole day") if forecast.days_known else "none"
        verb = "is" if forecast.days_known <= 1 else "are"
        return (
            f"{name}: {spent} so far. A forecast needs {LEAST_DAYS} whole days of use, and so far there {verb} {known}."
        )
    left = f"{count_of(forecast.days_left, 'day')} left with today"
    days = count_of(forecast.days_known, "day")
    usual = f"each weekday goes on as in the last {days}" if forecast.by_weekday else f"days go on as the last {days}"
    return f"{name}: about {amount(forecast.forecast_nanos)} by its end if {usual} ({spent} so far, {left})."
