"""What admins type as a refill rule, and what its button carries."""

import pytest

from core.errors import BadInput
from core.refill_rule import RefillRule, carried, carried_from, refill_id, rule_from, rule_typed
from tests.bookkeeping import USD

RULE = RefillRule(5 * USD, 25 * USD, 100 * USD)


@pytest.mark.parametrize(
    "typed",
    [
        "below 5 add 25 at most 100",
        "below $5 add $25, at most $100 a month",
        "Below 5.00, add 25.00 and at most 100 per month.",
        "  below  5   add 25\tat most 100 ",
    ],
)
def test_a_rule_is_read_as_people_write_it(typed: str) -> None:
    assert rule_typed(typed) == RULE
    assert rule_from(RULE.kept) == RULE


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("5 25 100", "I cannot read that as a refill rule"),
        ("below 5 add 25", "I cannot read that as a refill rule"),
        ("below five add 25 at most 100", '"five" is not an amount in US dollars'),
        ("below 0 add 25 at most 100", "never below nothing"),
        ("below 5 add 0.99 at most 100", r"The least that is added at a time is \$1\.00"),
        ("below 5 add 25 at most 24.99", r"At most \$24\.99 a month would never let \$25\.00"),
        ("below 5 add 1,000,001 at most 2,000,000", r"\$1,000,000\.00 is the most in one go"),
        ("below -5 add 25 at most 100", "cannot be negative"),
    ],
)
def test_what_is_no_rule_is_refused_with_a_sentence(typed: str, why: str) -> None:
    with pytest.raises(BadInput, match=rf"{why}.*Nothing was changed\."):
        rule_typed(typed)


@pytest.mark.parametrize("kept", ["", "5 25", "a b c", "-5 25 100", "٣ 25 100", f"{'9' * 17} 1 1"])
def test_what_keeps_no_rule_is_none(kept: str) -> None:
    assert rule_from(kept) is None


def test_another_wallet_top_up_or_rule_is_another_refill() -> None:
    ids = {refill_id(wallet, since, rule) for wallet in "ab" for since in "xy" for rule in (RULE, RefillRule(1, 2, 3))}
    assert len(ids) == 8
    assert refill_id("a", "x", RULE) in ids


def test_a_button_carries_which_one_and_how_much_in_the_room_that_discord_gives() -> None:
    offer = refill_id("a", "x", RULE)
    text = carried(offer, 10**15)
    assert carried_from(text) == (offer, 10**15)
    assert len(f"refill {text} {2**63}") <= 100


@pytest.mark.parametrize(
    "text", ["", "refill_1.5", f"refill_{'a' * 32}", f"topup_{'a' * 32}.5", f"refill_{'a' * 32}.{10**15 + 1}"]
)
def test_what_no_button_of_ours_carries_is_none(text: str) -> None:
    assert carried_from(text) is None
