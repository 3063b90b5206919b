"""What a question will cost, before it is asked: about so much, and at most so much."""

from dataclasses import dataclass, replace
from datetime import date

from core.call import Call
from core.defaults import FLOOR_OUTPUT_TOKENS, FLOOR_REASONING_OUTPUT_TOKENS
from core.errors import BadInput, PromptTooLong, UnknownModel
from core.models import Model
from core.prices import Price, Usage, cost, output_cap_within, worst_cost
from core.prompt import Prompt

TYPICAL_OUTPUT_TOKENS = 350
"""Our guess at a usual answer, for "about" prices only; "at most" does not rest on it."""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call with its price: what is sent, and the token counts that its "at most" rests on."""

    call: Call
    price: Price
    input_expected_tokens: int
    input_at_most_tokens: int
    context_expected_tokens: int = 0
    """What of the input is the conversation before the question."""
    before_nanos: int = 0
    """What a step before this call costs at most: part of its price, since it is held for with it."""

    @property
    def context_nanos(self) -> int:
        """About what the conversation before the question adds to the price."""
        return cost(Usage(self.context_expected_tokens), self.price) - cost(Usage(), self.price)

    @property
    def at_most_nanos(self) -> int:
        """The worst case of exactly what is sent."""
        return self.before_nanos + self._worst(self.call.output_cap_tokens)

    @property
    def floor_nanos(self) -> int:
        """The worst case with the shortest output cap that is still worth asking with."""
        return self.before_nanos + self._worst(min(floor_tokens(self.call.model), self.call.output_cap_tokens))

    @property
    def about_nanos(self) -> int:
        """What an answer of usual length costs."""
        output = min(TYPICAL_OUTPUT_TOKENS, self.call.output_cap_tokens)
        return self.before_nanos + cost(Usage(self.input_expected_tokens, output_tokens=output), self.price)

    def within(self, budget_nanos: int) -> "PlannedCall":
        """The same call with an output cap that the budget surely pays for."""
        thinking = self.call.model.thinking_beside_cap_tokens
        most = output_cap_within(
            self.price,
            budget_nanos=budget_nanos - self.before_nanos,
            input_at_most_tokens=self.input_at_most_tokens,
            max_output_tokens=self.most_output_tokens,
        )
        return replace(self, call=replace(self.call, output_cap_tokens=most - thinking))

    @property
    def most_output_tokens(self) -> int:
        """What may be produced at most: the output cap, and what the model may think beyond it."""
        return self.call.output_cap_tokens + self.call.model.thinking_beside_cap_tokens

    def _worst(self, cap_tokens: int) -> int:
        cap_tokens += self.call.model.thinking_beside_cap_tokens
        return worst_cost(self.price, input_at_most_tokens=self.input_at_most_tokens, output_cap_tokens=cap_tokens)


async def plan_call(prompt: Prompt, model: Model, *, today: date, max_output_tokens: int) -> PlannedCall:
    """The call that would be sent. `BadInput` when it does not fit the model."""
    price = model.price_on(today)
    if price is None:
        raise UnknownModel(f"{model.title} has no price today, so it is not offered.")
    if prompt.pictures and not model.images:
        raise BadInput(f"{model.title} cannot look at pictures. Choose a model that can; /models says which.")
    counted, pictures = await prompt.counted(model.tokenizer), model.image_tokens * prompt.pictures
    at_most, expected = counted.at_most + pictures, counted.expected + pictures // 2
    room = model.context_window_tokens - at_most
    cap = min(max_output_tokens, model.max_output_tokens, room)
    if cap < min(floor_tokens(model), max_output_tokens, model.max_output_tokens):
        raise PromptTooLong(
            f"That is about {expected:,} tokens, more than {model.title} can read at once "
            f"({model.context_window_tokens:,} with its answer). Send a part of it, or choose a model with more room."
        )
    return PlannedCall(
        Call(model, prompt.messages, cap),
        price,
        expected,
        at_most,
        counted.context_expected + model.image_tokens * prompt.pictures_before // 2,
        prompt.beforehand.at_most_nanos,
    )


def floor_tokens(model: Model) -> int:
    """The shortest output cap that is worth asking with."""
    return FLOOR_REASONING_OUTPUT_TOKENS if model.reasoning else FLOOR_OUTPUT_TOKENS
