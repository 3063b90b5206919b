"""What applies to a member, as they and their admins read it: how much, what is used, until when, and who set it."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.allowance import Allowance
from core.people import Asker, Member, Place, Standing, Team
from core.periods import Calendar, Moment
from core.policy import DENY, EVERYONE, Entries, Policy, Ruled, Setting, decide, limits_of, member_target, own_target
from core.quota import SetBy, Totals, lowest
from core.shown_rules import MemberRules, TeamLimits
from core.text.limits import limit_lines, member_lines
from tests.bookkeeping import USD

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOVEMBER_3 = int(datetime(2026, 11, 3, tzinfo=UTC).timestamp() * 1000)
TEAM = Team("team", "wal", "Team", Calendar(ZoneInfo("Europe/Berlin")))
BO = Member("mbr_bo", TEAM, "Bo")
HERE = Place("test", "one", "general")
CALLED = {"mbr_ada": "Ada", EVERYONE: EVERYONE}


def said(target: str, **values: str) -> Policy:
    """What Ada set on 3 November."""
    entries: Entries = {
        Setting(name): Ruled(value, SetBy(target, "mbr_ada", NOVEMBER_3)) for name, value in values.items()
    }
    return Policy(target, entries)


def shown(*policies: Policy, mine: bool = True, asker: Asker | None = None, **totals: Totals) -> tuple[str, ...]:
    """What Bo reads, or an admin of him."""
    ruling = decide("mbr_bo", asker or Asker(), HERE, policies)
    limits = lowest(limits_of(ruling, Moment(TEAM.calendar, NOW), TEAM.id))
    allowance = Allowance(ruling, tuple((each, totals.get(each.scope, Totals())) for each in limits))
    return member_lines(MemberRules(BO, mine, allowance, 3, NOW, CALLED))


def test_each_limit_with_what_is_used_when_it_starts_anew_and_who_set_it() -> None:
    told = shown(
        said(EVERYONE, month=str(5 * USD), day=str(USD), ask=str(USD // 10), in_flight="2"),
        said(member_target("mbr_bo"), week=str(2 * USD), models="mistral"),
        member_month=Totals(used=USD, held=USD // 100),
    )
    assert told == (
        "What applies to you here:",
        "  2 asks at a time (for everyone, set by Ada on 3 November)",
        "  $0.10 for one ask (for everyone, set by Ada on 3 November)",
        "  $1.00 a day, nothing used, starts anew on 22 November (for everyone, set by Ada on 3 November)",
        "  $2.00 a week, nothing used, starts anew on 23 November (for you alone, set by Ada on 3 November)",
        "  $5.00 a month, $1.00 used and 1 cent held, starts anew on 1 December "
        "(for everyone, set by Ada on 3 November)",
        "  only mistral (for you alone, set by Ada on 3 November)",
        "/limit me 2 sets a lower limit for yourself, /limit me off takes it away.",
    )


def test_without_rules_the_defaults_are_told() -> None:
    assert shown()[1:3] == ("  no monthly limit, nothing used (the default)", "  3 asks at a time (the default)")


def test_ones_own_limit_is_told_to_be_ones_own_and_to_an_admin_theirs() -> None:
    own = said(own_target("mbr_bo"), month=str(USD))
    assert shown(own)[1] == (
        "  $1.00 a month, nothing used, starts anew on 1 December (your own limit, set on 3 November)"
    )
    assert "(a limit of their own choice, set on 3 November)" in shown(own, mine=False)[1]
    assert shown(own, mine=False)[0] == "What applies to Bo here:"


def test_who_may_not_ask_reads_that_first_and_who_said_so() -> None:
    assert shown(said(EVERYONE, may_ask=DENY))[1] == (
        "  Asking is not allowed (for everyone, set by Ada on 3 November)."
    )
    guest = shown(asker=Asker(standing=Standing.GUEST))
    assert guest[1] == "  Asking is not allowed (an admin has to allow it first)."


def test_of_a_team_who_differs_comes_first_and_a_long_list_is_cut() -> None:
    policies = [said(EVERYONE, month=str(5 * USD)), said(member_target("mbr_bo"), day=str(USD))]
    many = [*(replace(BO, id=f"m{number}", display_name=f"M{number:03}") for number in range(300)), BO]
    rows = tuple((member, decide(member.id, Asker(), HERE, policies)) for member in many)
    told = limit_lines(TeamLimits(rows, decide("", Asker(), HERE, policies), CALLED))
    assert told[0] == "Bo: $5.00 a month, $1.00 a day (the team limit and a limit of their own)"
    assert told[1] == "M000: $5.00 a month (the team limit)"
    assert told[20] == "And 281 more; /limit NAME shows one. For everyone else: $5.00 a month."
    assert len(told) == 22
