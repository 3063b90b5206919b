"""The stories, played in the terminal on both databases."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import httpx
import pytest
from aiohttp import web
from pydantic import SecretStr

from adapters.terminal.chat import Session, TerminalChat
from adapters.terminal.people import CHANNEL
from bot.clock import SystemClock
from bot.settings import Settings
from bot.wiring import App, wire
from core.defaults import DEMO_BUDGET_NANOS, MEMBER_MONTH_LIMIT_NANOS
from core.membership import TeamDefaults
from core.operator_lists import LetIn
from core.people import Standing
from tests.adapters.terminal.script import ScriptScreen, Terminal
from tests.databases import short_on_sqlite
from tests.end_to_end.house import catalogue_price
from tests.provider_behaviours import Behaviour, Body, counted, good, status
from tests.provider_server import ProviderServer
from tests.stories import first_day, many_models, whole_life
from tests.stories.driver import Books, prove, read_books
from tests.stories.pages import PAGES, blocks_of
from tests.stories.transcript import Written, masked

TIMES_FASTER = 200


class QuickClock(SystemClock):
    """The practice model pauses between words, so that people see it stream. Nobody watches here."""

    async def sleep(self, seconds: float) -> None:
        """Wait a little."""
        await asyncio.sleep(seconds / TIMES_FASTER)


class TerminalStage:
    """`TeamStage`: one screen at which people take turns; `opener` is whoever opens it.

    A screen shows what somebody is told as soon as anybody sits there: it is kept for them until they read; what admins
    are told for all of them who have sat there.
    """

    channel = f"#{CHANNEL}"
    greeting = "Type a question, or /help."
    last_admin_stays = "is the last admin"

    def __init__(self, terminal: Terminal, opener: str) -> None:
        self._terminal = terminal
        self._speaker = opener
        self._known_as: dict[str, str] = {}
        self._unread: dict[str, str] = {}
        self._admins = {opener}

    async def says(self, person: str, line: str) -> str:
        """Take the seat if somebody else has it, and type."""
        await self._seat(person)
        return self._told(await self._terminal.says(line))

    async def reads(self, person: str) -> str:
        """Take the seat, even from oneself, and see what stands there: news come when somebody sits down."""
        await self._seat(person, anew=True)
        return self._unread.pop(person, "")

    async def joins(self, person: str, *, roles: Sequence[str] = (), standing: Standing = Standing.MEMBER) -> None:
        """They are described when they take the seat for the first time."""
        ordinary = standing is Standing.MEMBER
        self._known_as[person] = " ".join([*roles, *([] if ordinary else [f"@{standing}"])])

    async def leaves(self, person: str) -> None:
        """As the demo team plays it."""
        self._told(await self._terminal.says(f"/left {person}"))

    async def returns(self, person: str) -> None:
        """As the demo team plays it."""
        self._told(await self._terminal.says(f"/back {person}"))

    async def _seat(self, person: str, *, anew: bool = False) -> None:
        await self._terminal.screen.ready()
        self._keep(self._speaker, self._told(self._terminal.screen.shown()))
        if anew or person != self._speaker:
            self._speaker = person
            said = await self._terminal.says(f"/as {person} {self._known_as.pop(person, '')}")
            part, _, news = said.partition("\n")
            (self._admins.add if ", an admin" in part else self._admins.discard)(person)
            self._keep(person, self._told(news))

    def _told(self, shown: str) -> str:
        """The answer to the speaker; what was told beside it is kept for whom it is."""
        answer = []
        for line in shown.splitlines(keepends=True):
            told = re.fullmatch(r"For ([^:]+): (.+\n)", line)
            if told is None:
                answer.append(line)
                continue
            for person in self._admins if told[1] == "admins" else [told[1]]:
                self._keep(person, told[2])
        return "".join(answer)

    def _keep(self, person: str, words: str) -> None:
        self._unread[person] = self._unread.get(person, "") + words


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


def terminal_of(app: App, *, opener: str, demo: bool = True) -> Terminal:
    """A terminal at which people take turns: of the demo team, or of one that starts with nothing."""
    name = "Demo team" if demo else "Acme"
    defaults = TeamDefaults(name, "UTC", MEMBER_MONTH_LIMIT_NANOS, demo=demo, let_in=LetIn.ALWAYS)
    screen = ScriptScreen()
    session = Session(name, defaults, demo=True, operator=False, you=opener)
    return Terminal(TerminalChat(app.use_cases, screen, session), screen)


@short_on_sqlite
async def test_first_day(settings: Settings) -> None:
    nobody = httpx.MockTransport(lambda _: httpx.Response(503))  # no Ollama either
    async with (
        wire(settings, practice=True, clock=QuickClock(), transport=nobody) as app,
        terminal_of(app, opener=first_day.ADMIN) as terminal,
    ):
        stage = TerminalStage(terminal, first_day.ADMIN)
        evening = await first_day.FirstDay(stage, lambda: read_books(app.store)).play()
        await prove(app.store)
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


@short_on_sqlite
async def test_many_models(settings: Settings) -> None:
    async with ProviderServer() as openai, ProviderServer() as mistral:
        key = SecretStr("key")
        addresses = {"openai_base_url": openai.base_url, "mistral_base_url": mistral.base_url}
        connected = settings.model_copy(update={"openai_api_key": key, "mistral_api_key": key, **addresses})
        async with (
            wire(connected, practice=True, clock=QuickClock()) as app,
            terminal_of(app, opener=many_models.ADMIN) as terminal,
        ):
            stage = TerminalStage(terminal, many_models.ADMIN)
            providers = LocalProviders(openai=openai, mistral=mistral)
            evening = await many_models.ManyModels(stage, lambda: read_books(app.store), providers).play()
            await prove(app.store)
    for charge in evening.charges:
        assert (charge.input_tokens, charge.output_tokens) == tuple(SERVED.values())  # of the call that answered
        assert charge.nanos == catalogue_price(charge.model, **SERVED)
    spent = sum(charge.nanos for charge in evening.charges)
    assert (evening.available_nanos, evening.held_nanos) == (DEMO_BUDGET_NANOS - spent, 0)


async def _answers(request: web.Request, body: Body) -> web.StreamResponse:
    usage = counted(prompt=whole_life.SERVED["input"], completion=whole_life.SERVED["output"])
    question = body["messages"][-1]["content"]
    return await good(["The answer to ", f'"{question}".'], usage=usage)(request, body)


@asynccontextmanager
async def answering_providers(settings: Settings, answer: Behaviour | None = None) -> AsyncIterator[Settings]:
    """Two providers that always answer, as the whole life needs them; the settings by which they are found."""
    async with ProviderServer() as openai, ProviderServer() as mistral:
        for server in (openai, mistral):
            server.answer_with(answer or _answers)
        key = SecretStr("key")
        addresses = {"openai_base_url": openai.base_url, "mistral_base_url": mistral.base_url}
        yield settings.model_copy(update={"openai_api_key": key, "mistral_api_key": key, **addresses})


async def play_whole_life(settings: Settings) -> tuple[Books, Written]:
    """Play it on one database; returns the books at the end, and what people read."""
    async with (
        answering_providers(settings) as connected,
        wire(connected, practice=False, clock=QuickClock()) as app,
        terminal_of(app, opener=whole_life.ADMIN, demo=False) as terminal,
    ):
        written = Written(TerminalStage(terminal, whole_life.ADMIN))
        story = whole_life.WholeLife(written, lambda: read_books(app.store), written.begin)
        evening = await story.play()
        await prove(app.store)
        return evening, written


@short_on_sqlite
async def test_whole_life(settings: Settings) -> None:
    evening, written = await play_whole_life(settings)
    for charge in evening.charges:
        assert charge.nanos == catalogue_price(charge.model, **whole_life.SERVED)
    spent = sum(charge.nanos for charge in evening.charges)
    assert -evening.accounts["funding"] - spent == evening.accounts["pool"] == evening.available_nanos
    assert evening.held_nanos == 0
    blocks = [block for page in PAGES for block in blocks_of(page.read_text())]
    for block in blocks:  # where one differs, `python -m tests.stories.write_pages` mends it
        assert masked(block.shown) == masked(block.played(written.chapters)), block.names
    assert {name for block in blocks for name in block.names} == set(written.chapters)
