"""What people type to set a rule: read as it was meant, or refused with what to type instead."""

import pytest

from core.errors import BadInput
from core.policy import ALL, ALLOW, DENY, EVERYONE, NONE, Setting, member_target, own_target
from core.policy.typed import WORDS, Known, Said, setting_of, split_limit, split_rule, value_of, word_of
from tests.fakes import a_model

KNOWN = Known(
    models=(
        a_model(id="claude-haiku", title="Claude Haiku 5", provider="anthropic", region="us"),
        a_model(id="mistral-large", title="Mistral Large", provider="mistral", region="eu"),
        a_model(id="openrouter/mini", title="Mini", provider="openrouter", region=""),
    ),
    providers=("anthropic", "mistral", "openrouter"),
)
ANNA, OWN = member_target("anna"), own_target("anna")
NAMES = ("anna", "anna day", "bo li", "everyone", "#chat", "me")


def is_known(typed: str) -> bool:
    """Whether somebody is called that."""
    return typed.casefold() in NAMES


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("everyone month 10", Said("everyone", Setting.MONTH, "10")),
        ("  Bo   Li  day  2 ", Said("Bo Li", Setting.DAY, "2")),
        ("Anna Day month 5", Said("Anna Day", Setting.MONTH, "5")),
        ("Anna day 5", Said("Anna", Setting.DAY, "5")),
        ("anna day", Said("anna day")),
        ("#chat models mistral, claude haiku", Said("#chat", Setting.MODELS, "mistral, claude haiku")),
        ("everyone may_ask deny", Said("everyone", Setting.MAY_ASK, "deny")),
        ("Everyone Channel-Day 5", Said("Everyone", Setting.CHANNEL_DAY, "5")),
        ("everyone month", Said("everyone", Setting.MONTH, "")),
        ("anna", Said("anna")),
        ("nobody month 5", Said("nobody", Setting.MONTH, "5")),
        ("nobody at all", Said("nobody at all")),
    ],
)
def test_a_rule_is_whom_what_and_how_much(typed: str, said: Said) -> None:
    assert split_rule(typed, is_known) == said


@pytest.mark.parametrize("typed", ["anna months 5", "bo li budget 5"])
def test_what_cannot_be_set_is_told_with_what_can(typed: str) -> None:
    with pytest.raises(BadInput, match=r"can be set.*There is: day, week.*Nothing was changed"):
        split_rule(typed, is_known)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("anna", Said("anna")),
        ("Bo Li 5", Said("Bo Li", Setting.MONTH, "5")),
        ("bo li day 1", Said("bo li", Setting.DAY, "1")),
        ("anna day 1", Said("anna", Setting.DAY, "1")),
        ("me off", Said("me", Setting.MONTH, "off")),
        ("me ask 0.05", Said("me", Setting.ASK, "0.05")),
        ("anna 1 000", Said("anna 1", Setting.MONTH, "000")),
        ("anna models 5", Said("anna models", Setting.MONTH, "5")),
    ],
)
def test_a_limit_is_a_months_unless_it_says_otherwise(typed: str, said: Said) -> None:
    assert split_limit(typed, is_known) == said


def test_an_amount_alone_is_nobodys() -> None:
    with pytest.raises(BadInput, match="whose limit"):
        split_limit("5", is_known)


@pytest.mark.parametrize("typed", ["x" * 50_000, "anna " * 10_000, "anna month " + "9" * 50_000])
def test_what_is_longer_than_any_rule_is_refused_at_once(typed: str) -> None:
    for split in (split_rule, split_limit):
        with pytest.raises(BadInput, match="longer than any"):
            split(typed, is_known)


