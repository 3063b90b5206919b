"""The stories, played in the terminal on both databases."""

import asyncio

import httpx
import pytest
from pydantic import SecretStr

from adapters.terminal.chat import Session, TerminalChat
from adapters.terminal.people import YOU
from bot.clock import SystemClock
from bot.settings import Settings
from bot.wiring import App, wire
from core.defaults import DEMO_BUDGET_NANOS, MEMBER_MONTH_LIMIT_NANOS
from core.membership import TeamDefaults
from tests.adapters.terminal.script import ScriptScreen, Terminal
from tests.end_to_end.house import catalogue_price
from tests.stories.driver import read_books
from tests.stories.first_day import FirstDay

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
    defaults = TeamDefaults("Demo team", "UTC", MEMBER_MONTH_LIMIT_NANOS, demo=True)
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
