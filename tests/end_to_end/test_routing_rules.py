"""A ROUTING_FILE's text, a running process, and which server got the call."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import SystemClock
from core.events import Finished, Pausing, Refused
from tests.core.asking.house import finished
from tests.databases import short_on_sqlite
from tests.end_to_end.house import PLACE
from tests.end_to_end.town import Behaves, Town, a_town, answered
from tests.provider_behaviours import gate, status

EVERYDAY = "Explain how our team should plan the release of the billing service, step by step, question number 1?"
ONCE = "num_retries = 0\nmax_fallbacks = 0\n"
HOUSE = """
[[routes]]
name = "house"
models = ["openrouter/deepseek-v3.2", "mistral-large-3"]
max_price = "1.5"
"""
"""DeepSeek V3 if it costs under 0.15 cents per 1,000 tokens, otherwise Mistral Large."""
DEEPSEEK, MISTRAL = "openrouter/deepseek-v3.2", "mistral-large-3"


class LaterClock(SystemClock):
    """The machine's clock, and so many seconds later."""

    seconds = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.seconds


def broken() -> Behaves:
    """Error 500."""
    return status(500)


def called(town: Town) -> list[str]:
    """Which models the servers were asked for, in order."""
    return [town.model(played).id for played in town.log]


def a_priced_model(model: str, provider: str, wire_name: str, usd: str) -> str:
    """A row of MODELS_FILE that replaces a model by the same at another price."""
    rates = "".join(f'{rate} = "{usd}"\n' for rate in ("input", "cache_read", "cache_write", "output", "reasoning"))
    return f"""
[[models]]
id = "{model}"
title = "{model}"
provider = "{provider}"
wire_name = "{wire_name}"
context_window_tokens = 128_000
max_output_tokens = 8_000
cap_field = "max_tokens"
tokenizer = "bytes"
tier = 2
tier_source = "our own trial"
good_for = "everyday work"

[[models.prices]]
effective_from = 2026-11-01
source = "our contract"
{rates}"""


@pytest.mark.parametrize(
    ("deepseek_usd", "mistral_usd", "binds", "gets_the_call"),
    [
        ("1.49", "1.40", "", [DEEPSEEK]),
        ("1.51", "1.40", "", [MISTRAL]),
        ("1.51", "1.60", "", []),
        ("1.51", "1.60", 'max_price_for = "first"', [MISTRAL]),
    ],
    ids=["under it", "above it", "the cap binds both", "the cap binds the first only"],
)
async def test_deepseek_under_a_price_and_otherwise_mistral_large(
    sqlite_url: str,
    tmp_path: Path,
    *,
    deepseek_usd: str,
    mistral_usd: str,
    binds: str,
    gets_the_call: list[str],
) -> None:
    models = a_priced_model(DEEPSEEK, "openrouter", "deepseek/deepseek-v3.2", deepseek_usd)
    models += a_priced_model(MISTRAL, "mistral", "mistral-large-latest", mistral_usd)
    async with a_town(
        sqlite_url, tmp_path, rules=HOUSE + binds, models=models, providers=("openrouter", "mistral")
    ) as town:
        events = await town.ask(1, model="house")
        assert called(town) == gets_the_call
        if gets_the_call:
            town.assert_charged_right(1, events)
        else:
            assert isinstance(events[-1], Refused)
            assert "would cost more than $1.50 per million tokens" in events[-1].sentence


@pytest.mark.parametrize("binds", ["", 'max_price_for = "first"'])
async def test_a_cap_over_the_whole_chain_holds_for_who_stands_in_too(
    sqlite_url: str, tmp_path: Path, binds: str
) -> None:
    models = a_priced_model(MISTRAL, "mistral", "mistral-large-latest", "1.60")
    async with a_town(
        sqlite_url,
        tmp_path,
        rules=ONCE.replace("= 0", "= 1", 2) + HOUSE + binds,
        models=models,
        providers=("openrouter", "mistral"),
    ) as town:
        town.company("openrouter").acts = broken
        events = await town.ask(1, model="house")
        assert called(town) == [DEEPSEEK] * 2 + [MISTRAL] * bool(binds)
        assert answered(events) is bool(binds)