@pytest.mark.parametrize(
    ("target", "setting", "typed", "value"),
    [
        (EVERYONE, Setting.MONTH, "10", "10000000000"),
        (EVERYONE, Setting.MONTH, " $1,000.50 ", "1000500000000"),
        (EVERYONE, Setting.MONTH, "0", "0"),
        (EVERYONE, Setting.MONTH, "none", NONE),
        (EVERYONE, Setting.MONTH, "Unlimited", NONE),
        (EVERYONE, Setting.MONTH, "clear", ""),
        (ANNA, Setting.DAY, "off", NONE),
        (OWN, Setting.DAY, "off", ""),
        (OWN, Setting.DAY, "none", ""),
        (EVERYONE, Setting.CARRY_OVER, "none", "0"),
        (EVERYONE, Setting.CARRY_OVER, "5", "5000000000"),
        (EVERYONE, Setting.ASK, "0.05", "50000000"),
        (EVERYONE, Setting.IN_FLIGHT, "3", "3"),
        (EVERYONE, Setting.IN_FLIGHT, "007", "7"),
        (EVERYONE, Setting.MODELS, "mistral", "mistral"),
        (EVERYONE, Setting.MODELS, "Claude Haiku 5", "claude-haiku"),
        (EVERYONE, Setting.MODELS, "mistral, mini,MISTRAL", "mistral,openrouter/mini"),
        (EVERYONE, Setting.MODELS, "mistral claude-haiku", "mistral,claude-haiku"),
        (EVERYONE, Setting.MODELS, "all", ALL),
        (EVERYONE, Setting.REGIONS, "EU, us", "eu,us"),
        (EVERYONE, Setting.UNPROVEN_RETENTION, "on", DENY),
        (EVERYONE, Setting.UNPROVEN_RETENTION, "off", ""),
        (EVERYONE, Setting.DATA_COLLECTION, "deny", DENY),
        (EVERYONE, Setting.DATA_COLLECTION, "allow", ""),
        (EVERYONE, Setting.SECRETS, "no", DENY),
        ("guests", Setting.MAY_ASK, "allow", ALLOW),
        ("guests", Setting.MAY_ASK, "deny", DENY),
        (EVERYONE, Setting.TAG, "#Launch", "launch"),
        (EVERYONE, Setting.TAG, "none", "none"),
        (EVERYONE, Setting.TAG, "clear", ""),
        (EVERYONE, Setting.TAG, "#clear", "clear"),
    ],
)
def test_values_as_people_write_them(target: str, setting: Setting, typed: str, value: str) -> None:
    assert value_of(target, setting, typed, KNOWN) == value


@pytest.mark.parametrize(
    ("target", "setting", "typed", "why"),
    [
        (EVERYONE, Setting.MONTH, "-5", "cannot be negative"),
        (EVERYONE, Setting.MONTH, "5 euros", "not an amount in US dollars"),
        (EVERYONE, Setting.MONTH, "1e5", "not an amount"),
        (EVERYONE, Setting.MONTH, "٣", "not an amount"),
        (EVERYONE, Setting.MONTH, "5,50", "comma as thousands"),
        (EVERYONE, Setting.MONTH, "1000001", "is the most"),
        (EVERYONE, Setting.MONTH, "", "Type how much: month 5"),
        (EVERYONE, Setting.IN_FLIGHT, "0", "not a number of asks from 1 to 50"),
        (EVERYONE, Setting.IN_FLIGHT, "51", "not a number of asks"),
        (EVERYONE, Setting.IN_FLIGHT, "none", "not a number of asks"),
        (EVERYONE, Setting.IN_FLIGHT, "٣", "not a number of asks"),
        (EVERYONE, Setting.MODELS, "mistrl", "There is no model .mistrl.* mistral"),
        (EVERYONE, Setting.MODELS, "none", "models all allows every one"),
        (EVERYONE, Setting.MODELS, ",,,", "Type which models"),
        (EVERYONE, Setting.REGIONS, "mars", "There is: eu, us"),
        (EVERYONE, Setting.REGIONS, "all", "Type where questions may go"),
        (EVERYONE, Setting.UNPROVEN_RETENTION, "perhaps", "zdr on"),
        (EVERYONE, Setting.MAY_ASK, "5", "may-ask allow or may-ask deny"),
        (ANNA, Setting.THREAD, "5", "set for a channel, or for everyone"),
        (ANNA, Setting.TAG, "launch", "tag is set for a channel, or for everyone"),
        (EVERYONE, Setting.TAG, "", "Type which: tag launch"),
        (EVERYONE, Setting.TAG, "fff", '"fff" is no tag'),
        (EVERYONE, Setting.TAG, "two words", "is no tag"),
        (OWN, Setting.IN_FLIGHT, "2", "For yourself you can set day, week, month, ask"),
    ],
)
def test_what_cannot_be_a_value_changes_nothing_and_says_why(
    target: str, setting: Setting, typed: str, why: str
) -> None:
    with pytest.raises(BadInput, match=f"{why}.*Nothing was changed"):
        value_of(target, setting, typed, KNOWN)


def test_every_setting_has_a_word_that_means_it() -> None:
    assert [setting_of(word_of(setting)) for setting in Setting] == list(Setting)
    assert set(WORDS.values()) == set(Setting)
