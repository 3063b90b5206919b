"""Accounts that are one person: one quota and one standing, whoever asks and however often; and what parting leaves."""

from datetime import UTC, datetime

import pytest_asyncio

from core.operations import Concluded, Held, Reason, Refused, Settled
from core.policy import EVERYONE, Setting, member_target, own_target
from core.quota import Scope
from core.rows import IdentityRow, MemberRow, PolicyRow
from tests.bookkeeping import (
    USD,
    absorbed,
    ask_more,
    claim,
    decide,
    delivered,
    enrol,
    freeze,
    hold,
    in_flight,
    line,
    note_identity,
    rate,
    rehold,
    release,
    reverse,
    rule,
    set_admin,
    set_gone,
    settle,
)
from tests.core.ledger.conftest import Ledger
from tests.core.ledger.linked import ANNAS, BENS, DAY_MS, DECEMBER_MS, asks, both, member, room, spends
from tests.forgetting import forget
from tests.linking import DISCORD, SLACK, link, linking, part


@pytest_asyncio.fixture
async def ledger() -> Ledger:
    """Anna, and Ben who is her."""
    return await both()


# --- one quota ---


async def test_what_one_account_used_and_holds_counts_for_the_other(ledger: Ledger) -> None:
    await spends(ledger, "before", 20, "ben")
    await spends(ledger, "hers", 5)
    assert isinstance(await asks(ledger, "running", 10, "ben"), Held)
    await link(ledger.books)
    refused = await asks(ledger, "a", 16)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.used, refused.held) == (Reason.LIMIT_HELD, 25, 10)
    assert await room(ledger, "b") == 15
    await ledger.apply(settle("running", line(10)))
    refused = await asks(ledger, "c", 16)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.used, refused.held) == (Reason.LIMIT, 35, 0)
    await ledger.apply(reverse("before"))
    assert await room(ledger, "d") == 35


async def test_an_ask_that_was_claimed_before_holds_against_the_sum(ledger: Ledger) -> None:
    await ledger.apply(claim("claimed", member="ben"))
    await spends(ledger, "hers", 40)
    await link(ledger.books)
    refused = await ledger.apply(hold("claimed", 11))
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.used) == (Reason.LIMIT, 40)
    assert isinstance(await ledger.apply(hold("claimed", 10)), Held)
    assert await room(ledger, "a") == 0
    refused = await ledger.apply(rehold("claimed", 11))
    assert isinstance(refused, Refused)


async def test_a_receipt_says_what_is_left_of_the_whole(ledger: Ledger) -> None:
    await spends(ledger, "before", 20, "ben")
    await link(ledger.books)
    assert isinstance(await asks(ledger, "a", 10), Held)
    settled = await ledger.apply(settle("a", line(10)))
    assert isinstance(settled, Settled)
    november = "member_month:anna:2026-11"
    assert (dict(settled.left_by_counter)[november], dict(settled.used_by_counter)[november]) == (20, 30)


async def test_how_many_run_at_a_time_and_what_failed_are_counted_over_both(ledger: Ledger) -> None:
    beside = (in_flight(2, "anna"), absorbed(20, "anna"))
    theirs = (in_flight(2, "ben"), absorbed(20, "ben"))
    for ask in ("x", "y"):
        await ledger.apply(claim(ask, member="ben"))
    assert isinstance(await ledger.apply(hold("x", 1, *theirs)), Held)
    await ledger.apply(release("x", line(19)))
    assert isinstance(await ledger.apply(hold("y", 1, *theirs)), Held)
    await link(ledger.books)
    await ledger.apply(claim("a"))
    assert isinstance(await ledger.apply(hold("a", 1, *beside)), Held)
    await ledger.apply(claim("b"))
    refused = await ledger.apply(hold("b", 1, *beside))
    assert isinstance(refused, Refused)
    assert refused.limit is not None
    assert (refused.limit.scope, refused.held) == (Scope.MEMBER_IN_FLIGHT, 2)
    await ledger.apply(release("a", line(2)))
    refused = await ledger.apply(hold("b", 1, *beside))
    assert isinstance(refused, Refused)
    assert refused.limit is not None
    assert (refused.limit.scope, refused.used) == (Scope.MEMBER_DAY_ABSORBED, 21)


async def test_what_was_granted_counts_over_both(ledger: Ledger) -> None:
    await ledger.apply(ask_more("more", 7))
    await ledger.apply(decide("yes", "more"))
    await link(ledger.books)
    assert await room(ledger, "a") == 57


