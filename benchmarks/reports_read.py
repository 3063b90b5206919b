"""What is read in benchmarks/reports.py, by the use cases that answer people; a statement by the one read it is of."""

from collections.abc import Awaitable, Callable

from adapters.store.database import Store
from adapters.store.digests import StoreDigests
from adapters.store.policies import StorePolicies
from adapters.store.preferences import StorePreferences
from adapters.store.reports import StorePeople, StoreReports
from adapters.store.spending import StoreSpending
from benchmarks.team import Team
from core.allowance import Allowances
from core.balance import Balances
from core.digest.gathering import Gathering
from core.digests import Digests
from core.models import Model
from core.money import NANOS_PER_USD
from core.people import Identity, Place
from core.periods import Period, Span
from core.ports import Clock
from core.spending import SpendBy
from core.usage import Usages

Reading = Callable[[], Awaitable[object]]
SEAT_NANOS = 25 * NANOS_PER_USD


async def readings(store: Store, team: Team, clock: Clock) -> dict[str, Reading]:
    """Each by what people call it."""
    admin = await StorePeople(store).find(Identity("bench", team.id.removeprefix("team_"), team.member_ids[0], ""))
    assert admin is not None
    reports, spending = StoreReports(store, clock), StoreSpending(store)
    balances = Balances(Allowances(StorePolicies(store), reports, clock), reports, clock)
    now, calendar = clock.now(), admin.team.calendar
    last_month = calendar.before(Period.MONTH, now)
    this_month = calendar.span(Period.MONTH, now)

    gathering = Gathering(spending, reports, StoreDigests(store), _NoModels())
    people, preferred = StorePeople(store), StorePreferences(store)
    digests = Digests(store.books, people, preferred, gathering, clock, seat_nanos=SEAT_NANOS)

    async def usage() -> None:
        await Usages(spending, people, clock).of(admin)

    async def own_tags() -> None:
        for by in (SpendBy.MODEL, SpendBy.TAG, SpendBy.CHANNEL):
            await spending.spent(admin.team.id, this_month.start, now, by, admin.ids)

    async def statement(month: Span) -> None:
        await spending.movements(admin.team.wallet_id, month.start, month.end)

    async def balance() -> None:
        await balances.of(admin, Place("bench", "one", "general-1"))

    return {
        "digest of the last week": lambda: digests.preview(admin.team),
        "/usage of an admin: the month so far, theirs and the team's": usage,
        "/usage of one member by model, tag and channel": own_tags,
        "statement of the month before": lambda: statement(last_month),
        "statement of the month so far": lambda: statement(this_month),
        "/balance": balance,
    }


class _NoModels:
    """A catalogue without a price: what automatic choice saved is then not told, though it is read."""

    models: tuple[Model, ...] = ()
