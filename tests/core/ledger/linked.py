"""Anna on Slack, who is Ben on Discord: short words for what they ask, and for what room they have."""

from core.operations import Held, Refused
from core.rows import MemberRow
from tests.bookkeeping import AT_MS, claim, enrol, hold, line, release, settle, top_up
from tests.core.ledger.conftest import Ledger
from tests.fakes import FakeClock, MemoryBooks
from tests.linking import DISCORD, SLACK

DAY_MS = 86_400_000
DECEMBER_MS = AT_MS + 15 * DAY_MS
ANNAS, BENS = f"{SLACK}/anna", f"{DISCORD}/ben"


async def asks(ledger: Ledger, ask: str, nanos: int, member: str = "anna", **fields: object) -> Held | Refused:
    await ledger.apply(claim(ask, member=member))
    return await ledger.apply(hold(ask, nanos, **fields))  # type: ignore[arg-type]


async def spends(ledger: Ledger, ask: str, nanos: int, member: str = "anna", **fields: object) -> None:
    assert isinstance(await asks(ledger, ask, nanos, member, **fields), Held)
    await ledger.apply(settle(ask, line(nanos)))


async def room(ledger: Ledger, ask: str, member: str = "anna", at_ms: int = AT_MS) -> int:
    """The most that they may still ask for."""
    held = await asks(ledger, ask, 900, member, least=0, at_ms=at_ms)
    assert isinstance(held, Held)
    await ledger.apply(release(ask))
    return held.amount_nanos


def member(ledger: Ledger, name: str) -> MemberRow:
    return ledger.one(MemberRow, name)


async def both() -> Ledger:
    """A wallet of 1000; Anna on Slack, and on Discord as Ben; a month of 50 for everyone."""
    clock = FakeClock()
    books = MemoryBooks(clock)
    await books.apply(enrol("anna", workspace=SLACK, identity=ANNAS, member_month_limit_nanos=50))
    await books.apply(enrol("ben", workspace=DISCORD, identity=BENS))
    await books.apply(top_up("budget", 1000))
    return Ledger(books, clock)
