"""The whole process as production wires it, with teams and a provider of ours."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from pydantic import SecretStr
from sqlalchemy import text

from adapters.store.audit import audit
from bot.settings import Settings
from bot.wiring import App, wire
from core.asks import RunningAsk
from core.call import TextPart
from core.ids import new_id
from core.membership import TeamDefaults
from core.money import NANOS_PER_USD
from core.operations import TopUp
from core.operator_lists import LetIn
from core.people import Identity, Member, Place
from core.question import Question

QUESTION = "Why does my migration deadlock when two deployments run it at the same time, and what should I do?"
_numbers = count()


@dataclass(frozen=True, slots=True)
class House:
    """One process and the people who ask."""

    app: App
    members: tuple[Member, ...]

    def start(self, member: Member) -> RunningAsk:
        """Begin an ask."""
        place = Place("bench", member.team.name, "general")
        keys = (f"event-{next(_numbers)}", f"message-{next(_numbers)}")
        return self.app.use_cases.asks.start(Question(member, place, (TextPart(QUESTION),), keys))

    async def assert_at_rest(self) -> None:
        """Nothing is held, and the books balance."""
        async with self.app.store.snapshot() as session:
            connection = await session.connection()
            assert (await connection.execute(text("SELECT count(*) FROM hold WHERE state = 'open'"))).scalar() == 0
            assert (await connection.execute(text("SELECT sum(held_nanos) FROM wallet"))).scalar() == 0
        assert (await audit(self.app.store)).violations == ()


@asynccontextmanager
async def open_house(database_url: str, base_url: str, *, teams: int = 1, members: int) -> AsyncIterator[House]:
    """So many teams of so many members, each team with money of its own."""
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings adds the parameter
        database_url=SecretStr(database_url),
        secret_key=SecretStr("a secret for measuring"),
        openai_api_key=SecretStr("sk-bench"),
        openai_base_url=base_url,
    )
    async with wire(settings, practice=False) as app:
        yield House(app, tuple([member async for member in _enrolled(app, range(teams), members)]))


async def _enrolled(app: App, teams: Iterable[int], members: int) -> AsyncIterator[Member]:
    for team in teams:
        for number in range(members):
            user = f"user-{number}"
            identity = Identity("bench", f"workspace-{team}", user, user)
            defaults = TeamDefaults(f"Team {team}", "UTC", 1_000 * NANOS_PER_USD, let_in=LetIn.ALWAYS)
            member, _ = await app.use_cases.membership.member(identity, defaults, admin=not number)
            if not number:
                await _top_up(app, member)
            yield member


async def _top_up(app: App, member: Member) -> None:
    await app.store.books.apply(
        TopUp(
            id=new_id("topup", app.clock.now()),
            wallet_id=member.team.wallet_id,
            team_id=member.team.id,
            amount_nanos=10_000 * NANOS_PER_USD,
            actor=member.actor,
        )
    )
