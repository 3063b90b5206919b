"""One question and more than one model: dear fallbacks, better models, trying again, weak answers, dear questions."""

import asyncio
import random
from pathlib import Path

import pytest

from core.call import ImagePart, Message, Role, TextPart
from core.defaults import KEEP_FOR_BUTTONS_MS
from core.events import AskEvent, Delta, Ending, NeedsConfirmation, Refused, Started, SwitchedModel
from tests.core.asking.house import finished, heard, kinds
from tests.databases import short_on_sqlite
from tests.end_to_end.town import MONEY, OLLAMA_MODEL, Behaves, Town, a_town, answered, mixed, question
from tests.provider_behaviours import status

pytestmark = short_on_sqlite
"""What is shown here rests on no database's own statements."""

FREE, DEAR = f"ollama/{OLLAMA_MODEL}", "claude-opus-5.5"
FREE_THEN_DEAR = f"""
num_retries = 0
[[routes]]
name = "house"
models = ["{FREE}", "{DEAR}"]
"""
EVERYDAY = "Explain how our team should plan the release of the billing service, step by step, question number 1?"
ONE_CALL = "num_retries = 0\nmax_fallbacks = 0\n"


def broken() -> Behaves:
    """Error 500."""
    return status(500)


def text_of(events: list[AskEvent]) -> str:
    """What was read of the answer."""
    return "".join(event.text for event in events if isinstance(event, Delta))


async def spent(town: Town) -> int:
    """What has left the wallet."""
    return MONEY - (await town.house.wallet()).available_nanos


# --- a free first choice, and a dear one behind it ----------------------------------------------------------------


@pytest.mark.parametrize("missing_nanos", [0, 1], ids=["just enough", "one nano-dollar too little"])
async def test_a_free_first_choice_falls_back_to_a_dear_one_within_the_members_limit_only(
    database_url: str, tmp_path: Path, missing_nanos: int
) -> None:
    async with a_town(database_url, tmp_path, rules=FREE_THEN_DEAR, providers=("ollama", "anthropic")) as town:
        town.company("ollama").acts = broken
        dear = await town.house.plan(question(1), DEAR)
        ben = await town.house.member("Ben")
        ben = await town.house.limit(ben, dear.at_most_nanos - missing_nanos)
        events = await town.ask(1, member=ben, model="house")
        charged = town.assert_charged_right(1, events)
        told = [event.at_most_nanos for event in events if isinstance(event, Started | SwitchedModel)]
        [held] = await town.house.rows("SELECT amount_nanos, model FROM hold")
        if missing_nanos:
            assert (finished(events).ending, town.calls_at("anthropic"), charged) == (Ending.FAILED, 0, 0)
            assert (told, held["amount_nanos"]) == ([0], 0)
        else:
            assert (answered(events), told) == (True, [0, dear.at_most_nanos])
            assert (held["amount_nanos"], held["model"]) == (dear.at_most_nanos, DEAR)
            assert charged > 0
        assert await spent(town) == charged
        await town.house.assert_at_rest()


async def test_whatever_three_providers_do_no_charge_passes_what_was_told(database_url: str, tmp_path: Path) -> None:
    # What is reported goes up to the whole output cap.
    async with a_town(database_url, tmp_path, max_in_flight=20) as town:
        for company in town.companies.values():
            company.acts = mixed(random.Random(company.provider))
        asked = await asyncio.gather(*(town.ask(number) for number in range(24)))
        ended = [(number, events) for number, events in enumerate(asked) if kinds(events)[-1] == "Finished"]
        assert await spent(town) == sum(town.assert_charged_right(number, events) for number, events in ended)
        await town.house.assert_at_rest()


# --- after the answer ----------------------------------------------------------------------------------------------


async def test_better_model_runs_the_kept_question_once_and_charges_it_apart(database_url: str, tmp_path: Path) -> None:
    picture = ImagePart("image/png", b"\x89PNG of a graph")
    history = (
        Message(Role.USER, (TextPart("We run on three nodes."),)),
        Message(Role.ASSISTANT, (TextPart("Noted."),)),
    )
    async with a_town(database_url, tmp_path, rules=ONE_CALL, providers=("openai",), max_in_flight=9) as town:
        parts = (TextPart(question(1)), picture)
        first = await town.ask(1, parts=parts, history=history)
        better = finished(first).better
        assert better is not None
        ask_id = finished(first).receipt.ask_id
        pressed = [
            town.ask(1, "", improves=ask_id, model=better.model_id, keys=(f"press-{press}",)) for press in range(2)
        ]
        both = await asyncio.gather(*pressed)
        assert sorted(kinds([events[-1] for events in both])) == ["AlreadyAsked", "Finished"]
        second = next(events for events in both if kinds(events)[-1] == "Finished")
        [cheap, dear] = town.calls_for(1)
        assert (town.model(cheap).tier, town.model(dear).id) == (2, better.model_id)
        assert finished(second).receipt.charged_nanos == town.true_cost(dear) <= better.at_most_nanos
        assert await spent(town) == town.true_cost(cheap) + town.true_cost(dear)
        sent = [call.body["messages"] for call in town.company("openai").server.calls]
        assert sent[0] == sent[1] and "We run on three nodes." in str(sent[1]) and "image/png" in str(sent[1])
        rows = await town.house.rows("SELECT id, improves FROM request ORDER BY started_at_ms, id")
        assert [row["improves"] for row in rows if row["id"] != ask_id] == [ask_id]
        again = await town.ask(1, "", improves=ask_id, model=better.model_id, keys=("another press",))
        assert (kinds(again), len(town.log)) == (["AlreadyAsked"], 2)
        await town.house.assert_at_rest()


