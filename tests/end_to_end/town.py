"""Three providers on real sockets behind one running process, and what each of them did: written down call by call.

async with a_town(database_url, folder, rules="num_retries = 0") as town:
    town.mistral.plays(mixed)
    events = await town.ask(7)
    assert town.calls_for(7) == [...]
"""

import json
import random
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot.wiring import wire
from core.events import AskEvent, Finished, Started, SwitchedModel
from core.models import AUTO, Model
from core.ports import Clock
from core.prices import Usage, cost
from tests import anthropic_behaviours, provider_behaviours
from tests.core.asking.house import finished
from tests.end_to_end.house import House, enrolled, settings_for
from tests.provider_behaviours import Behaviour, Body, cap_of, status
from tests.provider_server import ProviderServer

MONEY = 10_000_000_000
OLLAMA_MODEL = "llama3.2:3b"
_NUMBER = re.compile(r"question number (\d+)")
Words = str
Behaves = Behaviour | Words
"""How one call goes: a behaviour of tests/provider_behaviours.py, or what is said in an answer that goes well."""


def question(number: int) -> str:
    """A short one; its number is what calls are told apart by."""
    return f"What is the capital of country {number}, question number {number}?"


@dataclass(frozen=True, slots=True)
class Played:
    """One call as its server saw it; `used` is what it reported, None where it did not answer."""

    provider: str
    wire_name: str
    number: int
    used: Usage | None


@dataclass
class Company:
    """One provider: `acts` is asked at each call how it goes. What it reports is drawn anew for each answer."""

    provider: str
    log: list[Played]
    rng: random.Random
    server: ProviderServer = field(default_factory=ProviderServer)
    acts: Callable[[], Behaves] = lambda: "Two wait."

    async def __call__(self, request: web.Request, body: Body) -> web.StreamResponse:
        """One call."""
        found = _NUMBER.findall(json.dumps(body))
        act, number = self.acts(), int(found[-1]) if found else -1
        used = (
            Usage(self.rng.randint(5, 40), output_tokens=self.rng.randint(1, cap_of(body)))
            if isinstance(act, str)
            else None
        )
        self.log.append(Played(self.provider, str(body["model"]), number, used))
        behaviour = self._saying(act, used) if isinstance(act, str) and used is not None else act
        assert not isinstance(behaviour, str)
        return await behaviour(request, body)

    def _saying(self, words: str, used: Usage) -> Behaviour:
        fresh, made = used.input_tokens, used.output_tokens
        if self.provider == "anthropic":
            return anthropic_behaviours.good([words], usage=anthropic_behaviours.counted(fresh, made))
        return provider_behaviours.good([words], usage=provider_behaviours.counted(fresh, made))


@dataclass
class Town:
    """The process and the three."""

    house: House
    log: list[Played]
    companies: dict[str, Company]

    def company(self, provider: str) -> Company:
        """One of the three."""
        return self.companies[provider]

    def calls_for(self, number: int) -> list[Played]:
        """What the servers saw of one question, in order."""
        return [played for played in self.log if played.number == number]

    def calls_at(self, provider: str) -> int:
        """How often one of them was called."""
        return sum(played.provider == provider for played in self.log)

    async def ask(self, number: int, text: str = "", **fields: Any) -> list[AskEvent]:
        """Ask `auto`, unless told otherwise, and take every event."""
        return await self.house.hear(text or question(number), **({"model": AUTO} | fields))

    def model(self, played: Played) -> Model:
        """The model that a call was for."""
        return next(
            model
            for model in self.house.app.catalogue.models
            if (model.provider, model.wire_name) == (played.provider, played.wire_name)
        )

    def true_cost(self, played: Played) -> int:
        """What a call cost by what its server reported."""
        price = self.model(played).price_on(self.house.app.clock.now().date())
        assert price is not None and played.used is not None
        return cost(played.used, price)

    def assert_charged_right(self, number: int, events: list[AskEvent]) -> int:
        """What was charged for an ask: exactly what the call that answered cost, within the last "at most"."""
        receipt, calls = finished(events).receipt, self.calls_for(number)
        told = [event.at_most_nanos for event in events if isinstance(event, Started | SwitchedModel)]
        assert len(calls) <= 3, calls
        assert receipt.charged_nanos <= told[-1]
        if not answered(events):
            assert receipt.charged_nanos == 0
            return 0
        assert [played.used for played in calls[:-1]] == [None] * (len(calls) - 1)
        assert receipt.charged_nanos == self.true_cost(calls[-1])
        return receipt.charged_nanos


def answered(events: list[AskEvent]) -> bool:
    """Whether somebody read an answer to its end."""
    return isinstance(events[-1], Finished) and events[-1].ending == "answered"


@asynccontextmanager
async def a_town(
    database_url: str,
    folder: Path,
    *,
    rules: str = "",
    providers: tuple[str, ...] = ("openai", "mistral", "anthropic"),
    base_urls: dict[str, str] | None = None,
    nanos: int = MONEY,
    seed: int = 1,
    models: str = "",
    clock: Clock | None = None,
    **numbers: Any,
) -> AsyncIterator[Town]:
    """The process with these providers; `rules` is the text of its ROUTING_FILE, `models` that of its MODELS_FILE.

    `base_urls` replaces servers. Ollama, if it is there, has one model.
    """
    routing, log = folder / "routing.toml", list[Played]()
    routing.write_text(rules)
    (folder / "models.toml").write_text(models)
    companies = {name: Company(name, log, random.Random(f"{seed}{name}")) for name in providers}
    async with AsyncExitStack() as stack:
        for company in companies.values():
            company.server.models = (OLLAMA_MODEL,) if company.provider == "ollama" else ()
            await stack.enter_async_context(company.server)
            company.server.answer_with(company)
        urls = {name: company.server.base_url for name, company in companies.items()} | (base_urls or {})
        settings = settings_for(database_url, "http://nobody", **numbers).model_copy(
            update={"routing_file": routing, "openai_api_key": None, "openai_base_url": None}
            | {f"{name}_api_key": SecretStr("key") for name in providers if name != "ollama"}
            | {"models_file": folder / "models.toml" if models else None}
            | {f"{name}_base_url": url for name, url in urls.items()}
        )
        app = await stack.enter_async_context(wire(settings, practice=False, clock=clock))
        house = House(app, await enrolled(app, "Anna", admin=True))
        if nanos:
            await house.top_up(nanos)
        yield Town(house, log, companies)


def mixed(rng: random.Random) -> Callable[[], Behaves]:
    """70 % good, 20 % 500, 10 % 429 of which half say to wait a second."""

    def act() -> Behaves:
        drawn = rng.random()
        if drawn < 0.7:
            return "Two wait."
        if drawn < 0.9:
            return status(500)
        return status(429, retry_after="1" if drawn < 0.95 else None)

    return act
