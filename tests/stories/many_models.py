"""A day with several models: prices before asking, a better answer, thumbs, a provider that is down, and trying again.

What is shown is compared with the books after every step. Two providers stand on local sockets: "openai" and "mistral".
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from core.money import format_price
from tests.stories.driver import Books, Stage

ADMIN, MEMBER = "Ada", "Anna"


class Providers(Protocol):
    """The providers' servers, which answer as the story wants them to."""

    def answers(self, *names: str) -> None:
        """These answer from now on, and nobody else does."""


@dataclass(frozen=True, slots=True)
class ManyModels:
    """The story on one stage. `look` reads the books behind it."""

    stage: Stage
    look: Callable[[], Awaitable[Books]]
    providers: Providers

    async def play(self) -> Books:
        """Play it from an empty database to the evening; returns the books then."""
        self.providers.answers("openai", "mistral")
        await self._the_models_are_explained()
        await self._a_price_is_told_before_anything_is_asked()
        await self._a_better_answer_costs_what_was_said()
        await self._a_question_knows_the_answer_before_it()
        await self._a_provider_goes_down_and_nobody_minds()
        await self._nobody_answers_and_nobody_pays()
        await self._the_admin_sees_how_models_do()
        return await self.look()

    async def _the_models_are_explained(self) -> None:
        shown = await self.stage.says(ADMIN, "/models")
        for group in ("For everyday work:", "For the hardest questions:", "For quick, short jobs:"):
            assert group in shown
        assert re.search(r"\(gpt-6-luna\) +about 0\.03 cents +quick answers", shown)
        assert "You can ask it here." in await self.stage.says(MEMBER, "/models gpt-6-luna")

    async def _a_price_is_told_before_anything_is_asked(self) -> None:
        before = await self.look()
        shown = await self.stage.says(MEMBER, "/price what is a deadlock?")
        told = re.findall(r"^ +\d+\. (.+?) +about ([\d.]+ cents), at most ([\d.]+ cents)", shown, re.MULTILINE)
        assert len(told) > 1
        recommended = re.findall(r"Recommended: number (\d+), (.+?)\.", shown)
        assert [(told[int(number) - 1][0], number) for number, _ in recommended] == [
            (title, number) for number, title in recommended
        ]
        assert await self.look() == before
        shown = await self.stage.says(MEMBER, "/yes")
        after = await self.look()
        assert f"{format_price(after.charges[-1].nanos)} · {recommended[0][1]}" in shown
        assert after.available_nanos == before.available_nanos - after.charges[-1].nanos

    async def _a_better_answer_costs_what_was_said(self) -> None:
        before = await self.look()
        shown = await self.stage.says(MEMBER, "why does my migration wait?")
        offered = re.search(r"Better model, about ([\d.]+ cents): /better", shown)
        assert offered is not None
        assert len((await self.look()).charges) == len(before.charges) + 1
        shown = await self.stage.says(MEMBER, "/better")
        after = await self.look()
        first, better = after.charges[-2:]
        assert first.model != better.model
        assert f"{format_price(better.nanos)} · " in shown
        assert "Thank you." in await self.stage.says(MEMBER, "/good")

    async def _a_question_knows_the_answer_before_it(self) -> None:
        shown = await self.stage.says(MEMBER, "and how do I see it?")
        said = re.search(r"(\d+) messages before it", shown)
        assert said is not None and int(said[1]) == 4
        await self.stage.says(MEMBER, "/new")
        assert "0 messages before it" in await self.stage.says(MEMBER, "and how do I avoid it?")

    async def _a_provider_goes_down_and_nobody_minds(self) -> None:
        self.providers.answers("openai")
        before = await self.look()
        shown = await self.stage.says(MEMBER, "what is a lock?")
        after = await self.look()
        assert re.search(r"^Ministral .* did not answer, so GPT.* answers, for at most ", shown, re.MULTILINE)
        assert "openai says: 2 messages before it" in shown
        assert len(after.charges) == len(before.charges) + 1
        assert after.charges[-1].model.startswith("gpt")
        details = await self.stage.says(MEMBER, "/details")
        assert "gave no answer. Not charged." in details
        assert "chosen because: short question" in details

    async def _nobody_answers_and_nobody_pays(self) -> None:
        self.providers.answers()
        before = await self.look()
        shown = await self.stage.says(MEMBER, "what is a latch?")
        assert "Not charged." in shown and "/again asks it once more." in shown
        down = await self.stage.says(ADMIN, "/routing")
        assert "OpenAI has not answered since" in down and "Mistral has not answered since" in down
        assert (await self.look()).charges == before.charges
        self.providers.answers("openai", "mistral")
        assert '"what is a latch?"' in await self.stage.says(MEMBER, "/again")
        assert len((await self.look()).charges) == len(before.charges) + 1

    async def _the_admin_sees_how_models_do(self) -> None:
        assert "Only admins" in await self.stage.says(MEMBER, "/routing")
        shown = await self.stage.says(ADMIN, "/routing")
        assert re.search(r"Ministral.*: \d answers .* a better model asked for after 1 \(\d+ %\)", shown)
