"""Walks through a table that grows: in chunks of its ids, each answered by an index, however many rows there are.

A walk stays on the snapshot of its connection. Memory is bounded by one chunk.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

CHUNK_ROWS = 5_000
"""Rows of the walked table in one chunk: a query over it takes some 10 ms, far from any timeout."""

_IN_CHUNK = re.compile(r"\{(\S+) in chunk\}")
# Statistics may be missing (books just restored) or old: what is there to be read in order must not depend on them.
_BY_INDEX_ONLY = ("enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off", "jit = off")


@dataclass(frozen=True, slots=True)
class Chunk:
    """The ids from `first` on that come before `next_first`; None: all that follow.

    The chunks of a walk leave nothing out: an id that its table does not have falls into one of them too.
    """

    first: str
    next_first: str | None

    def query(self, words: str) -> str:
        """SQL in which "{e.transfer_id in chunk}" says which column is walked by; takes `parameters`."""
        bounds = r"\1 >= :first" if self.next_first is None else r"\1 >= :first AND \1 < :next_first"
        return _IN_CHUNK.sub(bounds, words)

    @property
    def parameters(self) -> dict[str, str]:
        """What `query` takes."""
        return {"first": self.first} | ({} if self.next_first is None else {"next_first": self.next_first})


async def chunks(connection: AsyncConnection, table: str, rows: int) -> AsyncIterator[Chunk]:
    """All ids there can be, cut at every so many rows of a table. There is one chunk at least."""
    boundary = text(f'SELECT id FROM "{table}" WHERE id >= :first ORDER BY id LIMIT 1 OFFSET {rows}')
    first: str | None = ""
    while first is not None:
        chunk = Chunk(first, (await connection.execute(boundary, {"first": first})).scalar())
        yield chunk
        first = chunk.next_first


async def read_by_index(connection: AsyncConnection) -> None:
    """From here to the end of the transaction every query takes the indexes, whatever the planner believes."""
    if connection.dialect.name == "postgresql":
        for setting in (*_BY_INDEX_ONLY, "plan_cache_mode = force_custom_plan"):
            await connection.execute(text(f"SET LOCAL {setting}"))