async def test_nobody_approves_what_they_asked_for_by_another_account(ledger: Ledger) -> None:
    await ledger.apply(ask_more("more", 7))
    await link(ledger.books)
    assert await ledger.refusal(decide("yes", "more", others=True)) is Reason.OWN_REQUEST


async def test_one_person_is_not_two_admins(ledger: Ledger) -> None:
    await ledger.apply(enrol("cem", workspace=SLACK, identity=f"{SLACK}/cem"))
    await ledger.apply(set_admin("made", "ben"))
    more = ask_more("more", 30 * USD, "member_month:cem:2026-11", member_id="cem")
    await ledger.apply(more)
    await ledger.apply(decide("first", "more", member_id="ben", others=True))
    await link(ledger.books)
    assert await ledger.refusal(decide("second", "more", others=True)) is Reason.NEEDS_ANOTHER


# --- what is carried over ---


async def carries(ledger: Ledger) -> None:
    await ledger.apply(rule("carry", EVERYONE, Setting.CARRY_OVER, "30"))
    came = int(datetime(2026, 10, 1, tzinfo=UTC).timestamp() * 1000)
    for name in ("anna", "ben"):
        row = member(ledger, name)
        ledger.books.has(MemberRow(**{**vars(row), "created_at_ms": came}))


async def test_what_is_left_of_both_is_carried_over_once(ledger: Ledger) -> None:
    await carries(ledger)
    await ledger.apply(rule("no more", EVERYONE, Setting.CARRY_OVER, "0"))
    await spends(ledger, "his", 20, "ben")
    await spends(ledger, "hers", 10)
    await ledger.apply(rule("again", EVERYONE, Setting.CARRY_OVER, "30"))
    await link(ledger.books)
    assert await room(ledger, "a", at_ms=DECEMBER_MS) == 50 + 20


async def test_after_parting_what_was_left_goes_on_with_one_of_them(ledger: Ledger) -> None:
    await carries(ledger)
    await link(ledger.books)
    await ledger.apply(rule("none", EVERYONE, Setting.CARRY_OVER, "0"))
    await spends(ledger, "hers", 30)
    await ledger.apply(part("apart"))
    await ledger.apply(rule("again", EVERYONE, Setting.CARRY_OVER, "30"))
    assert await room(ledger, "a", at_ms=DECEMBER_MS) == 50 + 20
    assert await room(ledger, "b", "ben", at_ms=DECEMBER_MS) == 50


# --- parting ---


async def test_who_parts_has_no_quota_twice_before_the_period_ends(ledger: Ledger) -> None:
    await link(ledger.books)
    await spends(ledger, "hers", 30)
    await ledger.apply(part("apart"))
    assert (member(ledger, "ben").same_as, member(ledger, "anna").same_as) == ("", "")
    assert await room(ledger, "a", "ben") == 20
    await spends(ledger, "his", 15, "ben")
    assert await room(ledger, "b") == 5
    assert await room(ledger, "c", at_ms=DECEMBER_MS) == 50
    await spends(ledger, "next", 50, at_ms=DECEMBER_MS)
    assert await room(ledger, "d", "ben", at_ms=DECEMBER_MS) == 50


async def test_a_week_that_runs_when_they_part_is_shared_to_its_end(ledger: Ledger) -> None:
    """The month ends on a Tuesday: the week that has begun by then was begun together."""
    await ledger.apply(rule("week", EVERYONE, Setting.WEEK, "40"))
    await link(ledger.books)
    await ledger.apply(part("apart"))
    monday, tuesday = (int(datetime(2026, *day, 12, tzinfo=UTC).timestamp() * 1000) for day in ((11, 30), (12, 1)))
    await spends(ledger, "hers", 40, at_ms=monday)
    assert await room(ledger, "a", "ben", at_ms=tuesday) == 0
    assert await room(ledger, "b", "ben", at_ms=tuesday + 7 * DAY_MS) == 40


async def test_linking_again_and_parting_again_gives_nothing(ledger: Ledger) -> None:
    for number in range(3):
        await link(ledger.books, code=f"code{number}")
        await ledger.apply(part(f"part{number}"))
    await spends(ledger, "hers", 45)
    assert await room(ledger, "a", "ben") == 5


