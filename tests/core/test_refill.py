"""The refill rule: admins are asked once for each dip, and one press records one top-up, within the month's maximum."""

from dataclasses import replace

import pytest

from core.defaults import UNDO_TOP_UP_SECONDS
from core.errors import BadInput, BooksDamaged, NotAllowed
from core.people import AdminBecause
from core.reports import Act
from core.rows import ActRow, NoticeRow, PreferenceRow, TopUpRow
from core.text.acts import in_words
from core.top_up_ceiling import TopUpCeiling
from tests.bookkeeping import USD, enrol, refund, reverse, set_admin, top_up, zone
from tests.refilling import ANNA, BEN, CLEO, RULE, House, house

OFFERS = (
    "The team wallet is below $5.00: it has $4.00. The refill rule would add $25.00, which makes it $29.00; $0.00 of "
    "its $100.00 for this month is used. Nothing is added before an admin says so, and no card is charged."
)


async def low(most: int = 100, ceiling: TopUpCeiling | None = None) -> House:
    """Anna set the rule, and of ten dollars six are spent."""
    made = await house(ceiling)
    await made.books.apply(top_up("budget", 10 * USD))
    await made.refills.set(ANNA, f"below 5 add 25 at most {most}")
    await made.spend(6)
    return made


async def test_admins_are_asked_once_for_a_dip_with_one_button() -> None:
    team = await low()
    (notice,) = await team.round()
    assert (notice.words, notice.refill_nanos, notice.to) == (OFFERS, 25 * USD, None)
    assert notice.refill.startswith("refill_")
    await team.spend(1)
    assert [await team.round() for _ in range(3)] == [[], [], []]


async def test_at_the_line_itself_nobody_is_asked() -> None:
    team = await house()
    await team.books.apply(top_up("budget", 5 * USD))
    await team.refills.set(ANNA, RULE)
    assert await team.round() == []


async def test_one_press_records_it_and_the_next_dip_asks_again() -> None:
    team = await low()
    (notice,) = await team.round()
    assert await team.press(ANNA, notice) == "added"
    assert (team.balance, team.refilled) == (29, {"2026-11": 25})
    assert await team.round() == []
    await team.spend(25)
    (second,) = await team.round()
    assert "$25.00 of its $100.00 for this month is used" in second.words
    assert second.refill != notice.refill


async def test_pressed_twice_and_by_two_admins_it_is_one_top_up() -> None:
    team = await low()
    (notice,) = await team.round()
    assert [await team.press(admin, notice) for admin in (ANNA, CLEO, ANNA)] == ["added", "again", "again"]
    assert team.balance == 29


async def test_what_was_added_can_be_undone_from_every_card_while_it_can_be_undone_at_all() -> None:
    team = await low()
    (notice,) = await team.round()
    first = await team.refills.press(ANNA, notice.refill)
    second = await team.refills.press(CLEO, notice.refill)
    assert (second.again, second.undoable, second.top_up_id) == (True, True, first.top_up_id)
    team.clock.advance(UNDO_TOP_UP_SECONDS + 1)
    assert not (await team.refills.press(CLEO, notice.refill)).undoable


