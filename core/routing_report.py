"""How well models are chosen: every arm of every experiment in numbers, the router's own report, and who is down."""

from datetime import datetime, timedelta

from core.defaults import REPORTED_DAYS
from core.errors import NotAllowed
from core.models import for_team, provider_titles_of
from core.people import Member
from core.ports import Catalogue, Clock, Reports
from core.reports import RoutingNumbers, arms_from
from core.routing.health import Health


class RoutingReports:
    """Answers /routing. It tells how models do, and of nobody what they ask."""

    def __init__(self, reports: Reports, catalogue: Catalogue, health: Health, clock: Clock) -> None:
        self._reports = reports
        self._catalogue = catalogue
        self._health = health
        self._clock = clock

    async def of(self, member: Member) -> RoutingNumbers:
        """The numbers of a member's team in the last days, for its admins. Raises `NotAllowed` or a `BooksFailed`."""
        if not member.admin:
            raise NotAllowed("Only admins of the team can see how models are chosen.")
        team, since = member.team, self._clock.now() - timedelta(days=REPORTED_DAYS)
        arms = arms_from(await self._reports.variants(team.id, since))
        return RoutingNumbers(arms, await self._reports.routing(team.id, since), REPORTED_DAYS, self._down(member))

    def _down(self, member: Member) -> tuple[tuple[str, datetime], ...]:
        models = for_team(self._catalogue.models, demo=member.team.demo)
        titles = provider_titles_of(models)
        since = ((title, self._health.down_since(provider)) for provider, title in titles.items())
        return tuple((title, moment) for title, moment in since if moment is not None)
