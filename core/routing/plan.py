"""Which models are asked, in which order, and why in one line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.errors import ChipinError, UnknownModel
from core.estimate import PlannedCall
from core.models import AUTO, NAMED, Model, find_model
from core.ports import TokenCounter
from core.question import Question
from core.routing import sentences
from core.routing.candidates import Candidates, candidates_for, narrowed_to, within_price
from core.routing.chain import in_order, with_fallbacks
from core.routing.difficulty import Difficulty, difficulty_of
from core.routing.health import Health
from core.routing.rules import MaxPriceFor, Route, Rules
from core.routing.variants import CONTROL, pick_variant


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """Who is asked. `hops[0]` answers, the rest stand in for it in this order; every hop passed every filter.

    `why` is one line without a full stop. `route` is AUTO, NAMED or the name of a route in the rules. `variant` is
    the experiment this conversation is in, "control:" with its name for those it is compared with, or empty.
    `better` is the cheapest model of a higher tier than `hops[0]`, `cheaper` the cheapest other one whose price is
    lower, both "about" and "at most"; None where there is none that passes every filter.
    """

    hops: tuple[PlannedCall, ...]
    why: str
    route: str
    needed_tier: int
    variant: str
    better: PlannedCall | None
    cheaper: PlannedCall | None


async def plan_route(
    question: Question,
    offered: Sequence[Model],
    rules: Rules,
    *,
    counter: TokenCounter,
    health: Health,
    today: date,
    max_output_tokens: int,
) -> RoutePlan:
    """Plan one question over the models that are offered to its team.

    "auto": the first by `sort` of the models that are good enough, else of the best there are. Without `fallbacks` of
    its own in the rules it is followed by the next of them, other providers first (core/routing/chain.py).
    A named model is asked first; without `fallbacks` in the rules only models of its tier or a higher one stand in
    for it, at most at its own "about" price: who named a model agreed to no more and no less.
    A route is its models in their order. `max_price_for = "first"` frees all but the first of its list from its cap.
    An experiment's model comes first whatever the question's difficulty, else its share would not be that of all.

    Raises `UnknownModel`, `PromptTooLong` or `NoModelFits` (all `BadInput`), or `NobodyAnswers`. What each sentence
    leaves to the caller is that nothing was charged.
    """
    answering = [model for model in offered if not model.embeds]
    if not answering:
        raise UnknownModel(sentences.NO_PROVIDER)
    wish = _wish(question.model, rules, answering)
    candidates = await candidates_for(
        question, answering, rules, counter=counter, health=health, today=today, max_output_tokens=max_output_tokens
    )
    return _Planner(question, answering, rules, health, today, candidates).plan(wish)


async def alternatives(
    question: Question,
    offered: Sequence[Model],
    rules: Rules,
    *,
    counter: TokenCounter,
    health: Health,
    today: date,
    max_output_tokens: int,
) -> tuple[PlannedCall, ...]:
    """Every offered model that can answer this question now under the rules, cheapest first."""
    answering = [model for model in offered if not model.embeds]
    candidates = await candidates_for(
        question, answering, rules, counter=counter, health=health, today=today, max_output_tokens=max_output_tokens
    )
    return candidates.fitting


@dataclass(frozen=True, slots=True)
class _Picked:
    """Who is asked, before experiments; the route's own cap for whoever comes first, and for every other model."""

    hops: tuple[PlannedCall, ...]
    why: str
    first_cap: Decimal | None = None
    cap: Decimal | None = None


Wish = Route | Model | None
"""What was asked for; None for "auto" as it is built in."""


def _wish(typed: str, rules: Rules, answering: Sequence[Model]) -> Wish:
    name = typed.strip().casefold() or AUTO
    for route in rules.routes:
        if route.name.casefold() == name:
            return route
    return None if name == AUTO else find_model(answering, typed, others=[route.name for route in rules.routes])


