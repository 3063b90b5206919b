"""Numbers that are too few to judge by are said to be."""

from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from core.defaults import MIN_VARIANT_ASKS, REPORTED_DAYS
from core.errors import NotAllowed, ProviderBroken
from core.people import Member, Team
from core.periods import Calendar
from core.ports import Reports
from core.reports import RoutingReport, VariantReport
from core.routing.health import Health
from core.routing.rules import Rules
from core.routing_report import RoutingReports
from tests.fakes import START, FakeClock, FixedCatalogue, a_model

TEAM = Team("team", "wal", "Team", Calendar(ZoneInfo("UTC")))
ADMIN = Member("anna", TEAM, "Anna", admin=True)
SINCE = START - timedelta(days=REPORTED_DAYS)
HEALTH = Health(Rules(), FakeClock())


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


def a_desk(answers: int = 0) -> RoutingReports:
    """On a house with two models of one provider."""
    models = (a_model(provider="acme", provider_title="Acme"), a_model(id="b", provider="acme", provider_title="Acme"))
    return RoutingReports(cast(Reports, FixedReports(answers)), FixedCatalogue(models, {}), HEALTH, FakeClock())


@pytest.mark.parametrize(("answers", "enough"), [(0, False), (MIN_VARIANT_ASKS - 1, False), (MIN_VARIANT_ASKS, True)])
async def test_an_arm_is_judged_by_enough_answers_and_not_by_failures(answers: int, enough: bool) -> None:
    numbers = await a_desk(answers).of(ADMIN)
    assert [arm.enough for arm in numbers.arms] == [enough]
    assert (numbers.routing, numbers.days, numbers.down) == (RoutingReport(()), REPORTED_DAYS, ())


async def test_who_does_not_answer_is_named_once_with_the_moment() -> None:
    desk, failed = a_desk(), a_model(provider="acme", provider_title="Acme")
    HEALTH.failed(failed, ProviderBroken("It broke."))
    assert (await desk.of(ADMIN)).down == (("Acme", START),)
    HEALTH.succeeded(failed, first_word_seconds=1, tokens_per_second=1)
    assert (await desk.of(ADMIN)).down == ()


async def test_it_is_for_admins() -> None:
    with pytest.raises(NotAllowed, match="Only admins"):
        await a_desk().of(Member("ben", TEAM, "Ben"))