async def test_whoever_joins_one_of_two_that_parted_counts_with_both(ledger: Ledger) -> None:
    await ledger.apply(enrol("cem", workspace="teams:X", identity="teams:X/cem"))
    await link(ledger.books)
    await spends(ledger, "hers", 20)
    await ledger.apply(part("apart"))
    await link(ledger.books, "cem", "ben", code="other")
    assert await room(ledger, "a", "cem") == 30
    await spends(ledger, "his", 30, "cem")
    assert await room(ledger, "b") == 0
    assert await room(ledger, "c", "cem", at_ms=DECEMBER_MS) == 50
    assert member(ledger, "cem").counts_with.startswith("anna:1")
    assert " ben:0" in member(ledger, "cem").counts_with


async def test_accounts_of_both_sides_become_one_person(ledger: Ledger) -> None:
    for name in ("cem", "dana"):
        await ledger.apply(enrol(name, workspace=f"{name}:1", identity=f"{name}:1/{name}"))
    await link(ledger.books)
    await link(ledger.books, "cem", "dana", code="others")
    await link(ledger.books, "cem", "anna", code="all")
    assert {name: member(ledger, name).same_as for name in ("anna", "ben", "cem", "dana")} == {
        "anna": "cem",
        "ben": "cem",
        "cem": "",
        "dana": "cem",
    }
    assert member(ledger, "dana").counts_with == "anna:0 ben:0 cem:0"
    await ledger.apply(part("apart", "cem"))
    assert {member(ledger, name).same_as for name in ("anna", "ben", "cem", "dana")} == {""}


async def test_a_person_has_so_many_accounts_and_no_more(ledger: Ledger) -> None:
    for number in range(8):
        await ledger.apply(enrol(f"m{number}", workspace=f"p{number}:1", identity=f"p{number}:1/x"))
    for number in range(7):
        await link(ledger.books, "anna", f"m{number}", code=f"code{number}")
    for step in linking("anna", "m7", "last")[:3]:
        await ledger.apply(step)
    assert await ledger.refusal(linking("anna", "m7", "last")[3]) is Reason.TOO_MUCH


async def test_who_may_part_them(ledger: Ledger) -> None:
    assert await ledger.refusal(part("1")) is Reason.UNCHANGED
    await link(ledger.books)
    assert await ledger.refusal(part("2", "ben")) is Reason.NOT_FOUND
    assert await ledger.refusal(part("3", actor="ben")) is Reason.NOT_ADMIN
    assert await ledger.refusal(part("4", gone=True)) is Reason.SUSPENDED
    assert await ledger.apply(part("5", actor="ben", by_right=True)) == Concluded()


async def test_who_left_does_not_part_to_go_on_by_the_other_account(ledger: Ledger) -> None:
    await link(ledger.books)
    await ledger.apply(set_gone("gone", "anna", identity=ANNAS, others=(ANNAS, BENS)))
    assert await ledger.refusal(part("1")) is Reason.SUSPENDED
    refused = await asks(ledger, "a", 1)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.SUSPENDED
    await ledger.apply(part("2", actor="ben", by_right=True))
    refused = await asks(ledger, "b", 1, "ben")
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.SUSPENDED


# --- one person ---


async def test_deactivated_on_one_platform_asks_on_none(ledger: Ledger) -> None:
    await ledger.apply(claim("claimed", member="ben"))
    await link(ledger.books)
    for gone in (ANNAS, BENS):
        await ledger.apply(set_gone(f"gone {gone}", "anna", identity=gone, others=(ANNAS, BENS)))
        refused = await ledger.apply(hold("claimed", 1))
        assert isinstance(refused, Refused)
        assert refused.reason is Reason.SUSPENDED
    await ledger.apply(set_gone("back", "anna", identity=ANNAS, gone=False, others=(ANNAS, BENS)))
    assert member(ledger, "anna").suspended
    await ledger.apply(set_gone("both", "anna", identity=BENS, gone=False, others=(ANNAS, BENS)))
    assert isinstance(await ledger.apply(hold("claimed", 1)), Held)


async def test_a_pause_of_either_is_a_pause_of_the_person(ledger: Ledger) -> None:
    await ledger.apply(claim("claimed", member="ben"))
    await ledger.apply(freeze("stop", "ben"))
    await link(ledger.books)
    refused = await asks(ledger, "a", 1)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.MEMBER_FROZEN
    await ledger.apply(freeze("go", "anna", frozen=False))
    assert isinstance(await ledger.apply(hold("claimed", 1)), Held)
    await ledger.apply(freeze("stop again", "anna"))
    await ledger.apply(part("apart"))
    assert member(ledger, "ben").frozen == member(ledger, "anna").frozen


