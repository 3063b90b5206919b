"""What setting a rule did, and everything that is set, as people read it."""

from datetime import UTC, datetime

import pytest

from core.policy import ALL, ALLOW, DENY, EVERYONE, NONE, Ruled, Setting, Whom, member_target, own_target
from core.quota import SetBy
from core.shown_rules import RuleChange, TargetRules, TeamRules
from core.text.policy import lines
from core.text.rule_words import in_words
from tests.bookkeeping import USD

NOVEMBER_3 = int(datetime(2026, 11, 3, 23, 30, tzinfo=UTC).timestamp() * 1000)
CALLED = {"mbr_ada": "Ada", "member:mbr_bo": "Bo", "own:mbr_bo": "Bo", "channel:slack:C1": "#general"}
TEAM, BO, CHANNEL = Whom(EVERYONE, EVERYONE), Whom(member_target("mbr_bo"), "Bo"), Whom("channel:slack:C1", "#general")
MINE = Whom(own_target("mbr_bo"), "you")


def ruled(value: str, target: str = EVERYONE, by: str = "mbr_ada", at_ms: int = NOVEMBER_3) -> Ruled:
    return Ruled(value, SetBy(target, by, at_ms))


def change(whom: Whom, setting: Setting, before: str, after: str, **fields: object) -> tuple[str, ...]:
    """What is said of a change."""
    known = {"changed": before != after, "others": (), "applies": None, "called": CALLED}
    return lines(RuleChange(whom, setting, before, after, **(known | fields)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        (Setting.MONTH, str(5 * USD), "$5.00 a month"),
        (Setting.DAY, NONE, "no daily limit"),
        (Setting.ASK, NONE, "no limit of one ask"),
        (Setting.ASK, str(USD // 20), "$0.05 for one ask"),
        (Setting.CHANNEL_WEEK, str(USD), "$1.00 a week for the whole channel"),
        (Setting.CARRY_OVER, "0", "nothing carried over"),
        (Setting.CARRY_OVER, str(USD), "up to $1.00 carried over"),
        (Setting.IN_FLIGHT, "1", "1 ask at a time"),
        (Setting.MODELS, ALL, "every model"),
        (Setting.MODELS, "a,b,c", "only a, b and c"),
        (Setting.REGIONS, "eu,mars", "questions only in the European Union and in mars"),
        (Setting.DATA_COLLECTION, DENY, "no provider that may keep or train on questions"),
        (Setting.UNPROVEN_RETENTION, DENY, "only providers that keep nothing"),
        (Setting.SECRETS, DENY, "no questions with a secret in them"),
        (Setting.MAY_ASK, DENY, "may not ask"),
        (Setting.MAY_ASK, ALLOW, "may ask"),
        (Setting.MAY_ASK, "", ""),
        (Setting.TAG, "launch", "tag launch where a question names none"),
        (Setting.TAG, NONE, "no tag of its own"),
    ],
)
def test_each_rule_in_words(setting: Setting, value: str, words: str) -> None:
    assert in_words(setting, value) == words


def test_a_new_month_has_what_was_spent_before_in_it_and_a_new_day_begins_at_nothing() -> None:
    month = change(TEAM, Setting.MONTH, str(5 * USD), str(10 * USD))
    assert month[0] == "Everyone: $10.00 a month (before: $5.00 a month)."
    assert "with what was used before in it" in month[1]
    day = change(TEAM, Setting.DAY, "", str(USD))
    assert day == (
        "Everyone: $1.00 a day (nothing was set before).",
        "It counts from now on: what was spent before is not in it.",
    )
    counted = change(BO, Setting.DAY, "", str(USD), others=((TEAM, ruled(str(2 * USD))),))
    assert "with what was used before in it" in counted[1]


def test_who_keeps_a_rule_of_their_own_is_named_and_of_many_a_few() -> None:
    others = tuple((Whom(member_target(f"m{n}"), f"M{n}"), ruled(str(USD))) for n in range(8))
    said = change(TEAM, Setting.MONTH, "", str(5 * USD), others=others)[-1]
    assert said == (
        "What is set for M0 ($1.00 a month), M1 ($1.00 a month), M2 ($1.00 a month), M3 ($1.00 a month), "
        "M4 ($1.00 a month) and 3 more stays, and counts before it."
    )
    assert len(change(BO, Setting.MONTH, "", str(USD), others=((TEAM, ruled(str(5 * USD))),))) == 2


def test_of_what_forbids_all_holds() -> None:
    said = change(TEAM, Setting.SECRETS, DENY, "", others=((BO, ruled(DENY, BO.target)),))
    assert said == (
        "Everyone: the rule of questions with a secret in them is taken away "
        "(it was: no questions with a secret in them).",
        "It is set for Bo (no questions with a secret in them) too: all of it holds.",
    )


def test_what_applies_is_said_where_it_is_not_what_was_set() -> None:
    gone = change(BO, Setting.MONTH, str(USD), "", applies=ruled(str(5 * USD)))
    assert gone == (
        "Bo: the monthly limit is taken away (it was: $1.00 a month).",
        "What applies to Bo is $5.00 a month (the team's rule).",
    )
    mine = change(MINE, Setting.MONTH, "", str(9 * USD), applies=ruled(str(5 * USD)))
    assert mine[0] == "You, by your own choice: $9.00 a month (nothing was set before)."
    assert mine[-1] == "What applies to you is $5.00 a month (the team's rule, which is lower)."
    bos = change(BO, Setting.MONTH, "", str(9 * USD), applies=ruled(str(USD), own_target("mbr_bo")))
    assert bos[-1] == "What applies to Bo is $1.00 a month (their own choice, which is lower)."


def test_nothing_changed_is_said() -> None:
    said = "It was so already; nothing was changed."
    assert change(BO, Setting.DAY, str(USD), str(USD)) == (f"Bo: $1.00 a day. {said}",)
    assert change(BO, Setting.DAY, "", "") == (f"Bo: the daily limit was not set. {said}",)


def test_everything_that_is_set_begins_with_everyone_and_says_who_set_it_when_in_the_teams_zone() -> None:
    rules = TeamRules(
        rules=(
            (TEAM, {Setting.MONTH: ruled(str(5 * USD), by="", at_ms=0), Setting.DAY: ruled(str(USD))}),
            (Whom("guests", "guests"), {Setting.MAY_ASK: ruled(ALLOW, "guests", by="operator")}),
            (CHANNEL, {Setting.MODELS: ruled("mistral", CHANNEL.target, by="mbr_who_left")}),
            (Whom(own_target("mbr_bo"), "Bo"), {Setting.DAY: ruled("0", own_target("mbr_bo"), by="mbr_bo")}),
        ),
        here=CHANNEL.target,
        in_flight=3,
        called=CALLED,
        zone_key="Europe/Berlin",
    )
    assert lines(rules)[:5] == (
        "Everyone: $1.00 a day (Ada, 4 November); $5.00 a month (as the team began).",
        "  3 asks at a time (the default).",
        "Guests: may ask (the operator, 4 November).",
        "In #general (here): only mistral (somebody who left, 4 November).",
        "Bo, by their own choice: $0.00 a day (4 November).",
    )


def test_a_long_list_is_cut_and_says_so() -> None:
    many = tuple((Whom(member_target(f"m{n}"), f"M{n}"), {Setting.DAY: ruled("0")}) for n in range(300))
    said = lines(TeamRules(((TEAM, {}), *many), "", 3, CALLED, "UTC"))
    assert len(said) < 30
    assert "And 280 more; /admin policy NAME shows one." in said


def test_a_channel_without_rules_is_said_to_have_none() -> None:
    nothing = lines(TargetRules(CHANNEL, {}, CALLED, "UTC"))
    assert nothing == ("In #general: nothing is set; the rules for everyone count.",)
