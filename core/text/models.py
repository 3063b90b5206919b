"""The models in words, for people who have never seen an API: what each costs, is good for, and who may ask it."""

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from core import defaults
from core.models import Model
from core.money import format_price
from core.prices import TYPICAL_QUESTION, Rates
from core.routing.candidates import Rule
from core.routing.offered import Listed, ModelOverview
from core.routing.rules import Rules
from core.routing.sentences import per_million
from core.text.wording import clock_time, count_of, day_in_words, english_words

NONE_YET = "No model is connected yet. The operator connects one with its key, for example OPENAI_API_KEY."
GROUPS = {
    2: "For everyday work",
    3: "For the hardest questions",
    1: "For quick, short jobs",
    0: "For one job only, and only when somebody names them",
}
"""By the tiers of the catalogue, what most people want first."""
PLACES = {"us": "in the United States", "eu": "in the European Union", "cn": "in China", "own": "on your own machines"}


def overview_lines(overview: ModelOverview, zone: ZoneInfo) -> tuple[str, ...]:
    """A few models of every group, and how many more there are."""
    groups = [(tier, overview.recommended(tier)) for tier in GROUPS]
    shown = [each for _, group in groups for each in group]
    if not shown:
        return (*([] if overview.models else [NONE_YET]), *_not_here(overview))
    rows, sizes = _rows(shown, overview.rules, zone), Counter(each.model.tier for each in overview.usable)
    lines = _opening(overview)
    for tier, group in groups:
        if group:
            more = sizes[tier] - len(group)
            lines += [f"{GROUPS[tier]}:", *(rows[each.model.id] for each in group)]
            lines += [f"  and {more} more"] if more else []
    return (*lines, *_not_here(overview))


def all_lines(overview: ModelOverview, zone: ZoneInfo) -> tuple[str, ...]:
    """Every model by group, also those that may not be asked here, with the reason."""
    if not overview.models:
        return (NONE_YET,)
    rows, lines = _rows(overview.models, overview.rules, zone), _opening(overview)
    for tier, name in GROUPS.items():
        if group := [rows[each.model.id] for each in overview.models if each.model.tier == tier]:
            lines += [f"{name}:", *group]
    return tuple(lines)


def model_lines(listed: Listed, rules: Rules, zone: ZoneInfo) -> tuple[str, ...]:
    """One model in detail."""
    model = listed.model
    by = f", asked at {model.provider_title}" if model.provider_title else ""
    return (
        f"{model.title} ({model.id}){by}",
        f"Good for {model.good_for}." if model.good_for else f"{GROUPS[model.tier]}.",
        *_price_lines(listed),
        f"It reads at most {_tokens(model.context_window_tokens)} at once, and answers here with at most "
        f"{_tokens(min(model.max_output_tokens, defaults.MAX_OUTPUT_TOKENS))}.",
        f"It {'can' if model.images else 'cannot'} look at pictures. "
        + ("It thinks before it answers, and what it thinks is paid for too." if model.reasoning else _AT_ONCE),
        _data(model),
        f"You can ask it here{_away(listed, zone)}."
        if listed.against is None
        else f"Not here: {not_here(listed.against, rules)}.",
    )


_AT_ONCE = "It answers at once, without thinking first."


def not_here(rule: Rule, rules: Rules) -> str:
    """Why nobody may ask a model here, to follow "not here:"."""
    match rule:
        case Rule.ONLY:
            return f"your rules allow only {', '.join(rules.only)}"
        case Rule.IGNORE:
            return "your rules leave its provider out"
        case Rule.MODELS:
            return "it is not on your team's list of models"
        case Rule.REGIONS:
            return f"your rules keep questions {' and '.join(PLACES.get(place, place) for place in rules.regions)}"
        case Rule.DATA_COLLECTION:
            return "your rules leave out who may keep questions or train on them"
        case Rule.ZDR:
            return "your rules ask for somebody who keeps nothing"
        case _:
            return f"your rules allow at most {per_million(rules.max_price_usd)}"


def _opening(overview: ModelOverview) -> list[str]:
    lines = ["Nobody has to choose: without a choice, the cheapest model that is good enough for the question answers."]
    if overview.paused:
        lines.append("Asking is paused for you at the moment, whatever the model.")
    if not overview.may_ask:
        lines.append("You may not ask here, whatever the model; /limit shows why.")
    lines += [f"Your team also has: {route.name} ({', else '.join(route.models)})." for route in overview.rules.routes]
    return [*lines, "Prices are those of a typical question: a little context, an answer of a few paragraphs."]


