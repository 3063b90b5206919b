"""What is set: for whom, by whom, and never for another team."""

from core.columns import changed
from core.operations import Concluded, Reason
from core.people import OPERATOR
from core.policy import EVERYONE, Setting, member_target, own_target
from core.quota import SetBy
from core.rows import ActRow, MemberRow, TeamRow
from tests.bookkeeping import AT_MS, USD, enrol, month_limit, rule, zone
from tests.core.ledger.conftest import Ledger
from tests.memory import MemoryPolicies


async def months(ledger: Ledger) -> dict[str, str]:
    """The monthly limits that are set, by target."""
    policies = await MemoryPolicies(ledger.books).all("team")
    return {policy.target: policy.entries[Setting.MONTH].value for policy in policies if policy.entries}


async def test_a_limit_for_everyone_is_the_teams(ledger: Ledger) -> None:
    assert await ledger.apply(month_limit("everyone", 7 * USD)) == Concluded()
    assert await months(ledger) == {EVERYONE: str(7 * USD)}
    act = ledger.one(ActRow, "everyone")
    assert (act.actor, act.kind, act.subject, act.words) == ("anna", "rule", EVERYONE, "month 7000000000")


async def test_a_limit_for_one_is_theirs_and_says_who_set_it(ledger: Ledger) -> None:
    await ledger.apply(month_limit("annas", 0, "anna"))
    assert await months(ledger) == {EVERYONE: str(5 * USD), "member:anna": "0"}
    [_, annas] = await MemoryPolicies(ledger.books).all("team")
    assert annas.entries[Setting.MONTH].set_by == SetBy(member_target("anna"), "anna", AT_MS)


async def test_what_is_taken_away_leaves_what_else_is_set(ledger: Ledger) -> None:
    await ledger.apply(rule("day", member_target("anna"), Setting.DAY, "7"))
    await ledger.apply(month_limit("month", 9, "anna"))
    assert await ledger.apply(rule("no-day", member_target("anna"), Setting.DAY, "")) == Concluded()
    assert await months(ledger) == {EVERYONE: str(5 * USD), "member:anna": "9"}


async def test_what_is_so_already_changes_nothing_and_is_no_act(ledger: Ledger) -> None:
    assert await ledger.refusal(month_limit("same", 5 * USD)) is Reason.UNCHANGED
    assert await ledger.refusal(rule("nothing", member_target("anna"), Setting.DAY, "")) is Reason.UNCHANGED


async def test_rules_are_set_within_the_own_team_only(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    assert await ledger.refusal(month_limit("theirs", 0, team_id="others")) is Reason.NOT_FOUND
    assert await ledger.refusal(month_limit("nobodys", 0, team_id="nobody")) is Reason.NOT_FOUND


async def test_only_admins_of_that_moment_set_rules_for_others(ledger: Ledger) -> None:
    await ledger.apply(enrol("ben"))
    for target in (EVERYONE, member_target("ben"), own_target("anna")):
        assert await ledger.refusal(rule("no", target, Setting.MONTH, "1", actor="ben")) is Reason.NOT_ADMIN
    assert await ledger.apply(rule("own", own_target("ben"), Setting.MONTH, "1", actor="ben")) == Concluded()
    assert await ledger.apply(rule("right", EVERYONE, Setting.MONTH, "2", actor="ben", by_right=True)) == Concluded()
    assert await ledger.apply(rule("op", EVERYONE, Setting.MONTH, "3", actor=OPERATOR)) == Concluded()
    ledger.books.has(changed(ledger.one(MemberRow, "anna"), admin=0))
    assert await ledger.refusal(month_limit("late", 9)) is Reason.NOT_ADMIN


async def test_what_means_nothing_is_not_written(ledger: Ledger) -> None:
    for target, setting, value in (
        (EVERYONE, Setting.MONTH, "much"),
        ("nobody", Setting.MONTH, "1"),
        (own_target("anna"), Setting.MAY_ASK, "allow"),
        (member_target("anna"), Setting.CHANNEL_DAY, "1"),
    ):
        assert await ledger.refusal(rule("no", target, setting, value)) is Reason.NO_SUCH_RULE


async def test_a_zone_is_the_teams_with_what_was_before_and_since_when(ledger: Ledger) -> None:
    assert await ledger.apply(zone("east", "Asia/Kolkata")) == Concluded()
    team, act = ledger.one(TeamRow, "team"), ledger.one(ActRow, "east")
    assert (team.zone, team.zones) == ("Asia/Kolkata", f"UTC {AT_MS} Asia/Kolkata")
    assert (act.actor, act.kind, act.subject, act.words) == ("anna", "zone", "", "Asia/Kolkata")


async def test_a_zone_that_is_set_again_before_it_counted_leaves_no_trace_but_its_act(ledger: Ledger) -> None:
    await ledger.apply(zone("mistake", "Asia/Tokyo"))
    ledger.clock.advance(60)
    await ledger.apply(zone("east", "Asia/Kolkata"))
    assert ledger.one(TeamRow, "team").zones == f"UTC {AT_MS + 60_000} Asia/Kolkata"
    assert {act.words for act in ledger.books.rows(ActRow)} >= {"Asia/Tokyo", "Asia/Kolkata"}


async def test_the_zone_that_is_set_already_or_of_another_team_is_refused(ledger: Ledger) -> None:
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    assert await ledger.refusal(zone("same", "UTC")) is Reason.UNCHANGED
    assert await ledger.refusal(zone("zoes", "Asia/Kolkata", actor="zoe")) is Reason.NOT_ADMIN
    assert await ledger.apply(zone("platform", "Asia/Kolkata", actor="zoe", by_right=True)) == Concluded()
    assert await ledger.refusal(zone("theirs", "Asia/Kolkata", team_id="others")) is Reason.NOT_FOUND
    assert await ledger.refusal(zone("nobodys", "Asia/Kolkata", team_id="nobody")) is Reason.NOT_FOUND
