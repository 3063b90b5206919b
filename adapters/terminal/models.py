"""The models at the terminal: /models, and how they are chosen: /routing."""

from collections.abc import Iterable

from adapters.terminal.commands import starting_with
from adapters.terminal.people import People
from adapters.terminal.screen import Screen, Suggestions
from core.text import models
from core.text.neutralise import for_terminal
from core.text.routing import report_lines
from core.use_cases import UseCases

ALL = "all"


class ModelDesk:
    """Answers whoever speaks about models."""

    def __init__(self, use_cases: UseCases, screen: Screen, people: People) -> None:
        self._use_cases = use_cases
        self._screen = screen
        self._people = people

    async def models(self, typed: str) -> None:
        """A few of every kind, all of them, or one in detail."""
        member, listing = await self._people.member(), self._use_cases.models
        overview, zone = await listing.of(member, self._people.place), member.team.zone
        match typed.strip():
            case "":
                self._say(models.overview_lines(overview, zone))
                if overview.usable:
                    self._say([f"/models NAME tells more of one, /models {ALL} lists all; /ask --model NAME asks it."])
            case name if name.casefold() == ALL:
                self._say(models.all_lines(overview, zone))
            case name:
                listed = listing.find(overview, for_terminal(name))
                self._say(models.model_lines(listed, overview.rules, zone))
                if listed.against is None:
                    self._say([f"/ask --model {listed.model.id} QUESTION asks it."])

    def choices(self, typed: str) -> Suggestions:
        """All, or a model."""
        return starting_with(typed, [ALL, *self.names])

    @property
    def names(self) -> tuple[str, ...]:
        """The models that may be named."""
        return tuple(model.id for model in self._use_cases.catalogue.models)

    async def routing(self, _: str) -> None:
        """How models are chosen, and how well."""
        member = await self._people.member()
        titles = {model.id: model.title for model in self._use_cases.catalogue.models}
        self._say(report_lines(await self._use_cases.routing.of(member), titles, member.team.zone))

    def _say(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._screen.write(f"{line}\n")
