"""Books of 300,000 entries: the audit passes, and neither it nor the export needs more memory than a page of them."""

import tracemalloc

import pytest

from adapters.store.audit import audit
from adapters.store.database import Store, open_store
from adapters.store.export import export_json
from benchmarks.grown_books import grow

MOST_BYTES = 50_000_000


async def peak_bytes(store: Store) -> int:
    """The most memory that Python's own objects took in an audit and an export."""
    tracemalloc.start()
    try:
        assert (await audit(store)).violations == ()
        async for _ in export_json(store):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.soak
async def test_grown_books_take_no_more_memory_than_a_page(database_url: str) -> None:
    await grow(database_url, entries=300_000)
    async with open_store(database_url) as store:
        assert await peak_bytes(store) < MOST_BYTES
