"""How a model is found by what somebody typed."""

import pytest

from core.errors import UnknownModel
from core.models import MOST_LISTED, find_model
from tests.fakes import a_model

DIRECT = a_model(id="claude-haiku", title="Claude Haiku", wire_name="claude-haiku-2026")
THROUGH = a_model(id="openrouter/claude-haiku", title="Claude Haiku (OpenRouter)", wire_name="anthropic/claude-haiku-5")
OTHER = a_model(id="openrouter/kimi", title="Kimi", wire_name="moonshot/kimi-k3")


@pytest.mark.parametrize("typed", ["claude-haiku", " CLAUDE-haiku ", "Claude Haiku", "claude-haiku-2026"])
def test_a_model_is_found_by_any_of_its_names(typed: str) -> None:
    assert find_model((THROUGH, DIRECT, OTHER), typed) is DIRECT


def test_the_name_without_its_provider_finds_it_where_nothing_has_that_very_name() -> None:
    assert find_model((OTHER, THROUGH), "claude-haiku") is THROUGH
    assert find_model((OTHER, THROUGH), "kimi") is OTHER


@pytest.mark.parametrize("typed", ["", "/", "haiku", "router/kimi"])
def test_a_part_of_a_name_finds_nothing(typed: str) -> None:
    with pytest.raises(UnknownModel):
        find_model((OTHER, THROUGH), typed)


def test_few_choices_are_listed_and_of_many_the_nearest() -> None:
    with pytest.raises(UnknownModel, match=r'no model "kimmi".*Models you can use: house, openrouter/kimi\.'):
        find_model((OTHER,), "kimmi", others=["house"])
    many = [a_model(id=f"model-{number}", title="", wire_name="") for number in range(MOST_LISTED + 1)]
    with pytest.raises(
        UnknownModel, match=r"Did you mean openrouter/kimi\? /models all lists the 10 that you can use\."
    ):
        find_model([*many, OTHER], "openruter/kimmi")
    with pytest.raises(
        UnknownModel, match=r'There is no model "zzz" here\. /models all lists the 9 that you can use\.'
    ):
        find_model(many, "zzz")
    with pytest.raises(UnknownModel, match="none yet: no provider is connected"):
        find_model((), "any")
