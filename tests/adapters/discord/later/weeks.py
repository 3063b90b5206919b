"""A team on Discord that is told of its weeks, and processes that tell it: as many as wanted, on the same books."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from adapters.discord.api import DiscordApi
from adapters.discord.client import ChipinClient, point_at
from adapters.discord.later.announcer import DiscordAnnouncer
from adapters.discord.library_logs import quiet_library
from adapters.discord.people import People
from adapters.discord.servers import Servers
from core.chart import Bar, Chart, chart_text
from core.defaults import DELIVERY_LEASE_SECONDS
from core.notices import Notices
from tests.adapters.dying import Graveyard
from tests.bookkeeping import enrol
from tests.discord.state import Message
from tests.discord.town import Town, a_discord
from tests.fakes import FakeClock, FakeDrawing, MemoryBooks, MemoryPeople
from tests.memory import MemoryNotices, MemoryPreferences
from tests.memory_reports import MemoryReports
from tests.telling import post_digest

ALT = "Each day of this week beside last week's: most was spent on Tuesday, $4.20 @everyone."
A_CHART = Chart(
    "Spent each day", "This week", "Last week", (Bar("Mon", 1_000_000, 0), Bar("Tue", 4_200_000_000, 5)), ALT
)
LINES = ("{label}: $12.40, 3% less than the week before *now*", "212 asks by 14 members", "Wallet: $37.20")


@dataclass
class Process:
    """One of Chipin's: it tells what is due, and may die over it."""

    notices: Notices
    announcer: DiscordAnnouncer
    drawing: FakeDrawing

    async def round(self) -> int:
        """One."""
        return await self.notices.run(self.announcer)


class OneServer:
    """`Servers` and `People` as far as telling needs them: no gateway is connected, and Anna is an admin."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.reachable = (town.discord.guild.id,)
        self.bot_user_id = town.discord.bot_user.id

    def of(self, guild_id: str) -> Any:
        """The one."""
        return SimpleNamespace(guild_id=guild_id)

    async def member(self, _: Any, origin: Any) -> Any:
        """Who is an admin now."""
        return SimpleNamespace(admin=origin.user_id == self._town.anna.id)


@dataclass
class Weeks:
    """A Discord, the books of a team on it, and its processes."""

    town: Town
    stack: AsyncExitStack
    clock: FakeClock = field(default_factory=FakeClock)
    graves: Graveyard = field(default_factory=Graveyard)

    def __post_init__(self) -> None:
        self.books = MemoryBooks(self.clock)

    async def process(self, drawing: FakeDrawing | None = None) -> Process:
        """One more, as if it had just begun."""
        client = ChipinClient()
        await client.login(self.town.discord.token)
        self.stack.push_async_callback(client.close)
        here, drawn = OneServer(self.town), drawing or FakeDrawing()
        api = DiscordApi(client.http, self.clock)
        announcer = DiscordAnnouncer(cast(Servers, here), cast(People, here), api, self.clock, drawn)
        notices = Notices(
            self.books,
            MemoryNotices(self.books, self.clock),
            MemoryPeople(self.books),
            self.clock,
            preferred=MemoryPreferences(self.books),
            reports=MemoryReports(self.books),
        )
        return Process(notices, announcer, drawn)

    async def post(self, label: str = "2026-W47", **fields: Any) -> None:
        """A week is to be told, in #general unless `fields` say otherwise."""
        words = "\n".join(LINES).format(label=label)
        known = {"workspace": f"discord:{self.town.discord.guild.id}", "channel": self.town.general.id, "words": words}
        await self.books.apply(post_digest(label, **(known | {"chart": chart_text(A_CHART)} | fields)))

    def later(self) -> None:
        """Past the lease of whoever died, and past what Discord remembers of nonces."""
        self.clock.advance(DELIVERY_LEASE_SECONDS + 1)
        self.town.discord.clock.advance(600)
        for message in self.told:
            message.nonce = None

    @property
    def told(self) -> list[Message]:
        """What stands in #general."""
        return self.town.discord.answers(self.town.general)

    def alone(self) -> list[Message]:
        """What Anna reads alone."""
        return self.town.discord.answers(self.town.discord.direct(self.town.anna))


@asynccontextmanager
async def some_weeks() -> AsyncIterator[Weeks]:
    """Anna looks after the team, and #general is its channel; nothing sent to Discord broke a rule."""
    quiet_library()
    async with AsyncExitStack() as stack:
        town = await stack.enter_async_context(a_discord())
        point_at(town.discord.api_url, town.discord.gateway_url)
        weeks = Weeks(town, stack)
        where = f"discord:{town.discord.guild.id}"
        for user, name in ((town.anna, "anna"), (town.ben, "ben")):
            await weeks.books.apply(enrol(name, workspace=where, identity=f"{where}/{user.id}"))
        yield weeks
        weeks.graves.bury()
