"""/models, and how they are chosen: /routing."""

from core.commands.speaking import Reply, Speaker, said
from core.models import titles_of
from core.text import models
from core.text.neutralise import for_terminal
from core.text.routing import report_lines
from core.use_cases import UseCases

ALL = "all"


class Models:
    """Answers about models."""

    def __init__(self, use_cases: UseCases) -> None:
        self._use_cases = use_cases

    async def models(self, speaker: Speaker, typed: str) -> Reply:
        """A few of every kind, all of them, or one in detail."""
        member, listing = speaker.member, self._use_cases.models
        overview, zone = await listing.of(member, speaker.place), member.team.zone
        name = typed.strip()
        if not name:
            lines = models.overview_lines(overview, zone)
            more = f"/models NAME tells more of one, /models {ALL} lists all; /ask --model NAME asks it."
            return said((*lines, more) if overview.usable else lines)
        if name.casefold() == ALL:
            return said(models.all_lines(overview, zone))
        listed = listing.find(overview, for_terminal(name))
        lines = models.model_lines(listed, overview.rules, zone)
        asks = f"/ask --model {listed.model.id} QUESTION asks it."
        return said((*lines, asks) if listed.against is None else lines)

    async def routing(self, speaker: Speaker, _: str) -> Reply:
        """How models are chosen, and how well."""
        titles = titles_of(self._use_cases.catalogue.models)
        report = await self._use_cases.routing.of(speaker.member)
        return said(report_lines(report, titles, speaker.member.team.zone))
