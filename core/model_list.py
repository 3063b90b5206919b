"""Which models there are, what a typical question costs with each, and whether this member may ask it here."""

from datetime import date

from core.allowance import Allowances
from core.models import find_model
from core.people import Member, Place
from core.ports import Catalogue, Clock
from core.routing.health import Health
from core.routing.offered import Listed, ModelOverview, offered_by, overview_for
from core.routing.rules import Rules
from core.routing.team_rules import rules_under


class ModelList:
    """Answers /models."""

    def __init__(
        self, catalogue: Catalogue, rules: Rules, health: Health, allowances: Allowances, clock: Clock
    ) -> None:
        self._catalogue = catalogue
        self._rules = rules
        self._health = health
        self._allowances = allowances
        self._clock = clock

    async def of(self, member: Member, place: Place) -> ModelOverview:
        """What this member can ask there, and what not."""
        ruling = await self._allowances.ruling(member, place)
        rules = rules_under(ruling, self._rules)
        return overview_for(member, self._catalogue, rules, self._health, today=self._today, may_ask=ruling.may_ask)

    def offered(self) -> tuple[Listed, ...]:
        """What the operator lets real teams ask, the cheapest typical question first: out of memory alone.

        Whether a member may ask one is decided when they do.
        """
        listed = offered_by(self._catalogue, self._rules, self._health, self._today)
        return tuple(each for each in listed if each.against is None)

    @property
    def _today(self) -> date:
        return self._clock.now().date()

    @staticmethod
    def find(overview: ModelOverview, typed: str) -> Listed:
        """One of them by its name; `UnknownModel`, with the nearest, for a name that none has."""
        models = {each.model.id: each for each in overview.models}
        return models[find_model([each.model for each in models.values()], typed).id]
