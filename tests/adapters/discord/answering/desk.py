"""A responder at work on the Discord of the tests: what an ask tells, written out, on a clock that nobody waits for."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.discord.answering.responder import Responder, Where
from adapters.discord.api import DiscordApi, Handle
from adapters.discord.client import ChipinClient
from adapters.discord.origin import Origin
from adapters.discord.outgoing import EPHEMERAL
from adapters.discord.views.answer import ANSWER
from adapters.store.vault import FernetVault
from core.asking.event_stream import EventStream
from core.asks import RunningAsk
from core.events import AskEvent, Delta, Ending, Finished, Started
from core.kept_presses import KeptPresses
from core.prices import Usage
from core.receipt import PricedLine, Receipt
from tests.adapters.waiting_clock import WaitingClock
from tests.discord import payloads
from tests.discord.bot import pointed_at
from tests.discord.interactions import COMMAND, Interaction
from tests.discord.server import FakeDiscord
from tests.discord.state import Channel, Message
from tests.discord.time_of_discord_py import on_the_clock
from tests.discord.town import Town, a_discord
from tests.fakes import MemoryBooks
from tests.memory import MemoryPresses

ASK_ID = "ask_0199c0ffee42a1b2c3d4e5"
RECEIPT = Receipt(
    ask_id=ASK_ID,
    model_title="Claude Haiku 4.5",
    lines=(PricedLine("anthropic", "haiku", Usage(1_204, 356), 3_000_000, 3_000_000, estimated=False),),
    why="short question",
    month_left_nanos=8_080_000_000,
)
STARTED = Started(ASK_ID, "Claude Haiku 4.5", 20_000_000)
FINISHED = Finished(Ending.ANSWERED, RECEIPT)
Step = AskEvent | Callable[[], object]


class WrittenAsk(RunningAsk):
    """An ask whose events are written down. Functions among them are called in their turn."""

    def __init__(self, desk: "Desk", script: Sequence[Step]) -> None:
        super().__init__(EventStream())
        self._desk = desk
        self._script = script
        self.was_delivered = False

    async def delivered(self) -> None:
        self.was_delivered = True

    async def __aiter__(self) -> AsyncIterator[AskEvent]:
        for each in self._script:
            if callable(each):
                done = each()
                if inspect.isawaitable(done):
                    await done
                continue
            yield each
            if isinstance(each, Delta):
                await self._desk.clock.quiet()


@dataclass
class Desk:
    """One responder, one Discord, Ben in #general, and what he asked there."""

    town: Town
    clock: WaitingClock
    api: DiscordApi
    responder: Responder
    books: MemoryBooks

    @property
    def discord(self) -> FakeDiscord:
        return self.town.discord

    def said(self, *, channel: Channel | None = None, direct: bool = False, question: str = "why?") -> Where:
        """He mentioned the bot, or wrote to it alone."""
        place = self.discord.direct(self.town.ben) if direct else channel or self.town.general
        message = self.discord.say(question, user=self.town.ben, channel=place)
        parent = place.parent_id if place.is_thread else place.id
        origin = Origin(
            self.discord.guild.id,
            self.town.ben.id,
            parent,
            thread_id=place.id if place.is_thread else "",
            message_id=message.id,
            user_name="ben",
            is_direct=direct,
        )
        return Where(origin, question=question)

    async def typed(self, *, private: bool = False, question: str = "") -> tuple[Interaction, Where]:
        """He used a command, which was deferred."""
        made = payloads.interaction(self.discord, COMMAND, {}, user=self.town.ben, channel=self.town.general)
        flags = {"flags": EPHEMERAL} if private else {}
        await self.api.call(
            "POST",
            "/interactions/{id}/{token}/callback",
            json={"type": 5, "data": flags},
            id=made.id,
            token=made.token,
        )
        handle = Handle(made.id, made.token, self.discord.application_id, self.clock.monotonic())
        origin = Origin(self.discord.guild.id, self.town.ben.id, self.town.general.id, user_name="ben", handle=handle)
        return made, Where(origin, private=private, question=question)

    async def show(self, *script: Step, where: Where) -> WrittenAsk:
        """Show an ask to its end."""
        ask = WrittenAsk(self, script)
        await self.responder.show(ask, where)
        return ask

    async def answer(self, *pieces: str | Callable[[], object], where: Where) -> WrittenAsk:
        """Show an answer that comes in these pieces."""
        deltas = [Delta(piece) if isinstance(piece, str) else piece for piece in pieces]
        return await self.show(STARTED, *deltas, FINISHED, where=where)

    @property
    def messages(self) -> list[Message]:
        """What the bot wrote in #general for all to see."""
        return self.discord.answers(self.town.general)


def words_in(message: Message) -> str:
    """What the model said in a message, letter by letter."""
    if message.is_v2:
        return "".join(each["content"] for each in message.components if each["id"] == ANSWER)
    return "\n".join(line for line in message.content.split("\n") if not line.startswith("-# "))


@asynccontextmanager
async def a_desk() -> AsyncIterator[Desk]:
    """One for a test; at its end nothing that was sent broke a rule."""
    async with a_discord() as town:
        clock = WaitingClock(town.discord)
        client = ChipinClient()
        with pointed_at(town.discord), on_the_clock(clock):
            await client.login(town.discord.token)
            api = DiscordApi(client.http, clock)
            books = MemoryBooks(clock)
            kept = KeptPresses(books, MemoryPresses(books, clock), FernetVault("a secret"), clock)
            time = asyncio.create_task(clock.run())
            try:
                yield Desk(town, clock, api, Responder(api, kept, clock), books)
            finally:
                time.cancel()
                await client.close()
