"""Asking for more: one open request for each member and counter, one notice for an empty wallet, none for ever."""

from typing import Any

import pytest
import pytest_asyncio

from core.defaults import MAX_REQUEST_NANOS
from core.operations import Asked, Closed, Decision, Reason, RequestedState
from core.rows import ActRow, BudgetRequestRow, MemberRow, NoticeRow
from tests.bookkeeping import (
    DECEMBER_MS,
    USD,
    ask_more,
    cancel_request,
    close_request,
    decide,
    enrol,
    freeze,
    refund,
    top_up,
)
from tests.core.ledger.conftest import Ledger

WALLET = ""
THREE_WEEKS = 21 * 86_400


@pytest_asyncio.fixture
async def team(ledger: Ledger) -> Ledger:
    """Anna is an admin; Ben and Cleo are not."""
    for member in ("ben", "cleo"):
        await ledger.apply(enrol(member))
    return ledger


def state(ledger: Ledger, request: str = "r") -> str:
    return ledger.one(BudgetRequestRow, request).state


def notices(ledger: Ledger, member: str = "") -> list[str]:
    return [notice.kind for notice in ledger.books.rows(NoticeRow) if notice.member_id == member]


async def test_a_request_is_open_is_told_to_the_admins_and_is_recorded(team: Ledger) -> None:
    asked = await team.apply(ask_more("r", 5 * USD, reason="a demo on Friday", ask_id="ask.1"))
    assert asked == Asked(request_id="r", noticed=True)
    row = team.one(BudgetRequestRow, "r")
    assert (row.state, row.label, row.expires_at_ms, row.ask_id) == ("open", "2026-11", DECEMBER_MS, "ask.1")
    (card,) = [notice for notice in team.books.rows(NoticeRow) if notice.about]
    assert (card.about, card.member_id) == ("r", "")
    assert card.words == "<ben> asks for $5.00 more for this month, until 1 December, 00:00 (UTC)."
    act = team.one(ActRow, "r")
    assert (act.kind, act.actor, act.subject, act.amount_nanos) == ("request", "ben", "ben", 5 * USD)


async def test_the_reason_stands_in_the_request_and_nowhere_else(team: Ledger) -> None:
    await team.apply(ask_more("r", 5 * USD, reason="a demo on Friday"))
    await team.apply(decide("d", "r"))
    holding = [row for row in team.everything() if "Friday" in str(row)]
    assert holding == [team.one(BudgetRequestRow, "r")]


async def test_asking_again_while_one_is_open_changes_nothing(team: Ledger) -> None:
    await team.apply(ask_more("r", 5 * USD))
    assert await team.refusal(ask_more("again", 9 * USD)) is Reason.UNCHANGED
    assert isinstance(await team.apply(ask_more("day", USD, "member_day:ben:2026-11-21")), Asked)
    other = ask_more("other", USD, "member_month:cleo:2026-11", member_id="cleo")
    assert isinstance(await team.apply(other), Asked)


@pytest.mark.parametrize("decision", Decision)
async def test_after_a_decision_one_may_ask_again(team: Ledger, decision: Decision) -> None:
    await team.apply(ask_more("r", 5 * USD))
    await team.apply(decide("d", "r", decision))
    assert isinstance(await team.apply(ask_more("again", 5 * USD)), Asked)


@pytest.mark.parametrize(
    ("asks", "reason"),
    [
        (ask_more("r", 0), Reason.TOO_MUCH),
        (ask_more("r", -1), Reason.TOO_MUCH),
        (ask_more("r", MAX_REQUEST_NANOS + 1), Reason.TOO_MUCH),
        (ask_more("r", USD, "member_month:anna:2026-11"), Reason.NOT_FOUND),
        (ask_more("r", USD, "member_in_flight:ben:"), Reason.NOT_FOUND),
        (ask_more("r", USD, "nonsense"), Reason.NOT_FOUND),
        (ask_more("r", USD, member_id="nobody"), Reason.NOT_FOUND),
        (ask_more("r", USD, wallet_id="wal2"), Reason.NOT_FOUND),
        (ask_more("r", USD, expires_at_ms=1), Reason.OVER),
    ],
)
async def test_what_cannot_be_asked_for_is_refused(team: Ledger, asks: object, reason: Reason) -> None:
    await team.apply(enrol("zoe", team="others", wallet="wal2"))
    assert await team.refusal(asks) is reason  # type: ignore[arg-type]  # operations of one kind


async def test_the_most_may_be_asked_for(team: Ledger) -> None:
    assert isinstance(await team.apply(ask_more("r", MAX_REQUEST_NANOS)), Asked)


async def test_whoever_is_frozen_or_gone_asks_for_nothing(team: Ledger) -> None:
    await team.apply(freeze("f", "ben"))
    assert await team.refusal(ask_more("r", USD)) is Reason.MEMBER_FROZEN
    gone = MemberRow(id="ben", team_id="team", display_name="Ben", admin=0, created_at_ms=0, suspended=1)
    team.books.has(gone)
    assert await team.refusal(ask_more("r", USD)) is Reason.SUSPENDED


async def test_only_whoever_asked_takes_it_back_and_only_while_it_is_open(team: Ledger) -> None:
    await team.apply(ask_more("r", USD))
    assert await team.refusal(cancel_request("c", "r", member_id="cleo")) is Reason.NOT_FOUND
    assert await team.apply(cancel_request("c", "r")) == Closed(state="cancelled")
    assert await team.refusal(cancel_request("c2", "r")) is Reason.DECIDED
    assert await team.refusal(decide("d", "r")) is Reason.DECIDED


