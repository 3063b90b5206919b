"""The real rules on a real SQLite file, with a provider that does as it is told."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from adapters.store.database import Store, open_store
from adapters.store.reports import StorePeople
from adapters.terminal.chat import Session, TerminalChat
from bot.clock import SystemClock
from bot.ports import ports_on
from bot.wiring import use_cases_on
from core.call import Chunk, Stop, StopReason, Text, UsageReport
from core.membership import TeamDefaults
from core.models import Model
from core.money import NANOS_PER_USD
from core.operator_lists import LetIn
from core.people import Identity, Member
from core.prices import Usage
from core.question import AskSettings
from core.use_cases import UseCases
from tests.adapters.terminal.script import ScriptScreen, Terminal
from tests.fakes import ByteCounter, FixedCatalogue, PlainVault, ScriptedProvider, a_model

USAGE = Usage(input_tokens=100, output_tokens=20)
ANSWER: Sequence[Chunk] = (Text("It "), Text("depends."), UsageReport(USAGE), Stop(StopReason.END))
PRICE_NANOS = 100 * 1_000 + 20 * 4_000
"""What `ANSWER` costs with `a_model()`."""

SETTINGS: dict[str, Any] = {
    "deadline_seconds": 30,
    "hold_ttl_seconds": 90,
    "hold_wait_seconds": 0.3,
    "max_output_tokens": 500,
    "confirm_above_nanos": NANOS_PER_USD // 10,
    "max_in_flight": 3,
    "member_day_absorbed_nanos": NANOS_PER_USD,
}
DEFAULTS = TeamDefaults("Demo team", "UTC", 5 * NANOS_PER_USD, demo=True, let_in=LetIn.ALWAYS)
DEMO = Session("demo", DEFAULTS, demo=True, operator=False, greeting=("Model: a test.", "Database: a file."))


class WelcomedPeople(StorePeople):
    """Everybody was told already what asking means."""

    async def find(self, identity: Identity) -> Member | None:
        """The member behind an identity."""
        found = await super().find(identity)
        return None if found is None else replace(found, welcomed=True)


@dataclass
class House:
    """Use cases over one store; `provider` answers every model."""

    use_cases: UseCases
    store: Store
    provider: ScriptedProvider
    people: StorePeople

    def terminal(self, session: Session = DEMO) -> Terminal:
        """A chat that a test can type into."""
        screen = ScriptScreen()
        return Terminal(TerminalChat(self.use_cases, screen, session), screen)


@asynccontextmanager
async def open_house(
    url: str,
    *script: Chunk | BaseException | float,
    models: Sequence[Model] | None = None,
    provider: str = "test",
    newcomers: bool = False,
    **settings: Any,
) -> AsyncIterator[House]:
    """A house whose provider answers by the script (`ANSWER` without one). `newcomers` were told nothing yet."""
    answering = ScriptedProvider(script or ANSWER)
    offered = (a_model(provider=provider),) if models is None else tuple(models)
    catalogue = FixedCatalogue(offered, {provider: answering})
    clock = SystemClock()
    async with open_store(url) as store:
        people = StorePeople(store) if newcomers else WelcomedPeople(store)
        ports = ports_on(store, catalogue, ByteCounter(), PlainVault(), clock)
        ports = replace(ports, asks=replace(ports.asks, people=people))
        use_cases = use_cases_on(ports, AskSettings(**(SETTINGS | settings)))
        try:
            yield House(use_cases, store, answering, people)
        finally:
            await use_cases.asks.close(5)
