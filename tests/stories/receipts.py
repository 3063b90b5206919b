"""Reads the receipt of every answer that a story gets, whatever chat it is played in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.people import Standing
from tests.stories.driver import TeamStage

ASKING = ("/ask", "/run", "/cheaper", "/better", "/remove", "/send", "/again")
_PRICE_LINE = re.compile(r"^((?:about )?[\d.$,]+(?: cents?)? · [^·\n]+?)(?: · .*)?$", re.MULTILINE)


@dataclass(slots=True)
class WithReceipts:
    """A `TeamStage` on which whoever gets an answer reads what is behind its price.

    `begins_anew`: what is typed before each question where a chat would else go on with the conversation before it.
    """

    stage: TeamStage
    begins_anew: str = ""
    receipts: list[str] = field(default_factory=list)

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

    async def says(self, person: str, line: str) -> str:
        """Type; after an answer read its price, and what is behind it."""
        if self.begins_anew and (line.startswith("/ask ") or not line.startswith("/")):
            await self.stage.says(person, self.begins_anew)
        shown = await self.stage.says(person, line)
        price = _PRICE_LINE.search(shown)
        if price is not None and (not line.startswith("/") or line.split(maxsplit=1)[0] in ASKING):
            self.receipts.append(f"{price[1]}\n{await self.stage.says(person, '/details')}")
        return shown

    async def reads(self, person: str) -> str:
        """As on the other stage."""
        return await self.stage.reads(person)

    async def joins(self, person: str, *, roles: Sequence[str] = (), standing: Standing = Standing.MEMBER) -> None:
        """As on the other stage."""
        await self.stage.joins(person, roles=roles, standing=standing)

    async def leaves(self, person: str) -> None:
        """As on the other stage."""
        await self.stage.leaves(person)

    async def returns(self, person: str) -> None:
        """As on the other stage."""
        await self.stage.returns(person)