def _not_here(overview: ModelOverview) -> list[str]:
    reasons = Counter(not_here(each.against, overview.rules) for each in overview.models if each.against is not None)
    return [f"Not here: {count_of(number, 'model')}, as {_of(number, why)}." for why, number in reasons.most_common()]


def _of(number: int, why: str) -> str:
    return why if number == 1 else re.sub("^it is ", "they are ", why)


def _rows(shown: Sequence[Listed], rules: Rules, zone: ZoneInfo) -> dict[str, str]:
    """A line for each, by its id, with prices one under the other."""
    heads = [f"{each.model.title} ({each.model.id})" for each in shown]
    prices = [_typical(each) for each in shown]
    width, widest = max(map(len, heads)), max(map(len, prices))
    return {
        each.model.id: f"  {head:<{width}}  {price:<{widest}}  {_what_for(each, rules, zone)}".rstrip()
        for each, head, price in zip(shown, heads, prices, strict=True)
    }


def _what_for(listed: Listed, rules: Rules, zone: ZoneInfo) -> str:
    model, said = listed.model, []
    if listed.against is not None:
        said.append(f"not here: {not_here(listed.against, rules)}")
    if model.good_for:
        said.append(model.good_for)
    if model.images:
        said.append("pictures")
    return " · ".join(said) + _away(listed, zone)


def _away(listed: Listed, zone: ZoneInfo) -> str:
    return f", but it has not answered since {clock_time(listed.silent_since, zone)}" if listed.silent_since else ""


def _typical(listed: Listed) -> str:
    return "free" if not listed.typical_nanos else f"about {format_price(listed.typical_nanos)}"


def _price_lines(listed: Listed) -> tuple[str, ...]:
    price, asked = listed.price, TYPICAL_QUESTION
    if not listed.typical_nanos:
        return ("It is free.",)
    return (
        f"A typical question costs {_typical(listed)}: {asked.input_tokens:,} tokens in, {asked.output_tokens:,} out. "
        "A token is about three quarters of an English word.",
        f"Per million tokens: {_rates(price)}.",
        *(f"With more than {tier.above_input_tokens:,} tokens in, all of it: {_rates(tier)}." for tier in price.tiers),
        *([f"And {_usd(price.request_usd)} for each question."] if price.request_usd else []),
        f"In force since {day_in_words(price.effective_from)} {price.effective_from.year}, from {price.source}",
    )


def _rates(rates: Rates) -> str:
    """What goes in and out, and what is priced apart from that."""
    remembered = {
        "for what its provider remembers of an earlier question": rates.cache_read_usd,
        "for what it stores to remember": rates.cache_write_usd,
    }
    apart = [f"{_usd(usd)} {what}" for what, usd in remembered.items() if usd != rates.input_usd]
    thinking = f" ({_usd(rates.reasoning_usd)} for thinking)" if rates.reasoning_usd != rates.output_usd else ""
    of_it = f" ({', '.join(apart)})" if apart else ""
    return f"{_usd(rates.input_usd)} in{of_it}, {_usd(rates.output_usd)} out{thinking}"


def _usd(usd: Decimal) -> str:
    cents = usd.quantize(Decimal("0.01"))
    return f"${cents if cents == usd else usd.normalize():f}"


def _tokens(number: int) -> str:
    return f"{number:,} tokens (about {english_words(number)} English words)"


def places(region: str) -> str:
    """Where a model answers: "in the European Union or in China"; empty where that is not known of all places."""
    codes = [code.strip() for code in region.split(",") if code.strip()]
    return " or ".join(PLACES[code] for code in codes) if all(code in PLACES for code in codes) else ""


def _data(model: Model) -> str:
    """Where questions go and what may happen to them there, as far as the provider says so."""
    where = f"answered {places(model.region) or 'wherever its provider likes'}"
    if model.zdr:
        return f"Questions are {where}; nothing of them is kept."
    kept = "may be kept or trained on" if model.collects_data else "are not trained on, but may be kept for a while"
    return f"Questions are {where}; they {kept}."
