"""Which of the offered models can answer this question under the rules, what each would cost, and why others cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.errors import BadInput, PromptTooLong, UnknownModel
from core.estimate import TYPICAL_OUTPUT_TOKENS, PlannedCall, plan_call
from core.models import Model
from core.ports import TokenCounter
from core.prompt import Prompt
from core.question import Question
from core.routing.health import Health
from core.routing.rules import MaxPriceFor, Route, Rules

_NANOS_PER_TOKEN_AT_ONE_USD_PER_MILLION = 1_000


class Rule(StrEnum):
    """What can exclude a model from answering a question."""

    ONLY = "only"
    IGNORE = "ignore"
    MODELS = "models"
    REGIONS = "regions"
    DATA_COLLECTION = "data_collection"
    ZDR = "zdr"
    MAX_PRICE = "max_price"
    ASK_MAX = "ask_max"
    PICTURES = "pictures"
    LENGTH = "length"
    NO_PRICE = "no price"


@dataclass(frozen=True, slots=True)
class Excluded:
    """A model that may not or cannot answer, and the first thing that speaks against it; for a price, which cap."""

    model: Model
    rule: Rule
    error: BadInput | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """`fitting` pass every filter, cheapest first; `cooling` pass every one but are taken out for now.

    `unreliable` are those of the latter that answered lately: they stand last in every plan.
    """

    fitting: tuple[PlannedCall, ...]
    cooling: tuple[PlannedCall, ...]
    excluded: tuple[Excluded, ...]
    unreliable: tuple[PlannedCall, ...]

    def of(self, model_id: str) -> PlannedCall | None:
        """The fitting call of a model."""
        return next((planned for planned in self.fitting if planned.call.model.id == model_id), None)


async def candidates_for(
    question: Question,
    offered: Sequence[Model],
    rules: Rules,
    *,
    counter: TokenCounter,
    health: Health,
    today: date,
    max_output_tokens: int,
) -> Candidates:
    """Put every offered model through every filter. `BadInput` when there is nothing to ask of anybody."""
    fitting: list[PlannedCall] = []
    cooling: list[PlannedCall] = []
    excluded: list[Excluded] = []
    prompt = Prompt(question, counter)
    for model in offered:
        against = ruled_out(model, rules, pictures=bool(prompt.pictures))
        if against is not None:
            excluded.append(Excluded(model, against))
            continue
        try:
            planned = await plan_call(prompt, model, today=today, max_output_tokens=max_output_tokens)
        except PromptTooLong as error:
            excluded.append(Excluded(model, Rule.LENGTH, error))
        except UnknownModel as error:
            excluded.append(Excluded(model, Rule.NO_PRICE, error))
        else:
            if not within_price(planned, rules.max_price_usd):
                excluded.append(Excluded(model, Rule.MAX_PRICE, cap=rules.max_price_usd))
            elif rules.ask_max_nanos is not None and planned.floor_nanos > rules.ask_max_nanos:
                excluded.append(Excluded(model, Rule.ASK_MAX))
            elif health.ready_in_seconds(model) > 0:
                cooling.append(planned)
            else:
                fitting.append(planned)
    cooling.sort(key=_by_price)
    unreliable = tuple(call for call in cooling if health.unreliable(call.call.model))
    return Candidates(tuple(sorted(fitting, key=_by_price)), tuple(cooling), tuple(excluded), unreliable)


def narrowed_to(candidates: Candidates, route: Route) -> Candidates:
    """The candidates on a route, in its order, those above its cap excluded."""
    caps: dict[str, Decimal | None] = dict.fromkeys(route.models, route.max_price_usd)
    if route.max_price_for is MaxPriceFor.FIRST:
        caps |= dict.fromkeys(route.models[1:])
    listed = [call for call in (*candidates.fitting, *candidates.cooling) if call.call.model.id in caps]
    affordable = [call for call in listed if within_price(call, caps[call.call.model.id])]
    affordable.sort(key=lambda call: route.models.index(call.call.model.id))
    too_dear = (call.call.model for call in listed if call not in affordable)
    return Candidates(
        fitting=tuple(call for call in affordable if call in candidates.fitting),
        cooling=tuple(call for call in affordable if call in candidates.cooling),
        excluded=(
            *(each for each in candidates.excluded if each.model.id in caps),
            *(Excluded(model, Rule.MAX_PRICE, cap=caps[model.id]) for model in too_dear),
        ),
        unreliable=tuple(call for call in affordable if call in candidates.unreliable),
    )


def within_price(planned: PlannedCall, max_price_usd: Decimal | None) -> bool:
    """Whether this very request, at its "about" price, costs at most that much per million of its tokens."""
    return costs_within(planned.about_nanos, _tokens(planned), max_price_usd)


def costs_within(nanos: int, tokens: int, max_price_usd: Decimal | None) -> bool:
    """Whether so many tokens for so much cost at most that much per million of them."""
    return max_price_usd is None or nanos <= max_price_usd * _NANOS_PER_TOKEN_AT_ONE_USD_PER_MILLION * tokens


def ruled_out(model: Model, rules: Rules, *, pictures: bool = False) -> Rule | None:
    """What the rules have against a model, before its price for this question is known."""
    if rules.only and model.provider not in rules.only:
        return Rule.ONLY
    if model.provider in rules.ignore:
        return Rule.IGNORE
    if rules.models is not None and not {model.id, model.provider} & set(rules.models):
        return Rule.MODELS
    if rules.regions and not _stays_within(model, rules.regions):
        return Rule.REGIONS
    if model.collects_data and not rules.data_collection_allowed:
        return Rule.DATA_COLLECTION
    if rules.zdr and not model.zdr:
        return Rule.ZDR
    return Rule.PICTURES if pictures and not model.images else None


def _by_price(planned: PlannedCall) -> tuple[int, int, str]:
    """The price of this very question; of equal ones the better model first, then by name."""
    model = planned.call.model
    return planned.about_nanos, -model.tier, model.id


def _tokens(planned: PlannedCall) -> int:
    return planned.input_expected_tokens + min(TYPICAL_OUTPUT_TOKENS, planned.call.output_cap_tokens)


def _stays_within(model: Model, regions: Sequence[str]) -> bool:
    """Whether every place where the model may work on a question is allowed; one of unknown place never stays."""
    codes = {code.strip().casefold() for code in model.region.split(",")}
    return codes <= {region.casefold() for region in regions}
