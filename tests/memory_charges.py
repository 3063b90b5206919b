"""What was charged and billed, of books in memory: read off the rows one by one, and not as the stores read it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.charges import Charge
from core.ledger.entries import TransferKind, provider_of
from core.operations import RequestState
from core.rows import BillRow, EntryRow, LineRow, MemberRow, RequestRow, TransferRow
from tests.fakes import MemoryBooks


@dataclass
class _Sum:
    asks: set[str]
    input: int = 0
    output: int = 0
    estimated: int = 0
    nanos: int = 0


class MemoryCharges:
    """`core.ports.ChargeBooks` on books in memory."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def charges(
        self, team_id: str, spans: Sequence[tuple[datetime, datetime]], *, at_most: int
    ) -> tuple[Charge, ...] | None:
        """What came to something in each of these stretches."""
        found: list[Charge] = []
        for span in spans:
            found += self._of(team_id, span, spans[0][0])
        return tuple(found) if len(found) <= at_most else None

    def _of(self, team_id: str, span: tuple[datetime, datetime], first: datetime) -> list[Charge]:
        asks = {row.id: row for row in self._books.rows(RequestRow) if row.team_id == team_id}
        persons = {row.id: row.same_as or row.id for row in self._books.rows(MemberRow)}
        given = [
            row
            for row in self._books.rows(TransferRow)
            if row.kind == TransferKind.REVERSE and row.request_id in asks and _within(row.at_ms, span)
        ]
        groups: dict[tuple[bool, str, str, str, str, bool], _Sum] = defaultdict(lambda: _Sum(set()))
        for line in self._books.rows(LineRow):
            ask = asks.get(line.request_id)
            if ask is None or not line.id.startswith(f"{ask.id}.{ask.attempt}."):
                continue
            group = (persons[ask.member_id], line.provider, line.model, ask.tag)
            answered = line.charged_nanos or (line.provider, line.model) == (ask.provider, ask.model)
            if ask.state == RequestState.SETTLED and answered and _within(ask.finished_at_ms, span):
                used = groups[False, *group, False]
                used.asks.add(ask.id)
                used.input += line.input_tokens + line.cache_read_tokens + line.cache_write_tokens
                used.output += line.output_tokens
                used.estimated += line.estimated
                used.nanos += line.charged_nanos
            if line.charged_nanos and any(row.request_id == ask.id for row in given):
                back = groups[True, *group, ask.finished_at_ms < first.timestamp() * 1000]
                back.asks.add(ask.id)
                back.nanos -= line.charged_nanos
        return [
            Charge(
                *span,
                member_id=member,
                provider=provider,
                model=model,
                tag=tag,
                asks=len(each.asks),
                input_tokens=each.input,
                output_tokens=each.output,
                estimated=each.estimated,
                cost_nanos=each.nanos,
                given_back=given_back,
                of_earlier=of_earlier,
            )
            for (given_back, member, provider, model, tag, of_earlier), each in sorted(groups.items())
        ]


class MemoryBills:
    """`core.ports.BillBooks` on books in memory: what providers took stands on their accounts."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def bills(self) -> Mapping[tuple[str, str], int]:
        """Every bill that is recorded."""
        return {(row.provider, row.month): row.total_nanos for row in self._books.rows(BillRow)}

    async def booked(self, start: datetime, end: datetime) -> Mapping[str, int]:
        """What each provider took."""
        moved = {row.id for row in self._books.rows(TransferRow) if _within(row.at_ms, (start, end))}
        found: dict[str, int] = defaultdict(int)
        for entry in self._books.rows(EntryRow):
            if entry.transfer_id in moved and (provider := provider_of(entry.account)):
                found[provider] += entry.amount_nanos
        return dict(found)


def _within(at_ms: int, span: tuple[datetime, datetime]) -> bool:
    return span[0].timestamp() * 1000 <= at_ms < span[1].timestamp() * 1000
