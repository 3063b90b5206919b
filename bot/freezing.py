"""`freeze` and `unfreeze`: pause asking beside a running process."""

from adapters.store.acts import StoreActs
from adapters.store.database import Store, open_store
from adapters.store.reports import StorePeople
from bot.clock import SystemClock
from bot.settings import Settings
from core.freezing import Freezing
from core.people import Frozen
from core.text.freezing import changed_lines, who_is_frozen


async def set_frozen(settings: Settings, kind: str, named: str, *, frozen: bool) -> tuple[str, ...]:
    """Freeze (or unfreeze) a team, a member, or with an empty `kind` everybody; returns what to say."""
    async with open_store(settings.database_url.get_secret_value(), must_exist=True) as store:
        freezing = _freezing(store)
        match kind:
            case "team":
                done: tuple[Frozen, ...] = (await freezing.team(named, frozen=frozen),)
            case "member":
                done = (await freezing.member(named, frozen=frozen),)
            case _:
                done = await freezing.everybody(frozen=frozen)
    return changed_lines(done, frozen=frozen)


async def frozen_now(store: Store) -> str:
    """Who is frozen, by whom and since when, in one line; empty when nobody is."""
    freezing = _freezing(store)
    teams = await StorePeople(store).teams()
    return who_is_frozen([pause for team in teams for pause in await freezing.standing(team)])


def _freezing(store: Store) -> Freezing:
    return Freezing(store.books, StorePeople(store), StoreActs(store), SystemClock())
