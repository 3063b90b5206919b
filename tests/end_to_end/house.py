"""The whole house on real books and a real socket: what the end-to-end tests share."""

import asyncio
import os
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr
from sqlalchemy import text

from adapters.llm.tokens import OfflineTokenCounter
from adapters.store.audit import AuditReport, audit
from bot.settings import Settings
from bot.wiring import App, wire
from core.asks import Asks, RunningAsk
from core.call import TextPart
from core.estimate import PlannedCall, plan_call
from core.events import AskEvent, Finished
from core.membership import TeamDefaults
from core.operations import Concluded, SetRule, TopUp
from core.operator_lists import LetIn
from core.people import Identity, Member, Place
from core.policy import Setting, member_target
from core.ports import Clock
from core.prompt import Prompt
from core.question import AskSettings, Question
from core.reports import WalletReport
from tests.core.asking.house import heard
from tests.provider_server import ProviderServer

QUESTION = "why does my migration deadlock?"
PLACE = Place("terminal", "one", "general")
CATALOGUE = Path(__file__).parents[2] / "adapters" / "llm" / "models.toml"
COUNTER = OfflineTokenCounter()
"""One for all tests: it takes a third of a second to load."""
_numbers = (f"{os.getpid()}-{number}" for number in count())
"""For names that no other process of a test uses."""


class QuickSettings(Settings):
    """Settings whose ask numbers can be set finer than the environment allows: half seconds, no limits."""

    numbers: dict[str, Any] = Field(default_factory=dict)

    def ask_settings(self) -> AskSettings:
        """The numbers an ask goes by."""
        return replace(super().ask_settings(), **self.numbers)


def settings_for(database_url: str, base_url: str, **numbers: Any) -> Settings:
    """Settings for one database and one OpenAI-compatible server; `numbers` replace those of an ask."""
    of_this_house = {"database_url": SecretStr(database_url), "openai_base_url": base_url, "numbers": numbers}
    return _settings_of_all().model_copy(update=of_this_house)


@cache
def _settings_of_all() -> QuickSettings:
    """Read once: pydantic-settings takes as long for it as a house takes to open its books."""
    return QuickSettings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings adds the parameter
        database_url=SecretStr("sqlite:///of-no-house.db"),
        secret_key=SecretStr("a secret of the tests"),
        openai_api_key=SecretStr("sk-test"),
        routing_file=ONE_CALL,
    )


ONE_CALL = Path(__file__).with_name("one_call.toml")
TERRA = "gpt-6.1-terra"
"""Asked for by name: what these tests count must not change with the routing."""


