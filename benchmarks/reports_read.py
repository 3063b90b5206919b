"""What is read in benchmarks/reports.py, by the use cases that answer people, down to the file or page they get."""

from collections.abc import Awaitable, Callable

from adapters.store.bills import StoreBills
from adapters.store.charges import StoreCharges
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
from core.periods import Period
from core.ports import Clock
from core.statements import Statements
from core.text.focus_csv import focus_csv
from core.text.statement_csv import statement_csv
from core.text.statement_html import statement_html
from core.usage import Usages
from core.usage_asked import asked_from

Reading = Callable[[], Awaitable[object]]
EXPORT = "/export of the month before"
"""A file that somebody waits for: it may take longer than what is answered."""
SEAT_NANOS = 25 * NANOS_PER_USD


async def readings(store: Store, team: Team, clock: Clock) -> dict[str, Reading]:
    """Each by what people call it."""
    admin = await StorePeople(store).find(Identity("bench", team.id.removeprefix("team_"), team.member_ids[0], ""))
    assert admin is not None
    reports, spending = StoreReports(store, clock), StoreSpending(store)
    balances = Balances(Allowances(StorePolicies(store), reports, clock), reports, clock)
    last_month = admin.team.calendar.before(Period.MONTH, clock.now()).label
    bills = StoreBills(store)
    books = Statements(spending, StoreCharges(store), bills, people=StorePeople(store), models=tuple, clock=clock)
    gathering = Gathering(spending, reports, StoreDigests(store), _NoModels())
    people, preferred = StorePeople(store), StorePreferences(store)
    digests = Digests(store.books, people, preferred, gathering, clock, seat_nanos=SEAT_NANOS)

    async def usage(typed: str) -> None:
        await Usages(spending, people, clock).of(admin, asked_from(typed))

    async def own_tags() -> None:
        for by in ("models", "tags", "channels"):
            await usage(f"me {by}")

    async def statement(month: str) -> None:
        read = await books.month(admin, month)
        assert statement_html(read) and statement_csv(read)

    async def export() -> None:
        assert "".join(focus_csv(await books.export(admin, last_month)))

    async def balance() -> None:
        await balances.of(admin, Place("bench", "one", "general-1"))

    return {
        "digest of the last week": lambda: digests.preview(admin.team),
        "/usage of an admin: the month so far, theirs and the team's": lambda: usage(""),
        "/usage of an admin: the month before, theirs and the team's": lambda: usage("last month"),
        "/usage members: the month before, by member": lambda: usage("members last month"),
        "/usage of one member by model, tag and channel": own_tags,
        "statement of the month before": lambda: statement(last_month),
        "statement of the month so far": lambda: statement(""),
        EXPORT: export,
        "/balance": balance,
    }


class _NoModels:
    """A catalogue without a price: what automatic choice saved is then not told, though it is read."""

    models: tuple[Model, ...] = ()
