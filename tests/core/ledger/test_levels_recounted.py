"""The levels of a wallet after whatever budget and charges come: what was told is what its history says, told anew."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from core.announcement import WALLET_LOW
from core.operations import Moved, Settled
from core.rows import NoticeRow, WalletRow
from tests.bookkeeping import claim, enrol, hold, line, refund, reverse, settle, top_up
from tests.core.wallet_levels import Move, told_by
from tests.fakes import FakeClock, MemoryBooks

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["top-up", "charge", "charge", "charge", "slip", "undo", "back"]),
        st.integers(min_value=1, max_value=60),
        st.integers(min_value=0, max_value=9),
    ),
    max_size=25,
)


class Played:
    """A wallet that begins with 100, and what moved it."""

    def __init__(self) -> None:
        self.books = MemoryBooks(FakeClock())
        self.moves: list[Move] = []
        self.top_ups: list[str] = []
        self.asks: list[str] = []

    async def play(self, steps: list[tuple[str, int, int]]) -> None:
        await self.books.apply(enrol())
        await self.adds(100)
        for kind, nanos, pick in steps:
            match kind:
                case "top-up":
                    await self.adds(nanos)
                case "charge":
                    await self.charges(nanos)
                case "slip":
                    await self.adds(nanos)
                    await self.undoes(self.top_ups[-1])
                case "undo":
                    await self.undoes(self.top_ups[-1 - pick % len(self.top_ups)])
                case "back" if self.asks:
                    await self.gives_back(self.asks[pick % len(self.asks)])

    async def adds(self, nanos: int) -> None:
        name = f"t{len(self.moves)}"
        self.top_ups.append(name)
        await self.books.apply(top_up(name, nanos))
        self.moves.append(("top-up", name, nanos))

    async def undoes(self, name: str) -> None:
        moved = await self.books.apply(refund(f"u{len(self.moves)}", name))
        if isinstance(moved, Moved):
            self.moves.append(("undo", name, -moved.amount_nanos))

    async def charges(self, nanos: int) -> None:
        name = f"a{len(self.moves)}"
        for operation in (claim(name), hold(name, nanos, least=1)):
            await self.books.apply(operation)
        charged = await self.books.apply(settle(name, line(nanos)))
        if isinstance(charged, Settled) and charged.charged_nanos:
            self.asks.append(name)
            self.moves.append(("charge", name, -charged.charged_nanos))

    async def gives_back(self, name: str) -> None:
        moved = await self.books.apply(reverse(name, id=f"r{len(self.moves)}"))
        if isinstance(moved, Moved):
            self.moves.append(("back", name, moved.amount_nanos))


@given(MOVES)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_what_was_told_is_what_the_history_says(steps: list[tuple[str, int, int]]) -> None:
    played = Played()
    asyncio.run(played.play(steps))
    told = [row.id for row in played.books.rows(NoticeRow) if row.kind == WALLET_LOW]
    assert told == sorted(f"{WALLET_LOW}:wal:{each}" for each in told_by(played.moves))
    (wallet,) = played.books.rows(WalletRow)
    assert wallet.available_nanos == sum(nanos for *_, nanos in played.moves)


def test_a_history_with_a_slip_in_it_told_by_hand() -> None:
    """What the recount itself says of 100, 60 spent, 250 by mistake and undone, 25 spent, 5 given back, 20 added."""
    moves = [
        ("top-up", "t", 100),
        ("charge", "a", -60),
        ("top-up", "slip", 250),
        ("undo", "slip", -250),
        ("charge", "b", -25),
        ("back", "b", 5),
        ("charge", "c", -2),
        ("top-up", "more", 20),
        ("charge", "d", -19),
    ]
    assert told_by(moves) == ["t:50", "t:20", "more:50"]
