"""Teams and members: made as far as they are missing, never made anew."""

import pytest

from core.errors import OperationConflict
from core.ledger.holding import BY_ADMIN, BY_OPERATOR
from core.operations import Concluded, Enrolled, Reason
from core.policy import EVERYONE, Setting
from core.rows import ActRow, IdentityRow, MemberRow, TeamRow, WalletRow, WorkspaceRow
from tests.bookkeeping import USD, ask_with_hold, enrol, freeze, set_admin
from tests.core.ledger.conftest import Ledger
from tests.memory import MemoryPolicies


async def test_the_first_of_a_workspace_makes_the_team(ledger: Ledger) -> None:
    enrolled = await ledger.apply(enrol("zoe", team="others", wallet="wal2", demo=True, zone="Europe/Berlin"))
    assert enrolled == Enrolled(member_id="zoe", team_id="others", wallet_id="wal2", new_team=True)
    team = ledger.one(TeamRow, "others")
    assert (team.demo, team.zone, team.zones) == (1, "Europe/Berlin", "")
    [policy] = await MemoryPolicies(ledger.books).all("others")
    assert (policy.target, policy.entries[Setting.MONTH].value) == (EVERYONE, str(5 * USD))
    assert ledger.one(WalletRow, "wal2") == WalletRow(id="wal2")


async def test_the_second_of_a_workspace_joins_the_team(ledger: Ledger) -> None:
    enrolled = await ledger.apply(enrol("ben", wallet="another"))
    assert enrolled == Enrolled(member_id="ben", team_id="team", wallet_id="wal", new_team=False)
    assert [row.id for row in ledger.books.rows(WalletRow)] == ["wal"]


async def test_enrolling_somebody_twice_makes_them_once(ledger: Ledger) -> None:
    again = await ledger.apply(enrol("anna", id="twice", member_id="anna-2", team="team", wallet="another"))
    assert again == Enrolled(member_id="anna", team_id="team", wallet_id="wal", new_team=False)
    assert [row.id for row in ledger.books.rows(MemberRow)] == ["anna"]


async def test_a_second_workspace_may_share_the_team(ledger: Ledger) -> None:
    shared = await ledger.apply(enrol("ben", workspace="test:two", identity="test:two/ben"))
    assert shared == Enrolled(member_id="ben", team_id="team", wallet_id="wal", new_team=False)
    assert [row.team_id for row in ledger.books.rows(WorkspaceRow)] == ["team", "team"]


async def test_a_team_that_shares_a_wallet_leaves_the_money_in_it(ledger: Ledger) -> None:
    await ask_with_hold(ledger.books, "a", 60)
    shared = await ledger.apply(enrol("zoe", team="others", wallet="wal"))
    assert shared.new_team
    assert ledger.wallet == (40, 60)


async def test_one_person_may_have_two_identities(ledger: Ledger) -> None:
    await ledger.apply(enrol("anna", id="again", identity="other:one/anna", display_name="A."))
    assert [row.member_id for row in ledger.books.rows(IdentityRow)] == ["anna", "anna"]
    assert ledger.one(MemberRow, "anna").display_name == "Anna"


async def test_nobody_belongs_to_two_teams(ledger: Ledger) -> None:
    with pytest.raises(OperationConflict):
        await ledger.apply(enrol("anna", team="others", wallet="wal2"))
    assert [row.id for row in ledger.books.rows(TeamRow)] == ["team"]


async def test_freezing_a_team_is_noted_once_with_who_did_it(ledger: Ledger) -> None:
    assert await ledger.apply(freeze("stop")) == Concluded()
    assert ledger.one(TeamRow, "team").frozen == BY_OPERATOR
    act = ledger.one(ActRow, "stop")
    assert (act.actor, act.kind, act.subject) == ("operator", "freeze", "")
    assert await ledger.refusal(freeze("again")) is Reason.UNCHANGED


async def test_freezing_a_member_leaves_the_team_alone(ledger: Ledger) -> None:
    assert await ledger.apply(freeze("stop", "anna")) == Concluded()
    assert (ledger.one(MemberRow, "anna").frozen, ledger.one(TeamRow, "team").frozen) == (BY_OPERATOR, 0)
    assert await ledger.refusal(freeze("all", frozen=False)) is Reason.UNCHANGED
    assert await ledger.apply(freeze("go", "anna", frozen=False)) == Concluded()
    assert (ledger.one(MemberRow, "anna").frozen, ledger.one(ActRow, "go").kind) == (0, "unfreeze")


async def test_what_an_admin_paused_any_of_them_lets_go_on(ledger: Ledger) -> None:
    await ledger.apply(freeze("stop", actor="anna", reason="the budget is gone"))
    act = ledger.one(ActRow, "stop")
    assert (act.actor, act.words, ledger.one(TeamRow, "team").frozen) == ("anna", "the budget is gone", BY_ADMIN)
    await ledger.apply(enrol("ben", admin=True))
    assert await ledger.apply(freeze("go", frozen=False, actor="ben")) == Concluded()
    assert ledger.one(TeamRow, "team").frozen == 0


async def test_only_who_is_an_admin_of_this_team_at_this_moment_pauses_or_lets_go_on(ledger: Ledger) -> None:
    for op in (enrol("ben"), enrol("cleo", admin=True), enrol("zoe", team="others", admin=True)):
        await ledger.apply(op)
    await ledger.apply(set_admin("no-more", "cleo", admin=False))
    await ledger.apply(freeze("stop", "ben", actor="anna"))
    for actor in ("ben", "cleo", "zoe", "nobody"):  # Zoe's team shares the wallet
        assert await ledger.refusal(freeze("go", "ben", frozen=False, actor=actor)) is Reason.NOT_ADMIN
        assert await ledger.refusal(freeze("all", actor=actor)) is Reason.NOT_ADMIN
    assert await ledger.apply(freeze("go", "ben", frozen=False, actor="cleo", by_right=True)) == Concluded()


@pytest.mark.parametrize("whom", ["", "anna"])
async def test_what_the_operator_paused_no_admin_lets_go_on(ledger: Ledger, whom: str) -> None:
    await ledger.apply(freeze("mine", whom, actor="anna"))
    assert await ledger.apply(freeze("theirs", whom)) == Concluded()  # the operator's stands on top of the admin's
    assert await ledger.refusal(freeze("again", whom, actor="anna")) is Reason.UNCHANGED
    assert await ledger.refusal(freeze("go", whom, frozen=False, actor="anna")) is Reason.OPERATORS
    assert await ledger.apply(freeze("on", whom, frozen=False)) == Concluded()


async def test_freezing_stays_within_the_own_team(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    assert await ledger.refusal(freeze("theirs", team_id="others")) is Reason.NOT_FOUND
    assert await ledger.refusal(freeze("zoes", "zoe")) is Reason.NOT_FOUND
