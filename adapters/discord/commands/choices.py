"""What is suggested while somebody types: out of memory alone, as Discord waits three seconds and asks at every key."""

from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from adapters.discord.commands.options import Suggests
from adapters.discord.commands.payload import MAX_CHOICES
from core.commands.models import ALL
from core.model_list import ModelList
from core.money import format_price
from core.policy.targets import EVERYONE, STANDINGS

MAX_CHOICE_CHARS = 100
Choice = tuple[str, str]
"""What is read, and what is typed by choosing it."""


class Choices:
    """Suggests what can be typed."""

    def __init__(self, models: ModelList) -> None:
        self._models = models
        _zones()  # read from the disk now: a tenth of a second that nobody who types should wait

    def for_(self, suggests: Suggests, typed: str) -> list[Choice]:
        """At most 25 whose words begin like what was typed, or have it in them."""
        wanted = typed.strip().casefold()
        return [each for each in self._all(suggests) if wanted in f"{each[0]} {each[1]}".casefold()][:MAX_CHOICES]

    def _all(self, suggests: Suggests) -> Iterable[Choice]:
        match suggests:
            case Suggests.MODELS_TO_ASK:
                return self._with_prices()
            case Suggests.MODELS:
                return [("all of them", ALL), *self._with_prices()]
            case Suggests.WHOM:
                return [(whom, whom) for whom in (EVERYONE, *STANDINGS.values())]
            case Suggests.ZONES:
                return [(zone, zone) for zone in _zones()]
            case _:
                return ()

    def _with_prices(self) -> list[Choice]:
        return [
            (_label(f"{each.model.title} · about {format_price(each.typical_nanos)}"), each.model.id)
            for each in self._models.offered()
            if len(each.model.id) <= MAX_CHOICE_CHARS
        ]


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"))


def _label(text: str) -> str:
    clean = "".join(filter(str.isprintable, text))
    return clean if len(clean) <= MAX_CHOICE_CHARS else f"{clean[: MAX_CHOICE_CHARS - 3]}..."