@short_on_sqlite
async def test_a_share_of_the_conversations_gets_the_new_model_and_each_stays_put(
    database_url: str, tmp_path: Path
) -> None:
    rules = '[[variants]]\nname = "try-luna"\nmodel = "gpt-6-luna"\nweight = 50\n'
    async with a_town(database_url, tmp_path, rules=rules) as town:
        for number in range(40):
            await town.ask(number, place=replace(PLACE, thread=f"thread-{number % 10}"))
        models = {thread: {town.model(town.calls_for(n)[0]).id for n in range(thread, 40, 10)} for thread in range(10)}
        assert all(len(each) == 1 for each in models.values()), models
        assert {model for each in models.values() for model in each} == {"gpt-6-luna", "ministral-14b"}
        rows = await town.house.rows("SELECT variant, model, thread FROM request")
        assert {(row["variant"], row["model"]) for row in rows} == {
            ("try-luna", "gpt-6-luna"),
            ("control:try-luna", "ministral-14b"),
        }
        assert await town.house.open_holds() == 0


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        ('only = ["mistral", "deepseek"]', {"mistral", "deepseek"}),
        ('ignore = ["mistral"]', {"openai", "deepseek", "ollama"}),
        ('regions = ["us"]', {"openai"}),
        ('data_collection = "deny"', {"openai", "ollama"}),
        ("zdr = true", {"ollama"}),
    ],
)
async def test_who_may_not_be_asked_is_not_on_any_hop(
    sqlite_url: str, tmp_path: Path, rule: str, allowed: set[str]
) -> None:
    providers = ("openai", "mistral", "deepseek", "ollama")
    async with a_town(sqlite_url, tmp_path, rules=f"num_retries = 0\n{rule}", providers=providers) as town:
        for company in town.companies.values():
            company.acts = broken
        assert not answered(await town.ask(1, EVERYDAY))  # every hop is used
        town.house.forgive()
        for company in town.companies.values():
            company.acts = lambda: "I'm not sure."  # a better model is asked at once, where there is one
        events = await town.ask(2, EVERYDAY)
        better = finished(events).better
        if better is not None:
            pressed = await town.ask(3, improves=finished(events).receipt.ask_id, model=better.model_id)
            assert answered(pressed)
        for model in {model.id for model in town.house.app.catalogue.models if model.provider not in allowed}:
            assert isinstance((await town.ask(4, model=model))[-1], Refused)
        assert set() < {played.provider for played in town.log} <= allowed
        await town.house.assert_at_rest()


@pytest.mark.parametrize(
    ("rules", "calls"),
    [
        ("num_retries = 2\nmax_fallbacks = 0", {"mistral": 3}),
        ("num_retries = 0\nmax_fallbacks = 1", {"mistral": 1, "openai": 1}),
        ("num_retries = 0\nmax_fallbacks = 2", {"mistral": 1, "openai": 1, "anthropic": 1}),
        ("num_retries = 5\nmax_fallbacks = 5", {"mistral": 3}),
        ('num_retries = 0\n[fallbacks]\n"ministral-14b" = ["claude-haiku-4.5"]', {"mistral": 1, "anthropic": 1}),
    ],
)
async def test_retries_and_fallbacks_are_those_of_the_file(
    sqlite_url: str, tmp_path: Path, rules: str, calls: Mapping[str, int]
) -> None:
    async with a_town(sqlite_url, tmp_path, rules=rules) as town:
        for company in town.companies.values():
            company.acts = broken
        events = await town.ask(1)
        assert {name: town.calls_at(name) for name in town.companies if town.calls_at(name)} == calls
        assert finished(events).sentence.endswith("Not charged.")


async def test_after_a_cooldown_one_of_twenty_asks_at_once_finds_out_for_all(sqlite_url: str, tmp_path: Path) -> None:
    opened, clock = asyncio.Event(), LaterClock()
    rules = f"{ONCE}allowed_fails = 2\ncooldown_time = 30\n"
    async with a_town(sqlite_url, tmp_path, rules=rules, providers=("mistral",), clock=clock, max_in_flight=20) as town:
        ministral = town.company("mistral")
        ministral.acts = broken
        for number in range(2):
            await town.ask(number, model="ministral-14b")
        refused = (await town.ask(2, model="ministral-14b"))[-1]
        assert isinstance(refused, Refused) and "Try again in a minute" in refused.sentence
        assert len(town.log) == 2, "it is left alone"
        clock.seconds = 31
        ministral.acts = lambda: gate(opened, before=())
        running = [asyncio.create_task(town.ask(number, model="ministral-14b")) for number in range(3, 23)]
        for _ in range(200):
            if len(await town.house.rows("SELECT id FROM request")) == 23 and len(town.log) >= 3:
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)  # whoever would call all the same does now
        assert len(town.log) == 3, "one probe"
        opened.set()
        ended = await asyncio.gather(*running)
        assert all(answered(events) for events in ended)
        assert len(town.log) == 22, "and then everybody is asked"
        await town.house.assert_at_rest()


async def test_a_pause_past_the_deadline_is_never_slept(sqlite_url: str, tmp_path: Path) -> None:
    async with a_town(sqlite_url, tmp_path, providers=("mistral",), deadline_seconds=60) as town:
        town.company("mistral").acts = lambda: status(429, retry_after="3600")
        events = await town.ask(1, model="ministral-14b")  # who slept for it would not be heard: tests wait 20 seconds
        assert (answered(events), len(town.log)) == (False, 1)
        assert not any(isinstance(event, Pausing) for event in events)
        assert isinstance(events[-1], Finished) and events[-1].sentence.endswith("Not charged.")


async def test_an_accounts_rate_is_kept_by_asking_somebody_else(sqlite_url: str, tmp_path: Path) -> None:
    rules = "[rates.mistral]\nrequests_per_minute = 2\n"
    async with a_town(sqlite_url, tmp_path, rules=rules, max_in_flight=20) as town:
        asked = await asyncio.gather(*(town.ask(number) for number in range(6)))
        assert all(answered(events) for events in asked)
        assert town.calls_at("mistral") == 2
