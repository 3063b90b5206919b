"""The month's files: written beside other work, however long they are."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.commands import month
from core.commands.month import Month
from core.commands.speaking import Reply, Speaker
from core.use_cases import UseCases
from tests.core.test_statements import Office


async def typed(monkeypatch: pytest.MonkeyPatch, command: str) -> tuple[Reply, set[int]]:
    """What an admin reads, and the threads in which its files were written."""
    office, threads = await Office().open(), set[int]()

    def heard(name: str) -> None:
        writes: Any = getattr(month, name)

        def noted(values: Any) -> Iterator[str]:
            threads.add(threading.get_ident())
            yield from writes(values)

        noting: Any = noted if name == "focus_csv" else lambda values: "".join(noted(values))
        monkeypatch.setattr(month, name, noting)

    for name in ("statement_html", "statement_csv", "focus_csv"):
        heard(name)
    use_cases = cast(UseCases, SimpleNamespace(statements=office.statements))
    speaker = cast(Speaker, SimpleNamespace(member=office.anna))
    return await getattr(Month(use_cases), command)(speaker, ""), threads


@pytest.mark.parametrize(("command", "files"), [("statement", 2), ("export", 1)])
async def test_nobody_waits_while_the_rows_of_a_month_are_written(
    monkeypatch: pytest.MonkeyPatch, command: str, files: int
) -> None:
    reply, threads = await typed(monkeypatch, command)
    assert len(reply.documents) == files and threads
    assert threading.get_ident() not in threads
