"""The reports of books in memory, as far as use cases read them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from core.ledger.holding import HoldState
from core.moments import from_ms
from core.quota import Totals
from core.reports import RoutingReport, TopUpReport, VariantReport, WalletReport
from core.rows import CounterRow, HoldRow, TopUpRow, WalletRow
from tests.fakes import MemoryBooks


class MemoryReports:
    """`core.ports.Reports` on memory books; how models do is read from stores alone."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def wallet(self, wallet_id: str) -> WalletReport:
        wallet = next(row for row in self._books.rows(WalletRow) if row.id == wallet_id)
        return WalletReport(wallet.available_nanos, wallet.held_nanos, len(open_holds(self._books)), 0, None)

    async def counters(self, counter_ids: Collection[str]) -> Mapping[str, Totals]:
        found = (row for row in self._books.rows(CounterRow) if row.id in counter_ids)
        return {row.id: Totals(row.used, row.held, row.granted, row.limited_to) for row in found}

    async def top_ups(self, wallet_id: str, at_most: int) -> tuple[TopUpReport, ...]:
        rows = [row for row in self._books.rows(TopUpRow) if row.wallet_id == wallet_id]
        newest = sorted(rows, key=lambda row: row.at_ms, reverse=True)[:at_most]
        return tuple(TopUpReport(row.id, row.amount_nanos, row.refunded_nanos, from_ms(row.at_ms)) for row in newest)

    async def variants(self, team_id: str, since: datetime) -> tuple[VariantReport, ...]:
        raise NotImplementedError("a store reads it")

    async def routing(self, team_id: str, since: datetime) -> RoutingReport:
        raise NotImplementedError("a store reads it")


def open_holds(books: MemoryBooks) -> list[HoldRow]:
    """Holds that keep money aside."""
    return [row for row in books.rows(HoldRow) if row.state == HoldState.OPEN]
