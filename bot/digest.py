"""`digest --dry-run`: the last week as its digest tells it, beside a running process, which posts what is due."""

import argparse
from dataclasses import dataclass

from adapters.llm.catalogue import load_catalogue
from adapters.store.database import Store, open_store
from adapters.store.digests import StoreDigests
from adapters.store.preferences import StorePreferences
from adapters.store.reports import StorePeople, StoreReports
from adapters.store.spending import StoreSpending
from bot.clock import SystemClock
from bot.console import Console
from bot.settings import Settings
from core.digest.gathering import Gathering
from core.digests import Digests
from core.lookup import team_called
from core.models import Model
from core.text.bars import chart_lines


@dataclass(frozen=True, slots=True)
class _Listed:
    """Everything that the files list, whether it can be asked now or not."""

    models: tuple[Model, ...]


async def show_digest(settings: Settings, arguments: argparse.Namespace, console: Console) -> bool:
    """Say it for one team, or for each; nothing is posted and nothing is written down."""
    async with open_store(settings.database_url.get_secret_value(), must_exist=True) as store:
        people, digests = StorePeople(store), _digests(store, settings)
        teams = [await team_called(people, arguments.team)] if arguments.team else await people.teams()
        if not teams:
            console.say("No team is known yet: there is no week to tell of.")
        names = [team.name for team in teams]
        for number, team in enumerate(teams):
            digest = await digests.preview(team)
            bars = chart_lines(digest.chart) if digest.chart is not None else ()
            head = f"{team.name}:" if names.count(team.name) == 1 else f"{team.name} ({team.id}):"
            for line in (*([""] if number else []), head, *digest.lines, *bars):
                console.say(line)
    return True


def _digests(store: Store, settings: Settings) -> Digests:
    clock, catalogue = SystemClock(), _Listed(tuple(load_catalogue(settings.models_file).models.values()))
    gathering = Gathering(StoreSpending(store), StoreReports(store, clock), StoreDigests(store), catalogue)
    people, preferred = StorePeople(store), StorePreferences(store)
    return Digests(store.books, people, preferred, gathering, clock, seat_nanos=settings.seat_nanos)
