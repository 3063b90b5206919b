"""What was spent, of books in memory: read off the ledger itself, entry by entry, and not as the stores read it."""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from core.ledger.entries import OPERATOR, POOL, TransferKind
from core.operations import RequestState
from core.rows import EntryRow, HoldRow, LineRow, MemberRow, RequestRow, TransferRow
from core.spending import Movement, SpendBy, Spent, SpentOn, WalletMovements, channel_of
from tests.fakes import MemoryBooks

Span = tuple[datetime, datetime]


class MemorySpending:
    """`core.ports.SpendBooks` on books in memory."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def spent(
        self, team_id: str, start: datetime, end: datetime, by: SpendBy, member_ids: Collection[str] = ()
    ) -> tuple[Spent, ...]:
        """Dearest first, then by name."""
        persons = {row.id: row.same_as or row.id for row in self._books.rows(MemberRow)}
        asks, nanos = Tally[str](), Tally[str]()
        charged = self._charged(team_id, (start, end), member_ids)
        for row, taken in zip(charged, self._taken(charged), strict=True):
            names = {
                SpendBy.MODEL: row.model,
                SpendBy.TAG: row.tag,
                SpendBy.CHANNEL: channel_of(row.platform, row.channel),
                SpendBy.MEMBER: persons[row.member_id],
            }
            asks[names[by]] += 1
            nanos[names[by]] += taken
        found = (Spent(name, asks[name], nanos[name]) for name in asks)
        return tuple(sorted(found, key=lambda each: (-each.cost_nanos, each.name)))

    async def totals(self, team_id: str, spans: Sequence[Span], member_ids: Collection[str] = ()) -> tuple[Spent, ...]:
        """The sum of each of these stretches."""
        found = [self._charged(team_id, span, member_ids) for span in spans]
        return tuple(Spent("", len(rows), sum(self._taken(rows))) for rows in found)

    async def movements(self, wallet_id: str, start: datetime, end: datetime) -> WalletMovements:
        """All that moved a wallet."""
        every = [row for row in self._books.rows(TransferRow) if row.wallet_id == wallet_id]
        within = sorted((row for row in every if _within(row.at_ms, (start, end))), key=lambda row: (row.at_ms, row.id))
        before = [row for row in every if row.at_ms < _ms(start)]
        pool, operator = self._sides(POOL), self._sides(OPERATOR)
        opening = sum(pool[row.id] for row in before)
        took = [row for row in within if row.kind in (TransferKind.SETTLE, TransferKind.ABSORB)]
        return WalletMovements(
            opening_nanos=opening,
            top_ups=tuple(_moved(within, TransferKind.TOP_UP, pool)),
            taken_back=tuple(_moved(within, TransferKind.REFUND, pool)),
            spent=self._by_provider(took),
            given_back=self._by_provider(row for row in within if row.kind == TransferKind.REVERSE),
            absorbed_nanos=-sum(operator[row.id] for row in took),
            closing_nanos=opening + sum(pool[row.id] for row in within),
        )

    async def first_ask_at(self, team_id: str) -> datetime | None:
        """When a team's first ask ended that was charged."""
        always = (datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC))
        ended = (row.finished_at_ms for row in self._charged(team_id, always))
        return min((datetime.fromtimestamp(at_ms / 1000, UTC) for at_ms in ended), default=None)

    def _charged(self, team_id: str, span: Span, member_ids: Collection[str] = ()) -> list[RequestRow]:
        return [
            row
            for row in self._books.rows(RequestRow)
            if row.team_id == team_id and row.state == RequestState.SETTLED and _within(row.finished_at_ms, span)
            if not member_ids or row.member_id in member_ids
        ]

    def _taken(self, requests: Iterable[RequestRow]) -> list[int]:
        """What the hold of each charged, whatever was given back of it."""
        charged = {row.id: row.charged_nanos for row in self._books.rows(HoldRow)}
        return [charged[row.hold_id] for row in requests]

    def _sides(self, account: str) -> Tally[str]:
        """What each transfer moved there."""
        moved = Tally[str]()
        for row in self._books.rows(EntryRow):
            if row.account == account:
                moved[row.transfer_id] += row.amount_nanos
        return moved

    def _by_provider(self, transfers: Iterable[TransferRow]) -> tuple[SpentOn, ...]:
        """What a transfer took of the pool, or gave back, stands on the lines of its receipt."""
        tags = {row.id: row.tag for row in self._books.rows(RequestRow)}
        lines = defaultdict[str, list[LineRow]](list)
        for line in self._books.rows(LineRow):
            lines[line.id.rpartition("/")[0]].append(line)
        nanos = Tally[tuple[str, str]]()
        for transfer in transfers:
            for line in lines[transfer.reverses or transfer.id]:
                nanos[line.provider, tags[line.request_id]] += line.charged_nanos
        found = (SpentOn(provider, tag, cost) for (provider, tag), cost in nanos.items() if cost)
        return tuple(sorted(found, key=lambda each: (-each.cost_nanos, each.provider, each.tag)))


def _moved(transfers: Iterable[TransferRow], kind: TransferKind, pool: Mapping[str, int]) -> Iterator[Movement]:
    for row in transfers:
        if row.kind == kind:
            at = datetime.fromtimestamp(row.at_ms / 1000, UTC)
            yield Movement(row.id, abs(pool[row.id]), row.actor, row.reason, at, of=row.reverses)


def _within(at_ms: int, span: Span) -> bool:
    return _ms(span[0]) <= at_ms < _ms(span[1])


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
