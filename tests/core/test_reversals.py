"""Giving back what an ask cost: with a reason, once, at the operator's expense, and told once."""

from dataclasses import dataclass

import pytest

from core.errors import BadInput
from core.notices import Notices
from core.people import Team
from core.reversals import Reversals
from core.rows import ActRow, EntryRow, NoticeRow, RequestRow, WalletRow
from tests.bookkeeping import ask_settled, ask_with_hold, enrol, line, release, top_up
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople
from tests.memory import MemoryNotices, MemoryPreferences
from tests.memory_reports import MemoryReports


@dataclass
class WhoseAsks:
    """`core.ports.WhoseAsks` on books in memory."""

    books: MemoryBooks

    async def team_of(self, ask_id: str) -> Team | None:
        teams = {row.id: row.team_id for row in self.books.rows(RequestRow)}
        return next((team for team in await MemoryPeople(self.books).teams() if team.id == teams.get(ask_id)), None)


async def office() -> tuple[MemoryBooks, Reversals]:
    books, clock = MemoryBooks(FakeClock()), FakeClock()
    for operation in (enrol(), top_up("budget", 100)):
        await books.apply(operation)
    notices = Notices(
        books,
        MemoryNotices(books, clock),
        MemoryPeople(books),
        clock,
        preferred=MemoryPreferences(books),
        reports=MemoryReports(books),
    )
    return books, Reversals(books, WhoseAsks(books), notices)


async def test_the_operator_pays_and_the_admins_read_why_once() -> None:
    books, reversals = await office()
    await ask_settled(books, "a", 40, 30)
    moved = [await reversals.reverse("a", "a wrong\tmodel ") for _ in range(2)]
    assert [(each.amount_nanos, each.balance_nanos, each.replayed) for each in moved] == [
        (30, 100, False),
        (30, 100, True),
    ]
    assert [row.available_nanos for row in books.rows(WalletRow)] == [100]
    assert [row.amount_nanos for row in books.rows(EntryRow) if row.account == "operator"] == [-30]
    [act] = [row for row in books.rows(ActRow) if row.kind == "reverse"]
    assert (act.actor, act.subject, act.amount_nanos, act.words) == ("operator", "a", 30, "a wrongmodel")
    [notice] = books.rows(NoticeRow)
    assert notice.words == "Whoever runs Chipin gave back under 0.001 cents that an ask had cost: a wrongmodel"


@pytest.mark.parametrize(
    ("ask", "reason", "says"),
    [
        ("a", " ", "Say why: python -m bot reverse ASK_ID REASON"),
        ("nobodys", "why", 'There is no ask "nobodys"; `export --json` lists them'),
        ("free", "why", "This ask cost nothing, or it was given back before"),
    ],
)
async def test_what_cannot_be_given_back_is_said(ask: str, reason: str, says: str) -> None:
    books, reversals = await office()
    await ask_settled(books, "a", 40, 30)
    await ask_with_hold(books, "free", 10)
    await books.apply(release("free", line(5)))
    with pytest.raises(BadInput, match=says):
        await reversals.reverse(ask, reason)
    assert books.rows(NoticeRow) == []
