"""Books in which everything has happened once: what audit, export and reports are tried on."""

from typing import Any

from adapters.store.database import Store
from core.operations import RequestState
from tests.billing import bill
from tests.bookkeeping import (
    TTL_SECONDS,
    absorbed,
    ask_more,
    ask_settled,
    ask_with_hold,
    ceiling,
    claim,
    conclude,
    confirm_notice,
    decide,
    delivered,
    enrol,
    expire,
    hold,
    in_flight,
    line,
    month,
    post_notice,
    refund,
    rehold,
    release,
    reverse,
    settle,
    take_notice,
    tell_change,
    top_up,
)
from tests.keeping import keep_press, take_lease
from tests.linking import link, part
from tests.telling import post_digest, refilled

LIMITS = in_flight(9), absorbed(900), month(900)


async def fill(store: Store) -> None:
    """Two teams; top-ups whole and partly refunded; asks of every kind: settled, trimmed, reversed, failed, late..."""
    books = store.books
    await books.apply(enrol("zoe", team="others", wallet="wal2"))
    await books.apply(top_up("budget", 1_000, reason="November"))
    await books.apply(top_up("slip", 500))
    await books.apply(refund("slip.undo", "slip"))
    counted: dict[str, Any] = {"limit": ceiling(100, "others"), "refill": refilled(100, "others")}
    await books.apply(top_up("theirs", 70, wallet_id="wal2", team_id="others", **counted))
    await ask_settled(books, "answered", 80, 30, *LIMITS)
    await books.apply(delivered("answered"))
    await ask_with_hold(books, "trimmed", 50)
    await books.apply(settle("trimmed", line(30), line(27, provider="other", estimated=True)))
    await ask_with_hold(books, "failed", 60, *LIMITS)
    await books.apply(release("failed", line(7)))
    await ask_settled(books, "undelivered", 25, 20, *LIMITS)
    await books.apply(reverse("undelivered"))
    await books.apply(claim("late"))
    await books.apply(hold("late", 40, *LIMITS, ttl_seconds=0))
    await books.apply(expire("late"))
    await books.apply(settle("late", line(9)))
    await ask_with_hold(books, "changed", 30, *LIMITS)
    await books.apply(rehold("changed", 33, *LIMITS))
    await books.apply(release("changed"))
    await books.apply(claim("expired"))
    await books.apply(hold("expired", 35, *LIMITS, ttl_seconds=0))
    await books.apply(expire("expired"))
    await ask_settled(books, "free", 10, 0, *LIMITS)
    await books.apply(claim("refused"))
    await books.apply(conclude("refused", RequestState.REFUSED))
    await books.apply(claim("theirs-1", member="zoe", wallet_id="wal2", team_id="others"))
    await books.apply(hold("theirs-1", 20, wallet_id="wal2"))
    await ask_with_hold(books, "running", 100, *LIMITS)
    await books.apply(post_notice("gone"))
    await books.apply(take_notice("gone"))
    await books.apply(confirm_notice("gone"))
    await books.apply(post_digest("2026-W47"))
    await books.apply(tell_change("price", "", "12"))
    await books.apply(keep_press("button"))
    await books.apply(take_lease("process"))
    for request, counter in (("more", "member_week:anna:2026-W47"), ("wallet", "")):
        await books.apply(ask_more(request, 9, counter, member_id="anna", expires_at_ms=0))
    await books.apply(decide("more.yes", "more", others=False))
    await store.books.apply(bill("billed"))
    await _become_one(store)


async def _become_one(store: Store) -> None:
    """Mia was one with Max, and is with Mio."""
    theirs: dict[str, Any] = {"team_id": "others", "wallet_id": "wal2"}
    for number, member in enumerate(("mia", "mio", "max")):
        where: dict[str, Any] = {"workspace": f"other:{number}", "identity": f"other:{number}/{member}"}
        await store.books.apply(enrol(member, team="others", wallet="wal2", **where))
    await link(store.books, "mia", "max", "before", **theirs)
    await store.books.apply(part("apart", "mia", **theirs))
    await link(store.books, "mia", "mio", **theirs)


AVAILABLE, HELD = 1_000 - 30 - 50 - 100, 100
OVERDUE_AFTER_MS = TTL_SECONDS * 1000 + 1
