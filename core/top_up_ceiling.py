"""The monthly top-up ceiling: what the operator lets a team record in a month, because every credit is their money."""

from dataclasses import dataclass
from datetime import datetime

from core.people import Team
from core.periods import Moment, Period
from core.quota import Limit, Scope


@dataclass(frozen=True, slots=True)
class TopUpCeiling:
    """At most so much of budget a team and month of the team's, in nano-dollars; None where nothing bounds it."""

    nanos: int | None = None

    def limit_of(self, team: Team, now: datetime) -> Limit | None:
        """What a `TopUp` of this team has to fit in now. Equality is allowed."""
        if self.nanos is None:
            return None
        label = Moment(team.calendar, now).label(Period.MONTH)
        return Limit(Scope.TEAM_MONTH_TOPPED_UP, team.id, label, self.nanos)
