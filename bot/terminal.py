"""The terminal chat of this process: its team, and what it says of where it works."""

import sys

from adapters.terminal.chat import Session, TerminalChat
from adapters.terminal.open_screen import open_screen
from bot.wiring import App
from core import defaults
from core.membership import TeamDefaults
from core.models import PRACTICE
from core.operator_lists import LetIn

DEMO = "demo"


def terminal_chat(app: App, team: str, *, operator: bool) -> TerminalChat:
    """On this process's own input and output."""
    return TerminalChat(app.use_cases, open_screen(sys.stdin, sys.stdout), _session(app, team, operator))


def _session(app: App, team: str, operator: bool) -> Session:
    demo = team == DEMO
    return Session(
        workspace=team,
        defaults=TeamDefaults(
            name="Demo team" if demo else team,
            zone=app.settings.team_timezone,
            member_month_limit_nanos=defaults.MEMBER_MONTH_LIMIT_NANOS,
            demo=demo,
            let_in=LetIn.ALWAYS,
        ),
        demo=demo,
        operator=operator,
        greeting=_greeting(app),
        files=app.settings.data_folder / "files",
    )


def _greeting(app: App) -> tuple[str, ...]:
    """Which model and which database, and why."""
    engine = app.store.read_engine
    where = engine.url.database if engine.dialect.name == "sqlite" else f"PostgreSQL at {engine.url.host or 'a socket'}"
    database = f"Database: {where} (set DATABASE_URL for another one)."
    models = app.catalogue.models
    if not models:
        return (database, "No provider is connected yet: set OPENAI_API_KEY, or start Ollama.", *app.catalogue.notes)
    if models[0].provider == PRACTICE:
        model = "Model: practice, because no provider key is set and no Ollama is running. Answers come from no AI."
    else:
        providers = ", ".join(sorted({model.provider_title or model.provider for model in models}))
        model = f"Models: {len(models)} from {providers}, because that is what is set up. /models lists them."
    return (model, database, *app.catalogue.notes)
