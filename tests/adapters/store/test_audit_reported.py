"""What providers say they take, beside what the receipts count: told where it is worth looking after."""

import pytest

from adapters.store.audit import audit
from adapters.store.audit_reported import Reported
from adapters.store.database import Store
from tests.bookkeeping import USD, ask_with_hold, line, release, settle, top_up

CENT = USD // 100
RULE = "reported-cost-drift"


async def drift(store: Store, chunk_rows: int = 5_000) -> list[str]:
    report = await audit(store, chunk_rows=chunk_rows)
    assert report.violations == ()
    return [notice.row for notice in report.notices if notice.rule == RULE]


@pytest.mark.parametrize("chunk_rows", [1, 5_000])
async def test_a_model_whose_provider_says_another_sum_is_named_with_both(store: Store, chunk_rows: int) -> None:
    await store.books.apply(top_up("budget", USD))
    for ask in ("a", "b", "c"):
        await ask_with_hold(store.books, ask, 10 * CENT)
        lines = line(CENT, reported=CENT + CENT // 10), line(CENT, provider="other", reported=CENT), line(3 * CENT)
        await store.books.apply(settle(ask, *lines))
    told = "acme-1 of acme: the provider says $0.033000000, the receipts say $0.030000000"
    assert await drift(store, chunk_rows) == [told]


async def test_what_the_operator_paid_counts_too(store: Store) -> None:
    await store.books.apply(top_up("budget", USD))
    await ask_with_hold(store.books, "a", CENT)
    await store.books.apply(release("a", line(CENT, 0, reported=0)))
    assert await drift(store) == ["acme-1 of acme: the provider says $0.000000000, the receipts say $0.010000000"]


async def test_an_estimate_says_nothing_of_a_price(store: Store) -> None:
    await store.books.apply(top_up("budget", USD))
    await ask_with_hold(store.books, "a", 10 * CENT)
    await store.books.apply(settle("a", line(CENT, estimated=True, reported=5 * CENT)))
    assert await drift(store) == []


@pytest.mark.parametrize(
    ("reported", "counted", "is_told"),
    [
        (101 * CENT, 100 * CENT, False),  # exactly 1 %
        (101 * CENT + 1, 100 * CENT, True),
        (99 * CENT - 1, 100 * CENT, True),
        (USD // 1000, 0, False),  # exactly a tenth of a cent
        (USD // 1000 + 1, 0, True),
        (0, 0, False),
    ],
)
def test_small_differences_are_not_told(reported: int, counted: int, is_told: bool) -> None:
    sums = Reported()
    sums.add([("acme", "acme-1", reported, counted)])
    assert bool([*sums.drifting()]) == is_told
