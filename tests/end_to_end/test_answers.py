"""A question goes out over a real socket, its answer streams in, and the receipt is true to the nano-dollar."""

import asyncio
from typing import Any

import pytest

from bot.wiring import wire
from core.events import AlreadyAsked, Delta, Ending, Finished, Refused, Started
from tests.core.asking.house import hearing, kinds
from tests.databases import short_on_sqlite
from tests.end_to_end.house import PLACE, TERRA, House, a_house, catalogue_price, charged, enrolled, settings_for
from tests.provider_behaviours import counted, gate, good
from tests.provider_server import ProviderServer

MONEY = 1_000_000_000


@short_on_sqlite
async def test_the_first_words_are_seen_before_the_last_are_sent(database_url: str, server: ProviderServer) -> None:
    opened = asyncio.Event()
    server.answer_with(gate(opened, before=("A deadlock ",), after=("is a wait.",)))
    async with a_house(database_url, server) as house:
        async with hearing(house.start()) as events:
            assert isinstance(await anext(events), Started)
            assert await anext(events) == Delta("A deadlock ")
            assert not opened.is_set()  # the server has not sent the rest, and does not before this
            opened.set()
            *rest, end = [event async for event in events]
        assert rest == [Delta("is a wait.")]
        assert isinstance(end, Finished) and end.ending is Ending.ANSWERED


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (counted(1_204, 356), {"input": 1_204, "output": 356}),
        (counted(1, 1), {"input": 1, "output": 1}),
        (
            counted(1_203, 357, cached_tokens=1_001, cache_write_tokens=99, reasoning_tokens=251),
            {"input": 103, "cache_read": 1_001, "cache_write": 99, "output": 106, "reasoning": 251},
        ),
    ],
)
@pytest.mark.parametrize("model", [TERRA, "gpt-6-luna", "gpt-4.1-mini"])
async def test_the_receipt_is_the_servers_usage_times_the_catalogue_price(
    sqlite_url: str, server: ProviderServer, model: str, usage: dict[str, Any], tokens: dict[str, int]
) -> None:
    server.answer_with(good(usage=usage))
    async with a_house(sqlite_url, server) as house:
        end = (await house.hear(model=model))[-1]
        assert isinstance(end, Finished)
        price = catalogue_price(model, **tokens)
        assert (end.receipt.charged_nanos, end.receipt.estimated) == (price, False)
        assert (await house.wallet()).available_nanos == MONEY - price
        await house.assert_at_rest()


async def test_the_balance_falls_by_exactly_the_price_on_both_databases(
    database_url: str, server: ProviderServer
) -> None:
    usages = [counted(11 * n + 1, 7 * n + 3, cached_tokens=n) for n in range(5)]
    server.answer_with(*(good(usage=usage) for usage in usages))
    async with a_house(database_url, server) as house:
        spent = 0
        for n in range(5):
            price = catalogue_price(TERRA, input=10 * n + 1, cache_read=n, output=7 * n + 3)
            assert charged(await house.hear()) == price
            spent += price
            assert (await house.wallet()).available_nanos == MONEY - spent
        balance = await house.app.use_cases.balances.of(house.anna, PLACE)
        assert balance.month_used_nanos == spent
        report = await house.assert_at_rest()
        assert report.notices == ()


@pytest.mark.parametrize("model", [TERRA, "gpt-4.1-mini"])
async def test_the_cap_that_is_held_for_is_sent_under_the_models_own_field(
    sqlite_url: str, server: ProviderServer, model: str
) -> None:
    async with a_house(sqlite_url, server) as house:
        plan = await house.plan(model=model)
        started = (await house.hear(model=model))[0]
        assert isinstance(started, Started) and started.at_most_nanos == plan.at_most_nanos
        body = server.calls[0].body
        assert body[plan.call.model.cap_field] == plan.call.output_cap_tokens == house.app.settings.max_output_tokens
        assert len({"max_tokens", "max_completion_tokens"} & set(body)) == 1


@short_on_sqlite
async def test_with_money_for_a_short_answer_the_cap_upstream_shrinks_with_the_hold(
    database_url: str, server: ProviderServer
) -> None:
    async with a_house(database_url, server, nanos=0, hold_wait_seconds=0) as house:
        plan = await house.plan()
        money = (plan.floor_nanos + plan.at_most_nanos) // 2
        await house.top_up(money)
        usage = counted(plan.input_at_most_tokens, 10**6, cache_write_tokens=plan.input_at_most_tokens)
        server.answer_with(good(usage=lambda body: usage | {"completion_tokens": body["max_completion_tokens"]}))
        events = await house.hear()
        started = events[0]
        assert isinstance(started, Started) and "short answer only" in started.note
        assert started.at_most_nanos == money
        assert 1_024 <= server.calls[0].body["max_completion_tokens"] < plan.call.output_cap_tokens
        # billed to the last token of its hold, and still within the money
        assert money - 5_000 < charged(events) <= money
        await house.assert_at_rest()


# --- the same question twice --------------------------------------------------------------------------------------


