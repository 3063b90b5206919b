"""What a month will come to: by whole days only, by weekdays once there are two weeks, and said when it cannot be."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.forecast import MOST_DAYS, Forecast, Forecasts
from core.money import NANOS_PER_USD
from core.people import Team
from core.periods import Calendar
from core.spending import SpendBy, Spent, WalletMovements
from core.text.forecast import forecast_line
from tests.fakes import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")
USD = NANOS_PER_USD


class Books:
    """`core.ports.SpendBooks` of asks that ended at a moment, as far as a forecast reads them."""

    def __init__(self, *asks: tuple[datetime, int]) -> None:
        self._asks = asks

    async def totals(
        self, team_id: str, spans: Sequence[tuple[datetime, datetime]], member_ids: Collection[str] = ()
    ) -> tuple[Spent, ...]:
        assert (team_id, member_ids) == ("team", ())
        sums = [sum(nanos for at, nanos in self._asks if start <= at < end) for start, end in spans]
        return tuple(Spent("", 0, nanos) for nanos in sums)

    async def first_ask_at(self, team_id: str) -> datetime | None:
        assert team_id == "team"
        return min((at for at, _ in self._asks), default=None)

    async def spent(
        self, team_id: str, start: datetime, end: datetime, by: SpendBy, member_ids: Collection[str] = ()
    ) -> tuple[Spent, ...]:
        raise NotImplementedError

    async def movements(self, wallet_id: str, start: datetime, end: datetime) -> WalletMovements:
        raise NotImplementedError


def at(day: int, hour: int = 12, month: int = 11) -> datetime:
    """A moment in Berlin in 2026, where the first of November is a Sunday."""
    return datetime(2026, month, day, hour, tzinfo=BERLIN).astimezone(UTC)


async def reckoned(now: datetime, *asks: tuple[datetime, int]) -> Forecast:
    team = Team(id="team", name="Team", wallet_id="wal", calendar=Calendar(BERLIN))
    return await Forecasts(Books(*asks), FakeClock(now)).of(team)


@pytest.mark.parametrize(("today", "known", "words"), [(1, 0, "none"), (2, 0, "none"), (3, 1, "1 whole day")])
async def test_before_three_whole_days_there_is_no_forecast(today: int, known: int, words: str) -> None:
    told = await reckoned(at(today), *((at(day, 9), USD) for day in range(1, today + 1)))
    assert (told.forecast_nanos, told.days_known, told.spent_nanos) == (None, known, today * USD)
    assert f"there is {words}." in forecast_line(told)


async def test_nobody_has_asked_yet() -> None:
    told = await reckoned(at(20))
    assert (
        forecast_line(told) == "November: $0.00 so far. A forecast needs 3 whole days of use, and so far there is none."
    )


async def test_less_than_a_dollar_is_said_as_the_sums_beside_it_are() -> None:
    told = await reckoned(at(20), (at(20), 379_750_000))
    assert forecast_line(told).startswith("November: 38 cents so far.")


async def test_a_few_days_are_told_by_their_mean_and_the_day_of_the_first_ask_is_none_of_them() -> None:
    asks = [(at(1), 100 * USD), (at(2), USD), (at(4), 5 * USD)]  # on the third nobody asked
    told = await reckoned(at(5), *asks)
    assert (told.days_known, told.by_weekday, told.days_left) == (3, False, 26)
    assert told.forecast_nanos == 106 * USD + 26 * 2 * USD
    assert forecast_line(told) == (
        "November: about $158.00 by its end if days go on as the last 3 days ($106.00 so far, 26 days left with today)."
    )


async def test_a_day_counts_for_what_it_has_come_to_where_that_is_more_than_usual() -> None:
    asks = [(at(day), 2 * USD) for day in range(1, 5)]
    assert (await reckoned(at(5), *asks, (at(5, 9), USD))).forecast_nanos == 60 * USD
    assert (await reckoned(at(5), *asks, (at(5, 9), 3 * USD))).forecast_nanos == 61 * USD


async def test_from_two_weeks_on_each_weekday_is_its_own() -> None:
    monday_to_friday = [(at(day), 7 * USD) for day in range(1, 16) if at(day).weekday() < 5]
    told = await reckoned(at(16), (at(31, month=10), 1), *monday_to_friday)
    assert (told.days_known, told.by_weekday) == (14, True)
    assert told.spent_nanos == 10 * 7 * USD
    assert told.forecast_nanos == 21 * 7 * USD  # November 2026 has so many
    assert "each weekday goes on as in the last 14 days" in forecast_line(told)


async def test_only_the_last_four_weeks_count() -> None:
    asks = [(at(1, month=6) + timedelta(days=day), USD if day > 100 else 50 * USD) for day in range(170)]
    told = await reckoned(at(17), *asks)
    assert (told.days_known, told.forecast_nanos) == (MOST_DAYS, 30 * USD)


async def test_a_month_is_the_teams_also_where_its_clocks_change() -> None:
    asks = [(at(day, month=10), USD) for day in range(1, 25)]
    told = await reckoned(at(25, 1, month=10), *asks)  # that day has 25 hours
    assert (told.days_left, told.forecast_nanos) == (7, 31 * USD)
    last = await reckoned(at(31, 23, month=10), *asks, *((at(day, month=10), USD) for day in range(25, 32)))
    assert (last.days_left, last.forecast_nanos) == (1, 31 * USD)


async def test_amounts_stay_whole() -> None:
    told = await reckoned(at(5), (at(1), 1), (at(2), 1), (at(3), 1), (at(4), 0))
    assert told.forecast_nanos == 3  # two thirds of a nano-dollar a day are less than one