@dataclass(frozen=True, slots=True)
class House:
    """One running process and its team. `anna` is the admin."""

    app: App
    anna: Member

    @property
    def asks(self) -> Asks:
        """The asks of this process."""
        return self.app.use_cases.asks

    async def member(self, name: str, *, admin: bool = False) -> Member:
        """Whoever has that name, enrolled if they are new."""
        return await enrolled(self.app, name, admin=admin)

    async def top_up(self, nanos: int) -> None:
        """Put budget in, to the nano-dollar."""
        wallet_id, team_id = self.anna.team.wallet_id, self.anna.team.id
        name = f"top-up-{next(_numbers)}"
        await self.app.store.books.apply(
            TopUp(id=name, wallet_id=wallet_id, team_id=team_id, amount_nanos=nanos, actor="test")
        )

    async def limit(self, member: Member, nanos: int) -> Member:
        """Give a member a monthly limit."""
        wallet_id, team_id = self.anna.team.wallet_id, self.anna.team.id
        name = f"limit-{next(_numbers)}"
        done = await self.app.store.books.apply(
            SetRule(
                id=name,
                wallet_id=wallet_id,
                team_id=team_id,
                target=member_target(member.id),
                setting=Setting.MONTH,
                value=str(nanos),
                actor=self.anna.id,
            )
        )
        assert isinstance(done, Concluded), done
        return await self.member(member.display_name)

    def start(self, question: str = QUESTION, **fields: Any) -> RunningAsk:
        """Begin an ask of Anna's."""
        known: dict[str, Any] = {
            "member": self.anna,
            "place": PLACE,
            "parts": (TextPart(question),),
            "keys": (f"key-{next(_numbers)}",),
            "model": TERRA,
        }
        return self.asks.start(Question(**(known | fields)))

    def forgive(self) -> None:
        """Forget what providers did before: as if every pause were over and every model were back."""
        health, catalogue = self.asks.health, self.app.catalogue
        health._models.clear()
        health._providers.clear()
        catalogue._gone.clear()
        catalogue._offer = None

    async def hear(self, question: str = QUESTION, **fields: Any) -> list[AskEvent]:
        """Ask and take every event."""
        return await heard(self.start(question, **fields))

    async def wallet(self) -> WalletReport:
        """The wallet now."""
        return await self.app.use_cases.balances._reports.wallet(self.anna.team.wallet_id)

    async def plan(self, question: str = QUESTION, model: str = TERRA) -> PlannedCall:
        """What would be sent, worked out beside the running process."""
        asked = Question(self.anna, PLACE, (TextPart(question),), ())
        found = next(listed for listed in self.app.catalogue.models if listed.id == model)
        cap = self.app.settings.max_output_tokens
        today = self.app.clock.now().date()
        return await plan_call(Prompt(asked, COUNTER), found, today=today, max_output_tokens=cap)

    async def rows(self, query: str, **values: Any) -> list[Any]:
        """Rows as the database has them."""
        async with self.app.store.snapshot() as session:
            return list((await (await session.connection()).execute(text(query), values)).mappings().all())

    async def open_holds(self) -> int:
        """How many holds keep money aside."""
        return len(await self.rows("SELECT id FROM hold WHERE state = 'open'"))

    async def assert_at_rest(self) -> AuditReport:
        """No hold is open, nothing is held, and the books balance."""
        assert await self.open_holds() == 0
        assert (await self.wallet()).held_nanos == 0
        report = await audit(self.app.store)
        assert report.violations == (), report.violations
        return report


async def enrolled(app: App, name: str, *, admin: bool = False) -> Member:
    """A member of the one team of these tests."""
    defaults = TeamDefaults("Team", "UTC", 5_000_000_000, let_in=LetIn.ALWAYS)
    member, _ = await app.use_cases.membership.member(Identity("terminal", "one", name, name), defaults, admin=admin)
    return replace(member, welcomed=True)  # what is told before a first ask is tested where it is


@asynccontextmanager
async def a_house(
    database_url: str,
    server: ProviderServer | str,
    *,
    nanos: int = 1_000_000_000,
    clock: Clock | None = None,
    **numbers: Any,
) -> AsyncIterator[House]:
    """The process, wired as it is in production, with `nanos` in the wallet."""
    base_url = server if isinstance(server, str) else server.base_url
    async with wire(settings_for(database_url, base_url, **numbers), practice=False, clock=clock) as app:
        house = House(app, await enrolled(app, "Anna", admin=True))
        if nanos:
            await house.top_up(nanos)
        yield house


@asynccontextmanager
async def sampled(house: House) -> AsyncIterator[list[int]]:
    """What is available in the wallet, again and again."""
    samples: list[int] = []

    async def sample() -> None:
        while True:
            samples.append((await house.wallet()).available_nanos)
            await asyncio.sleep(0.002)

    sampling = asyncio.create_task(sample())
    try:
        yield samples
    finally:
        sampling.cancel()
        await asyncio.gather(sampling, return_exceptions=True)


def charged(events: list[AskEvent]) -> int:
    """What an ask that was answered cost."""
    end = events[-1]
    assert isinstance(end, Finished), end
    return end.receipt.charged_nanos


def catalogue_price(model: str, **tokens: int) -> int:
    """What tokens cost, worked out apart from all of Chipin: the catalogue's file, Decimal and one rounding up.

    `tokens` by the catalogue's own rates: input, cache_read, cache_write, output, reasoning.
    """
    listed = next(row for row in tomllib.loads(CATALOGUE.read_text())["models"] if row["id"] == model)
    price = max(listed["prices"], key=lambda each: each["effective_from"])
    dollars = sum((Decimal(price[rate]) * number for rate, number in tokens.items()), Decimal(0)) / 1_000_000
    return int((dollars * 10**9).to_integral_value(ROUND_CEILING))