@short_on_sqlite
async def test_a_question_that_comes_again_is_answered_and_charged_once(
    database_url: str, server: ProviderServer
) -> None:
    async with a_house(database_url, server) as house:
        price = charged(await house.hear(keys=("event-1", "message-1")))
        for keys in (("event-1",), ("message-1",), ("event-2", "message-1")):
            [again] = await house.hear(keys=keys)
            assert isinstance(again, AlreadyAsked)
        assert (await house.wallet()).available_nanos == MONEY - price
        await house.assert_at_rest()
    async with a_house(database_url, server, nanos=0) as house:  # after a restart
        [again] = await house.hear(keys=("event-2",))
        assert isinstance(again, AlreadyAsked) and "Not charged again." in again.sentence
        assert (await house.wallet()).available_nanos == MONEY - price
        await house.assert_at_rest()
    assert len(server.calls) == 1


async def test_twenty_copies_at_one_instant_are_one_call_and_one_charge(
    database_url: str, server: ProviderServer
) -> None:
    async with a_house(database_url, server) as house:
        asks = await asyncio.gather(*(house.hear(keys=("event-1", f"copy-{n}")) for n in range(20)))
        ends = [events[-1] for events in asks]
        assert sorted(kinds(ends)) == ["AlreadyAsked"] * 19 + ["Finished"]
        price = next(end.receipt.charged_nanos for end in ends if isinstance(end, Finished))
        assert (await house.wallet()).available_nanos == MONEY - price
        await house.assert_at_rest()
    assert len(server.calls) == 1


async def test_two_processes_on_one_database_answer_a_question_once(database_url: str, server: ProviderServer) -> None:
    async with a_house(database_url, server) as one, a_house(database_url, server, nanos=0) as other:
        asks = await asyncio.gather(*(house.hear(keys=("event-1",)) for house in (one, other) * 5))
        ends = sorted(kinds([events[-1] for events in asks]))
        assert ends == ["AlreadyAsked"] * 9 + ["Finished"]
        await one.assert_at_rest()
    assert len(server.calls) == 1


# --- what can be asked --------------------------------------------------------------------------------------------


@short_on_sqlite
async def test_fifty_thousand_characters_are_a_question(database_url: str, server: ProviderServer) -> None:
    question = "Why does this deadlock? " * 2_083 + "Please!!"
    assert len(question) == 50_000
    async with a_house(database_url, server) as house:
        events = await house.hear(question)
        assert charged(events) == catalogue_price(TERRA, input=12, output=8)
        assert server.calls[0].body["messages"][-1]["content"] == question
        await house.assert_at_rest()


@pytest.mark.parametrize(
    ("question", "fragment"),
    [
        ("", "There is no question."),
        (" \n\t " * 100, "There is no question."),
        ("x" * 400_001, "That is 400,001 characters; 400,000 is the most."),
        ("\U00013000" * 300_000, "more than GPT-6.1 Terra can read at once"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_the_reason(
    sqlite_url: str, server: ProviderServer, question: str, fragment: str
) -> None:
    async with a_house(sqlite_url, server) as house:
        [refused] = await house.hear(question)
        assert isinstance(refused, Refused)
        assert fragment in refused.sentence and refused.sentence.endswith("Not charged.")
        assert server.calls == []
        assert (await house.wallet()).available_nanos == MONEY
        assert await house.rows("SELECT id FROM hold") == []
        await house.assert_at_rest()


async def test_half_characters_are_replaced_and_asked(database_url: str, server: ProviderServer) -> None:
    async with a_house(database_url, server) as house:
        end = (await house.hear("why \ud83d?"))[-1]
        assert isinstance(end, Finished) and end.ending is Ending.ANSWERED
        assert server.calls[0].body["messages"][-1]["content"] == "why \ufffd?"


@short_on_sqlite
@pytest.mark.parametrize("typed", ["gpt-5000", "nul\0", "half \ud83d", "x" * 10_000])
async def test_a_model_nobody_offers_is_answered_with_the_choices(
    database_url: str, server: ProviderServer, typed: str
) -> None:
    async with a_house(database_url, server) as house:
        [refused] = await house.hear(model=typed)
        assert isinstance(refused, Refused)
        assert "/models all lists the 11" in refused.sentence and refused.sentence.endswith("Not charged.")
        assert [row["state"] for row in await house.rows("SELECT state FROM request")] == ["refused"]
        await house.assert_at_rest()


@short_on_sqlite
async def test_a_team_without_a_provider_is_told_so(database_url: str) -> None:
    nobody = "http://127.0.0.1:9/v1"
    connected = settings_for(database_url, nobody)
    settings = connected.model_copy(update={"openai_api_key": None, "openai_base_url": None, "ollama_base_url": nobody})
    async with wire(settings, practice=False) as app:
        [refused] = await House(app, await enrolled(app, "Anna", admin=True)).hear()
        assert isinstance(refused, Refused)
        assert "No provider is connected yet" in refused.sentence and "Not charged." in refused.sentence
