"""Several models at the terminal: prices first, the cheaper and the better one, thumbs, again, and conversations."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from adapters.store.tables import Request
from core.call import ImagePart, Stop, StopReason, Text, UsageReport
from core.errors import ProviderBusy, ProviderUnreachable
from core.models import Model
from core.routing.rules import Rules
from tests.adapters.terminal.house import ANSWER, USAGE, House, open_house
from tests.adapters.terminal.script import Terminal
from tests.fakes import a_model, a_price

NEEDS_BETTER = "Design a distributed job queue and prove that no job runs twice. What are the trade-offs?"


def named(name: str, tier: int, usd: str, **fields: Any) -> Model:
    """A model at that price a million tokens, in and out."""
    rates = dict.fromkeys(
        ("input_usd", "cache_read_usd", "cache_write_usd", "output_usd", "reasoning_usd"), Decimal(usd)
    )
    known: dict[str, Any] = {"title": name.title(), "wire_name": name, "provider_title": "Acme"}
    return a_model(id=name, tier=tier, prices=(a_price(**rates),), **(known | fields))


SMALL, PLAIN, LARGE = named("small", 1, "1"), named("plain", 2, "2"), named("large", 3, "40", images=True)
ALL = (SMALL, PLAIN, LARGE)


def models_called(house: House) -> list[str]:
    """Which models were asked, in order."""
    return [call.model.id for call in house.provider.calls]


async def thumbs(house: House) -> list[int]:
    """What people think of their answers, in the order of asking."""
    async with house.store.snapshot() as session:
        rows = (await session.exec(select(Request))).all()
    return [row.thumb for row in sorted(rows, key=lambda row: row.id)]


async def test_a_price_is_told_and_nothing_asked_until_yes(sqlite_url: str) -> None:
    async with open_house(sqlite_url, models=ALL) as house, house.terminal() as terminal:
        shown = await terminal.says("/price why?")
        assert "  2. Plain  about 0." in shown
        assert "Recommended: number 1, Small." in shown
        assert shown.endswith("/yes asks the recommended one, /yes 2 number 2.\n")
        assert house.provider.calls == []
        assert terminal.screen.suggest is not None
        assert terminal.screen.suggest("/yes ").words == ("1", "2", "3")
        assert "Team wallet: $5.00." in await terminal.says("/balance")
        assert "· Small ·" in await terminal.says("/yes")
        assert [call.messages[-1].text for call in house.provider.calls] == ["why?"]
        assert "There is nothing to agree to." in await terminal.says("/yes 2")
        assert terminal.screen.suggest("/yes ").words == ()


async def test_a_number_asks_that_model_even_if_it_is_dear(sqlite_url: str) -> None:
    async with open_house(sqlite_url, models=ALL, confirm_above_nanos=1) as house, house.terminal() as terminal:
        await terminal.says("/price why?")
        for wrong in ("0", "4", "two", "1 2"):
            assert "Type a number from 1 to 3, like /yes 3." in await terminal.says(f"/yes {wrong}")
        assert "· Large ·" in await terminal.says("/yes 3")
        assert models_called(house) == ["large"]


async def test_of_many_models_a_screenful_is_shown_and_the_rest_with_all(sqlite_url: str) -> None:
    many = [named(f"m{number:02}", 1 + number % 3, str(number + 1)) for number in range(60)]
    async with open_house(sqlite_url, models=many, confirm_above_nanos=10**9) as house, house.terminal() as terminal:
        shown = await terminal.says("/price why?")
        assert "12. M" in shown and "13. M" not in shown
        assert "There are 48 more: /price --all QUESTION lists all." in shown
        listed = await terminal.says("/price --all why?")
        assert "60. M59" in listed
        await terminal.says("/yes 60")
        assert models_called(house) == ["m59"]


async def test_a_price_nobody_can_give_is_a_sentence_and_offers_nothing_to_ask(sqlite_url: str) -> None:
    async with open_house(sqlite_url, models=[PLAIN]) as house, house.terminal() as terminal:
        shown = await terminal.says("/price " + "x" * 200_000)
        assert "Not charged." in shown and "/again" not in shown
        assert "There is no question." in await terminal.says("/price")
        assert "leave --model out. Not charged." in await terminal.says("/price --model plain why?")
        assert "There is nothing to agree to." in await terminal.says("/yes")


async def test_a_dear_question_names_the_cheaper_choice_and_takes_it(sqlite_url: str) -> None:
    async with open_house(sqlite_url, models=ALL, confirm_above_nanos=1) as house, house.terminal() as terminal:
        asked = await terminal.says("/ask --model large why?")
        assert "Cheaper: Small, about" in asked
        assert asked.endswith("/yes agrees, /cheaper takes the cheaper one.\n")
        assert "· Small ·" in await terminal.says("/cheaper")
        assert "There is no cheaper choice to take." in await terminal.says("/cheaper")
        assert "There are no numbers" in await _numbers_after_a_confirmation(terminal)
        assert "· Large ·" in await terminal.says("/yes")
        assert models_called(house) == ["small", "large"]


async def _numbers_after_a_confirmation(terminal: Terminal) -> str:
    await terminal.says("/ask --model large how?")
    return await terminal.says("/yes 2")


async def test_a_better_model_is_priced_and_answers_the_same_question(sqlite_url: str) -> None:
    async with open_house(sqlite_url, models=(SMALL, PLAIN)) as house, house.terminal() as terminal:
        assert "Ask something first." in await terminal.says("/better")
        assert (await terminal.says("why?")).splitlines()[-1].startswith("Better model, about 0.")
        better = await terminal.says("/better")
        assert "· Plain ·" in better and "Better model" not in better
        assert [(call.model.id, call.messages[-1].text) for call in house.provider.calls] == [
            ("small", "why?"),
            ("plain", "why?"),
        ]
        assert "no better model here for your last answer" in await terminal.says("/better")


async def test_one_answer_is_bettered_once(sqlite_url: str) -> None:
    async with open_house(sqlite_url, models=(SMALL, PLAIN)) as house, house.terminal() as terminal:
        await terminal.says("why?")
        house.provider.script = (ProviderBusy("The provider is busy."),)
        assert "/again asks it once more." in await terminal.says("/better")
        assert "This was handled already. Not charged." in await terminal.says("/better")


async def test_a_better_answer_that_failed_is_asked_for_again(sqlite_url: str) -> None:
    async with open_house(sqlite_url, models=(SMALL, PLAIN)) as house, house.terminal() as terminal:
        await terminal.says("why?")
        house.provider.script = (ProviderBusy("The provider is busy."),)
        await terminal.says("/better")
        house.provider.script = ANSWER
        assert "· Plain ·" in await terminal.says("/again")
        await terminal.says("and then?")
        history = [message.text for message in house.provider.calls[-1].messages[1:]]
        assert history == ["why?", "It depends.", "and then?"]


async def test_a_dear_better_model_is_agreed_to_first(sqlite_url: str) -> None:
    a_house = open_house(sqlite_url, models=(SMALL, LARGE), confirm_above_nanos=3_000_000)
    async with a_house as house, house.terminal() as terminal:
        await terminal.says("why?")
        assert "with Large" in await terminal.says("/better")
        assert models_called(house) == ["small"]
        assert "· Large ·" in await terminal.says("/yes")
        await terminal.says("and then?")
        assert len(house.provider.calls[-1].messages) == 4  # the better answer took the place of the first one


async def test_thumbs_are_for_ones_own_last_answer(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        assert "Ask something first." in await terminal.says("/good")
        await terminal.says("why?")
        await terminal.says("how?")
        assert await terminal.says("/good") == "Thank you.\n"
        assert await thumbs(house) == [0, 1]
        assert await terminal.says("/bad") == "Thank you.\n"
        assert await thumbs(house) == [0, -1]
        await terminal.says("/as Anna")
        assert "Ask something first." in await terminal.says("/bad")


async def test_what_failed_is_asked_again(sqlite_url: str) -> None:
    a_house = open_house(sqlite_url, ProviderUnreachable("It cannot be reached."))
    async with a_house as house, house.terminal() as terminal:
        assert (await terminal.says("why?")).endswith("Not charged. /again asks it once more.\n")
        house.provider.script = ANSWER
        assert "It depends." in await terminal.says("/again")
        assert house.provider.calls[-1].messages[-1].text == "why?"
        assert await terminal.says("/again") == "No question of yours waits to be asked again.\n"


async def test_a_refusal_for_want_of_money_is_asked_again_when_there_is_some(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/limit you 0")
        assert "/again asks it once more." in await terminal.says("why?")
        await terminal.says("/limit you 5")
        assert "  1. " not in await terminal.says("/price how?")  # a price in between takes nothing away
        assert "It depends." in await terminal.says("/again")


async def test_a_question_goes_with_what_was_said_before(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("why?")
        await terminal.says("/as Anna")
        await terminal.says("Anna's own")
        await terminal.says("/as you")
        await terminal.says("and then?")
        said = [(message.role.value, message.text) for message in house.provider.calls[-1].messages[1:]]
        assert said == [("user", "why?"), ("assistant", "It depends."), ("user", "and then?")]
        assert "A new conversation" in await terminal.says("/new")
        await terminal.says("what?")
        assert len(house.provider.calls[-1].messages) == 2
    assert len(await threads(sqlite_url)) == 3


async def threads(url: str) -> set[str]:
    """The conversations of every ask."""
    async with open_house(url) as house, house.store.snapshot() as session:
        return {row.thread for row in (await session.exec(select(Request))).all()}


async def test_only_answers_that_were_shown_go_along(sqlite_url: str) -> None:
    a_house = open_house(sqlite_url, ProviderBusy("The provider is busy."), rules=Rules(num_retries=0))
    async with a_house as house, house.terminal() as terminal:
        await terminal.says("why?")
        house.provider.script = (Text("It dep"), ProviderUnreachable("It broke off."))
        await terminal.says("how?")
        await terminal.says("what?")
        assert [message.text for message in house.provider.calls[-1].messages[1:]] == ["how?", "It dep", "what?"]


async def test_a_picture_goes_along_and_stays_for_the_next_question(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "a chart.txt"
    file.write_bytes(b"GIF89a...")
    picture = ImagePart("image/gif", b"GIF89a...")
    async with open_house(sqlite_url, models=ALL) as house, house.terminal() as terminal:
        assert "· Large ·" in await terminal.says(f'/ask --image "{file}" what is it?')
        assert house.provider.calls[-1].messages[-1].images == (picture,)
        await terminal.says("and its colour?")
        assert house.provider.calls[-1].messages[1].images == (picture,)
        assert "Large" in await terminal.says(f'/price --image "{file}" what is it?')
        assert "· Large ·" in await terminal.says("/yes")
        file.write_bytes(b"%PDF")
        assert "is no picture that can be sent. Save it as PNG" in await terminal.says(f'/ask --image "{file}" what?')
        assert "5 is the most" in await terminal.says(f"/ask {'--image x ' * 6} what?")
        assert models_called(house) == ["large", "large", "large"]


async def test_a_first_try_that_was_too_weak_stands_in_the_details(sqlite_url: str) -> None:
    weak = (Text("I don't know."), UsageReport(USAGE), Stop(StopReason.END))
    models = (named("plain", 3, "1"), named("large", 4, "2"))
    async with open_house(sqlite_url, *weak, models=models) as house, house.terminal() as terminal:
        shown = await terminal.says(NEEDS_BETTER)
        assert "Plain was not sure, so Large answers, for at most" in shown
        assert "first try, plain: 100 tokens in, 20 out · charged" in await terminal.says("/details")


async def test_models_are_listed_found_and_completed(sqlite_url: str) -> None:
    async with open_house(sqlite_url, models=ALL) as house, house.terminal() as terminal:
        listed = await terminal.says("/models")
        assert "For the hardest questions:\n  Large (large)  about 6.2 cents   pictures\n" in listed
        assert "/models NAME tells more of one" in listed
        assert "Small (small)" in await terminal.says("/models ALL")
        assert "/ask --model large QUESTION asks it." in await terminal.says("/models Large")
        assert 'There is no model "huge" here.' in await terminal.says("/models huge")
        assert terminal.screen.suggest is not None
        assert terminal.screen.suggest("/models l").words == ("large",)
        assert terminal.screen.suggest("/models ").words == ("all", "small", "plain", "large")
        assert terminal.screen.suggest("/price --").words == ("--all", "--image")
        assert terminal.screen.suggest("/price --all --i").words == ("--image",)


@pytest.mark.parametrize("person", ["you", "Anna"])
async def test_how_models_are_chosen_is_for_admins(person: str, sqlite_url: str) -> None:
    async with open_house(sqlite_url, models=ALL) as house, house.terminal() as terminal:
        await terminal.says("why?")
        await terminal.says("/better")
        house.provider.script = (ProviderUnreachable("It cannot be reached."),)
        await terminal.says("how?")
        await terminal.says(f"/as {person}")
        shown = await terminal.says("/routing")
        chosen = "  Small: 1 answer · about 0.012 cents an answer · a better model asked for after 1 (100 %)"
        assert (chosen in shown, "Acme has not answered since" in shown) == (person == "you", person == "you")
        assert ("Only admins" in shown) == (person == "Anna")