async def test_any_top_up_arms_it_again() -> None:
    team = await low()
    (first,) = await team.round()
    await team.books.apply(top_up("by-hand", USD // 2))
    (second,) = await team.round()
    assert second.id != first.id
    assert "budget came in since" in await team.press(ANNA, first)
    assert await team.press(ANNA, second) == "added"
    assert team.balance == 29


async def test_after_budget_came_in_a_press_adds_nothing() -> None:
    team = await low()
    (notice,) = await team.round()
    await team.books.apply(top_up("by-hand", 50 * USD))
    await team.books.apply(refund("slip", "by-hand"))
    await team.books.apply(top_up("again", 50 * USD))
    said = await team.press(ANNA, notice)
    assert "Nothing was recorded" in said and team.balance == 54


async def test_what_is_undone_is_the_same_dip_and_is_not_asked_about_again() -> None:
    team = await low()
    (notice,) = await team.round()
    await team.press(ANNA, notice)
    (record,) = (row for row in team.books.rows(TopUpRow) if row.id.startswith("refill_"))
    await team.books.apply(refund("undo", record.id))
    assert (team.balance, team.refilled) == (4, {"2026-11": 0})
    assert await team.round() == []
    assert await team.press(CLEO, notice) == "again"
    assert team.balance == 4


async def test_a_wallet_that_has_enough_again_by_what_was_given_back_takes_no_press() -> None:
    team = await low()
    (notice,) = await team.round()
    await team.books.apply(reverse("ask-1"))
    assert "The wallet has $10.00, which is not below $5.00" in await team.press(ANNA, notice)
    assert team.balance == 10


async def test_a_rule_that_was_changed_or_taken_away_takes_no_press() -> None:
    team = await low()
    (notice,) = await team.round()
    await team.refills.set(ANNA, "below 3 add 25 at most 100")
    assert "the rule was changed" in await team.press(ANNA, notice)
    await team.refills.set(ANNA, RULE)
    await team.refills.take_away(ANNA)
    assert "the rule was changed" in await team.press(ANNA, notice)
    assert team.balance == 4


async def test_who_is_no_admin_any_more_adds_nothing() -> None:
    team = await low()
    (notice,) = await team.round()
    await team.books.apply(set_admin("out", "cleo", admin=False))
    assert await team.press(CLEO, notice) == "Only admins of the team can change its budget. Nothing was recorded."
    assert "Only admins" in await team.press(BEN, notice)
    by_platform = replace(BEN, admin=True, because=(AdminBecause.PLATFORM,))
    assert await team.press(by_platform, notice) == "added"


async def test_the_months_maximum_is_kept_and_said_without_a_button() -> None:
    team = await low(most=30)
    (notice,) = await team.round()
    await team.press(ANNA, notice)
    await team.spend(25)
    (full,) = await team.round()
    assert full.refill == ""
    assert "offers nothing more this month: $25.00 of its $30.00 for this month is used" in full.words
    assert await team.round() == []
    with pytest.raises(BadInput, match=r"\$25\.00 of the \$30\.00 that the refill rule allows this month is used"):
        await team.refills.agree(ANNA)
    team.clock.advance(12 * 24 * 3600)
    (december,) = await team.round()
    assert await team.press(ANNA, december) == "added"
    assert team.refilled == {"2026-11": 25, "2026-12": 25}


async def test_exactly_the_maximum_fits() -> None:
    team = await low(most=25)
    (notice,) = await team.round()
    assert await team.press(ANNA, notice) == "added"


async def test_two_notices_at_the_end_of_a_month_share_its_maximum() -> None:
    """The rule is changed in between, so that there are two; together they would pass the month's maximum."""
    team = await house()
    await team.refills.set(ANNA, "below 50 add 30 at most 50")
    (first,) = await team.round()
    assert await team.press(ANNA, first) == "added"
    (second,) = await team.round()
    assert second.refill == ""
    await team.refills.set(ANNA, "below 60 add 20 at most 50")
    (third,) = await team.round()
    assert await team.press(CLEO, third) == "added"
    await team.refills.set(ANNA, "below 70 add 1 at most 50")
    (fourth,) = await team.round()
    assert (fourth.refill, team.refilled) == ("", {"2026-11": 50})


async def test_the_operators_ceiling_bounds_it_too() -> None:
    team = await low(most=100, ceiling=TopUpCeiling(100 * USD))
    for number in range(4):
        limit = TopUpCeiling(100 * USD).limit_of(ANNA.team, team.clock.now())
        await team.books.apply(top_up(f"hand-{number}", 24 * USD, limit=limit))
    await team.spend(96)
    (notice,) = await team.round()
    assert "TOPUP_MAX_USD_PER_MONTH" in await team.press(ANNA, notice)
    assert team.balance == 4 and "2026-11" not in team.refilled


async def test_a_rule_above_the_operators_ceiling_is_refused() -> None:
    team = await house(TopUpCeiling(50 * USD))
    with pytest.raises(BadInput, match=r"At most \$100\.00 a month is more than the \$50\.00"):
        await team.refills.set(ANNA, RULE)
    assert (await team.refills.set(ANNA, "below 5 add 25 at most 50")).rule is not None


async def test_only_admins_see_and_set_it() -> None:
    team = await house()
    for doing in (
        team.refills.set(BEN, RULE),
        team.refills.state(BEN),
        team.refills.take_away(BEN),
        team.refills.agree(BEN),
    ):
        with pytest.raises(NotAllowed, match="Only admins"):
            await doing


async def test_what_is_set_is_an_act_with_its_amounts() -> None:
    team = await house()
    await team.refills.set(ANNA, RULE)
    with pytest.raises(BadInput, match="already"):
        await team.refills.set(ANNA, RULE)
    team.clock.advance(1)
    assert await team.refills.take_away(ANNA) and not await team.refills.take_away(ANNA)
    acts = sorted((row for row in team.books.rows(ActRow) if row.kind == "refill"), key=lambda row: row.at_ms)
    said = [in_words(Act(row.actor, row.kind, "", row.words, 0, team.clock.now()), {"anna": "Anna"}) for row in acts]
    assert said == [
        "Anna set the refill rule: below $5.00 add $25.00, at most $100.00 a month.",
        "Anna took the refill rule away.",
    ]


async def test_a_change_of_zone_moves_no_refill_to_another_month() -> None:
    team = await low()
    (notice,) = await team.round()
    await team.press(ANNA, notice)
    await team.books.apply(zone("away", "Pacific/Auckland"))
    (record,) = (row for row in team.books.rows(TopUpRow) if row.id.startswith("refill_"))
    await team.books.apply(refund("undo", record.id))
    assert team.refilled == {"2026-11": 0}


async def test_of_two_processes_at_one_instant_one_asks() -> None:
    team = await low()
    assert await team.refills.run() + await team.refills.run() == 1
    assert len([row for row in team.books.rows(NoticeRow) if row.kind == "refill"]) == 1


async def test_a_team_whose_rule_cannot_be_read_keeps_no_other_from_being_asked() -> None:
    team = await low()
    await team.books.apply(enrol("zoe", team="another", wallet="wal2"))
    team.books.has(PreferenceRow(id="another", team_id="another", entries="[]"))
    with pytest.raises(BooksDamaged):
        await team.refills.run()
    assert "refill" in [row.kind for row in team.books.rows(NoticeRow) if row.team_id != "another"]
