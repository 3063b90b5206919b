"""After a crash: each question ends answered and charged once, or not charged and said; on both databases."""

import asyncio
import json

import pytest

from adapters.store.export import export_json
from core.announcement import Announcement
from core.defaults import KEEP_FOR_BUTTONS_MS
from core.errors import BooksFailed, BooksUnavailable
from core.events import AlreadyAsked, Delta, Finished, NeedsConfirmation, Refused, Started
from core.operations import Claim, Claimed
from tests.core.asking.house import heard, hearing
from tests.databases import short_on_sqlite
from tests.end_to_end.dead_process import die_with_a_hold, later
from tests.end_to_end.house import PLACE, QUESTION, House, a_house, catalogue_price
from tests.fakes import Noticeboard
from tests.provider_behaviours import empty_answer, gate, good
from tests.provider_server import ProviderServer

MONEY = 1_000_000_000
PRICE = catalogue_price("gpt-6.1-terra", input=12, output=8)
DAY_SECONDS = 86_400


def board() -> Noticeboard:
    """The platform that the house's questions come from."""
    return Noticeboard(PLACE.platform, (PLACE.workspace,))


async def recover(house: House, noticeboard: Noticeboard) -> list[Announcement]:
    """One round of the schedule; returns what it newly posted."""
    before = len(noticeboard.posted)
    await house.app.sweep.run()
    await house.app.use_cases.deliveries.run(noticeboard)
    return noticeboard.posted[before:]


async def die_before_the_hold(house: House, key: str, question: str = QUESTION) -> str:
    """Claim a question and do nothing more: the process was killed. Returns the ask's id."""
    vault, anna = house.asks._ports.vault, house.anna
    claim = Claim(
        id=f"claim-{key}",
        wallet_id=anna.team.wallet_id,
        ask_id=f"ask-{key}",
        team_id=anna.team.id,
        member_id=anna.id,
        keys=(vault.digest(key),),
        platform=PLACE.platform,
        workspace=PLACE.workspace,
        channel=PLACE.channel,
        thread=PLACE.thread,
        lease_seconds=house.app.settings.hold_ttl_seconds,
        sealed_question=vault.seal(question),
    )
    claimed = await house.app.store.books.apply(claim)
    assert isinstance(claimed, Claimed)
    return claimed.ask_id


async def answer_that_nobody_reads(house: House) -> str:
    """Ask and leave before the answer; it is settled all the same. Returns the ask's id."""
    running = house.start()
    async with hearing(running) as events:
        assert isinstance(await anext(events), Started)
    while not await house.rows("SELECT id FROM request WHERE state = 'settled'"):  # noqa: ASYNC110 - in the database
        await asyncio.sleep(0.01)
    return running.ask_id


# --- interrupted, and said ---


@pytest.mark.parametrize("moment", [die_before_the_hold, die_with_a_hold])
async def test_a_question_whose_process_died_is_said_to_be_interrupted_once(
    database_url: str, server: ProviderServer, moment: object
) -> None:
    noticeboard = board()
    async with a_house(database_url, server) as house:
        await moment(house, "event-1")  # type: ignore[operator]
        assert await recover(house, noticeboard) == []
    async with a_house(database_url, server, nanos=0) as house:
        later(house, seconds=1)
        [told] = await recover(house, noticeboard)
        assert "was interrupted before it was answered. Not charged." in told.heading
        assert (told.place, told.asked_by, told.answer, told.again) == (PLACE, "Anna", "", False)
        assert await recover(house, noticeboard) == []
        [copy] = await house.hear(keys=("event-1",))
        assert copy == AlreadyAsked(told.ask_id, "This was interrupted. Not charged. Ask it again.")
        assert (await house.wallet()).available_nanos == MONEY
        await house.assert_at_rest()
    assert server.calls == []


@short_on_sqlite
async def test_a_copy_that_comes_before_anybody_was_told_is_answered_once(
    database_url: str, server: ProviderServer
) -> None:
    noticeboard = board()
    async with a_house(database_url, server) as house:
        await die_with_a_hold(house, "event-1")
        later(house, seconds=1)
        await house.app.sweep.run()
        running = house.start(keys=("event-1",))
        end = (await heard(running))[-1]
        assert isinstance(end, Finished) and end.receipt.charged_nanos == PRICE
        await running.delivered()
        later(house, seconds=3600)
        assert await recover(house, noticeboard) == []
        await house.assert_at_rest()
    assert len(server.calls) == 1


