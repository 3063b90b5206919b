"""What is read in benchmarks/reports.py, each by the use case that answers people, or by the very reads it makes."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from adapters.store.database import Store
from adapters.store.policies import StorePolicies
from adapters.store.reports import StorePeople, StoreReports
from adapters.store.spending import StoreSpending
from benchmarks.team import Team
from core.allowance import Allowances
from core.balance import Balances
from core.people import Identity, Member, Place
from core.periods import Period, Span
from core.ports import Clock
from core.spending import SpendBy
from core.usage import Usages

Reading = Callable[[], Awaitable[object]]


async def readings(store: Store, team: Team, clock: Clock) -> dict[str, Reading]:
    """Each by what people call it."""
    admin = await StorePeople(store).find(Identity("bench", team.id.removeprefix("team_"), team.member_ids[0], ""))
    assert admin is not None
    reports, spending = StoreReports(store, clock), StoreSpending(store)
    balances = Balances(Allowances(StorePolicies(store), reports, clock), reports, clock)
    now, calendar = clock.now(), admin.team.calendar
    last_month = calendar.before(Period.MONTH, now)
    this_month = calendar.span(Period.MONTH, now)

    async def digest() -> None:
        await _digest(reports, spending, admin, now)

    async def usage() -> None:
        await Usages(reports, clock).of(admin)

    async def own_tags() -> None:
        for by in (SpendBy.MODEL, SpendBy.TAG, SpendBy.CHANNEL):
            await spending.spent(admin.team.id, this_month.start, now, by, admin.ids)

    async def statement(month: Span) -> None:
        await spending.movements(admin.team.wallet_id, month.start, month.end)

    async def balance() -> None:
        await balances.of(admin, Place("bench", "one", "general-1"))

    return {
        "digest of the last week": digest,
        "/usage of an admin: the month so far, theirs and the team's": usage,
        "/usage of one member by model, tag and channel": own_tags,
        "statement of the month before": lambda: statement(last_month),
        "statement of the month so far": lambda: statement(this_month),
        "/balance": balance,
    }


async def _digest(reports: StoreReports, spending: StoreSpending, admin: Member, now: datetime) -> None:
    """The reads of `core.digest.gathering`."""
    team, calendar = admin.team, admin.team.calendar
    week = calendar.before(Period.WEEK, now)
    before = calendar.before(Period.WEEK, week.start)
    await spending.first_ask_at(team.id)
    await spending.movements(team.wallet_id, week.start, week.end)
    for span in (week, before):
        await spending.spent(team.id, span.start, span.end, SpendBy.MEMBER)
    for by in (SpendBy.MODEL, SpendBy.TAG):
        await spending.spent(team.id, week.start, week.end, by)
    await reports.wallet(team.wallet_id)
    month = calendar.span(Period.MONTH, week.end)
    await spending.totals(team.id, [(month.start, week.end), (week.end - timedelta(days=28), week.end)])
    await spending.spent(team.id, week.end - timedelta(days=30), week.end, SpendBy.MEMBER)
    await reports.variants(team.id, now - timedelta(days=30))
    days = [
        (span.start + timedelta(days=day), span.start + timedelta(days=day + 1))
        for span in (before, week)
        for day in range(7)
    ]
    await spending.totals(team.id, days)
