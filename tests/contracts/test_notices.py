"""Notices on the fake and on both real stores: each reaches the admins once, whoever tells it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from adapters.store.database import open_store
from core.announcement import OWN_WEEK, TOPPED_UP
from core.defaults import DELIVERY_LEASE_SECONDS, UNDO_TOP_UP_SECONDS
from core.models import PRACTICE, Gone, Model
from core.operations import RequestState
from core.operator_lists import OperatorLists
from core.people import Identity
from core.preferred import announced_in
from tests.bookkeeping import (
    ask_more,
    claim,
    conclude,
    decide,
    delivered,
    enrol,
    note_identity,
    post_notice,
    prefer,
    set_gone,
    top_up,
)
from tests.contracts.noticed import Changing, House, a_house, changing, house_on, team_of, teams
from tests.fakes import START, FakeClock, Noticeboard, a_price
from tests.fakes import a_model as any_model


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    async with a_house(request) as opened:
        yield opened


async def test_a_notice_is_told_to_its_team_only_and_once(house: House) -> None:
    assert await house.notices.post(await team_of(house), "test", "one", "Something happened.")
    assert not await house.notices.post(await team_of(house), "test", "one", "Something happened.")
    assert await house.read("others") == []
    assert await house.notices.run(Noticeboard("slack", ("team",))) == 0
    assert await house.notices.run(Noticeboard(workspaces=())) == 0
    assert await house.read() == ["Something happened."]
    assert await house.read() == []


async def test_whether_a_kind_was_told_is_known_of_the_team_of_a_workspace(house: House) -> None:
    await house.notices.post(await team_of(house), "test", "one", "Something happened.")
    assert not await house.notices.was_told("test", "test", "team")
    await house.read()
    assert await house.notices.was_told("test", "test", "team")
    assert not await house.notices.was_told("another", "test", "team")
    assert not await house.notices.was_told("test", "test", "others")
    assert not await house.notices.was_told("test", "slack", "team")


async def test_many_processes_tell_it_once(house: House) -> None:
    team, board = await team_of(house), Noticeboard(workspaces=("team",))
    await asyncio.gather(*(house.notices.post(team, "test", "one", "Something happened.") for _ in range(5)))
    told = await asyncio.gather(*(house.notices.run(board) for _ in range(5)))
    assert sorted(told) == [0, 0, 0, 0, 1]
    assert len(board.notices) == 1


async def test_what_a_process_died_with_is_told_after_its_lease_as_perhaps_told(house: House) -> None:
    await house.notices.post(await team_of(house), "test", "one", "Something happened.")
    assert await house.notices.run(Noticeboard(workspaces=("team",), broken=True)) == 0
    board = Noticeboard(workspaces=("team",))
    assert await house.notices.run(board) == 0
    house.advance(DELIVERY_LEASE_SECONDS)
    assert await house.notices.run(board) == 1
    assert [notice.again for notice in board.notices] == [True]


async def test_the_oldest_comes_first_and_a_team_with_two_workspaces_is_told_in_one(house: House) -> None:
    team = await team_of(house)
    await house.books.apply(enrol("anna", id="second", workspace="test:second", identity="test:second/anna"))
    for word in "one", "two":
        await house.notices.post(team, "test", word, word)
        house.advance(1)
    board = Noticeboard(workspaces=("second", "team"))
    await house.notices.run(board)
    assert [notice.words for notice in board.notices] == ["one", "two"]


async def test_two_processes_on_one_database_tell_each_notice_and_each_change_once(database_url: str) -> None:
    async with open_store(database_url) as one, open_store(database_url) as another:
        await teams(one.books)
        houses = [house_on(store) for store in (one, another)]
        small = any_model(title="Small")
        await houses[0].news(changing(small)).run()
        gone = (Gone(any_model(id="large", title="Large"), START),)
        await asyncio.gather(*(house.news(Changing((dearer(small),), {}, gone=gone)).run() for house in houses * 3))
        boards = [Noticeboard(workspaces=("team",)) for _ in houses]
        await asyncio.gather(*(house.notices.run(board) for house, board in zip(houses, boards, strict=True)))
        told = [notice.kind for board in boards for notice in board.notices]
        assert sorted(told) == ["model-gone", "price"]


# --- what the catalogue has to say ---


def dearer(model: Model, usd: int = 2) -> Model:
    price = a_price(input_usd=model.prices[0].input_usd * usd)
    return replace(model, prices=(price,))


async def test_a_price_that_changes_is_told_once_and_the_first_start_tells_nothing(house: House) -> None:
    model = any_model(title="Small")
    for catalogue in (changing(model), changing(model), changing(dearer(model))):
        await asyncio.gather(*(house.news(catalogue).run() for _ in range(3)))
    assert await house.read() == ["Small: a typical question now costs 0.38 cents instead of 0.26, from 1 January."]


async def test_each_team_reads_of_the_same_change(house: House) -> None:
    model = any_model(title="Small")
    await house.news(changing(model)).run()
    await house.news(changing(dearer(model))).run()
    assert [len(await house.read(team)) for team in ("team", "others", "team")] == [1, 1, 0]


async def test_a_price_that_begins_on_a_day_is_told_on_that_day(house: House) -> None:
    tomorrow = a_price(effective_from=START.date() + timedelta(days=1), output_usd=a_price().output_usd * 3)
    model = any_model(title="Small", prices=(a_price(), tomorrow))
    news = house.news(changing(model))
    await news.run()
    assert await house.read() == []
    house.clock.advance(86_400)
    await news.run()
    assert await house.read() == ["Small: a typical question now costs 0.54 cents instead of 0.26, from 22 November."]


async def test_a_model_that_is_new_or_back_is_no_news_and_neither_is_practice_money(house: House) -> None:
    model, practice = any_model(title="Small"), any_model(id="practice", provider=PRACTICE)
    for catalogue in (changing(), changing(model, practice), changing(), changing(model, dearer(practice))):
        await house.news(catalogue).run()
    assert await house.read() == []


async def test_a_model_that_is_gone_is_told_once_a_month(house: House) -> None:
    model = any_model(title="Small", provider_title="Acme")
    catalogue = changing()
    for day in (0, 1, 2, 40):
        catalogue.gone = (Gone(model, START + timedelta(days=day)),)
        await asyncio.gather(house.news(catalogue).run(), house.news(catalogue).run())
    told = await house.read()
    assert len(told) == 2
    assert told[0].startswith("Small is not offered any more: Acme says that it has no model")


async def test_a_file_that_breaks_and_is_mended_is_told_each_time_once(house: House) -> None:
    catalogue = changing()
    one, another = house.news(catalogue), house.news(catalogue)
    for trouble in ("", "line 3 is wrong.", "line 4 is wrong.", "", "line 3 is wrong.", ""):
        catalogue.trouble = trouble
        house.advance(1)
        await asyncio.gather(one.run(), another.run())
    told = await house.read()
    assert ["line 3" in words for words in told] == [True, False, True, False]
    assert ["in order again" in words for words in told] == [False, True, False, True]


async def test_a_team_that_is_made_later_hears_of_later_changes(house: House) -> None:
    catalogue = changing(any_model(title="Small"))
    news = house.news(catalogue)
    await news.run()
    await house.books.apply(enrol("kim", team="third", wallet="wal3"))
    await news.run()
    catalogue.models = (dearer(catalogue.models[0]),)
    await news.run()
    assert len(await house.read("third")) == 1


async def test_while_nothing_changes_the_books_are_left_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    news = house.news(changing(any_model()))
    await news.run()

    async def never(*_: Any) -> None:
        raise AssertionError("asked the books")

    monkeypatch.setattr(house.books, "apply", never)
    monkeypatch.setattr(house.notice_books, "told", never)
    await news.run()
    monkeypatch.undo()
    assert await house.read() == []


# --- what is for one person ---


async def asked_and_granted(house: House, *, resumed: bool = False) -> None:
    """Ben could not ask, asked Anna for more, and was granted it."""
    await house.books.apply(enrol("ben"))
    await house.books.apply(claim("ask", member="ben"))
    await house.books.apply(conclude("ask", RequestState.REFUSED))
    await house.books.apply(delivered("ask", member_id="ben"))
    await house.books.apply(ask_more("more", 5, ask_id="ask.1", reason="a demo", expires_at_ms=0))
    if resumed:
        await house.books.apply(claim("ask", member="ben", id="again", resumes="ask.1"))


async def test_a_card_can_be_decided_until_it_is_and_shows_the_reason(house: House) -> None:
    await asked_and_granted(house)
    (card,) = await house.notice_books.due("test", ("team",))
    assert (card.decide, card.reason, card.to) == ("more", "a demo", None)
    await house.books.apply(decide("yes", "more"))
    (card, _) = await house.notice_books.due("test", ("team",))
    assert (card.decide, card.reason) == ("", "a demo")


@pytest.mark.parametrize(("resumed", "press"), [(False, "ask.1"), (True, "")])
async def test_who_asked_is_told_alone_and_can_run_what_is_still_kept(house: House, resumed: bool, press: str) -> None:
    await asked_and_granted(house, resumed=resumed)
    await house.books.apply(decide("yes", "more", others=False))
    for platform, workspace in (("slack", "team"), ("test", "others"), ("test", "tea_")):
        assert await house.notice_books.due_to_members(platform, (workspace,)) == ()
    assert await house.notice_books.due_to_members("test", ()) == ()
    board = Noticeboard(workspaces=("team",))
    told = await asyncio.gather(*(house.notices.run(board) for _ in range(3)))
    assert sum(told) == 2
    (notice,) = (notice for notice in board.notices if notice.to is not None)
    assert notice.to == Identity("test", "team", "ben", "Ben")
    assert (notice.press, notice.decide, notice.workspace) == (press, "", "team")
    assert await house.notice_books.due_to_members("test", ("team",)) == ()


async def test_ones_own_week_reaches_that_person_alone_once_and_nobody_who_left(house: House) -> None:
    for name in ("ben", "cleo"):
        await house.books.apply(enrol(name))
        words = "You, 16 to 22 November: 1 ask for 30 cents."
        await house.books.apply(post_notice(f"week-{name}", kind=OWN_WEEK, words=words, member_id=name))
    assert await house.notice_books.due("test", ("team",)) == ()
    await house.books.apply(set_gone("gone", "cleo"))
    board = Noticeboard(workspaces=("team", "others"))
    await asyncio.gather(*(house.notices.run(board) for _ in range(3)))
    (notice,) = (each for each in board.notices if each.kind == OWN_WEEK)
    assert (notice.to, notice.words) == (Identity("test", "team", "ben", "Ben"), words)
    assert (notice.press, notice.link) == ("", "")
    await house.books.apply(set_gone("back", "cleo", gone=False))
    await house.notices.run(board)
    assert [each.to.user for each in board.notices if each.kind == OWN_WEEK and each.to] == ["ben", "cleo"]


async def test_a_top_up_that_is_announced_is_told_once_with_what_may_be_undone(house: House) -> None:
    for _ in range(2):  # the same line, delivered twice
        await house.books.apply(top_up("budget", 25_000_000_000, announced=True, reason="November"))
    await house.books.apply(top_up("quiet", 1_000_000_000))
    board = Noticeboard(workspaces=("team",))
    await house.notices.run(board)
    (notice,) = board.notices
    assert (notice.kind, notice.undo, notice.channel) == (TOPPED_UP, "budget", "")
    recorded = "recorded $25.00 of budget for the team: $0.00 -> $25.00."
    assert notice.words.endswith(f'{recorded} The reason given: "November".')


async def test_who_reads_of_a_top_up_when_it_cannot_be_undone_any_more_is_not_offered_that(house: House) -> None:
    await house.books.apply(top_up("budget", 25_000_000_000, announced=True))
    (due,) = await house.notice_books.due("test", ("team",))
    house.clock = FakeClock(due.at + timedelta(seconds=UNDO_TOP_UP_SECONDS + 1))
    board = Noticeboard(workspaces=("team",))
    await house.notices.run(board)
    assert [(notice.kind, notice.undo) for notice in board.notices] == [(TOPPED_UP, "")]


async def test_a_top_up_belongs_in_the_channel_that_admins_chose_and_nothing_else_does(house: House) -> None:
    await house.books.apply(prefer("choose", announced_in("test", "team"), "C1", owner="team"))
    await house.books.apply(top_up("budget", 25_000_000_000, announced=True))
    await house.notices.post(await team_of(house), "test", "one", "Something happened.")
    board = Noticeboard(workspaces=("team",))
    await house.notices.run(board)
    assert {(notice.kind, notice.channel) for notice in board.notices} == {(TOPPED_UP, "C1"), ("test", "")}


async def test_a_notice_says_who_the_admins_of_its_workspace_are(house: House) -> None:
    for name in "ben", "cleo", "dora":
        await house.books.apply(enrol(name))
    await house.books.apply(enrol("anna", id="second", workspace="test:second", identity="test:second/anna"))
    await house.books.apply(note_identity("ben looks after it", "ben"))
    await house.books.apply(note_identity("dora did", "dora"))
    await house.books.apply(set_gone("dora left", "dora"))
    house.listed = OperatorLists(admins=frozenset({"test:team/cleo", "test:team/nobody-yet", "test:others/zoe"}))
    await house.notices.post(await team_of(house), "test", "one", "Something happened.")
    board = Noticeboard(workspaces=("team",))
    await house.notices.run(board)
    (notice,) = (each for each in board.notices if each.kind == "test")
    assert [identity.user for identity in notice.admins] == ["anna", "ben", "cleo", "nobody-yet"]
    assert {identity.workspace for identity in notice.admins} == {"team"}
