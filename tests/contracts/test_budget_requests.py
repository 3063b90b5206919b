"""Requests for more on both real stores: what stands open, who reads what, and what closes by itself."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from adapters.store.audit import audit
from adapters.store.database import open_store
from adapters.store.reports import StorePeople
from core.errors import BadInput, NotAllowed
from core.events import Shortfall
from core.operations import Decision, SetRule
from core.people import Identity
from core.periods import Moment, Period
from core.policy import Setting, member_target, own_target
from core.rows import NoticeRow, TopUpRow
from core.top_up_ceiling import TopUpCeiling
from tests.bookkeeping import (
    USD,
    claim,
    enrol,
    freeze,
    month_limit,
    note_identity,
    rows_of,
    rule,
    set_admin,
    top_up,
)
from tests.databases import short_on_sqlite
from tests.requesting import House, house_on, refused_ask, team_on, wallet_empty


@pytest_asyncio.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """Anna and Cleo are admins, Ben asks."""
    async with open_store(database_url) as store:
        await team_on(store)
        yield await house_on(store)


async def test_one_tap_raises_his_month_and_everybody_reads_of_it(house: House) -> None:
    attempt = await refused_ask(house, "ask")
    november = Moment((await house.member("ben")).team.calendar, house.clock.now()).span(Period.MONTH)
    month = Shortfall(f"member_month:mbr_ben:{november.label}", november.label, november.end, 3, attempt)
    said = await house.ask("ben", "", "a demo <mbr_anna>", month)
    assert said.startswith("You asked for $5.00 more for this month. The admins are told")
    (card,) = await house.read()
    (request,) = await house.open()
    assert (card.decide, card.to, card.press) == (request, None, "")
    assert card.words.startswith("Ben asks for $5.00 more for this month, until 1 ")
    assert card.words.endswith('The reason given: "a demo <mbr_anna>".')
    assert await house.decide("anna") == "Approved: $5.00 more for this month for Ben. They are told."
    assert await house.granted() == {"member_month": 5 * USD}
    told = {notice.kind: notice for notice in await house.read()}
    assert told["request_granted"].to == Identity("test", "team", "ben", "Ben")
    assert told["request_granted"].press == attempt
    assert told["request_granted"].words.startswith("Anna approved $5.00 more for this month for you, until 1 ")
    assert told["request_decided"].words == "Anna approved $5.00 more for this month for Ben."
    assert await house.read() == []


@short_on_sqlite
async def test_whom_only_the_platform_makes_an_admin_is_another_one_who_can_decide(house: House) -> None:
    await house.store.books.apply(set_admin("no-more", "mbr_cleo", admin=False, actor="mbr_anna"))
    await house.store.books.apply(note_identity("seen", "mbr_cleo", identity="test:team/cleo", display_name="Cleo"))
    await house.ask("anna", "7")
    assert "You asked for this yourself: another admin has to decide it." in await house.said("anna")
    assert (await house.said("cleo")).startswith("Approved:")


@short_on_sqlite
async def test_asking_again_says_since_when_it_waits(house: House) -> None:
    await house.ask("ben", "7")
    house.advance(150)
    with pytest.raises(BadInput, match=r"You asked for that 2 minutes ago already: \$7\.00 more for this month"):
        await house.ask("ben", "9")
    assert len(await house.open()) == 1


async def test_of_two_admins_at_the_same_instant_one_grants_and_the_other_reads_who(house: House) -> None:
    await house.ask("ben", "5")
    (request,) = await house.open()
    said = await asyncio.gather(*(house.said(name, request) for name in ("anna", "cleo")))
    assert sorted(words.startswith("Approved:") for words in said) == [False, True]
    (other,) = (words for words in said if not words.startswith("Approved:"))
    assert re.fullmatch(r"(Anna|Cleo) approved this (just now|\d seconds? ago)\. Nothing was changed now\.", other)
    assert await house.granted() == {"member_month": 5 * USD}
    house.advance(3)
    later = await asyncio.gather(*(house.said(name, request) for name in ("anna", "cleo")))
    assert sorted("You" in words for words in later) == [False, True]
    assert all(re.search(r"approved this [2-5] seconds ago", words) for words in later)


async def test_two_processes_on_one_database_grant_once(database_url: str) -> None:
    async with open_store(database_url) as one, open_store(database_url) as another:
        await team_on(one)
        houses = [await house_on(store) for store in (one, another)]
        await houses[0].ask("ben", "5")
        (request,) = await houses[0].open()
        presses = [(houses[n % 2], ("anna", "cleo")[n // 2 % 2]) for n in range(8)]
        said = await asyncio.gather(*(each.said(name, request) for each, name in presses))
        assert sum(words.startswith("Approved") for words in said) == 1
        assert await houses[1].granted() == {"member_month": 5 * USD}
        assert (await audit(one)).violations == ()


@short_on_sqlite
async def test_after_the_month_an_approval_says_that_it_is_too_late(house: House) -> None:
    await house.ask("ben", "5")
    (request,) = await house.open()
    house.advance(32 * 86_400)
    assert "its time was over" in await house.said("anna", request)
    assert await house.granted() == {}
    assert [notice.kind for notice in await house.read()] == ["request", "request_lapsed"]


@short_on_sqlite
async def test_a_forged_press_and_one_of_somebody_else_do_nothing(house: House) -> None:
    await house.ask("ben", "5")
    (request,) = await house.open()
    with pytest.raises(BadInput, match="There is no such request"):
        await house.decide("anna", "more_forged")
    with pytest.raises(NotAllowed, match="Only admins"):
        await house.decide("ben", request)
    await house.store.books.apply(enrol("zoe", team="others", wallet="wal2", admin=True))
    zoe = await StorePeople(house.store).find(Identity("test", "others", "zoe", ""))
    assert zoe is not None
    with pytest.raises(BadInput, match="There is no such request"):
        await house.budget_requests.decide(zoe, request, Decision.APPROVE)
    assert await house.open() == [request]


@short_on_sqlite
async def test_an_admin_s_own_request_waits_for_the_other(house: House) -> None:
    await house.ask("anna", "5")
    assert "another admin has to decide it" in await house.said("anna")
    assert (await house.said("cleo")).startswith("Approved")


@short_on_sqlite
async def test_much_needs_both(house: House) -> None:
    await house.ask("ben", "50")
    assert "needs a second admin" in await house.said("anna")
    assert "approved this already" in await house.said("anna")
    cards = {notice.kind: notice for notice in await house.read()}
    assert cards["request_confirm"].decide == (await house.open())[0]
    assert (await house.budget_requests.lines(await house.member("cleo")))[0].endswith(
        "Anna approved it; a second admin has to."
    )
    assert (await house.said("cleo")).startswith("Approved: $50.00")
    assert await house.granted() == {"member_month": 50 * USD}


@short_on_sqlite
async def test_a_limit_of_one_s_own_is_one_s_own_to_lift(house: House) -> None:
    rule = SetRule(
        id="own",
        wallet_id="wal",
        team_id="team",
        target=own_target("mbr_ben"),
        setting=Setting.MONTH,
        value=str(2 * USD),
        actor="mbr_ben",
    )
    await house.store.books.apply(rule)
    with pytest.raises(BadInput, match=r"You set this limit of \$2\.00 yourself: /limit me off"):
        await house.ask("ben", "5")


@short_on_sqlite
async def test_without_a_limit_there_is_nothing_to_ask_for(house: House) -> None:
    await house.store.books.apply(replace(month_limit("free", 0, actor="mbr_anna"), value="none"))
    with pytest.raises(BadInput, match="Nothing limits your month"):
        await house.ask("ben", "5")


async def test_taken_back_it_cannot_be_decided_any_more(house: House) -> None:
    await house.ask("ben", "5")
    (request,) = await house.open()
    await house.budget_requests.cancel(await house.member("ben"), request)
    assert "Ben took this back" in await house.said("anna", request)


# --- an empty wallet ---


async def test_thirty_who_ask_at_once_are_one_notice_and_each_is_told_once_when_there_is_budget(house: House) -> None:
    names = [f"m{number}" for number in range(30)]
    attempts = {}
    for name in names:
        await house.store.books.apply(enrol(name, member_id=f"mbr_{name}"))
        attempts[name] = await refused_ask(house, f"ask-{name}", f"mbr_{name}")
    await asyncio.gather(*(house.ask(name, "25", "", wallet_empty(attempts[name])) for name in names))
    (card,) = await house.read()
    assert card.words.startswith("The team wallet is empty, and M")
    house.advance(1)
    assert (await house.said("anna", card.decide)).startswith("Approved: $25.00 for the team wallet")
    assert await house.budget() == 25 * USD
    told = [notice for notice in await house.read() if notice.to is not None]
    assert {notice.to.user: notice.press for notice in told if notice.to is not None} == attempts
    assert len(told) == 30
    assert "approved this" in await house.said("cleo", card.decide)
    assert await house.read() == []
    assert [row.amount_nanos for row in await rows_of(house.store, TopUpRow)] == [25 * USD]
    assert (await audit(house.store)).violations == ()


async def test_any_top_up_tells_whoever_waits_once_whoever_looks(house: House) -> None:
    await house.ask("ben", "10", "", wallet_empty())
    assert await house.budget_requests.run() == 0
    house.advance(1)
    await house.store.books.apply(top_up("more", USD))
    assert sum(await asyncio.gather(*(house.budget_requests.run() for _ in range(4)))) == 1
    told = [notice.words for notice in await house.read() if notice.to is not None]
    assert told == ["The team wallet has budget again."]
    assert await house.open() == []


async def test_a_question_that_is_erased_by_then_is_not_offered_to_run(house: House) -> None:
    attempt = await refused_ask(house, "ask")
    await house.ask("ben", "10", "", wallet_empty(attempt))
    await house.store.books.apply(claim("ask", member="mbr_ben", id="again", resumes=attempt))
    await house.decide("anna")
    (told,) = [notice for notice in await house.read() if notice.to is not None]
    assert told.press == ""


async def test_the_month_s_ceiling_of_top_ups_holds_for_an_approval_too(database_url: str) -> None:
    async with open_store(database_url) as store:
        await team_on(store)
        house = await house_on(store, TopUpCeiling(20 * USD))
        await house.ask("ben", "25", "", wallet_empty())
        assert "Nothing was recorded" in await house.said("anna")
        assert (await house.budget(), len(await house.open())) == (0, 1)
        assert (await house.said("anna", decision=Decision.HALF)).startswith("Approved: $12.50")


@short_on_sqlite
async def test_less_than_the_least_top_up_is_not_asked_for(house: House) -> None:
    with pytest.raises(BadInput, match=r"The least is \$1\.00"):
        await house.ask("ben", "0.99", "", wallet_empty())
    await house.ask("ben", "1", "", wallet_empty())
    assert "The least is $1.00" in await house.said("anna", decision=Decision.HALF)


async def test_what_a_process_died_before_closing_is_closed_by_another(house: House) -> None:
    """An approval is one transaction; the others who wait are found by whoever looks next."""
    for name in ("ben", "cleo"):
        await house.ask(name, "10", "", wallet_empty())
    house.advance(1)
    await house.store.books.apply(top_up("funds", 10 * USD))  # and its process is gone
    another = await house_on(house.store)
    assert await another.budget_requests.run() == 2
    assert len([row for row in await rows_of(house.store, NoticeRow) if row.member_id]) == 2


async def test_admins_are_shown_one_line_for_everybody_who_waits_for_the_same_wallet(house: House) -> None:
    for name in ("ben", "cleo"):
        await house.ask(name, "10", "", wallet_empty())
    await house.ask("ben", "2")
    anna, ben = await house.member("anna"), await house.member("ben")
    [wallet, month] = await house.budget_requests.lines(anna)
    assert "Ben asks for $10.00 for the team wallet" in wallet
    assert wallet.endswith("1 other of the team waits for it too.")
    assert month.startswith("2. Ben asks for $2.00 more")
    assert len(await house.budget_requests.lines(ben)) == 2


@short_on_sqlite
async def test_whoever_may_not_ask_has_nothing_to_ask_more_for(house: House) -> None:
    where = {"actor": "mbr_anna"}
    await house.store.books.apply(rule("out", member_target("mbr_ben"), Setting.MAY_ASK, "deny", **where))
    with pytest.raises(BadInput, match="You may not ask here"):
        await house.ask("ben", "2")
    await house.store.books.apply(rule("in", member_target("mbr_ben"), Setting.MAY_ASK, "", **where))
    await house.store.books.apply(freeze("pause"))
    with pytest.raises(BadInput, match="while asking is paused"):
        await house.ask("ben", "2")
    assert await house.open() == []
