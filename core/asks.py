"""Every ask of this process: starts them, stops them, and waits for them at the end."""

import asyncio
from collections.abc import AsyncIterator

from core.allowance import Allowances
from core.asking.ask import Ask, AskPorts
from core.asking.event_stream import EventStream
from core.asking.hold_line import HoldLine
from core.asking.insist import Insistence
from core.asking.spending import Till
from core.asking.upstream import Upstream
from core.defaults import MAX_MEMBER_ASKS, MAX_RUNNING_ASKS
from core.events import AskEvent, Refused, Shortfall
from core.first_of import first_of
from core.ids import new_id
from core.operations import Refused as BooksRefused
from core.operations import RequestStop
from core.people import Member
from core.question import AskSettings, Question
from core.routing.health import Health
from core.routing.rates import Rates
from core.text import wording

MAX_LACKING = 5_000
"""Members whose last question lacked something, and of whom that is remembered."""


class RunningAsk:
    """One ask as its reader sees it: a context manager that iterates over the events. Leaving it early is fine."""

    def __init__(self, events: EventStream, ask: Ask | None = None, *, turned_away: bool = False) -> None:
        self._events = events
        self._ask = ask
        self._turned_away = turned_away

    @property
    def ask_id(self) -> str:
        """The ask's id; empty until its claim is done."""
        return self._ask.ask_id if self._ask is not None else ""

    async def claimed(self) -> bool:
        """Wait until the question stands in the books, or was answered without them; False where neither can be.

        Before this a platform must not be told that its delivery was taken: after False it has to deliver it again.
        """
        return await asyncio.shield(self._ask.claimed) if self._ask is not None else not self._turned_away

    async def delivered(self) -> None:
        """The reader has shown everything, to the last event. Without this the end is told again, after a minute.

        `BooksFailed` when that could not be written down.
        """
        if self._ask is not None and self._ask.ask_id:
            await self._ask.confirm_delivery()

    def stop(self) -> None:
        """End the answer here; what came is charged."""
        if self._ask is not None:
            self._ask.stop.set()

    async def __aenter__(self) -> "RunningAsk":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._events.abandon()

    def __aiter__(self) -> AsyncIterator[AskEvent]:
        return aiter(self._events)


class Asks:
    """The asks that run here, at most `MAX_RUNNING_ASKS` at a time."""

    def __init__(self, ports: AskPorts, settings: AskSettings) -> None:
        self._ports = ports
        self._enough = asyncio.Event()
        self._till = Till(
            books=ports.books,
            requests=ports.requests,
            reports=ports.reports,
            allowances=Allowances(ports.policies, ports.reports, ports.clock),
            people=ports.people,
            vault=ports.vault,
            clock=ports.clock,
            settings=settings,
            line=HoldLine(),
            insist=Insistence(ports.books, ports.clock, self._enough),
        )
        self.health = Health(settings.rules, ports.clock)
        self._upstream = Upstream(
            catalogue=ports.catalogue,
            counter=ports.counter,
            clock=ports.clock,
            rules=settings.rules,
            health=self.health,
            rates=Rates(settings.rules, ports.clock),
        )
        self._running: dict[asyncio.Task[None], Ask] = {}
        self._lacked: dict[str, Shortfall] = {}
        self._closing = False

    @property
    def running(self) -> int:
        """How many run now."""
        return len(self._running)

    def start(self, question: Question) -> RunningAsk:
        """Begin an ask and return at once; what happens comes as events."""
        events = EventStream()
        if why_not := self._why_not(question):
            events.put(Refused(f"{why_not} {wording.NOT_CHARGED}"))
            events.close()
            return RunningAsk(events, turned_away=self._closing)
        self._lacked.pop(question.member.id, None)
        ask = Ask(self._till, self._upstream, question, events)
        task = asyncio.create_task(ask.run(), name="ask")
        self._running[task] = ask
        task.add_done_callback(self._over)
        return RunningAsk(events, ask)

    def _why_not(self, question: Question) -> str:
        if self._closing:
            return "Chipin is shutting down. Ask again in a minute."
        member, keys = question.member, set(question.keys)
        if any(not keys.isdisjoint(ask.keys) for ask in self._running.values()):
            return ""  # a copy of one that runs: it is none more, and its claim says so
        if len(self._running) >= MAX_RUNNING_ASKS:
            return "Chipin is answering as many questions as it can. Ask again in a minute."
        mine = sum(ask.member.id == member.id for ask in self._running.values())
        if mine >= MAX_MEMBER_ASKS:
            return (
                f"You have {wording.count_of(mine, 'ask')} running or waiting. Ask again when some of them have ended."
            )
        return ""

    def _over(self, task: asyncio.Task[None]) -> None:
        ask = self._running.pop(task)
        ask.close()
        if ask.shortfall is not None:
            self._lacked[ask.member.id] = ask.shortfall
        while len(self._lacked) > MAX_LACKING:
            del self._lacked[next(iter(self._lacked))]

    def lacked(self, member: Member) -> Shortfall | None:
        """What a member's last question in this process lacked, for whoever asks for more after it."""
        ending = (ask.shortfall for ask in self._running.values() if ask.member.id == member.id)
        return next(filter(None, ending), self._lacked.get(member.id))

    async def stop(self, ask_id: str, member: Member) -> bool:
        """End an ask wherever it runs. Its asker and admins of its team may; False when there is nothing to stop."""
        flag = RequestStop(
            id=new_id("stop", self._ports.clock.now()),
            wallet_id=member.team.wallet_id,
            ask_id=ask_id,
            team_id=member.team.id,
            member_id="" if member.admin else member.id,
        )
        if isinstance(await self._ports.books.apply(flag), BooksRefused):
            return False
        for ask in self._running.values():
            if ask.ask_id == ask_id:
                ask.stop.set()  # the flag in its row would reach it too, a second later
        return True

    def stop_mine(self, member: Member) -> int:
        """End everything a member has running in this process; returns how many asks that were."""
        mine = [ask for ask in self._running.values() if ask.member.id == member.id]
        for ask in mine:
            ask.stop.set()
        return len(mine)

    async def finish(self, seconds: float, hurry: asyncio.Event) -> None:
        """Take no more asks, and let what runs come to its end; stop it after so long, or when somebody is in a hurry.

        Returns when all of it has ended or was told to stop.
        """
        self._closing = True
        await first_of(hurry.wait(), self._all_over(), asyncio.sleep(seconds))
        self._stop_all()

    async def _all_over(self) -> None:
        if self._running:
            await asyncio.wait(self._running)

    def _stop_all(self) -> None:
        for ask in self._running.values():
            ask.stop.set()

    async def close(self, grace_seconds: float) -> None:
        """Take no more asks, stop what runs, and wait until its books are closed.

        What a database that is away did not take by then is left to the sweep of the next process.
        """
        self._closing = True
        self._stop_all()
        if self._running:
            await asyncio.wait(self._running, timeout=grace_seconds)
        self._enough.set()
        late = tuple(self._running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