async def test_what_nobody_decided_in_time_lapses_and_its_asker_is_told(team: Ledger) -> None:
    await team.apply(ask_more("r", USD))
    assert await team.refusal(close_request("early", "r")) is Reason.NOT_DUE
    team.clock.advance(THREE_WEEKS)
    assert await team.apply(close_request("late", "r")) == Closed(state="expired")
    assert notices(team, "ben") == ["request_lapsed"]
    assert await team.refusal(close_request("later", "r")) is Reason.DECIDED


async def test_in_the_next_period_one_may_ask_before_the_old_one_is_closed(team: Ledger) -> None:
    await team.apply(ask_more("r", USD, "thread:team/test/x/1:", expires_at_ms=DECEMBER_MS))
    team.clock.advance(THREE_WEEKS)
    assert isinstance(await team.apply(ask_more("s", USD, "thread:team/test/x/1:", expires_at_ms=0)), Asked)


async def test_nobody_asks_for_more_in_a_place_as_another_team_counts_it(team: Ledger) -> None:
    assert isinstance(await team.apply(ask_more("r", USD, "channel_day:team/test/x:2026-11-21")), Asked)
    for theirs in ("others", "team2", ""):
        elsewhere = ask_more("s", USD, f"channel_day:{theirs}/test/x:2026-11-21")
        assert await team.refusal(elsewhere) is Reason.NOT_FOUND


# --- an empty wallet ---


async def test_of_an_empty_wallet_the_admins_read_once_however_many_ask(team: Ledger) -> None:
    assert await team.apply(ask_more("r", 25 * USD, WALLET)) == Asked(request_id="r", noticed=True)
    joined = await team.apply(ask_more("s", 10 * USD, WALLET, member_id="cleo"))
    assert joined == Asked(request_id="s", noticed=False)
    assert await team.refusal(ask_more("again", 50 * USD, WALLET)) is Reason.UNCHANGED
    assert notices(team) == ["request"]
    (card,) = team.books.rows(NoticeRow)
    assert card.words == "The team wallet is empty, and <ben> asks for $25.00."


async def test_once_it_is_funded_everybody_is_told_once_and_the_next_empty_wallet_is_news(team: Ledger) -> None:
    for request, member in (("r", "ben"), ("s", "cleo")):
        await team.apply(ask_more(request, 10 * USD, WALLET, member_id=member, ask_id=f"{member}.1"))
    team.clock.advance(1)
    await team.apply(top_up("t", 25 * USD))
    for request in ("r", "s"):
        assert await team.apply(close_request(f"{request}.close", request, funded_by="t")) == Closed(state="funded")
        assert await team.refusal(close_request(f"{request}.2", request, funded_by="t")) is Reason.DECIDED
    told = [(notice.member_id, notice.about) for notice in team.books.rows(NoticeRow) if notice.member_id]
    assert sorted(told) == [("ben", "ben.1"), ("cleo", "cleo.1")]
    team.clock.advance(1)
    again = await team.apply(ask_more("next", 10 * USD, WALLET, funded_by="t"))
    assert again == Asked(request_id="next", noticed=True)


async def test_budget_that_came_before_the_request_or_was_taken_back_funds_nothing(team: Ledger) -> None:
    await team.apply(top_up("before", 25 * USD))
    await team.apply(ask_more("r", 10 * USD, WALLET, funded_by="before"))
    assert await team.refusal(close_request("c", "r", funded_by="before")) is Reason.NOT_DUE
    team.clock.advance(1)
    await team.apply(top_up("slip", 25 * USD))
    await team.apply(refund("back", "slip"))
    assert await team.refusal(close_request("c", "r", funded_by="slip")) is Reason.NOT_DUE


async def test_who_comes_after_the_wallet_was_funded_does_not_join_what_is_over(team: Ledger) -> None:
    await team.apply(ask_more("r", 10 * USD, WALLET))
    team.clock.advance(1)
    await team.apply(top_up("t", USD))
    late = await team.apply(ask_more("s", 10 * USD, WALLET, member_id="cleo", funded_by="t"))
    assert late == Asked(request_id="s", noticed=True)


async def test_when_the_first_takes_it_back_the_others_still_wait(team: Ledger) -> None:
    await team.apply(ask_more("r", 10 * USD, WALLET))
    await team.apply(ask_more("s", 10 * USD, WALLET, member_id="cleo"))
    await team.apply(cancel_request("c", "r"))
    assert await team.refusal(close_request("x", "s")) is Reason.NOT_DUE
    third = await team.apply(ask_more("t", 10 * USD, WALLET, member_id="anna"))
    assert third == Asked(request_id="t", noticed=True)


async def test_another_team_s_request_is_not_there(team: Ledger) -> None:
    await team.apply(enrol("zoe", team="others", wallet="wal2"))
    await team.apply(ask_more("r", USD))
    theirs: dict[str, Any] = {"team_id": "others", "wallet_id": "wal2"}
    assert await team.refusal(decide("d", "r", member_id="zoe", admin=True, **theirs)) is Reason.NOT_FOUND
    assert await team.refusal(cancel_request("c", "r", **theirs)) is Reason.NOT_FOUND
    assert await team.refusal(close_request("x", "r", **theirs)) is Reason.NOT_FOUND
    assert state(team) == RequestedState.OPEN
