"""Writes down what is played on a stage, so that pages show what people really read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.people import Standing
from tests.stories.driver import TeamStage

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_FORGOTTEN = "Nothing of it stands in the books any more."
_CHANGES = (
    (re.compile(rf"\b\d{{1,2}} (?:{_MONTHS})\b"), "1 May"),
    (re.compile(r"\b\d\d:\d\d\b"), "12:00"),
    (re.compile(r"\bjust now\b|\b\d+ seconds? ago\b"), "1 second ago"),
    (re.compile(r"more than a year at this pace|about \d+ days? at this pace|less than a day at this pace"), "1 day"),
    (re.compile(r"Within minutes nothing of it stands .*?; somebody is reading them now\."), _FORGOTTEN),
)
"""What is different whenever it is played. Files are written anew at once where nobody reads them at that moment."""


@dataclass(slots=True)
class Written:
    """A `TeamStage` that writes down what happens on another one, chapter by chapter."""

    stage: TeamStage
    chapters: dict[str, str] = field(default_factory=dict)
    _chapter: str = ""

    @property
    def channel(self) -> str:
        """The other stage's."""
        return self.stage.channel

    @property
    def greeting(self) -> str:
        """The other stage's."""
        return self.stage.greeting

    @property
    def last_admin_stays(self) -> str:
        """The other stage's."""
        return self.stage.last_admin_stays

    def begin(self, chapter: str) -> None:
        """From here on it is written down under this name; under none it is not."""
        assert chapter not in self.chapters
        self._chapter = chapter

    async def says(self, person: str, line: str) -> str:
        """Type, and write down both."""
        shown = await self.stage.says(person, line)
        self._write(f"{person}> {line}\n{shown}")
        return shown

    async def reads(self, person: str) -> str:
        """Write down what somebody was told."""
        shown = await self.stage.reads(person)
        if shown.strip():
            self._write("".join(f"{person} reads: {line}\n" for line in shown.splitlines()))
        return shown

    async def joins(self, person: str, *, roles: Sequence[str] = (), standing: Standing = Standing.MEMBER) -> None:
        """As on the other stage."""
        await self.stage.joins(person, roles=roles, standing=standing)

    async def leaves(self, person: str) -> None:
        """As on the other stage."""
        await self.stage.leaves(person)

    async def returns(self, person: str) -> None:
        """As on the other stage."""
        await self.stage.returns(person)

    def _write(self, text: str) -> None:
        if self._chapter:
            self.chapters[self._chapter] = self.chapters.get(self._chapter, "") + text


def masked(text: str) -> str:
    """The same without what is different whenever it is played: days, times and how long ago something was."""
    for changing, instead in _CHANGES:
        text = changing.sub(instead, text)
    return text
