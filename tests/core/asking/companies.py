"""Several providers, each with one model and a script for each call: what tests of falling back stand on."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from core.call import Call, Chunk, Stop, StopReason, Text, UsageReport
from core.errors import ProviderBroken
from core.events import AskEvent
from core.models import Model
from core.prices import Usage
from core.routing.rules import Rules
from tests.core.asking.house import QUESTION, SETTINGS, Desk, ManualClock, a_desk, heard
from tests.fakes import FixedCatalogue, NoVectors, ScriptedProvider, a_model, a_price

USED = Usage(input_tokens=30, output_tokens=7)
DOWN: Sequence[Chunk | BaseException] = (ProviderBroken("It has a problem of its own."),)


def saying(text: str, usage: Usage = USED) -> tuple[Chunk, ...]:
    """An answer that went well."""
    return (Text(text), UsageReport(usage), Stop(StopReason.END))


@dataclass
class Company(NoVectors):
    """A provider that plays its next turn at each call, and the last one again and again."""

    name: str
    turns: Sequence[Sequence[Chunk | BaseException | float]]
    usd: str = "1"
    tier: int = 2
    fields: dict[str, Any] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    @property
    def model(self) -> Model:
        """Its model: `usd` a million tokens in, four times that out."""
        price = a_price(
            input_usd=Decimal(self.usd),
            cache_read_usd=Decimal(self.usd),
            cache_write_usd=Decimal(self.usd),
            output_usd=4 * Decimal(self.usd),
            reasoning_usd=4 * Decimal(self.usd),
        )
        known: dict[str, Any] = {
            "id": f"{self.name.lower()}-model",
            "title": f"{self.name} Model",
            "provider": self.name.lower(),
            "provider_title": self.name,
            "tier": self.tier,
            "prices": (price,),
        }
        return a_model(**(known | self.fields))

    async def stream(self, call: Call) -> AsyncGenerator[Chunk, None]:
        """Play the next turn."""
        self.calls.append(call)
        turn = self.turns[min(len(self.calls), len(self.turns)) - 1]
        async for chunk in ScriptedProvider(turn).stream(call):
            yield chunk


class TimedDesk(Desk):
    """A desk whose clock moves on while it is waited for."""

    async def hear(self, text: str = QUESTION, **fields: Any) -> list[AskEvent]:
        listening = asyncio.ensure_future(heard(self.start(text, **fields)))
        assert isinstance(self.ports.clock, ManualClock)
        await self.ports.clock.until(listening, step_seconds=0.05)
        return listening.result()


async def a_desk_with(*companies: Company, rules: Rules | None = None, **fields: Any) -> TimedDesk:
    """A desk that can ask these companies."""
    models = tuple(sorted((company.model for company in companies), key=lambda model: model.prices[0].input_usd))
    catalogue = FixedCatalogue(models, {company.name.lower(): company for company in companies})
    settings = replace(fields.pop("settings", SETTINGS), rules=rules or Rules())
    desk = await a_desk(models=models, settings=settings, catalogue=catalogue, **fields)
    return TimedDesk(desk.books, desk.asks, desk.ports, desk.settings)
