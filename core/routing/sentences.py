"""What routing says: why a model was chosen, in one line, and why none can answer, with the next step."""

from collections import Counter
from collections.abc import Sequence, Set
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from core.errors import BadInput, NobodyAnswers, NoModelFits, UnknownModel
from core.estimate import PlannedCall
from core.models import AUTO, Model
from core.money import format_price
from core.routing.candidates import Candidates, Excluded, Rule
from core.routing.health import Health
from core.routing.rules import Rules, Sort

NO_PROVIDER = "No provider is connected yet. The operator sets one up, for example with OPENAI_API_KEY."
_OF_THE_TEAM = frozenset({Rule.MODELS, Rule.ASK_MAX})
"""What only the team's policy says; where a question may go is said by the operator, or by the team."""
_OF_EITHER = frozenset({Rule.REGIONS, Rule.DATA_COLLECTION, Rule.ZDR})
_MOST_RULES_NAMED = 3
_MOST_CHOICES_NAMED = 3
_OF_THE_QUESTION = {Rule.PICTURES: "ask without the picture", Rule.LENGTH: "send a part of it"}


def auto_why(
    because: str, first: PlannedCall, good_enough: Sequence[PlannedCall], *, better_is_away: bool, sort: Sort
) -> str:
    """Why "auto" took a model: "short question, cheapest of 14 models that are good enough"."""
    if not good_enough:
        why_no_better = "no better model answers at present" if better_is_away else "no better model can answer it here"
        return f"{because}, and {why_no_better} than {first.call.model.title}"
    if len(good_enough) == 1:
        return f"{because}, the only model that is good enough"
    chosen_by = {
        Sort.PRICE: "cheapest",
        Sort.LATENCY: "soonest to begin",
        Sort.THROUGHPUT: "fastest to write",
    }
    return f"{because}, {chosen_by[sort]} of {len(good_enough)} models that are good enough"


def would_have_cost(strong: PlannedCall | None) -> str:
    """What the strong model would have cost, to follow a reason; empty where there is none."""
    return f"; {strong.call.model.title} would have cost about {format_price(strong.about_nanos)}" if strong else ""


def named_why(model: Model, *, pressed: bool) -> str:
    """Why a model that somebody named was taken; `pressed`: not by typing its name, but on a price that was shown."""
    return "you agreed to its price" if pressed else f"you asked for {model.title}"


def stand_in_why(asked: Model, first: Model, health: Health, zone: ZoneInfo, today: date) -> str:
    """Why another model than the one that was named answers."""
    since = health.silent_since(asked) or health.down_since(asked.provider)
    silent = f"has not answered since {_time(since, zone, today)} ({zone.key})" if since else "does not answer now"
    return f"you asked for {asked.title}, which {silent}; {first.title} stands in"


def route_why(name: str, first: PlannedCall, before: Sequence[str], candidates: Candidates, rules: Rules) -> str:
    """Why a route of the rules led to a model: what spoke against those `before` it in its list."""
    against = [
        f"{each.model.title} {objection(each, rules)}" for each in candidates.excluded if each.model.id in before
    ]
    cooling = (call.call.model for call in candidates.cooling)
    against += [f"{model.title} does not answer now" for model in cooling if model.id in before]
    title = first.call.model.title
    return f'the route "{name}" leads to {title}' + (f", as {' and '.join(against)}" if against else "")


def variant_why(name: str, first: PlannedCall) -> str:
    """Why an experiment's model was taken."""
    return f'this conversation is part of the experiment "{name}", which tries {first.call.model.title}'


def objection(excluded: Excluded, rules: Rules) -> str:
    """What speaks against one model or several, to follow "it" or "they"."""
    match excluded.rule:
        case Rule.ONLY:
            return f"may not be asked here (only: {', '.join(rules.only)})"
        case Rule.IGNORE:
            return f"may not be asked here (ignore: {', '.join(rules.ignore)})"
        case Rule.MODELS:
            return "may not be asked by you here (the team's list of models)"
        case Rule.REGIONS:
            return f"may work on it outside the allowed regions (regions: {', '.join(rules.regions)})"
        case Rule.DATA_COLLECTION:
            return "may keep or train on what is asked (data_collection: deny)"
        case Rule.ZDR:
            return "cannot promise to keep nothing (zdr)"
        case Rule.MAX_PRICE:
            return f"would cost more than {per_million(excluded.cap)} (max_price)"
        case Rule.ASK_MAX:
            return f"may cost more than {format_price(rules.ask_max_nanos or 0)}, the most for one ask here"
        case Rule.PICTURES:
            return "cannot look at pictures"
        case Rule.LENGTH:
            return "cannot read so much at once"
        case Rule.NO_PRICE:
            return "may not be asked without a price for today"


def per_million(usd: Decimal | None) -> str:
    """A cap in words: "$1.50 per million tokens"."""
    amount = usd or Decimal(0)
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents if cents == amount else amount:f} per million tokens"


