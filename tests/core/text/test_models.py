"""The list of models as somebody reads it who has never seen an API."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.errors import ProviderBroken, UnknownModel
from core.model_list import ModelList
from core.models import PRACTICE, Model
from core.people import Member
from core.prices import Tier
from core.routing.health import Health
from core.routing.offered import ModelOverview, overview_for
from core.routing.rules import Route, Rules
from core.text.models import NONE_YET, all_lines, model_lines, overview_lines
from tests.core.asking.house import ANNA, TEAM
from tests.fakes import START, FakeClock, FixedCatalogue, a_model, a_price

ZONE = ZoneInfo("Europe/Berlin")


def a_tier(name: str, tier: int, usd: str, **fields: Any) -> Model:
    """A model of a tier at so much a million tokens in, and four times that out."""
    price = a_price(input_usd=Decimal(usd), output_usd=4 * Decimal(usd))
    known: dict[str, Any] = {"good_for": "this and that", "provider": f"{name}-co", "prices": (price,)}
    titles = {"title": name.title(), "provider_title": name.title()}
    return a_model(id=name, tier=tier, **(known | titles | fields))


def sixty() -> list[Model]:
    """Twenty of each tier, five of each provider."""
    return [
        a_tier(f"m{tier}-{number:02}", tier, str(number + 1), provider=f"p{number % 4}")
        for tier in (1, 2, 3)
        for number in range(20)
    ]


FINE: dict[str, Any] = {"collects_data": False, "zdr": True}


class Shop:
    """A list of models under rules."""

    def __init__(self, *models: Model, **rules: Any) -> None:
        self.rules = Rules(**rules)
        self.health = Health(self.rules, FakeClock())
        self.catalogue = FixedCatalogue(models, {})

    def of(self, member: Member) -> ModelOverview:
        """What somebody is offered."""
        return overview_for(member, self.catalogue, self.rules, self.health, today=START.date())

    def overview(self) -> tuple[str, ...]:
        """What `/models` shows Anna."""
        return overview_lines(self.of(ANNA), ZONE)

    def everything(self) -> tuple[str, ...]:
        """What `/models all` shows her."""
        return all_lines(self.of(ANNA), ZONE)

    def detail(self, name: str) -> tuple[str, ...]:
        """What `/models NAME` shows her."""
        return model_lines(ModelList.find(self.of(ANNA), name), self.rules, ZONE)


def test_models_stand_in_groups_with_the_price_of_a_typical_question() -> None:
    shop = Shop(a_tier("quick", 1, "0.1"), a_tier("day", 2, "1", images=True), a_tier("hard", 3, "10", good_for=""))
    assert shop.overview() == (
        "Nobody has to choose: without a choice, the cheapest model that is good enough for the question answers.",
        "Prices are those of a typical question: a little context, an answer of a few paragraphs.",
        "For everyday work:",
        "  Day (day)      about 0.26 cents   this and that · pictures",
        "For the hardest questions:",
        "  Hard (hard)    about 2.6 cents",
        "For quick, short jobs:",
        "  Quick (quick)  about 0.026 cents  this and that",
    )


def test_of_sixty_models_a_few_of_every_group_are_shown_each_of_another_provider() -> None:
    lines = Shop(*sixty()).overview()
    assert len(lines) == 2 + 3 * (1 + 3 + 1)
    assert lines.count("  and 17 more") == 3
    assert [line.split()[0] for line in lines[3:6]] == ["M2-00", "M2-01", "M2-02"]


def test_all_sixty_are_there_for_who_wants_them() -> None:
    assert len([line for line in Shop(*sixty()).everything() if "(m" in line]) == 60


def test_a_model_for_one_job_is_among_them_in_a_group_of_its_own() -> None:
    shop = Shop(a_tier("day", 2, "1"), a_tier("code", 0, "0.1", good_for=""))
    *_, group, line = shop.everything()
    assert group == "For one job only, and only when somebody names them:"
    assert line.startswith("  Code (code)")
    assert shop.detail("code")[1] == "For one job only, and only when somebody names them."


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ({"only": ("other",)}, "your rules allow only other"),
        ({"ignore": ("day-co",)}, "your rules leave its provider out"),
        ({"regions": ("eu", "own")}, "your rules keep questions in the European Union and on your own machines"),
        ({"data_collection_allowed": False}, "your rules leave out who may keep questions or train on them"),
        ({"zdr": True}, "your rules ask for somebody who keeps nothing"),
        ({"max_price_usd": Decimal("1.2")}, "your rules allow at most $1.20 per million tokens"),
    ],
)
def test_what_the_rules_exclude_is_said_to_be_not_here_and_why(rules: dict[str, Any], reason: str) -> None:
    shop = Shop(a_tier("day", 2, "1"), a_tier("other", 2, "0.5", provider="other", region="eu", **FINE), **rules)
    assert shop.overview()[-1] == f"Not here: 1 model, as {reason}."
    assert shop.everything()[-1].endswith(f"not here: {reason} · this and that")
    assert shop.detail("day")[-1] == f"Not here: {reason}."
    assert shop.detail("other")[-1] == "You can ask it here."


def test_rules_that_exclude_everybody_are_said() -> None:
    assert Shop(a_tier("day", 2, "1"), zdr=True).overview() == (
        "Not here: 1 model, as your rules ask for somebody who keeps nothing.",
    )


def test_who_does_not_answer_is_said_and_comes_last() -> None:
    down, up = a_tier("down", 2, "1"), a_tier("up", 2, "2")
    shop = Shop(down, up, allowed_fails=1)
    shop.health.failed(down, ProviderBroken("It broke."))
    *_, first, second = shop.overview()
    assert first.startswith("  Up (up)")
    assert second.endswith("this and that, but it has not answered since 21 November, 13:00 (Europe/Berlin)")
    assert "You can ask it here, but it has not answered since 21 November" in shop.detail("down")[-1]


def test_a_model_in_detail() -> None:
    dear = Tier(Decimal(2), Decimal("0.2"), Decimal(2), Decimal(8), Decimal(8), above_input_tokens=200_000)
    price = a_price(tiers=(dear,), reasoning_usd=Decimal(6), request_usd=Decimal("0.005"), source="https://example.org")
    model = a_tier("day", 2, "1", prices=(price,), reasoning=True, region="eu,us", **(FINE | {"zdr": False}))
    assert Shop(model).detail("Day") == (
        "Day (day), asked at Day",
        "Good for this and that.",
        "A typical question costs about 0.76 cents: 1,200 tokens in, 350 out. "
        "A token is about three quarters of an English word.",
        "Per million tokens: $1.00 in ($0.10 for what its provider remembers of an earlier question, $1.25 for what it "
        "stores to remember), $4.00 out ($6.00 for thinking).",
        "With more than 200,000 tokens in, all of it: $2.00 in ($0.20 for what its provider remembers of an earlier "
        "question), $8.00 out.",
        "And $0.005 for each question.",
        "In force since 1 January 2026, from https://example.org",
        "It reads at most 128,000 tokens (about 96,000 English words) at once, and answers here with at most "
        "1,500 tokens (about 1,100 English words).",
        "It cannot look at pictures. It thinks before it answers, and what it thinks is paid for too.",
        "Questions are answered in the European Union or in the United States; they are not trained on, but may be "
        "kept for a while.",
        "You can ask it here.",
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"region": "own", "zdr": True}, "Questions are answered on your own machines; nothing of them is kept."),
        ({"region": "any"}, "Questions are answered wherever its provider likes; they may be kept or trained on."),
        ({}, "Questions are answered wherever its provider likes; they may be kept or trained on."),
    ],
)
def test_where_questions_go_is_never_said_to_be_better_than_it_is_known(fields: dict[str, Any], said: str) -> None:
    assert said in Shop(a_tier("day", 2, "1", **fields)).detail("day")


def test_a_free_model_has_no_prices() -> None:
    nothing = a_price(**dict.fromkeys(("input_usd", "cache_write_usd", "output_usd", "reasoning_usd"), Decimal(0)))
    shop = Shop(a_tier("here", 1, "1", free=True, prices=(replace(nothing, cache_read_usd=Decimal(0)),)))
    assert "It is free." in shop.detail("here")
    assert "  Here (here)  free  this and that" in shop.overview()


def test_routes_of_the_team_can_be_asked_for_too() -> None:
    shop = Shop(a_tier("day", 2, "1"), routes=(Route("house", ("a", "b")),))
    assert "Your team also has: house (a, else b)." in shop.overview()


def test_who_is_paused_reads_it_first() -> None:
    frozen = Shop(a_tier("day", 2, "1")).of(replace(ANNA, frozen=True))
    assert overview_lines(frozen, ZONE)[1] == "Asking is paused for you at the moment, whatever the model."


def test_who_may_not_ask_here_reads_it_first() -> None:
    shop = Shop(a_tier("day", 2, "1"))
    shut = overview_for(ANNA, shop.catalogue, shop.rules, shop.health, today=START.date(), may_ask=False)
    assert overview_lines(shut, ZONE)[1] == "You may not ask here, whatever the model; /limit shows why."


def test_no_model_says_who_can_change_that() -> None:
    assert Shop().overview() == Shop().everything() == (NONE_YET,)


def test_practice_vectors_and_models_without_a_price_are_not_offered_to_a_team() -> None:
    later = a_price(effective_from=date(2027, 1, 1))
    models = (a_tier("p", 1, "1", provider=PRACTICE), a_tier("e", 1, "1", embeds=True), a_model(prices=(later,)))
    assert START.date() < date(2027, 1, 1)
    assert Shop(*models).of(ANNA).models == ()
    demo = replace(ANNA, team=replace(TEAM, demo=True))
    assert [each.model.id for each in Shop(*models).of(demo).models] == ["p"]
    with pytest.raises(UnknownModel, match='There is no model "e" here'):
        ModelList.find(Shop(*models).of(ANNA), "e")
