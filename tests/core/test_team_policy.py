"""Setting what applies to whom: by name, never by guessing, and only by who is an admin at that moment."""

from dataclasses import dataclass, replace

import pytest

from core.allowance import Allowances
from core.columns import changed
from core.errors import BadInput, NotAllowed
from core.people import Asker, Member, Place, Team
from core.policy import EVERYONE, NONE, Setting, Whom, channel_target, member_target, own_target, role_target
from core.rows import MemberRow
from core.shown_rules import MemberRules, RuleChange, Shown, TargetRules, TeamLimits, TeamRules
from core.team_policy import TeamPolicy
from tests.bookkeeping import USD, enrol
from tests.fakes import FakeClock, FixedCatalogue, MemoryBooks, MemoryPeople, a_model
from tests.memory import MemoryPolicies
from tests.memory_reports import MemoryReports

HERE = Place("test", "one", "general")


class SlackLike:
    """Roles and channels that were picked come as ids, and are shown by their names."""

    def target(self, typed: str) -> str:
        """What was picked."""
        if typed == "<#C1>":
            return channel_target("test", "C1")
        return role_target("test:S1") if typed == "<@S1>" else ""

    def name(self, target: str) -> str:
        """What people call it."""
        return {"channel:test:C1": "#general", "role:test:S1": "@design"}[target]

    def channel(self, target: str) -> str:
        """The same."""
        return self.name(target)


@dataclass
class Desk:
    """A team of Anna, its admin, and others."""

    books: MemoryBooks
    rules: TeamPolicy
    team: Team
    people: MemoryPeople

    async def member(self, name: str) -> Member:
        """Somebody as the books know them."""
        return next(member for member in await self.people.members(self.team) if member.id == name)

    async def policy(self, who: str, typed: str) -> Shown:
        """/admin policy."""
        return await self.rules.policy(await self.member(who), typed, HERE, SlackLike())

    async def limit(self, who: str, typed: str) -> Shown:
        """/limit."""
        return await self.rules.limit(await self.member(who), typed, HERE, SlackLike())

    async def change(self, who: str, typed: str) -> RuleChange:
        """/admin policy that sets something."""
        shown = await self.policy(who, typed)
        assert isinstance(shown, RuleChange)
        return shown


async def a_desk(*others: str) -> Desk:
    clock = FakeClock()
    books = MemoryBooks(clock)
    for member in ("anna", "ben", *others):
        await books.apply(enrol(member))
    people, policies = MemoryPeople(books), MemoryPolicies(books)
    allowances = Allowances(policies, MemoryReports(books), clock)
    catalogue = FixedCatalogue((a_model(region="eu"),), {})
    rules = TeamPolicy(books, people, policies, allowances=allowances, catalogue=catalogue, clock=clock, in_flight=3)
    [team] = await people.teams()
    return Desk(books, rules, team, people)


async def test_sets_for_a_member_whatever_the_case_of_the_name() -> None:
    desk = await a_desk()
    change = await desk.change("anna", "BEN month 2.50")
    assert (change.whom, change.before, change.after) == (Whom(member_target("ben"), "Ben"), "", "2500000000")
    limits = await desk.limit("anna", "")
    assert isinstance(limits, TeamLimits)
    assert [ruling.amount(Setting.MONTH) for _, ruling in limits.members] == [5 * USD, 2_500_000_000]


async def test_what_a_platform_picked_is_shown_by_its_name() -> None:
    desk = await a_desk()
    assert (await desk.change("anna", "<#C1> day 2")).whom == Whom("channel:test:C1", "#general")
    assert (await desk.change("anna", "<@S1> models test")).whom == Whom("role:test:S1", "@design")
    shown = await desk.policy("anna", "")
    assert isinstance(shown, TeamRules)
    assert [whom.name for whom, _ in shown.rules] == [EVERYONE, "@design", "#general"]
    channel = await desk.policy("anna", "<#C1>")
    assert isinstance(channel, TargetRules)
    assert channel.entries[Setting.DAY].value == str(2 * USD)