def named_does_not_fit(excluded: Excluded, rules: Rules, choices: Sequence[PlannedCall]) -> BadInput:
    """Why the model that somebody named cannot be asked this, and what can."""
    if excluded.error is not None:
        return excluded.error
    can = ", ".join([AUTO, *(planned.call.model.id for planned in choices[:_MOST_CHOICES_NAMED])])
    instead = f"You can ask: {can}." if choices else "No other model can answer this here either."
    who = _who_changes({excluded.rule})
    return NoModelFits(f"{excluded.model.title} {objection(excluded, rules)}. {instead}{who}")


def _who_changes(named: Set[Rule]) -> str:
    """Who can change what these rules say; nobody can what lies in the question."""
    rules = named - _OF_THE_QUESTION.keys()
    team = " An admin can change that with /admin policy." if rules & (_OF_THE_TEAM | _OF_EITHER) else ""
    operator = " Whoever runs Chipin can change that rule in ROUTING_FILE." if rules - _OF_THE_TEAM else ""
    return team + operator


def nothing_fits(excluded: Sequence[Excluded], rules: Rules) -> BadInput:
    """Why no model can be asked this: what speaks against how many, and who can change it."""
    if not excluded:
        return UnknownModel("None of that route's models is connected here. /models says what can be asked.")
    too_long = [(each.model.context_window_tokens, each.error) for each in excluded if each.rule is Rule.LENGTH]
    if len(too_long) == len(excluded):
        _, error = max(too_long, key=lambda entry: entry[0])
        if error is not None:  # of the model with the most room: a shorter text fits it first
            return error
    examples = {each.rule: each for each in excluded}
    number_of = Counter(each.rule for each in excluded)
    most = sorted(((rule, number_of[rule]) for rule in Rule if rule in number_of), key=lambda entry: -entry[1])
    most = most[:_MOST_RULES_NAMED]
    counted = ", ".join(f"{number} {objection(examples[rule], rules)}" for rule, number in most)
    named = {rule for rule, _ in most}
    steps = [step for rule, step in _OF_THE_QUESTION.items() if rule in named]
    step = f" You can {' or '.join(steps)}." if steps else ""
    who = _who_changes(named)
    number = len(excluded)
    these = "The one model here cannot" if number == 1 else f"None of the {number} models here can"
    return NoModelFits(f"{these} answer this: {counted}.{step}{who}")


def nobody_answers(
    models: Sequence[Model], offered: Sequence[Model], health: Health, *, zone: ZoneInfo, today: date
) -> NobodyAnswers:
    """The error for models that all could answer and do not: who, since when, and when to try again.

    A provider is named when none of its `offered` models may be tried, else its model. What it cost is not said.
    """
    silent: dict[str, datetime] = {}
    for model in models:
        alive = any(health.ready_in_seconds(other) <= 0 for other in offered if other.provider == model.provider)
        of_provider = None if alive else health.down_since(model.provider)
        since = of_provider or health.silent_since(model)
        if since is not None:
            silent.setdefault((model.provider_title or model.provider) if of_provider else model.title, since)
    wait_seconds = min((health.wait_seconds(model) for model in models), default=0.0)
    times = ", ".join(f"{name} since {_time(since, zone, today)}" for name, since in silent.items())
    who = times.replace(" since ", " has not answered since ", 1) + f" ({zone.key})" if times else "Nobody answers now"
    refusals = dict.fromkeys(health.refusal_of(model.provider) for model in models)
    sentence = " ".join((f"{who}.", *filter(None, refusals), f"Try again in {_in_words(wait_seconds)}."))
    return NobodyAnswers(sentence, ready_in_seconds=wait_seconds)


def _time(moment: datetime, zone: ZoneInfo, today: date) -> str:
    local = moment.astimezone(zone)
    day = "" if local.date() == today else f" on {local.day} {local:%B}"
    return f"{local:%H:%M}{day}"


def _in_words(seconds: float) -> str:
    minutes = max(1, -(-int(seconds) // 60))
    return "a minute" if minutes == 1 else f"{minutes} minutes"


def in_words(rules: Rules) -> str:
    """What of the rules differs from none, in one line for whoever runs Chipin."""
    said = [
        *([f"sort {rules.sort}"] if rules.sort is not Sort.PRICE else []),
        *([f"at most {per_million(rules.max_price_usd)}"] if rules.max_price_usd is not None else []),
        *([f"only {', '.join(rules.only)}"] if rules.only else []),
        *([f"never {', '.join(rules.ignore)}"] if rules.ignore else []),
        *([f"in {', '.join(rules.regions)}"] if rules.regions else []),
        *([] if rules.data_collection_allowed else ["no data collection"]),
        *(["zero data retention"] if rules.zdr else []),
        *(f"route {route.name}: {', '.join(route.models)}" for route in rules.routes),
        *(f"{each.weight_percent:f} % of {each.of} to {each.model}" for each in rules.variants if rules.variants_on),
    ]
    return "; ".join(said) or "the cheapest model that is good enough"
