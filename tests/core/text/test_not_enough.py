"""Refusals name the limit, who set it, the numbers, when it starts anew, and what to do next."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.money import NANOS_PER_USD as USD
from core.operations import Reason, Refused
from core.periods import Calendar, Moment
from core.quota import Limit, Scope, SetBy
from core.quote import Quote
from core.text.not_enough import cannot_hold, still_fits

CENT = USD // 100
NOON = Moment(Calendar(ZoneInfo("Europe/Berlin")), datetime(2026, 11, 21, 12, tzinfo=UTC))
SET_AT_MS = int(datetime(2026, 11, 2, 23, 30, tzinfo=UTC).timestamp() * 1000)


def told(scope: Scope, by: SetBy | None = None, *, used: int = 4 * USD, held: int = 0, **limit: int) -> str:
    """The sentence for a limit of $5.00 that has no room for 2 cents."""
    known: dict[str, Any] = {"at_most": 5 * USD} | limit
    refused = Refused(
        reason=Reason.LIMIT, needed=2 * CENT, used=used, held=held, limit=Limit(scope, "mbr_1", "", **known, set_by=by)
    )
    return cannot_hold(refused, running_asks=0, moment=NOON, names={"mbr_ada": "Ada"})


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("everyone", "Set for everyone by Ada on 3 November."),
        ("role:slack:S1", "Set for a role of yours by Ada on 3 November."),
        ("channel:slack:C1", "Set for this channel by Ada on 3 November."),
        ("member:mbr_1", "Set for you by Ada on 3 November."),
        ("own:mbr_1", "You set it yourself on 3 November."),
        ("guests", "Set for guests by Ada on 3 November."),
    ],
)
def test_says_who_set_it_for_whom_and_on_which_local_day(target: str, words: str) -> None:
    assert words in told(Scope.MEMBER_MONTH, SetBy(target, "mbr_ada", SET_AT_MS))


@pytest.mark.parametrize(
    ("target", "words"),
    [("everyone", "You set it for everyone on 3 November."), ("member:mbr_1", "You set it for yourself on 3 Nov")],
)
def test_whoever_set_it_is_told_so_and_never_that_you_set_it_for_you(target: str, words: str) -> None:
    limit = Limit(Scope.MEMBER_MONTH, "mbr_1", "", USD, set_by=SetBy(target, "mbr_1", SET_AT_MS))
    refused = Refused(reason=Reason.LIMIT, needed=CENT, used=USD, limit=limit)
    assert words in cannot_hold(refused, running_asks=0, moment=NOON, names={"mbr_1": "Bo"}, reader="mbr_1")


def test_an_empty_wallet_is_told_from_one_with_too_little_in_it() -> None:
    empty, little = (Refused(reason=Reason.WALLET_EMPTY, needed=2 * CENT, available=left) for left in (0, CENT))
    first, second = (cannot_hold(each, running_asks=0, moment=NOON, names={}) for each in (empty, little))
    assert first.startswith("The team wallet is empty, and this ask needs 2 cents. /request asks the admins")
    assert second.startswith("The team wallet has 1 cent left, and this ask needs 2 cents. /request asks the admins")


def test_a_limit_under_a_cent_is_not_shown_as_nothing() -> None:
    assert "$4.00 of 0.5 cents used" in told(Scope.MEMBER_MONTH, at_most=CENT // 2)


def test_a_default_was_set_by_nobody() -> None:
    assert "Set " not in told(Scope.MEMBER_MONTH, SetBy("everyone"))


def test_names_nobody_who_was_forgotten() -> None:
    assert "by somebody who left" in told(Scope.MEMBER_MONTH, SetBy("everyone", "mbr_gone", SET_AT_MS))


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope.MEMBER_DAY, "Your daily limit leaves too little: $4.00 of $5.00 used, and this ask needs 2 cents. "
         "It starts anew on 22 November, 00:00 (Europe/Berlin); /request asks the admins for more. Not charged."),
        (Scope.MEMBER_WEEK, "Your weekly limit leaves too little: $4.00 of $5.00 used, and this ask needs 2 cents. "
         "It starts anew on 23 November; /request asks the admins for more. Not charged."),
        (Scope.CHANNEL_MONTH, "This channel's monthly limit leaves too little: $4.00 of $5.00 used, and this ask needs "
         "2 cents. It starts anew on 1 December; /request asks the admins for more. Not charged."),
        (Scope.THREAD, "The limit of this conversation leaves too little: $4.00 of $5.00 used, and this ask needs "
         "2 cents. A new conversation begins at nothing (/new). /request asks the admins for more. Not charged."),
    ],
)  # fmt: skip
def test_every_kind_of_limit_has_its_name_its_end_and_its_next_step(scope: Scope, words: str) -> None:
    assert told(scope) == words


def test_tells_a_limit_that_is_used_up_from_one_that_has_too_little_left() -> None:
    assert told(Scope.MEMBER_MONTH, used=5 * USD).startswith("Your monthly limit is reached: $5.00 of $5.00 used, ")
    assert told(Scope.MEMBER_MONTH, used=3 * USD, held=2 * USD).startswith("Your monthly limit is reached: $3.00 of ")
    small = told(Scope.MEMBER_MONTH, used=CENT // 2, at_most=CENT)
    assert small.startswith(
        "Your monthly limit leaves too little: 0.5 cents of 1 cent used, and this ask needs 2 cents"
    )


def test_says_what_was_carried_over_and_granted_and_what_running_asks_hold() -> None:
    said = told(Scope.MEMBER_MONTH, at_most=8 * USD, carried=USD, granted=2 * USD, used=7 * USD, held=USD)
    assert "$7.00 of $8.00 (with $1.00 carried over and $2.00 granted) used and $1.00 held by your running asks" in said


def test_ones_own_limit_is_taken_away_by_oneself() -> None:
    said = told(Scope.MEMBER_MONTH, SetBy("own:mbr_1", "mbr_1", SET_AT_MS))
    assert "/limit me off takes it away." in said
    assert "/request" not in said


def test_a_free_model_is_said_to_be_free() -> None:
    assert still_fits(Quote("ollama/x", "Llama", "chat", 0, 0, 1)) == "Llama is free and can answer it now."
    dear = Quote("m", "Mistral", "chat", CENT, 2 * CENT, 1)
    assert still_fits(dear) == "Mistral still fits: about 1 cent, at most 2 cents."