async def test_of_two_rules_by_name_the_stricter_counts_and_stays(ledger: Ledger) -> None:
    await ledger.apply(rule("1", member_target("anna"), Setting.MONTH, "40"))
    await ledger.apply(rule("2", member_target("ben"), Setting.MONTH, "30"))
    await ledger.apply(rule("3", own_target("ben"), Setting.DAY, "25"))
    await ledger.apply(claim("claimed", member="ben"))
    await link(ledger.books)
    assert await room(ledger, "a") == 25
    await ledger.apply(rule("4", member_target("anna"), Setting.MAY_ASK, "deny"))
    refused = await ledger.apply(hold("claimed", 1))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.MAY_NOT_ASK
    await ledger.apply(part("apart"))
    refused = await asks(ledger, "b", 1, "ben")
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.MAY_NOT_ASK


async def test_parting_takes_the_rules_of_the_person_along_and_leaves_no_older_ones(ledger: Ledger) -> None:
    await ledger.apply(rule("1", member_target("ben"), Setting.MONTH, "900"))
    await link(ledger.books)
    await ledger.apply(rule("2", member_target("anna"), Setting.MONTH, ""))
    await ledger.apply(part("apart"))
    rows = {row.target: row.entries for row in ledger.books.rows(PolicyRow)}
    assert rows.get(member_target("ben"), "{}") == "{}"


async def test_made_an_admin_on_either_is_an_admin_while_they_are_one(ledger: Ledger) -> None:
    await link(ledger.books, "ben", "anna")
    assert member(ledger, "ben").admin
    await ledger.apply(part("apart", "ben"))
    assert (member(ledger, "ben").admin, member(ledger, "anna").admin) == (0, 1)


async def test_an_admin_no_more_is_none_after_parting(ledger: Ledger) -> None:
    await ledger.apply(enrol("cem", workspace=SLACK, identity=f"{SLACK}/cem", admin=True))
    await link(ledger.books, "ben", "anna")
    await ledger.apply(set_admin("out", "ben", admin=False, actor="cem", staying=("cem",)))
    await ledger.apply(part("apart", "ben"))
    assert (member(ledger, "ben").admin, member(ledger, "anna").admin) == (0, 0)


async def test_what_either_asked_is_theirs_to_press_and_to_judge(ledger: Ledger) -> None:
    await spends(ledger, "his", 5, "ben")
    await link(ledger.books)
    assert isinstance(await ledger.apply(delivered("his", member_id="anna")), Concluded)
    assert isinstance(await ledger.apply(rate("his")), Concluded)
    await ledger.apply(part("apart"))
    assert await ledger.refusal(rate("his", 0, id="again")) is Reason.NOT_FOUND


async def test_each_account_keeps_the_name_that_it_has_there(ledger: Ledger) -> None:
    await link(ledger.books)
    await ledger.apply(note_identity("named", "anna", identity=BENS, display_name="benny", admin=False))
    assert (member(ledger, "anna").display_name, member(ledger, "ben").display_name) == ("Anna", "benny")


async def test_all_of_a_person_is_forgotten_and_comes_back_to_one_quota(ledger: Ledger) -> None:
    await link(ledger.books)
    await spends(ledger, "hers", 30)
    await ledger.apply(forget("bye", identities=((ANNAS, "#a"), (BENS, "#b"))))
    assert ledger.books.rows(IdentityRow) == []
    assert {member(ledger, name).display_name for name in ("anna", "ben")} == {""}
    assert {member(ledger, name).same_as for name in ("anna", "ben")} == {""}
    back = enrol("new", id="back", workspace=DISCORD, identity=BENS, identity_digest="#b")
    assert (await ledger.apply(back)).member_id == "ben"
    assert await room(ledger, "a", "ben") == 20


async def test_nobody_is_forgotten_while_any_of_their_accounts_asks(ledger: Ledger) -> None:
    await ledger.apply(claim("running", member="ben"))
    await ledger.apply(hold("running", 1, in_flight(3, "ben")))
    await link(ledger.books)
    assert await ledger.refusal(forget("bye", identities=((ANNAS, "#a"), (BENS, "#b")))) is Reason.NOT_DUE


async def test_what_is_no_limit_of_a_person_counts_as_ever(ledger: Ledger) -> None:
    await ledger.apply(rule("1", "channel:test:general", Setting.CHANNEL_DAY, "30"))
    await ledger.apply(rule("2", EVERYONE, Setting.ASK, "20"))
    await spends(ledger, "his", 20, "ben")
    await link(ledger.books)
    assert await room(ledger, "a") == 10
    assert ledger.hold("a").beside == "member_month:ben:2026-11"
