"""Numbers that are too few to judge by are said to be."""

from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from core.defaults import MIN_VARIANT_ASKS
from core.people import Team
from core.ports import Reports
from core.reports import RoutingReport, VariantReport
from core.routing_report import RoutingReports
from tests.bookkeeping import USD

TEAM = Team("team", "wal", "Team", ZoneInfo("UTC"), 5 * USD)
SINCE = datetime(2026, 11, 1, tzinfo=UTC)


class FixedReports:
    """One arm with so many answers, and as many failures again."""

    def __init__(self, answers: int) -> None:
        self._answers = answers

    async def variants(self, team_id: str, since: datetime) -> tuple[VariantReport, ...]:
        assert (team_id, since) == ("team", SINCE)
        answers = self._answers
        return (VariantReport("new", 2 * answers, 100, 1, 1, thumbs_up=0, thumbs_down=0, failed=answers),)

    async def routing(self, team_id: str, since: datetime) -> RoutingReport:
        assert (team_id, since) == ("team", SINCE)
        return RoutingReport(())


@pytest.mark.parametrize(("answers", "enough"), [(0, False), (MIN_VARIANT_ASKS - 1, False), (MIN_VARIANT_ASKS, True)])
async def test_an_arm_is_judged_by_enough_answers_and_not_by_failures(answers: int, enough: bool) -> None:
    numbers = await RoutingReports(cast(Reports, FixedReports(answers))).of(TEAM, SINCE)
    assert [arm.enough for arm in numbers.arms] == [enough]
    assert numbers.routing == RoutingReport(())