@dataclass(frozen=True, slots=True)
class _Planner:
    """One question, and all that is known about who could answer it."""

    question: Question
    answering: Sequence[Model]
    rules: Rules
    health: Health
    today: date
    candidates: Candidates

    def plan(self, wish: Wish) -> RoutePlan:
        needed = self._difficulty()
        match wish:
            case Route():
                name, route, picked = wish.name, wish.name, self._routed(wish)
            case Model():
                name, route, picked = wish.id, NAMED, self._named(wish)
            case None:
                name, route, picked = AUTO, AUTO, self._auto(needed)
        variant, picked = self._with_variant(name, picked)
        first = picked.hops[0]
        others = [call for call in self.candidates.fitting if within_price(call, picked.cap)]  # cheapest first
        better = next((call for call in others if call.call.model.tier > first.call.model.tier), None)
        cheaper = _cheaper_than(first, [call for call in others if call.call.model.tier > 0])
        return RoutePlan(picked.hops, picked.why, route, needed.tier, variant, better, cheaper)

    def _difficulty(self) -> Difficulty:
        question = self.question
        return difficulty_of(
            question.text,
            history_chars=sum(len(message.text) for message in question.history),
            images=len(question.images),
        )

    def _auto(self, needed: Difficulty) -> _Picked:
        calls = self.candidates.fitting or self.candidates.unreliable
        ordered = in_order(calls, self.rules.sort, self.health)
        if not ordered:
            raise self._nobody(self.candidates)
        good = [call for call in ordered if call.call.model.tier >= needed.tier]
        best_tier = max(call.call.model.tier for call in ordered)
        first = good[0] if good else next(call for call in ordered if call.call.model.tier == best_tier)
        away = any(call.call.model.tier > best_tier for call in self.candidates.cooling)
        why = sentences.auto_why(needed.because, first, good, better_is_away=away, sort=self.rules.sort)
        why += sentences.would_have_cost(_strong_beside(first, calls))
        return _Picked(self._chain(first, ordered, self.candidates.unreliable, needed.tier), why)

    def _named(self, model: Model) -> _Picked:
        first = self.candidates.of(model.id)
        if first is not None:
            return _Picked(self._named_chain(first), self._why_named(model))
        for asked in self.candidates.cooling:
            if asked.call.model.id == model.id:
                return self._instead_of(asked)
        excluded = next(each for each in self.candidates.excluded if each.model.id == model.id)
        raise sentences.named_does_not_fit(excluded, self.rules, self.candidates.fitting)

    def _why_named(self, model: Model) -> str:
        return sentences.named_why(model, pressed=self.question.pressed_nanos > 0)

    def _instead_of(self, asked: PlannedCall) -> _Picked:
        """A named model that is away: who stands in for it, then itself if it answered lately."""
        model, zone = asked.call.model, self.question.member.team.zone
        hops = self._named_chain(asked)[1:]
        if asked in self.candidates.unreliable:
            hops = (*(hop for hop in hops[: self.rules.max_fallbacks] if hop is not asked), asked)
        if not hops:
            raise self._nobody(replace(self.candidates, cooling=(asked,)))
        if hops[0] is asked:
            return _Picked(hops, self._why_named(model))
        return _Picked(hops, sentences.stand_in_why(model, hops[0].call.model, self.health, zone, self.today))

    def _named_chain(self, asked: PlannedCall) -> tuple[PlannedCall, ...]:
        about_nanos, tier = asked.about_nanos, asked.call.model.tier
        ordered, reserve = (
            [call for call in calls if call.call.model.tier >= tier and call.about_nanos <= about_nanos]
            for calls in (self.candidates.fitting, self.candidates.unreliable)
        )
        return self._chain(asked, in_order(ordered, self.rules.sort, self.health), reserve, tier)

    def _routed(self, route: Route) -> _Picked:
        on_it = narrowed_to(self.candidates, route)
        hops = (*on_it.fitting, *on_it.unreliable)
        if not hops:
            raise self._nobody(on_it)
        first = hops[0]
        before = route.models[: route.models.index(first.call.model.id)]
        why = sentences.route_why(route.name, first, before, on_it, self.rules)
        for_all = route.max_price_usd if route.max_price_for is MaxPriceFor.CHAIN else None
        return _Picked(hops[: 1 + self.rules.max_fallbacks], why, route.max_price_usd, for_all)

    def _chain(
        self, first: PlannedCall, ordered: Sequence[PlannedCall], reserve: Sequence[PlannedCall], needed_tier: int
    ) -> tuple[PlannedCall, ...]:
        """A model and its fallbacks: those of the rules where they have some for it. Who is unreliable comes last."""
        most = self.rules.max_fallbacks
        own = self.rules.fallbacks.get(first.call.model.id)
        if own is not None:
            found = [call for call in map(self.candidates.of, dict.fromkeys(own)) if call is not None]
            found += [call for call in self.candidates.unreliable if call.call.model.id in own]
            return (first, *[call for call in found if call is not first][:most])
        chain = with_fallbacks(first, ordered, needed_tier=needed_tier, max_fallbacks=most)
        return (*chain, *(call for call in reserve if call not in chain))[: 1 + most]

    def _with_variant(self, name: str, picked: _Picked) -> tuple[str, _Picked]:
        """The experiment this conversation is in, and what it changes.

        Where its model cannot answer this question, both groups go without a label: they would not be comparable.
        """
        if not self.rules.variants or self.question.improves:  # who asked for a better model asked for that one
            return "", picked
        label, _ = pick_variant(self.rules, name, self.question.conversation)
        variant = next((each for each in self.rules.variants if each.name == label.removeprefix(CONTROL)), None)
        tried = self.candidates.of(variant.model) if variant is not None else None
        if tried is None or not within_price(tried, picked.first_cap):
            return "", picked
        if label.startswith(CONTROL):
            return label, picked
        hops = (tried, *(hop for hop in picked.hops if hop.call.model.id != tried.call.model.id))
        why = sentences.variant_why(label, tried)
        return label, replace(picked, hops=hops[: 1 + self.rules.max_fallbacks], why=why)

    def _nobody(self, among: Candidates) -> ChipinError:
        """Why there is not one fitting call: those that could answer do not, or none may."""
        if among.cooling:
            models = [call.call.model for call in among.cooling]
            zone = self.question.member.team.zone
            return sentences.nobody_answers(models, self.answering, self.health, zone=zone, today=self.today)
        return sentences.nothing_fits(among.excluded, self.rules)


def _strong_beside(first: PlannedCall, cheapest_first: Sequence[PlannedCall]) -> PlannedCall | None:
    """The cheapest model of the highest tier there is, if that is higher and dearer than the first."""
    top = max(call.call.model.tier for call in cheapest_first)
    strong = next(call for call in cheapest_first if call.call.model.tier == top)
    higher = top > first.call.model.tier and strong.about_nanos > first.about_nanos
    return strong if higher else None


def _cheaper_than(first: PlannedCall, cheapest_first: Sequence[PlannedCall]) -> PlannedCall | None:
    about_nanos, at_most_nanos = first.about_nanos, first.at_most_nanos
    for call in cheapest_first:
        if call.about_nanos >= about_nanos:
            return None
        if call.at_most_nanos < at_most_nanos:
            return call
    return None
