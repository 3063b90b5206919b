"""How models were chosen and what came of it: the team's own numbers, medians included, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.store.database import Store
from adapters.store.reports import StoreReports
from core.moments import from_ms
from core.operations import Thumb
from core.reports import RoutedModel, RoutingReport, VariantReport
from tests.adapters.store.raw import tamper
from tests.bookkeeping import USD, claim, enrol, hold, line, rate, release, settle, top_up
from tests.fakes import FakeClock


async def answered(
    store: Store, ask: str, cost: int, *, thumb: Thumb = 0, first_word_ms: int = 0, **chosen: Any
) -> None:
    """An ask that was answered, and how its model was chosen."""
    improves = chosen.pop("improves", "")
    await store.books.apply(claim(ask, improves=improves))
    await store.books.apply(hold(ask, 100, **chosen))
    await store.books.apply(settle(ask, line(cost), first_word_ms=first_word_ms))
    if thumb:
        await store.books.apply(rate(ask, thumb))


async def failed(store: Store, ask: str, ending: str, **chosen: Any) -> None:
    """An ask that got no answer."""
    await store.books.apply(claim(ask))
    await store.books.apply(hold(ask, 100, **chosen))
    await store.books.apply(release(ask, ending=ending))


@pytest.fixture
async def reports(store: Store) -> StoreReports:
    await store.books.apply(top_up("budget", USD))
    return StoreReports(store, FakeClock())


# --- experiments ---


async def test_every_arm_is_told_with_its_costs_medians_and_thumbs(
    store: Store, reports: StoreReports, database_url: str
) -> None:
    thumbs: tuple[Thumb, ...] = (1, 1, -1, 0)
    for number, thumb in enumerate(thumbs):
        words_ms = (900, 100, 300, 0)[number]  # of the last it is not known
        await answered(store, f"new-{number}", 10 + number, thumb=thumb, first_word_ms=words_ms, variant="new")
        took = f"UPDATE hold SET closed_at_ms = opened_at_ms + {(5_000, 1_000, 3_000, 2_000)[number]}"
        await tamper(database_url, f"{took} WHERE id = 'new-{number}.1.hold'")
    await failed(store, "lost", "failed", variant="new")
    await answered(store, "usual", 7, thumb=-1, variant="control:new")
    await answered(store, "neither", 9)
    control, new = await reports.variants("team", from_ms(0))
    assert new == VariantReport("new", 5, 46, first_word_ms=300, answer_ms=2_000, thumbs_up=2, thumbs_down=1, failed=1)
    assert (control.variant, control.asks, control.answers, control.charged_nanos) == ("control:new", 1, 1, 7)
    assert (control.first_word_ms, control.thumbs_down) == (0, 1)


@pytest.mark.parametrize(("ending", "counts"), [("failed", 1), ("declined", 1), ("empty", 1), ("stopped", 0)])
async def test_what_was_stopped_before_a_word_says_nothing_of_its_model(
    store: Store, reports: StoreReports, ending: str, counts: int
) -> None:
    await failed(store, "a", ending, variant="new")
    assert sum(report.failed for report in await reports.variants("team", from_ms(0))) == counts


async def test_only_the_teams_own_asks_since_then_are_told(store: Store, reports: StoreReports) -> None:
    await answered(store, "a", 10, variant="new", route="auto")
    await store.books.apply(enrol("zoe", team="others", wallet="wal2"))
    assert await reports.variants("others", from_ms(0)) == ()
    assert await reports.routing("others", from_ms(0)) == RoutingReport(())
    later = from_ms(await store.now_ms()) + timedelta(minutes=1)
    assert await reports.variants("team", later) == ()
    assert await reports.routing("team", later) == RoutingReport(())


# --- the router's own report ---


async def test_the_router_is_told_what_it_chose_and_how_often_it_was_not_good_enough(
    store: Store, reports: StoreReports
) -> None:
    for number in range(3):
        await answered(store, f"a{number}", 10, thumb=1 if number else -1, route="auto")
    await answered(store, "better", 50, improves="a0", route="named", model="dear-1")
    await answered(store, "better-still", 50, improves="a0", route="named", model="dear-1")
    await answered(store, "b", 20, route="auto", model="other-1")
    await answered(store, "by-name", 20, route="named")
    await failed(store, "lost", "failed", route="auto")
    assert await reports.routing("team", from_ms(0)) == RoutingReport(
        (
            RoutedModel("acme-1", asks=3, charged_nanos=30, bettered=1, thumbs_up=2, thumbs_down=1),
            RoutedModel("other-1", asks=1, charged_nanos=20, bettered=0, thumbs_up=0, thumbs_down=0),
        )
    )
