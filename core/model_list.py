"""Which models there are, what a typical question costs with each, and whether this member may ask it here."""

from core.models import find_model
from core.people import Member
from core.ports import Catalogue, Clock
from core.routing.health import Health
from core.routing.offered import Listed, ModelOverview, overview_for
from core.routing.rules import Rules


class ModelList:
    """Answers /models."""

    def __init__(self, catalogue: Catalogue, rules: Rules, health: Health, clock: Clock) -> None:
        self._catalogue = catalogue
        self._rules = rules
        self._health = health
        self._clock = clock

    def of(self, member: Member) -> ModelOverview:
        """What this member can ask, and what not."""
        return overview_for(member, self._catalogue, self._rules, self._health, self._clock.now().date())

    def find(self, member: Member, typed: str) -> Listed:
        """One of them by its name; `UnknownModel`, with the nearest, for a name that none has."""
        models = {each.model.id: each for each in self.of(member).models}
        return models[find_model([each.model for each in models.values()], typed).id]
