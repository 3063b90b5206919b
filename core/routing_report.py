"""How well models are chosen: every arm of every experiment in numbers, and the router's own report."""

from dataclasses import dataclass
from datetime import datetime

from core.defaults import MIN_VARIANT_ASKS
from core.people import Team
from core.ports import Reports
from core.reports import RoutingReport, VariantReport


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of an experiment. Without `enough` answers its numbers say nothing yet."""

    report: VariantReport
    enough: bool


@dataclass(frozen=True, slots=True)
class RoutingNumbers:
    """What is known of a team's routing since a moment."""

    arms: tuple[Arm, ...]
    routing: RoutingReport


class RoutingReports:
    """Answers /routing. It tells how models do, and of nobody what they ask."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    async def of(self, team: Team, since: datetime) -> RoutingNumbers:
        """The numbers of one team. Raises a `BooksFailed`."""
        variants = await self._reports.variants(team.id, since)
        arms = tuple(Arm(report, enough=report.answers >= MIN_VARIANT_ASKS) for report in variants)
        return RoutingNumbers(arms, await self._reports.routing(team.id, since))
