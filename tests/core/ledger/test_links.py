"""Two accounts become one person: by a code, agreed to on both sides; one quota, whoever asks, and however often."""

from typing import Any

import pytest
import pytest_asyncio

from core.operations import Reason, Typed, WrongCode
from core.rows import ActRow, NoticeRow
from tests.bookkeeping import (
    enrol,
    restore,
    set_gone,
)
from tests.core.ledger.conftest import Ledger
from tests.core.ledger.linked import ANNAS, BENS, both, member
from tests.forgetting import forget
from tests.linking import DISCORD, SLACK, agree, give, joined, linking, part, typed


@pytest_asyncio.fixture
async def ledger() -> Ledger:
    """Anna, and Ben who is her."""
    return await both()


# --- how it comes to it ---


async def test_both_sides_agree_before_anything_is_joined(ledger: Ledger) -> None:
    give_it, type_it, agree_to_it, join_it = linking()
    await ledger.apply(give_it)
    said = await ledger.apply(type_it)
    assert said == Typed(link_id="code", team_id="team", member_id="anna", place=SLACK, state="typed")
    assert await ledger.refusal(join_it) is Reason.NOT_DUE
    await ledger.apply(agree_to_it)
    (asked,) = ledger.books.rows(NoticeRow)
    assert (asked.kind, asked.member_id, asked.about, asked.words) == ("link", "anna", "code", "Is that you?")
    assert member(ledger, "ben").same_as == ""
    await ledger.apply(join_it)
    assert (member(ledger, "ben").same_as, member(ledger, "anna").same_as) == ("anna", "")
    (act,) = (row for row in ledger.books.rows(ActRow) if row.kind == "link")
    assert (act.actor, act.subject) == ("anna", "ben")


async def test_a_code_is_good_once_and_for_whom_it_was_typed_by(ledger: Ledger) -> None:
    await ledger.apply(enrol("cem", workspace=DISCORD, identity=f"{DISCORD}/cem"))
    await ledger.apply(give("1"))
    await ledger.apply(typed("2"))
    assert await ledger.refusal(typed("3", "cem", place=DISCORD)) is Reason.DECIDED
    assert isinstance(await ledger.apply(typed("4")), Typed)
    await ledger.apply(agree("5"))
    assert await ledger.refusal(agree("6")) is Reason.UNCHANGED
    await ledger.apply(joined("7"))
    assert await ledger.refusal(joined("8")) is Reason.DECIDED
    assert await ledger.refusal(typed("9")) is Reason.DECIDED


async def test_a_code_is_typed_and_agreed_to_within_ten_minutes_each(ledger: Ledger) -> None:
    await ledger.apply(give("1"))
    ledger.clock.advance(599)
    await ledger.apply(typed("2"))
    await ledger.apply(agree("3"))
    ledger.clock.advance(599)
    await ledger.apply(joined("4"))
    await ledger.apply(part("5"))
    await ledger.apply(give("6", code="late"))
    await ledger.apply(typed("7", code="late"))
    await ledger.apply(agree("8", code="late"))
    ledger.clock.advance(600)
    assert await ledger.refusal(joined("9", code="late")) is Reason.OVER
    await ledger.apply(give("10", code="later"))
    ledger.clock.advance(600)
    assert await ledger.refusal(typed("11", code="later")) is Reason.OVER


async def test_a_code_made_while_the_clock_was_ahead_is_over(ledger: Ledger) -> None:
    await ledger.apply(give("1"))
    ledger.clock.advance(-7200)
    assert await ledger.refusal(typed("2")) is Reason.OVER


async def test_wrong_codes_are_counted_by_the_hour_and_then_no_code_is_taken(ledger: Ledger) -> None:
    await ledger.apply(give("1"))
    wrong = [await ledger.apply(typed(f"w{number}", code=f"none{number}")) for number in range(5)]
    assert [outcome.left for outcome in wrong if isinstance(outcome, WrongCode)] == [4, 3, 2, 1, 0]
    assert await ledger.refusal(typed("2")) is Reason.GUESSED
    ledger.clock.advance(3600)
    await ledger.apply(give("3", code="new"))
    assert isinstance(await ledger.apply(typed("4", code="new")), Typed)


@pytest.mark.parametrize(
    ("by", "fields", "reason"),
    [
        ("anna", {}, Reason.OWN_CODE),
        ("cem", {"place": SLACK}, Reason.SAME_WORKSPACE),
        ("zoe", {"team_id": "others", "wallet_id": "wal2"}, Reason.OTHER_TEAM),
        ("ben", {"kind": "teams", "by_right": True}, Reason.OTHER_KIND),
        ("ben", {"gone": True}, Reason.SUSPENDED),
        ("zoe", {}, Reason.NOT_FOUND),
    ],
)
async def test_a_code_is_not_taken(ledger: Ledger, by: str, fields: dict[str, Any], reason: Reason) -> None:
    await ledger.apply(enrol("cem", workspace=SLACK, identity=f"{SLACK}/cem"))
    await ledger.apply(enrol("zoe", team="others", wallet="wal2"))
    await ledger.apply(give("1"))
    assert await ledger.refusal(typed("2", by, **fields)) is reason


async def test_who_left_joins_nothing(ledger: Ledger) -> None:
    await ledger.apply(give("1"))
    await ledger.apply(typed("2"))
    await ledger.apply(set_gone("3", "ben", identity=BENS))
    assert await ledger.refusal(agree("4")) is Reason.SUSPENDED
    await ledger.apply(restore("5", "ben"))
    await ledger.apply(agree("6"))
    await ledger.apply(set_gone("7", "anna", identity=ANNAS))
    assert await ledger.refusal(joined("8")) is Reason.SUSPENDED
    assert await ledger.refusal(give("9", code="x")) is Reason.SUSPENDED


async def test_who_is_forgotten_joins_nothing(ledger: Ledger) -> None:
    for step in linking()[:3]:
        await ledger.apply(step)
    await ledger.apply(forget("bye", "ben", identities=()))
    assert await ledger.refusal(linking()[3]) is Reason.NOT_FOUND


async def test_nobody_else_agrees_for_them(ledger: Ledger) -> None:
    await ledger.apply(enrol("cem", workspace=SLACK, identity=f"{SLACK}/cem"))
    await ledger.apply(give("1"))
    await ledger.apply(typed("2"))
    assert await ledger.refusal(agree("3", "cem")) is Reason.NOT_FOUND
    await ledger.apply(agree("4"))
    for other in ("cem", "ben"):
        assert await ledger.refusal(joined(f"5{other}", other)) is Reason.NOT_FOUND
