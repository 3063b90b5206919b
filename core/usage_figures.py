"""What one stretch of time came to, read from the one place that adds up (`core.ports.SpendBooks`)."""

from collections.abc import Collection
from datetime import datetime

from core.forecast import forecast_at
from core.people import Team
from core.periods import Period, Span
from core.ports import People, SpendBooks
from core.spending import SpendBy, Spent
from core.usage_asked import UsageAsked, Used, Whose

_USUAL = (SpendBy.MODEL, SpendBy.TAG)


async def used_in(
    span: Span,
    team: Team,
    asked: UsageAsked,
    now: datetime,
    *,
    spending: SpendBooks,
    people: People,
    member_ids: Collection[str] = (),
) -> Used:
    """Of these accounts of one person together, or with none of them of the whole team; beside the period before.

    A period that runs is put beside as much of the one before it.
    """
    before = team.calendar.as_far_before(asked.period, span, now)
    spans = [(span.start, span.end), (before.start, before.end)]
    total, compared = await spending.totals(team.id, spans, member_ids)
    parts: dict[SpendBy, tuple[Spent, ...]] = {}
    for by in _parts_of(asked):
        parts[by] = await spending.spent(team.id, span.start, span.end, by, member_ids)
    ids = [each.name for each in parts.get(SpendBy.MEMBER, ())]
    month_runs = asked.period is Period.MONTH and span.start <= now < span.end
    return Used(
        asked,
        span.first_day,
        team.calendar.last_day(span),
        total,
        compared,
        parts,
        names=await people.names(team.id, ids) if ids else {},
        forecast=await forecast_at(spending, team, now) if month_runs and asked.whose is Whose.TEAM else None,
    )


def _parts_of(asked: UsageAsked) -> tuple[SpendBy, ...]:
    if asked.whose is Whose.MEMBERS:
        return (SpendBy.MEMBER,)
    return _USUAL if asked.by is None else (asked.by,)
