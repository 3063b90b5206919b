import pytest

from core.errors import AmountNotUnderstood
from core.money import parse_usd
from core.text.typed import split_amount


@pytest.mark.parametrize(
    ("typed", "amount", "words"),
    [
        ("25", "25", ""),
        ("25 November budget", "25", "November budget"),
        ("  $25.50   for  Q4 ", "$25.50", "for Q4"),
        ("$ 25 more", "$ 25", "more"),
        ("1,000 kilos of credit", "1,000", "kilos of credit"),
        ("", "", ""),
    ],
)
def test_the_amount_stands_first(typed: str, amount: str, words: str) -> None:
    assert split_amount(typed) == (amount, words)


@pytest.mark.parametrize("typed", ["25 euros", "25 Euros.", "1 000", "25 50", "5 cents", "25 € please", "2 k", "$", ""])
def test_no_part_of_an_amount_is_taken_for_a_reason(typed: str) -> None:
    with pytest.raises(AmountNotUnderstood):
        parse_usd(split_amount(typed)[0])
