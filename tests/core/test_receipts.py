"""Details: whoever presses reads about themselves; only the asker reads why, and what it came to in tokens."""

from dataclasses import replace

import pytest

from core.allowance import Allowances
from core.errors import BadInput
from core.operations import RequestState
from core.policy import EVERYONE, NONE, Setting
from core.receipts import Receipts
from core.rows import CounterRow
from tests.bookkeeping import (
    USD,
    ask_settled,
    ask_with_hold,
    claim,
    conclude,
    enrol,
    expire,
    hold,
    interrupt,
    month,
    release,
    reverse,
    rule,
    top_up,
)
from tests.core.asking.house import ANNA, BEN, PLACE
from tests.fakes import FakeClock, FixedCatalogue, MemoryBooks, a_model
from tests.memory import MemoryPolicies, MemoryReceipts
from tests.memory_reports import MemoryReports

CENT = USD // 100


@pytest.fixture
async def books() -> MemoryBooks:
    memory = MemoryBooks(FakeClock())
    await memory.apply(enrol("anna"))
    await memory.apply(enrol("ben"))
    await memory.apply(top_up("budget", 20 * USD))
    await ask_settled(memory, "ask", 50 * CENT, 30 * CENT, month(5 * USD))
    return memory


def receipts(books: MemoryBooks) -> Receipts:
    allowances = Allowances(MemoryPolicies(books), MemoryReports(books), FakeClock())
    return Receipts(
        MemoryReceipts(books), allowances, FixedCatalogue((replace(a_model(), id="acme-1", title="Acme One"),), {})
    )


async def test_the_asker_reads_tokens_the_exact_charge_why_and_what_is_left_of_their_month(books: MemoryBooks) -> None:
    assert await receipts(books).details(ANNA, PLACE, "ask") == (
        "acme-1: 13 tokens in (1 of them from the provider's cache), 23 out (3 of them for thinking) "
        "· charged $0.300000000",
        "Model: Acme One, chosen because: cheapest.",
        "$4.70 left this month; what you don't use stays in the team wallet.",
    )


async def test_somebody_else_reads_price_and_model_and_what_is_left_of_their_own_month(books: MemoryBooks) -> None:
    books.has(
        CounterRow(
            id="member_month:ben:2026-11",
            wallet_id="wal",
            scope="member_month",
            subject="ben",
            label="2026-11",
            used=2 * USD,
        )
    )
    assert await receipts(books).details(BEN, PLACE, "ask") == (
        "30 cents · Acme One",
        "Tokens, and why this model answered, are shown to whoever asked.",
        "$3.00 left this month; what you don't use stays in the team wallet.",
    )


async def test_an_ask_that_their_team_does_not_have_is_not_here(books: MemoryBooks) -> None:
    with pytest.raises(BadInput, match="not one of your team's"):
        await receipts(books).details(ANNA, PLACE, "somebody's")


async def test_without_a_monthly_limit_nothing_is_said_to_be_left(books: MemoryBooks) -> None:
    await books.apply(rule("none", EVERYONE, Setting.MONTH, NONE))
    assert "left this month" not in " ".join(await receipts(books).details(ANNA, PLACE, "ask"))


async def test_what_was_given_back_stands_in_the_details(books: MemoryBooks) -> None:
    await books.apply(reverse("ask"))
    lines = await receipts(books).details(ANNA, PLACE, "ask")
    assert "$0.300000000 of that was given back afterwards." in lines
    assert lines[-1].startswith("$5.00 left this month")


async def test_each_state_without_a_receipt_is_said_as_it_is(books: MemoryBooks) -> None:
    for ask in "running", "waits", "refused", "gone":
        await books.apply(claim(ask))
    await books.apply(conclude("waits", RequestState.AWAITING))
    await books.apply(conclude("refused", RequestState.REFUSED))
    await books.apply(interrupt("gone"))
    await books.apply(claim("expired"))
    await books.apply(hold("expired", CENT, ttl_seconds=0))
    await books.apply(expire("expired"))
    said = {ask: await receipts(books).details(ANNA, PLACE, ask) for ask in ("running", "waits", "refused", "expired")}
    assert said == {
        "running": ("This is still being answered: its details come with its price.",),
        "waits": ("This was not asked yet: it waits for your choice. Not charged.",),
        "refused": ("No model was asked. Not charged.",),
        "expired": ("This was interrupted. Not charged.",),
    }
    assert (await receipts(books).details(BEN, PLACE, "running"))[0].endswith("nothing was charged for it.")


async def test_the_recent_asks_have_their_price_and_the_name_of_their_model_and_no_words(books: MemoryBooks) -> None:
    await ask_with_hold(books, "failed", CENT)
    await books.apply(release("failed"))
    recent = await receipts(books).recent(ANNA, 9)
    assert {each.booked.ask_id: (each.model_title, each.booked.charged_nanos) for each in recent} == {
        "ask": ("Acme One", 30 * CENT),
        "failed": ("Acme One", 0),
    }
    assert await receipts(books).recent(BEN) == ()
