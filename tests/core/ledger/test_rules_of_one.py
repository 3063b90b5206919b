"""What is left of rules and rights that were given to one account, when the accounts of a person part."""

import pytest_asyncio

from core.policy import Setting, member_target
from core.rows import PolicyRow
from tests.bookkeeping import enrol, rule
from tests.core.ledger.conftest import Ledger
from tests.core.ledger.linked import DECEMBER_MS, both, member, room
from tests.linking import link, part


@pytest_asyncio.fixture
async def ledger() -> Ledger:
    """Anna, and Ben who is her."""
    return await both()


async def test_what_admins_gave_one_account_is_not_had_by_each_after_parting(ledger: Ledger) -> None:
    await ledger.apply(rule("1", member_target("anna"), Setting.MONTH, "500"))
    await ledger.apply(rule("2", member_target("anna"), Setting.MAY_ASK, "allow"))
    await ledger.apply(rule("3", member_target("anna"), Setting.CARRY_OVER, "500"))
    await link(ledger.books)
    await ledger.apply(part("apart"))
    assert await room(ledger, "a", "ben", at_ms=DECEMBER_MS) == 50
    rows = {row.target: row.entries for row in ledger.books.rows(PolicyRow)}
    assert "may_ask" not in rows[member_target("ben")]
    assert "carry_over" not in rows[member_target("ben")]


async def test_what_admins_gave_that_account_itself_it_has_after_parting(ledger: Ledger) -> None:
    await ledger.apply(rule("1", member_target("ben"), Setting.MONTH, "70"))
    await link(ledger.books)
    await ledger.apply(rule("2", member_target("anna"), Setting.MONTH, "500"))
    await ledger.apply(part("apart"))
    assert await room(ledger, "a", "ben", at_ms=DECEMBER_MS) == 70


async def test_who_is_an_admin_by_a_further_account_is_none_after_parting_however_they_were_joined(
    ledger: Ledger,
) -> None:
    await ledger.apply(enrol("cem", workspace="teams:X", identity="teams:X/cem"))
    await link(ledger.books, "ben", "anna")
    await link(ledger.books, "cem", "ben", code="other")
    await ledger.apply(part("apart", "cem"))
    assert [member(ledger, name).admin for name in ("anna", "ben", "cem")] == [1, 0, 0]
