"""From a question to a plan: what goes along, whom the rules allow here, who answers, and for how much."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from core.asking.context import newest_within
from core.asking.recall import RECALL_TOKENS, PlannedRecall, plan_recall
from core.asking.upstream import Upstream
from core.call import Message
from core.errors import NobodyAnswers
from core.estimate import PlannedCall
from core.first_of import first_of
from core.models import Model, for_team
from core.policy import Ruling
from core.question import AskSettings, Beforehand, Question
from core.routing.candidates import ruled_out
from core.routing.plan import RoutePlan, alternatives, plan_route
from core.routing.team_rules import rules_under

PATIENCE_SECONDS = 15.0
"""How long a question waits, before anything is held, when nobody who could answer it may be asked right now."""
LOOK_AGAIN_SECONDS = 0.1


class Planning:
    """The plan of one question. `question` is as it is sent, `looking` the step before it, if there is one.

    `ruling` is what applies to its asker there, `rules` are the operator's narrowed by it.
    """

    def __init__(self, upstream: Upstream, settings: AskSettings, question: Question, ruling: Ruling) -> None:
        self._upstream = upstream
        self._settings = settings
        self.question = question
        self.ruling = ruling
        self.rules = rules_under(ruling, upstream.rules)
        self.looking: PlannedRecall | None = None

    @property
    def offered(self) -> tuple[Model, ...]:
        """The models that this team is offered now."""
        return for_team(self._upstream.catalogue.models, demo=self.question.member.team.demo)

    async def fit_context(self) -> str:
        """Send the newest of the conversation along, as much as there is a budget for; returns what to say of it."""
        budget = self._settings.context_tokens
        context = await newest_within(self.question.history, budget, self._upstream.counter)
        self.question = replace(self.question, history=context.sent)
        if context.note:
            await self._plan_recall(context.left_out)
        return context.note

    async def _plan_recall(self, left_out: tuple[Message, ...]) -> None:
        """Let an embedding model look through what is left out, where the rules name one that may see it."""
        upstream, today = self._upstream, self._upstream.clock.now().date()
        embedder = next((model for model in upstream.catalogue.embedders if model.id == self.rules.recall), None)
        if embedder is None or ruled_out(embedder, self.rules) is not None:
            return
        self.looking = await plan_recall(self.question.text, left_out, embedder, upstream.counter, today)
        if self.looking is not None:
            room = Beforehand(self.looking.at_most_nanos, RECALL_TOKENS)
            self.question = replace(self.question, beforehand=room)

    async def plan(self, *, pressed: bool) -> RoutePlan:
        """Who answers. Who `pressed` a model's price gets that model: their choice is no part of an experiment.

        Raises what `plan_route` raises.
        """
        return await plan_route(
            self.question,
            self.offered,
            replace(self.rules, variants=()) if pressed else self.rules,
            counter=self._upstream.counter,
            health=self._upstream.health,
            today=self._upstream.clock.now().date(),
            max_output_tokens=self._settings.max_output_tokens,
        )

    async def plan_when_somebody_is_there(
        self, *, pressed: bool, stop: asyncio.Event, seconds_left: float, on_pause: Callable[[float], None]
    ) -> RoutePlan | None:
        """Plan; while everybody is away for a moment, wait for who is back first. None when it was stopped meanwhile.

        Nothing is held yet. `NobodyAnswers` when nobody is back within `PATIENCE_SECONDS` or the deadline.
        """
        clock, told = self._upstream.clock, False
        patient_until = clock.monotonic() + min(PATIENCE_SECONDS, seconds_left)
        while not stop.is_set():
            try:
                return await self.plan(pressed=pressed)
            except NobodyAnswers as nobody:
                wait = max(nobody.ready_in_seconds, LOOK_AGAIN_SECONDS)
                if clock.monotonic() + wait >= patient_until:
                    raise
            if not told:
                on_pause(wait)
                told = True
            await first_of(stop.wait(), clock.sleep(wait))
        return None

    async def alternatives(self) -> tuple[PlannedCall, ...]:
        """Every model that can answer this question now under the rules, cheapest first."""
        return await alternatives(
            self.question,
            self.offered,
            self.rules,
            counter=self._upstream.counter,
            health=self._upstream.health,
            today=self._upstream.clock.now().date(),
            max_output_tokens=self._settings.max_output_tokens,
        )