async def test_a_picker_sets_the_same_without_words() -> None:
    desk = await a_desk()
    whom = Whom(channel_target("test", "C1"), "#general")
    anna = await desk.member("anna")
    change = await desk.rules.set(anna, whom, Setting.MAY_ASK, "deny", place=HERE, names=SlackLike())
    assert (change.changed, change.after) == (True, "deny")


async def test_tells_before_and_after_and_what_is_set_for_others() -> None:
    desk = await a_desk()
    await desk.change("anna", "Ben month 2")
    change = await desk.change("anna", "everyone month none")
    assert (change.before, change.after, change.changed) == (str(5 * USD), NONE, True)
    assert [(whom.name, ruled.value) for whom, ruled in change.others] == [("Ben", str(2 * USD))]
    assert not (await desk.change("anna", "everyone month none")).changed
    gone = await desk.change("anna", "Ben month clear")
    assert gone.applies is not None and gone.applies.value == NONE


async def test_two_members_of_one_name_are_not_guessed_between() -> None:
    desk = await a_desk("ben2")
    desk.books.has(changed(next(row for row in desk.books.rows(MemberRow) if row.id == "ben2"), display_name="ben"))
    with pytest.raises(BadInput, match='2 members are called "ben"; type one of: ben, ben2'):
        await desk.policy("anna", "ben month 2")
    assert (await desk.change("anna", "ben2 month 2")).whom.target == member_target("ben2")


async def test_names_who_there_is_when_there_is_no_such_one() -> None:
    desk = await a_desk()
    with pytest.raises(BadInput, match=r'no "cleo" here. Members: Anna, Ben.*Nothing was changed'):
        await desk.policy("anna", "cleo month 2")


async def test_of_a_large_team_the_nearest_names_are_told() -> None:
    desk = await a_desk(*(f"member{number}" for number in range(200)))
    with pytest.raises(BadInput, match=r"Did you mean Member77") as refused:
        await desk.policy("anna", "membr77 month 2")
    assert len(str(refused.value)) < 300


async def test_only_admins_see_and_change_what_applies_to_others() -> None:
    desk = await a_desk()
    for typed in ("", "Anna", "everyone month 50", "Ben month 50"):
        with pytest.raises(NotAllowed):
            await desk.policy("ben", typed)
    for typed in ("Anna", "Anna 5", "everyone 5"):
        with pytest.raises(NotAllowed):
            await desk.limit("ben", typed)
    shown = await desk.limit("ben", "")
    assert isinstance(shown, MemberRules)
    assert (shown.member.id, shown.mine) == ("ben", True)


async def test_rights_are_those_of_the_moment_of_acting_and_not_of_when_it_was_typed() -> None:
    desk = await a_desk()
    anna = await desk.member("anna")
    desk.books.has(changed(next(row for row in desk.books.rows(MemberRow) if row.id == "anna"), admin=0))
    with pytest.raises(NotAllowed):
        await desk.rules.policy(anna, "everyone month 50", HERE, SlackLike())


async def test_a_limit_for_oneself_is_nobody_elses_business_and_never_raises() -> None:
    desk = await a_desk()
    lower = await desk.limit("ben", "me 2")
    assert isinstance(lower, RuleChange)
    assert (lower.whom, lower.after) == (Whom(own_target("ben"), "you"), str(2 * USD))
    higher = await desk.limit("ben", "me 50")
    assert isinstance(higher, RuleChange) and higher.applies is not None
    assert higher.applies.value == str(5 * USD)
    off = await desk.limit("ben", "me off")
    assert isinstance(off, RuleChange)
    assert (off.after, off.changed) == ("", True)
    whole = await desk.policy("anna", "")
    assert isinstance(whole, TeamRules)
    assert [whom.target for whom, _ in whole.rules] == [EVERYONE]


async def test_what_applies_here_is_read_for_who_somebody_is_now() -> None:
    desk = await a_desk()
    await desk.change("anna", "<@S1> month 9")
    ben = replace(await desk.member("ben"), asker=Asker(roles=("test:S1",)))
    shown = await desk.rules.limit(ben, "", HERE, SlackLike())
    assert isinstance(shown, MemberRules)
    assert shown.allowance.ruling.amount(Setting.MONTH) == 9 * USD
