"""What is left of rules and rights that were given to one account, when the accounts of a person part."""

import pytest_asyncio

from core.operations import Reason, Refused
from core.policy import Setting, member_target, own_target
from core.rows import PolicyRow
from tests.bookkeeping import enrol, freeze, rule, set_admin, set_gone
from tests.core.ledger.conftest import Ledger
from tests.core.ledger.linked import ANNAS, BENS, DECEMBER_MS, asks, both, member, room
from tests.linking import SLACK, link, part


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


# --- what is done to an account that has become one with another since it was looked up ---


async def test_a_pause_by_the_old_name_is_a_pause_of_the_person(ledger: Ledger) -> None:
    await link(ledger.books)
    await ledger.apply(freeze("stop", "ben"))
    refused = await asks(ledger, "a", 1)
    assert isinstance(refused, Refused) and refused.reason is Reason.MEMBER_FROZEN
    await ledger.apply(part("apart"))
    assert member(ledger, "ben").frozen and member(ledger, "anna").frozen


async def test_who_left_while_they_were_joined_has_left(ledger: Ledger) -> None:
    await link(ledger.books)
    await ledger.apply(set_gone("gone", "ben", identity=BENS, others=(BENS,)))
    refused = await asks(ledger, "a", 1)
    assert isinstance(refused, Refused) and refused.reason is Reason.SUSPENDED


async def test_who_left_while_they_parted_has_left(ledger: Ledger) -> None:
    await link(ledger.books)
    await ledger.apply(part("apart"))
    await ledger.apply(set_gone("gone", "anna", identity=BENS, others=(ANNAS, BENS)))
    assert (member(ledger, "anna").suspended, member(ledger, "ben").suspended) == (0, 1)


async def test_a_rule_by_the_old_name_binds_the_person(ledger: Ledger) -> None:
    await link(ledger.books)
    await ledger.apply(rule("1", member_target("ben"), Setting.MONTH, "30"))
    await ledger.apply(rule("2", own_target("ben"), Setting.DAY, "20", actor="ben"))
    assert await room(ledger, "a") == 20
    assert {row.target for row in ledger.books.rows(PolicyRow)} == {"everyone", "member:anna", "own:anna"}


async def test_an_admin_is_made_none_by_the_old_name_too(ledger: Ledger) -> None:
    await ledger.apply(enrol("cem", workspace=SLACK, identity=f"{SLACK}/cem", admin=True))
    await link(ledger.books, "ben", "anna")
    await ledger.apply(set_admin("out", "anna", admin=False, actor="cem", staying=("cem",)))
    assert member(ledger, "ben").admin == 0
