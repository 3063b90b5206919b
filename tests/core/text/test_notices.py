"""What admins read: plain, in a line, and never the same price twice."""

from datetime import date

import pytest

from core.text.notices import MODELS_FILE_MENDED, model_gone, models_file_broken, price_changed
from tests.fakes import a_model

MODEL = a_model(title="GPT-6 Luna", provider="openai", provider_title="OpenAI", wire_name="gpt-6-luna")


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (1_200_000, 1_400_000, "GPT-6 Luna: a typical question now costs 0.14 cents instead of 0.12, from 1 December."),
        (
            14_000_000,
            2_000_000_000,
            "GPT-6 Luna: a typical question now costs $2.00 instead of 1.4 cents, from 1 December.",
        ),
        (1_200_000, 0, "GPT-6 Luna: a typical question now is free instead of 0.12 cents, from 1 December."),
        (0, 1_200_000, "GPT-6 Luna: a typical question now costs 0.12 cents instead of free, from 1 December."),
        (1_200_000, 1_200_001, ""),
    ],
)
def test_a_price_change_is_one_line(was: int, now: int, expected: str) -> None:
    assert price_changed(MODEL, was, now, date(2026, 12, 1)) == expected


def test_a_model_that_is_gone_is_named_with_its_provider() -> None:
    assert model_gone(MODEL).startswith(
        'GPT-6 Luna is not offered any more: OpenAI says that it has no model "gpt-6-luna".'
    )


def test_a_broken_file_is_named_with_its_place() -> None:
    assert models_file_broken('house.toml, line 17, model "x": prices.input is missing.').endswith(
        'until it is mended: house.toml, line 17, model "x": prices.input is missing.'
    )
    assert "in order again" in MODELS_FILE_MENDED