@short_on_sqlite
async def test_a_press_on_try_again_asks_what_was_kept(database_url: str, server: ProviderServer) -> None:
    noticeboard = board()
    async with a_house(database_url, server) as house:
        await die_before_the_hold(house, "event-1", "what is a kept question?")
        later(house, seconds=1)
        [told] = await recover(house, noticeboard)
        assert told.press and '"what is a kept question?"' in told.heading
        end = (await house.hear("", resumes=told.press, keys=("press-1",)))[-1]
        assert isinstance(end, Finished) and end.receipt.charged_nanos > 0
        [again] = await house.hear("", resumes=told.press, keys=("press-2",))
        assert isinstance(again, AlreadyAsked)
        await house.assert_at_rest()
    assert [call.body["messages"][-1]["content"] for call in server.calls] == ["what is a kept question?"]


@pytest.mark.parametrize("told_live", [True, False], ids=["live", "late"])
@short_on_sqlite
async def test_a_press_on_try_again_asks_what_got_no_answer(
    told_live: bool, database_url: str, server: ProviderServer
) -> None:
    server.answer_with(empty_answer())
    noticeboard = board()
    async with a_house(database_url, server) as house:
        running = house.start("what is a second try?", keys=("event-1",))
        await heard(running)
        press = f"{running.ask_id}.1"
        if told_live:
            await running.delivered()
        else:
            later(house, seconds=1)
            [told] = await recover(house, noticeboard)
            assert told.press == press and "got no answer" in told.heading
        server.answer_with(good(["It ", "waits."]))
        end = (await house.hear("", resumes=press, keys=("press-1",)))[-1]
        assert isinstance(end, Finished) and end.receipt.charged_nanos == PRICE
        [copy] = await house.hear("", resumes=press, keys=("press-1",))
        assert isinstance(copy, AlreadyAsked)
        await house.assert_at_rest()
    assert [call.body["messages"][-1]["content"] for call in server.calls] == ["what is a second try?"] * 2


@short_on_sqlite
async def test_a_press_on_try_again_comes_too_late_after_its_hour(database_url: str, server: ProviderServer) -> None:
    server.answer_with(empty_answer())
    async with a_house(database_url, server) as house:
        running = house.start()
        await heard(running)
        await running.delivered()
        house.app.store.driver.clock_offset_ms += KEEP_FOR_BUTTONS_MS + 1_000
        await house.app.sweep.run()
        [gone] = await house.hear("", resumes=f"{running.ask_id}.1", keys=("press-1",))
        assert isinstance(gone, Refused) and "ask it again. Not charged." in gone.sentence
    assert len(server.calls) == 1


@short_on_sqlite
async def test_a_press_on_try_again_is_asked_about_when_it_is_dear(database_url: str, server: ProviderServer) -> None:
    async with a_house(database_url, server, confirm_above_nanos=1) as house:
        [asked] = await house.hear(keys=("event-1",))
        assert isinstance(asked, NeedsConfirmation)
        later(house, seconds=1)  # nobody had shown it
        [told] = await recover(house, board())
        [again] = await house.hear("", resumes=told.press, keys=("press-1",))
        assert isinstance(again, NeedsConfirmation)
        for key in ("press-1", "press-2"):  # delivered twice, pressed twice: that agrees to no price
            [copy] = await house.hear("", resumes=told.press, keys=(key,))
            assert isinstance(copy, AlreadyAsked)
        assert isinstance((await house.hear("", resumes=again.press, keys=("press-3",)))[-1], Finished)
    assert len(server.calls) == 1


async def test_a_question_whose_text_is_gone_is_asked_anew(database_url: str, server: ProviderServer) -> None:
    noticeboard = board()
    async with a_house(database_url, server) as house:
        ask_id = await die_before_the_hold(house, "event-1")
        later(house, seconds=DAY_SECONDS)
        [told] = await recover(house, noticeboard)
        assert not told.press and told.heading.startswith("A question of yours was interrupted")
        [gone] = await house.hear("", resumes=f"{ask_id}.1", keys=("press-1",))
        assert isinstance(gone, Refused) and "ask it again. Not charged." in gone.sentence


@short_on_sqlite
async def test_a_refusal_that_nobody_read_is_said(database_url: str, server: ProviderServer) -> None:
    noticeboard = board()
    async with a_house(database_url, server, nanos=0) as house:
        await house.hear()
        later(house, seconds=1)
        [told] = await recover(house, noticeboard)
        assert told.heading.endswith("and you may not have read why. Not charged.")
        [again] = await house.hear("", resumes=told.press, keys=("press-1",))
        assert isinstance(again, Refused) and "Not charged" in again.sentence  # it was asked, and there is no money yet


# --- answered, and delivered late ---


