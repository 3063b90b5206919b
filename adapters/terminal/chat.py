"""The terminal chat: what a newcomer meets first, with the same commands as the other chats."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from adapters.terminal.afterwards import AfterDesk
from adapters.terminal.asking import AskDesk, Leave
from adapters.terminal.completion import Choices, Completion, choices_for
from adapters.terminal.late import AGAIN, RUN_NOW, LateNews
from adapters.terminal.people import People, Session, identity_of
from adapters.terminal.replies import Replies
from adapters.terminal.screen import Screen, ScreenGone
from adapters.terminal.table import table
from core.commands.answers import Answers
from core.commands.listed import ADMIN, ADMINS, ASK, HELP, PRICE
from core.commands.table import SIGN
from core.commands.team import named
from core.defaults import DEMO_BUDGET_NANOS
from core.errors import ChipinError
from core.models import PRACTICE
from core.money import format_usd
from core.people import Standing
from core.text.wording import why_not
from core.use_cases import UseCases

__all__ = ["Session", "TerminalChat"]

MAX_GREETING_LINES = 6
MAKES_NEWS = frozenset({"/request", "/approve", "/half", "/deny", "/topup", "/yes", "/as"})
"""Commands after which somebody at this terminal may have something to read."""
Run = Callable[[str], Awaitable[None]]
"""Does what a command says, with what was typed after its name."""
_PARTS = {
    Standing.MEMBER: "a plain member",
    Standing.GUEST: "a guest",
    Standing.BOT: "a bot",
    Standing.OUTSIDER: "an outsider",
}


class TerminalChat:
    """One person, or in the demo team one person in several parts, at one screen."""

    def __init__(self, use_cases: UseCases, screen: Screen, session: Session) -> None:
        self._use_cases = use_cases
        self._screen = screen
        self._session = session
        self._people = People(use_cases.membership, session)
        self.late_news = LateNews(screen, self._people, session)
        asking, after = AskDesk(use_cases, screen, self._people, session), AfterDesk(use_cases, screen, self._people)
        self._table = table(demo=session.demo)
        self._completion = Completion(self._table, self._choices(asking))
        self._runs = self._own_commands(asking, after)
        self._replies = Replies(Answers(use_cases), screen, self._people, session.files)
        self._reading: asyncio.Task[str | None] | None = None
        self._leaving = asyncio.Event()

    async def run(self) -> None:
        """Talk until /quit, the end of input, or nobody reads any more."""
        try:
            with self._screen.attended():
                await self._talk()
        except (Leave, ScreenGone):
            return

    def leave(self) -> None:
        """End the chat at the prompt; what is on the screen now is shown to its end first."""
        self._leaving.set()
        if self._reading is not None:
            self._reading.cancel()

    async def _talk(self) -> None:
        await self._explained(self._greet())
        await self._explained(self._catch_up())
        while await self._explained(self._next()) is not False:
            pass

    async def _next(self) -> bool:
        """Do what the next line says; False when there is none."""
        line = await self._read_line()
        if line is None:
            return False
        if line.strip():
            await self._do(line.strip())
        return True

    async def _do(self, line: str) -> None:
        """Do what a line says; one without a command is a question."""
        if not line.startswith(SIGN):
            await self._runs[ASK](line)
            return
        command, arguments = self._table.parse(line)
        if run := self._runs.get(command.name):
            await run(arguments)
        else:
            await self._replies.to(command.name, arguments)
        if command.name in MAKES_NEWS:
            await self._tell_news()

    async def _read_line(self) -> str | None:
        """The next line; None at the end of input, or when the chat is to end."""
        if self._leaving.is_set():
            return None
        prompt = f"{self._people.current.name}> "
        self._reading = asyncio.create_task(self._screen.read_line(prompt, self._completion.suggest))
        try:
            with self.late_news.between_lines():
                return await self._reading
        except asyncio.CancelledError:
            if not self._leaving.is_set():
                raise
            return None
        finally:
            self._reading = None

    async def _explained(self, doing: Awaitable[bool | None]) -> bool | None:
        """Do it; what cannot be done is said in a sentence."""
        try:
            return await doing
        except ChipinError as refused:
            self._say(why_not(refused))
        return None

    async def _greet(self) -> None:
        _, new_team = await self._people.enter()
        if new_team and self._session.defaults.demo:
            budget = format_usd(DEMO_BUDGET_NANOS)
            kind = "practice budget" if PRACTICE in self._use_cases.catalogue.providers else "budget for real answers"
            first = f"Welcome to Chipin. A demo team was made for you, with {budget} of {kind}."
        else:
            welcome = "Welcome" if new_team else "Welcome back"
            first = f"{welcome} to Chipin: {self._session.defaults.name}."
        last = "Type a question, or /help."
        for line in (first, *self._session.greeting[: MAX_GREETING_LINES - 2], last):
            self._say(line)

    async def _catch_up(self) -> None:
        """What ended, and what admins are to know, while nobody was here."""
        with self.late_news.between_lines():
            await self._use_cases.deliveries.run(self.late_news)
            await self._use_cases.notices.run(self.late_news)

    async def _tell_news(self) -> None:
        """What the last command brought about for others who sit here: they need not wait for the next round."""
        await self._use_cases.budget_requests.run()
        with self.late_news.between_lines():
            await self._use_cases.notices.run(self.late_news)

    def _own_commands(self, asking: AskDesk, after: AfterDesk) -> Mapping[str, Run]:
        """The commands that this chat answers itself; core answers the others."""
        return {
            ASK: asking.ask,
            PRICE: asking.price,
            "/yes": asking.yes,
            "/cheaper": asking.cheaper,
            "/remove": asking.remove,
            "/send": asking.send,
            "/new": asking.new,
            "/details": after.details,
            "/better": asking.better,
            AGAIN: asking.again,
            "/good": after.good,
            "/bad": after.bad,
            RUN_NOW: asking.run_now,
            "/as": self._speak_as,
            "/left": self._left,
            "/back": self._back,
            ADMIN: self._admin_help,
            HELP: self._help,
            "/quit": self._quit,
        }

    def _choices(self, asking: AskDesk) -> dict[str, Choices]:
        of_asking = {ASK: asking.choices, PRICE: asking.price_choices, "/yes": asking.numbers}
        return choices_for(self._people, self._use_cases.catalogue) | of_asking

    async def _speak_as(self, typed: str) -> None:
        person = self._people.switch(typed)
        member = await self._people.member()
        part = "an admin" if member.admin else _PARTS[person.asker.standing]
        roles = ", ".join(f"@{role.partition(':')[2]}" for role in person.asker.roles)
        part += f" with {roles}" if roles else ""
        back = "" if person.name == self._session.you else f" /as {self._session.you} goes back."
        self._say(f"You speak as {person.name} now, {part}.{back}")

    async def _left(self, typed: str) -> None:
        name = named(typed, "/left")
        news = await self._use_cases.departures.left(identity_of(self._session.workspace, name))
        self._say(f"{name} has left now." if news else f"Nobody called {name} is here, or they had left before.")

    async def _back(self, typed: str) -> None:
        name = named(typed, "/back")
        news = await self._use_cases.departures.back(identity_of(self._session.workspace, name))
        self._say(f"{name} is back now." if news else f"Nobody called {name} had left.")

    async def _help(self, _: str) -> None:
        for line in self._table.help_lines():
            self._say(line)

    async def _admin_help(self, _: str) -> None:
        for line in self._table.help_lines(ADMINS):
            self._say(line)

    async def _quit(self, _: str) -> None:
        raise Leave

    def _say(self, text: str) -> None:
        self._screen.write(f"{text}\n")
