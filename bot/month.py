"""`statement`, `export --csv` and `bill`: the month's books for whoever runs Chipin."""

import argparse

from adapters.llm.catalogue import load_catalogue
from adapters.store.bills import StoreBills
from adapters.store.charges import StoreCharges
from adapters.store.database import Store, open_store
from adapters.store.reports import StorePeople
from adapters.store.spending import StoreSpending
from bot.clock import SystemClock
from bot.console import Console
from bot.settings import Settings
from core.bills import Bills
from core.errors import BadInput
from core.lookup import team_called
from core.people import Team
from core.statements import Statements
from core.text.bills import recorded_lines
from core.text.focus_csv import focus_csv
from core.text.statement_csv import statement_csv
from core.text.statement_html import statement_html


async def statement(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    """Write a month's statement of a team: the page, or CSV."""
    async with open_store(settings.database_url.get_secret_value(), must_exist=True) as store:
        team = await _team(store, arguments.team)
        books = await _statements(settings, store).month_of(team, arguments.month)
    console.write(statement_csv(books) if arguments.csv else statement_html(books))
    return True


async def export_csv(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    """Write what a team was charged in a month as CSV, however much it is."""
    async with open_store(settings.database_url.get_secret_value(), must_exist=True) as store:
        team = await _team(store, arguments.team)
        export = await _statements(settings, store).export_of(team, arguments.month)
    for piece in focus_csv(export):
        console.write(piece)
    return True


async def bill(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    """Record what a provider billed, and say how far that is from the books."""
    known = frozenset(load_catalogue(settings.models_file).providers)
    async with open_store(settings.database_url.get_secret_value(), must_exist=True) as store:
        bills = Bills(store.books, StoreBills(store), SystemClock())
        compared, recorded = await bills.record(
            arguments.provider, arguments.month, arguments.amount, " ".join(arguments.reason), known=known
        )
    for line in recorded_lines(compared, recorded):
        console.say(line)
    return True


def _statements(settings: Settings, store: Store) -> Statements:
    models = load_catalogue(settings.models_file).models
    return Statements(
        StoreSpending(store),
        StoreCharges(store),
        StoreBills(store),
        people=StorePeople(store),
        models=models.values,
        clock=SystemClock(),
    )


async def _team(store: Store, named: str) -> Team:
    """The team that was named; the only one there is where none was."""
    people = StorePeople(store)
    if named:
        return await team_called(people, named)
    teams = await people.teams()
    own = [team for team in teams if not (team.demo or team.part_of)] or list(teams)
    if len(own) != 1:
        names = ", ".join(f"{team.name} ({team.id})" for team in own)
        raise BadInput(f"Say which team: --team NAME. There is: {names or 'none yet'}.")
    return own[0]
