"""A team over weeks, for tests of its digest: books in memory, a clock, and asks by hand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from core.announcement import DIGEST, notice_id
from core.digest.gathering import Gathering
from core.digest.savings import AutomaticChoice, Chosen
from core.digest.weeks import ToldWeek
from core.digests import Digests
from core.models import AUTO
from core.operations import RequestState
from core.people import Team
from core.ports import Reports
from core.prices import Usage
from core.receipt import PricedLine
from core.reports import VariantReport, WalletReport
from core.rows import DigestRow, NoticeRow, RequestRow, TopUpRow, WalletRow
from tests.bookkeeping import USD, claim, enrol, hold, prefer, settle, top_up
from tests.fakes import FakeClock, FixedCatalogue, MemoryBooks, MemoryPeople, a_model
from tests.memory import MemoryPreferences
from tests.memory_spending import MemorySpending


class MemoryDigests:
    """`core.ports.DigestBooks` on books in memory."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def last(self, team_id: str) -> ToldWeek | None:
        """The newest week that a team was told of."""
        weeks = [row for row in self._books.rows(DigestRow) if row.team_id == team_id]
        if not weeks:
            return None
        week = max(weeks, key=lambda row: row.label)
        (notice,) = (row for row in self._books.rows(NoticeRow) if row.id == notice_id(DIGEST, team_id, week.label))
        told_ms = notice.delivered_at_ms
        return ToldWeek(week.label, _at(week.end_ms), week.weeks, _at(week.at_ms), _at(told_ms) if told_ms else None)

    async def chosen(self, team_id: str, start: datetime, end: datetime) -> AutomaticChoice:
        """What was chosen automatically."""
        by_model = defaultdict[tuple[str, int], list[RequestRow]](list)
        ended = [
            row
            for row in self._books.rows(RequestRow)
            if (row.team_id, row.state) == (team_id, RequestState.SETTLED) and start <= _at(row.finished_at_ms) < end
        ]
        for row in ended:
            if row.route == AUTO:
                by_model[row.model, row.needed_tier].append(row)
        chosen = (_chosen(*key, rows) for key, rows in sorted(by_model.items()))
        return AutomaticChoice(tuple(chosen), sum(row.cost_nanos for row in ended if row.improves))


class MemoryWallet:
    """What a digest reads of `core.ports.Reports`, on books in memory. `arms` are experiments by hand."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books
        self.arms: tuple[VariantReport, ...] = ()

    async def wallet(self, wallet_id: str) -> WalletReport:
        """Its totals; the pace is that of all there was, since the first top-up."""
        (row,) = (row for row in self._books.rows(WalletRow) if row.id == wallet_id)
        spent = sum(row.cost_nanos for row in self._books.rows(RequestRow) if row.wallet_id == wallet_id)
        since = min((_at(row.at_ms) for row in self._books.rows(TopUpRow)), default=None)
        return WalletReport(row.available_nanos, row.held_nanos, 0, spent, since if spent else None)

    async def variants(self, team_id: str, since: datetime) -> tuple[VariantReport, ...]:
        """Those that the test put there."""
        assert (team_id, since.tzinfo) == ("team", UTC)
        return self.arms


@dataclass
class TeamOverWeeks:
    """Anna's team with its books and a clock that a test drives. `digests()` is one more process."""

    clock: FakeClock
    books: MemoryBooks
    wallet: MemoryWallet
    models: FixedCatalogue
    asks: int = 0

    def digests(self, **fields: Any) -> Digests:
        """As one process has them."""
        gathering = Gathering(
            MemorySpending(self.books), cast(Reports, self.wallet), MemoryDigests(self.books), self.models
        )
        known: dict[str, Any] = {"seat_nanos": 25 * USD}
        return Digests(
            self.books,
            MemoryPeople(self.books),
            MemoryPreferences(self.books),
            gathering,
            self.clock,
            **(known | fields),
        )

    async def ask(self, cost: int, member: str = "anna", **fields: Any) -> str:
        """An ask that is charged now."""
        self.asks += 1
        name, model = f"ask{self.asks}", fields.pop("model", "test-model")
        await self.books.apply(claim(name, member=member))
        chosen = {"route": AUTO, "needed_tier": 1, "model": model, "at_ms": int(self.clock.now().timestamp() * 1000)}
        await self.books.apply(hold(name, cost, **(chosen | fields)))
        usage = Usage(input_tokens=1_000, output_tokens=200)
        await self.books.apply(settle(name, PricedLine("acme", model, usage, cost, cost, estimated=False)))
        return name

    async def likes(self, name: str, value: str) -> None:
        """Anna sets something for the team."""
        self.asks += 1
        await self.books.apply(prefer(f"prefer{self.asks}", name, value, owner="team"))

    def told(self) -> list[NoticeRow]:
        """The digests that were posted, in the order of their weeks."""
        return [row for row in self.books.rows(NoticeRow) if row.kind == DIGEST]

    def weeks(self) -> list[DigestRow]:
        """The weeks that they tell of."""
        return self.books.rows(DigestRow)

    async def team(self) -> Team:
        """As the books have it now."""
        (team,) = await MemoryPeople(self.books).teams()
        return team


async def a_team(now: datetime, zone: str = "UTC", **fields: Any) -> TeamOverWeeks:
    """Anna and Ben, with $900 in their wallet."""
    clock = FakeClock(now)
    books = MemoryBooks(clock)
    for name in ("anna", "ben"):
        await books.apply(enrol(name, zone=zone, member_month_limit_nanos=500 * USD, **fields))
    await books.apply(top_up("top", 900 * USD))
    return TeamOverWeeks(clock, books, MemoryWallet(books), FixedCatalogue((a_model(),), {}))


def _chosen(model: str, tier: int, rows: Sequence[RequestRow]) -> Chosen:
    return Chosen(
        model,
        tier,
        len(rows),
        sum(row.cost_nanos for row in rows),
        sum(row.input_tokens for row in rows),
        sum(row.output_tokens for row in rows),
    )


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
