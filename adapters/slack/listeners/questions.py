"""Questions from commands and forms: where their answers go is asked once for each channel, and remembered."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from adapters.slack.asking import Asked, Asking
from adapters.slack.listeners.desk import Visit
from adapters.slack.table import HERE, ONLY_ME
from adapters.slack.views.offers import offer_shown
from adapters.slack.views.shown import MAX_VALUE_CHARS, Shown, lines_shown
from core import preferred
from core.commands.carried import Typed, typed_value
from core.secrets import masked
from core.text.wording import NOT_CHARGED
from core.use_cases import UseCases

REMEMBERED = {HERE: preferred.HERE, ONLY_ME: preferred.ONLY_ME}
"""What people type, and what is kept."""
SAID = {
    HERE: "From now on, answers to what you ask in this channel stand here.",
    ONLY_ME: "From now on, only you read the answers to what you ask in this channel: in a direct message.",
}
FORGOTTEN = f"That question is not kept any more. Ask it again. {NOT_CHARGED}"
MOST_KEPT = 500
"""Questions that wait for a press and are in no button: a restart forgets them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody typed in front of a question."""

    model: str
    where: str = ""
    """HERE, ONLY_ME or empty."""
    tag: str = ""


class Questions:
    """Hands questions over to be asked."""

    def __init__(self, use_cases: UseCases, asking: Asking) -> None:
        self._preferences = use_cases.preferences
        self._asking = asking
        self._kept: OrderedDict[str, str] = OrderedDict()

    async def ask(self, visit: Visit, text: str, chosen: Chosen) -> Shown | None:
        """Ask it where its asker likes the answer to stand; who has not said yet is asked that first."""
        speaker, origin = visit.speaker, visit.origin
        typed = Typed(text, chosen.model, speaker.key, origin.user_id, chosen.tag)
        if origin.is_direct or not origin.channel_id:
            self._start(visit, typed, private=not origin.channel_id)
            return None
        where = chosen.where or await self.place_of_answers(visit)
        if not where:
            return offer_shown(self._value(typed))
        self._start(visit, typed, private=where == ONLY_ME)
        return None

    async def place_of_answers(self, visit: Visit) -> str:
        """HERE or ONLY_ME, as they said before; empty where they have not said yet."""
        said = await self._preferences.answers_in(visit.speaker.member, visit.origin.place)
        return next((typed for typed, kept in REMEMBERED.items() if kept == said), "")

    async def chosen(self, visit: Visit, typed: Typed, where: str) -> Shown:
        """They said where; ask what waited."""
        text = typed.text or self._kept.get(typed.key, "")
        await self._preferences.set(visit.speaker.member, preferred.answers_in(visit.origin.place), REMEMBERED[where])
        if not text:
            return lines_shown([SAID[where], FORGOTTEN])
        self._start(visit, replace(typed, text=text), private=where == ONLY_ME)
        return lines_shown([SAID[where]])

    def _value(self, typed: Typed) -> str:
        """It, for a button; what is too long for one, or looks like a secret, is kept here."""
        value = typed_value(typed)
        if len(value) <= MAX_VALUE_CHARS and masked(typed.text) == typed.text:
            return value
        self._kept[typed.key] = typed.text
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return typed_value(replace(typed, text=""))

    def _start(self, visit: Visit, typed: Typed, *, private: bool) -> None:
        """What was pressed or sent is no message that an answer could stand under."""
        origin = replace(visit.origin, ts="", thread_ts="")
        self._asking.start(
            Asked(origin, keys=(typed.key,), text=typed.text, private=private, model=typed.model, tag=typed.tag)
        )