async def test_an_answer_that_nobody_saw_arrives_with_its_receipt(database_url: str, server: ProviderServer) -> None:
    server.answer_with(good(["It ", "waits."]))
    noticeboard = board()
    async with a_house(database_url, server) as house:
        ask_id = await answer_that_nobody_reads(house)
        assert await recover(house, noticeboard) == []  # whoever read it has a minute to say so
    async with a_house(database_url, server, nanos=0) as house:
        later(house, seconds=1)
        [told] = await recover(house, noticeboard)
        assert (told.ask_id, told.answer, told.press) == (ask_id, "It waits.", "")
        assert told.heading == f'You had not seen this answer yet. You had asked "{QUESTION}":'
        assert told.footer == "0.0052 cents · GPT-6.1 Terra"
        later(house, seconds=2 * DAY_SECONDS)
        assert await recover(house, noticeboard) == []
        [kept] = await house.rows("SELECT question, answer FROM kept")
        assert (kept["question"], kept["answer"]) == (b"", b"")
        assert (await house.wallet()).available_nanos == MONEY - PRICE
        await house.assert_at_rest()


@short_on_sqlite
async def test_a_platform_that_is_away_is_tried_again_and_told_to_look_for_our_mark(
    database_url: str, server: ProviderServer
) -> None:
    noticeboard = board()
    async with a_house(database_url, server) as house:
        await answer_that_nobody_reads(house)
        later(house, seconds=1)
        noticeboard.broken = True
        assert await recover(house, noticeboard) == []
        noticeboard.broken = False
        assert await recover(house, noticeboard) == []  # the lease of the first try still runs
        later(house, seconds=120)
        [told] = await recover(house, noticeboard)
        assert told.again


async def test_two_processes_tell_it_once(postgres_url: str, server: ProviderServer) -> None:
    noticeboards = [board(), board()]
    async with a_house(postgres_url, server) as one, a_house(postgres_url, server, nanos=0) as two:
        for number in range(8):
            await die_before_the_hold(one, f"event-{number}")
        for house in (one, two):
            later(house, seconds=1)
        await asyncio.gather(*(recover(house, board) for house, board in zip((one, two), noticeboards, strict=True)))
    posted = [told.ask_id for noticeboard in noticeboards for told in noticeboard.posted]
    assert sorted(posted) == [f"ask-event-{number}" for number in range(8)]


@short_on_sqlite
async def test_only_the_platforms_that_run_here_are_told(database_url: str, server: ProviderServer) -> None:
    elsewhere = [Noticeboard("slack", (PLACE.workspace,)), Noticeboard(PLACE.platform, ("other",))]
    async with a_house(database_url, server) as house:
        await die_before_the_hold(house, "event-1")
        later(house, seconds=1)
        for noticeboard in (*elsewhere, Noticeboard(PLACE.platform, ())):
            assert await recover(house, noticeboard) == []
        assert len(await recover(house, board())) == 1


async def test_an_answer_that_reached_nobody_within_its_day_is_given_back_and_said(
    database_url: str, server: ProviderServer
) -> None:
    noticeboard = board()
    async with a_house(database_url, server) as house:
        await answer_that_nobody_reads(house)
        assert (await house.wallet()).available_nanos == MONEY - PRICE
        later(house, seconds=DAY_SECONDS)
        [told] = await recover(house, noticeboard)
        assert "nobody saw the answer within a day" in told.heading and told.answer == ""
        assert (await house.wallet()).available_nanos == MONEY
        [kept] = await house.rows("SELECT question, answer FROM kept")
        assert (kept["question"], kept["answer"]) == (b"", b"")
        await house.assert_at_rest()
        exported = json.loads("".join([piece async for piece in export_json(house.app.store)]))
        assert {entry["kind"] for entry in exported["entries"]} == {"top_up", "settle", "reverse"}
        assert [(request["state"], request["cost_nanos"]) for request in exported["requests"]] == [("settled", 0)]


@short_on_sqlite
async def test_an_ask_that_runs_long_is_left_alone(database_url: str, server: ProviderServer) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened))
    async with a_house(database_url, server) as house, hearing(house.start()) as events:
        assert isinstance(await anext(events), Started)
        assert isinstance(await anext(events), Delta)
        later(house, seconds=-60)
        assert await recover(house, board()) == []
        opened.set()
        assert isinstance([event async for event in events][-1], Finished)


async def test_books_that_fail_in_the_middle_leave_the_rest_for_the_next_round(
    sqlite_url: str, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    noticeboard = board()
    async with a_house(sqlite_url, server) as house:
        await die_before_the_hold(house, "event-1")
        later(house, seconds=1)
        await house.app.sweep.run()

        async def away(*_: object) -> None:
            raise BooksUnavailable("away")

        with monkeypatch.context() as patched:
            patched.setattr(house.app.store.driver, "post", away)
            with pytest.raises(BooksFailed):
                await house.app.use_cases.deliveries.run(noticeboard)
        assert len(await recover(house, noticeboard)) == 1
