"""/admin statement and /export: a team's month as finance takes it, and what it was charged, line by line."""

from collections.abc import Callable, Iterable, Mapping

from core.charges import ChargeNames, Export
from core.errors import BadInput, NotAllowed
from core.models import Model, provider_titles_of, titles_of
from core.month_books import BilledMonth, MonthBooks, billed_months
from core.months import month_called, utc_month
from core.people import Member, Team
from core.periods import Span
from core.ports import BillBooks, ChargeBooks, Clock, People, SpendBooks
from core.spending import WalletMovements
from core.text.names import named_in

MOST_ROWS = 12_000
"""Of a file that a chat has to take: at some 500 bytes a row, 6 MB. Discord takes 10 MiB of a bot, Slack more."""
MOST_ROWS_OF_OPERATOR = 2_000_000


class Statements:
    """Makes the month's books, for a team's admins and for the operator."""

    def __init__(
        self,
        spending: SpendBooks,
        charges: ChargeBooks,
        bills: BillBooks,
        *,
        people: People,
        models: Callable[[], Iterable[Model]],
        clock: Clock,
    ) -> None:
        """`models` are those that are known by name now."""
        self._spending = spending
        self._charges = charges
        self._bills = bills
        self._people = people
        self._models = models
        self._clock = clock

    async def month(self, admin: Member, typed: str) -> MonthBooks:
        """The books of a month of the admin's team. `NotAllowed` for others; `BadInput` where it is no month."""
        _look_at(admin)
        return await self.month_of(admin.team, typed)

    async def month_of(self, team: Team, typed: str) -> MonthBooks:
        """The same of any team, for the operator."""
        now = self._clock.now()
        span = month_called(team.calendar, typed, now)
        moved = await self._spending.movements(team.wallet_id, span.start, span.end)
        teams = await self._people.teams()
        return MonthBooks(
            team,
            span,
            now,
            moved,
            names=await self._people.names(team.id, _members_in(moved)),
            titles=self._titles(),
            bills=await self._bills_of(team, teams, span),
            part_of=next((each.name for each in teams if each.id == team.part_of), ""),
        )

    async def _bills_of(self, team: Team, teams: tuple[Team, ...], span: Span) -> tuple[BilledMonth, ...]:
        """What was billed for the month of that name, where nobody else's asks are in the bills."""
        if team.demo or any(not (each.demo or each.part_of or each.id == team.id) for each in teams):
            return ()
        bills = {key: nanos for key, nanos in (await self._bills.bills()).items() if key[1] == span.label}
        return billed_months(bills, {span.label: await self._bills.booked(*utc_month(span.label))}) if bills else ()

    async def export(self, admin: Member, typed: str) -> Export:
        """What the admin's team was charged in a month, as much of it as a chat takes.

        `NotAllowed` for everybody else; `BadInput` where it is no month, or too much even by months.
        """
        _look_at(admin)
        return await self.export_of(admin.team, typed, at_most=MOST_ROWS)

    async def export_of(self, team: Team, typed: str, *, at_most: int = MOST_ROWS_OF_OPERATOR) -> Export:
        """The same of any team, for the operator: by day, and by month where those are too many rows."""
        span = month_called(team.calendar, typed, self._clock.now())
        days = [(day.start, day.end) for day in team.calendar.days(span.start, span.end)]
        charges, by_day = await self._charges.charges(team.id, days, at_most=at_most), True
        if charges is None:
            charges, by_day = await self._charges.charges(team.id, [(span.start, span.end)], at_most=at_most), False
        if charges is None:
            raise BadInput(
                f"{span.label} has more rows than fit in one file here. Whoever runs Chipin can write all of them: "
                f"python -m bot export --csv --team {team.id} --month {span.label}."
            )
        names = await self._people.names(team.id, {each.member_id for each in charges})
        models = titles_of(self._models())
        return Export(team, span, charges, ChargeNames(names, self._titles(), models), by_day)

    def _titles(self) -> Mapping[str, str]:
        return provider_titles_of(self._models())


def _look_at(member: Member) -> None:
    if not member.admin:
        raise NotAllowed("Only admins of the team can see its books.")


def _members_in(moved: WalletMovements) -> set[str]:
    every = (*moved.top_ups, *moved.taken_back)
    return {name for each in every for name in (each.actor, *named_in(each.reason))}