async def test_a_failed_ask_is_tried_again_as_it_was_and_rated(database_url: str, tmp_path: Path) -> None:
    async with a_town(database_url, tmp_path, rules=ONE_CALL) as town:
        town.company("mistral").acts = broken
        failed = finished(await town.ask(1))
        assert (failed.ending, failed.receipt.charged_nanos) == (Ending.FAILED, 0)
        town.company("mistral").acts = lambda: "Two wait."
        events = await town.ask(1, "", resumes=failed.again, keys=("press",))
        assert (answered(events), len(town.calls_for(1))) == (True, 2)
        assert await spent(town) == finished(events).receipt.charged_nanos == town.true_cost(town.calls_for(1)[1])
        ask_id = finished(events).receipt.ask_id
        assert ask_id == failed.receipt.ask_id
        assert await town.house.app.use_cases.feedback.rate(town.house.anna, ask_id, 1)
        assert [row["thumb"] for row in await town.house.rows("SELECT thumb FROM request")] == [1]
        await town.house.assert_at_rest()


async def test_a_press_after_the_buttons_hour_is_told_to_ask_again(database_url: str, tmp_path: Path) -> None:
    async with a_town(database_url, tmp_path, rules=ONE_CALL) as town:
        running = town.house.start(question(1), model="auto")
        good = finished(await heard(running))
        await running.delivered()
        town.company("mistral").acts = broken
        running = town.house.start(question(2), model="auto")
        failed = finished(await heard(running))
        await running.delivered()
        town.house.app.store.driver.clock_offset_ms = KEEP_FOR_BUTTONS_MS + 1_000
        await town.house.app.sweep.run()
        assert {(row["question"], row["answer"]) for row in await town.house.rows("SELECT * FROM kept")} == {(b"", b"")}
        assert good.better is not None
        improve = {"improves": good.receipt.ask_id, "model": good.better.model_id}
        for press in (improve, {"resumes": failed.again}):
            end = (await town.ask(3, "", keys=(str(press),), **press))[-1]
            assert end == Refused("That question is not here any more; ask it again. Not charged.")
        assert len(town.log) == 2
        await town.house.assert_at_rest()


# --- a weak answer, a dear question --------------------------------------------------------------------------------


async def test_a_weak_answer_never_reaches_the_screen_and_both_models_are_on_the_receipt(
    database_url: str, tmp_path: Path
) -> None:
    async with a_town(database_url, tmp_path, providers=("groq", "anthropic")) as town:
        town.company("groq").acts = lambda: "I'm not sure about that."
        town.company("anthropic").acts = lambda: "Here is how."
        events = await town.ask(1, EVERYDAY)
        assert text_of(events) == "Here is how."
        weak, strong = town.log
        assert (weak.provider, strong.provider) == ("groq", "anthropic")
        costs = [town.true_cost(weak), town.true_cost(strong)]
        lines = await town.house.rows("SELECT step, provider, charged_nanos FROM receipt_line ORDER BY id")
        assert {(row["step"], row["provider"], row["charged_nanos"]) for row in lines} == {
            ("first try", "groq", costs[0]),
            ("answer", "anthropic", costs[1]),
        }
        assert [line.charged_nanos for line in finished(events).receipt.lines] == costs
        entries = await town.house.rows("SELECT account, amount_nanos FROM entry WHERE account LIKE 'spend:%'")
        assert {(row["account"], row["amount_nanos"]) for row in entries} == {
            ("spend:groq", costs[0]),
            ("spend:anthropic", costs[1]),
        }
        told = [event.at_most_nanos for event in events if isinstance(event, Started | SwitchedModel)]
        assert await spent(town) == sum(costs) <= told[-1]
        await town.house.assert_at_rest()


@pytest.mark.parametrize("press_the_cheaper", [False, True])
async def test_a_dear_question_is_asked_about_first_with_a_cheaper_choice_beside_it(
    database_url: str, tmp_path: Path, press_the_cheaper: bool
) -> None:
    async with a_town(database_url, tmp_path, rules=ONE_CALL, confirm_above_nanos=1_000_000) as town:
        [asked] = await town.ask(1, model=DEAR)
        assert isinstance(asked, NeedsConfirmation) and asked.cheaper is not None
        assert (town.log, await town.house.open_holds(), await spent(town)) == ([], 0, 0)
        model = asked.cheaper.model_id if press_the_cheaper else "auto"
        events = await town.ask(1, "", resumes=asked.press, keys=("press",), model=model)
        [call] = town.calls_for(1)
        assert town.model(call).id == (model if press_the_cheaper else DEAR)
        at_most = asked.cheaper.at_most_nanos if press_the_cheaper else asked.at_most_nanos
        assert await spent(town) == town.assert_charged_right(1, events) <= at_most
        await town.house.assert_at_rest()
