"""Where a digest's figures come from: every reading of the books that it rests on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.chart import Chart
from core.defaults import REPORTED_DAYS
from core.digest.chart_of import chart_of
from core.digest.figures import Earlier, Figures, MonthFigures, Purse, Stretch
from core.digest.savings import Savings, savings
from core.digest.seats import COMPARED_DAYS, SeatsBeside, seats_beside
from core.forecast import forecast_at
from core.models import PRACTICE, Model
from core.people import Team
from core.periods import Period, Span
from core.ports import DigestBooks, Reports, SpendBooks
from core.reports import Arm, arms_from
from core.runway import days_left
from core.spending import SpendBy


@dataclass(frozen=True, slots=True)
class Told:
    """A week as it can be told: its figures, and its chart, None where nothing was spent."""

    figures: Figures
    chart: Chart | None


class KnownModels(Protocol):
    """What a digest needs of a catalogue: names and prices. Nobody is asked anything by it."""

    @property
    def models(self) -> tuple[Model, ...]:
        """Every model that may have answered."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """The books and the catalogue, read for one digest."""

    spending: SpendBooks
    reports: Reports
    weeks: DigestBooks
    catalogue: KnownModels

    async def of(
        self, team: Team, week: Span, now: datetime, *, seat_nanos: int, told_until: datetime | None = None
    ) -> Told:
        """A team's week as of now; what was not told since `told_until` is folded in. A week that runs ends now."""
        running = now < week.end
        first = await self.spending.first_ask_at(team.id)
        end = min(now, week.end)
        before = team.calendar.as_far_before(Period.WEEK, week, now)
        known = first is not None and first < before.end
        movements = await self.spending.movements(team.wallet_id, week.start, end)
        figures = Figures(
            first_day=week.first_day,
            last_day=team.calendar.last_day(week),
            running=running,
            week=await self._stretch(team, week.start, end),
            before=await self._stretch(team, before.start, before.end) if known else None,
            given_back_nanos=sum(each.cost_nanos for each in movements.given_back),
            absorbed_nanos=movements.absorbed_nanos,
            models=await self.spending.spent(team.id, week.start, end, SpendBy.MODEL),
            tags=await self.spending.spent(team.id, week.start, end, SpendBy.TAG),
            purse=await self._purse(team, now),
            month=await self._month(team, week, end),
            saved=await self._saved(team, week.start, end),
            seats=await self._seats(team, first, end, seat_nanos),
            arms=await self._arms(team, now),
            earlier=await self._earlier(team, week, told_until),
            practice=any(each.provider == PRACTICE for each in movements.spent),
        )
        return Told(figures, await self._chart(team, week, before, running=running))

    async def _stretch(self, team: Team, start: datetime, end: datetime) -> Stretch:
        members = await self.spending.spent(team.id, start, end, SpendBy.MEMBER)
        return Stretch(sum(each.asks for each in members), sum(each.cost_nanos for each in members), len(members))

    async def _purse(self, team: Team, now: datetime) -> Purse:
        wallet = await self.reports.wallet(team.wallet_id)
        return Purse(wallet.balance_nanos, days_left(wallet, now))

    async def _month(self, team: Team, week: Span, end: datetime) -> MonthFigures:
        month = team.calendar.span(Period.MONTH, week.start)
        if month.end <= end:  # one that ended in this week is told whole
            (whole,) = await self.spending.totals(team.id, [(month.start, month.end)])
            return MonthFigures(month.first_day, whole.cost_nanos, over=True, forecast_nanos=None)
        reckoned = await forecast_at(self.spending, team, end, until=end)
        return MonthFigures(month.first_day, reckoned.spent_nanos, over=False, forecast_nanos=reckoned.forecast_nanos)

    async def _saved(self, team: Team, start: datetime, end: datetime) -> Savings | None:
        choice = await self.weeks.chosen(team.id, start, end)
        return savings(choice, self.catalogue.models, end.date())

    async def _seats(self, team: Team, first: datetime | None, end: datetime, seat_nanos: int) -> SeatsBeside | None:
        if first is None or not seat_nanos:
            return None
        members = await self.spending.spent(team.id, end - timedelta(days=COMPARED_DAYS), end, SpendBy.MEMBER)
        return seats_beside(members, seat_nanos, end - first)

    async def _arms(self, team: Team, now: datetime) -> tuple[Arm, ...]:
        return arms_from(await self.reports.variants(team.id, now - timedelta(days=REPORTED_DAYS)))

    async def _earlier(self, team: Team, week: Span, told_until: datetime | None) -> Earlier | None:
        if told_until is None or told_until >= week.start:
            return None
        (total,) = await self.spending.totals(team.id, [(told_until, week.start)])
        oldest = team.calendar.span(Period.WEEK, told_until)
        return Earlier((week.first_day - oldest.first_day).days // 7, total.asks, total.cost_nanos)

    async def _chart(self, team: Team, week: Span, before: Span, *, running: bool) -> Chart | None:
        days, days_before = (team.calendar.days(each.start, each.end) for each in (week, before))
        found = await self.spending.totals(team.id, [(day.start, day.end) for day in (*days, *days_before)])
        nanos = [each.cost_nanos for each in found]
        both = list(zip((*days, *days_before), nanos, strict=True))
        return chart_of(both[: len(days)], both[len(days) :], running=running)
