"""The stories, played in the terminal on both databases."""

import asyncio
from functools import partial

import httpx
import pytest
from aiohttp import web
from pydantic import SecretStr

from adapters.terminal.chat import Session, TerminalChat
from adapters.terminal.people import YOU
from bot.clock import SystemClock
from bot.settings import Settings
from bot.wiring import App, wire
from core.defaults import DEMO_BUDGET_NANOS, MEMBER_MONTH_LIMIT_NANOS
from core.listed import LetIn
from core.membership import TeamDefaults
from tests.adapters.terminal.script import ScriptScreen, Terminal
from tests.end_to_end.house import catalogue_price
from tests.provider_behaviours import Body, good, status
from tests.provider_server import ProviderServer
from tests.stories.driver import read_books
from tests.stories.first_day import FirstDay
from tests.stories.many_models import ManyModels

TIMES_FASTER = 200


class QuickClock(SystemClock):
    """The practice model pauses between words, so that people see it stream. Nobody watches here."""

    async def sleep(self, seconds: float) -> None:
        """Wait a little."""
        await asyncio.sleep(seconds / TIMES_FASTER)


class TerminalStage:
    """`Stage`: one screen at which people take turns; whoever speaks first is its "you"."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._names: dict[str, str] = {}
        self._speaker = YOU

    async def says(self, person: str, line: str) -> str:
        """Take the seat if somebody else has it, and type."""
        name = self._names.setdefault(person, person if self._names else YOU)
        if name != self._speaker:
            await self._terminal.says(f"/as {name}")
            self._speaker = name
        await self._terminal.screen.ready()
        self._terminal.screen.shown()
        return await self._terminal.says(line)


SERVED = {"input": 12, "output": 8}
"""What `good` reports of every answer."""


class LocalProviders:
    """`Providers` on real sockets: who answers quotes the question, and counts what came before it."""

    def __init__(self, **servers: ProviderServer) -> None:
        self._servers = servers

    def answers(self, *names: str) -> None:
        """These, and nobody else."""
        for name, server in self._servers.items():
            server.answer_with(partial(_quotes, name) if name in names else status(500))


async def _quotes(name: str, request: web.Request, body: Body) -> web.StreamResponse:
    _, *before, question = body["messages"]
    said = f'{name} says: {len(before)} messages before it, and then "{question["content"]}". '
    return await good([said, "It depends."])(request, body)


@pytest.fixture
def settings(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """No provider, whatever this machine's environment says."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings adds the parameter
        database_url=SecretStr(database_url),
        secret_key=SecretStr("a secret of the tests"),
    )


def terminal_of(app: App) -> Terminal:
    """The terminal of the demo team."""
    defaults = TeamDefaults("Demo team", "UTC", MEMBER_MONTH_LIMIT_NANOS, demo=True, let_in=LetIn.ALWAYS)
    screen = ScriptScreen()
    session = Session("demo", defaults, demo=True, operator=False)
    return Terminal(TerminalChat(app.use_cases, screen, session), screen)


async def test_first_day(settings: Settings) -> None:
    nobody = httpx.MockTransport(lambda _: httpx.Response(503))  # no Ollama either
    async with (
        wire(settings, practice=True, clock=QuickClock(), transport=nobody) as app,
        terminal_of(app) as terminal,
    ):
        evening = await FirstDay(TerminalStage(terminal), lambda: read_books(app.store)).play()
    assert {charge.model for charge in evening.charges} == {"practice"}
    for charge in evening.charges:
        assert charge.nanos == catalogue_price("practice", input=charge.input_tokens, output=charge.output_tokens)
    spent = sum(charge.nanos for charge in evening.charges)
    assert evening.accounts == {
        "funding": -DEMO_BUDGET_NANOS,
        "pool": DEMO_BUDGET_NANOS - spent,
        "spend:practice": spent,
    }
    assert (evening.available_nanos, evening.held_nanos) == (DEMO_BUDGET_NANOS - spent, 0)


async def test_many_models(settings: Settings) -> None:
    async with ProviderServer() as openai, ProviderServer() as mistral:
        key = SecretStr("key")
        addresses = {"openai_base_url": openai.base_url, "mistral_base_url": mistral.base_url}
        connected = settings.model_copy(update={"openai_api_key": key, "mistral_api_key": key, **addresses})
        async with wire(connected, practice=True, clock=QuickClock()) as app, terminal_of(app) as terminal:
            stage, providers = TerminalStage(terminal), LocalProviders(openai=openai, mistral=mistral)
            evening = await ManyModels(stage, lambda: read_books(app.store), providers).play()
    for charge in evening.charges:
        assert (charge.input_tokens, charge.output_tokens) == tuple(SERVED.values())  # of the call that answered
        assert charge.nanos == catalogue_price(charge.model, **SERVED)
    spent = sum(charge.nanos for charge in evening.charges)
    assert (evening.available_nanos, evening.held_nanos) == (DEMO_BUDGET_NANOS - spent, 0)
