"""/admin statement and /export: the month's books as files, for admins.

They are written in a thread: thousands of rows take half a second, in which nobody else would be answered.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable

from core.commands.speaking import Document, Reply, Speaker
from core.text.focus_csv import focus_csv
from core.text.statement_csv import statement_csv
from core.text.statement_html import statement_html
from core.text.statements import export_lines, statement_lines
from core.use_cases import UseCases

HTML, CSV = "text/html", "text/csv"


class Month:
    """Hands out the month's books."""

    def __init__(self, use_cases: UseCases) -> None:
        self._statements = use_cases.statements

    async def statement(self, speaker: Speaker, typed: str) -> Reply:
        """The month as a page and as CSV; what it comes to stands beside them."""
        books = await self._statements.month(speaker.member, typed)
        name = f"statement-{books.span.label}"
        page, table = await asyncio.to_thread(lambda: (statement_html(books), statement_csv(books)))
        files = (
            Document(f"{name}.html", HTML, in_pieces([page])),
            Document(f"{name}.csv", CSV, in_pieces([table])),
        )
        return Reply(statement_lines(books), documents=files)

    async def export(self, speaker: Speaker, typed: str) -> Reply:
        """What was charged in the month, as CSV."""
        export = await self._statements.export(speaker.member, typed)
        table = await asyncio.to_thread(lambda: "".join(focus_csv(export)))
        file = Document(f"charges-{export.span.label}.csv", CSV, in_pieces([table]))
        return Reply(export_lines(export), documents=(file,))


async def in_pieces(pieces: Iterable[str]) -> AsyncGenerator[str, None]:
    """What is there already, as a document's pieces."""
    for piece in pieces:
        yield piece
