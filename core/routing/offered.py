"""The models of a team as people are told of them: a typical price for each, and what keeps it from being asked."""

from dataclasses import dataclass
from datetime import date, datetime

from core.models import Model, for_team
from core.people import Member
from core.ports import Catalogue
from core.prices import TYPICAL_QUESTION, Price, cost
from core.routing.candidates import Rule, costs_within, ruled_out
from core.routing.health import Health
from core.routing.rules import Rules

RECOMMENDED_PER_TIER = 3
_TYPICAL_TOKENS = TYPICAL_QUESTION.all_input_tokens + TYPICAL_QUESTION.all_output_tokens


@dataclass(frozen=True, slots=True)
class Listed:
    """One model. `typical_nanos` is the price of a typical question; `against` the rule that keeps it from being asked.

    `silent_since`: it is left alone for now, because it has not answered since then.
    """

    model: Model
    price: Price
    typical_nanos: int
    against: Rule | None = None
    silent_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ModelOverview:
    """Every model that a member is offered, cheapest typical question first, and the rules that choose among them.

    `paused`: asking is paused for this member, whatever the model. `may_ask` is False where the team's rules let them
    ask nothing here.
    """

    models: tuple[Listed, ...]
    rules: Rules
    paused: bool
    may_ask: bool = True

    @property
    def usable(self) -> tuple[Listed, ...]:
        """Those that the rules let people ask."""
        return tuple(each for each in self.models if each.against is None)

    def recommended(self, tier: int) -> tuple[Listed, ...]:
        """A few to begin with: the cheapest of a tier, each of another provider; those that answer now come first."""
        of_tier = [each for each in self.usable if each.model.tier == tier]
        of_tier.sort(key=lambda each: each.silent_since is not None)
        firsts = {each.model.provider: each for each in reversed(of_tier)}
        return tuple(each for each in of_tier if firsts[each.model.provider] is each)[:RECOMMENDED_PER_TIER]


def overview_for(
    member: Member, catalogue: Catalogue, rules: Rules, health: Health, *, today: date, may_ask: bool = True
) -> ModelOverview:
    """What a member is offered today."""
    listed = offered_by(catalogue, rules, health, today, demo=member.team.demo)
    paused = member.frozen or member.team.frozen
    return ModelOverview(listed, rules, paused=paused, may_ask=may_ask)


def offered_by(
    catalogue: Catalogue, rules: Rules, health: Health, today: date, *, demo: bool = False
) -> tuple[Listed, ...]:
    """Every model of a team's catalogue with its price, cheapest typical question first."""
    offered = [model for model in for_team(catalogue.models, demo=demo) if not model.embeds]
    listed = [_listed(model, price, rules, health) for model in offered if (price := model.price_on(today)) is not None]
    return tuple(sorted(listed, key=lambda each: (each.typical_nanos, each.model.id)))


def _listed(model: Model, price: Price, rules: Rules, health: Health) -> Listed:
    typical_nanos = cost(TYPICAL_QUESTION, price)
    against = ruled_out(model, rules)
    if against is None and not costs_within(typical_nanos, _TYPICAL_TOKENS, rules.max_price_usd):
        against = Rule.MAX_PRICE
    away = health.ready_in_seconds(model) > 0
    since = health.silent_since(model) or health.down_since(model.provider)
    return Listed(model, price, typical_nanos, against, since if away else None)
