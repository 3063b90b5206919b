"""The terminal chat: what a newcomer meets first, with the same commands as the other chats."""

import asyncio
from collections.abc import Awaitable

from adapters.terminal.afterwards import AfterDesk
from adapters.terminal.asking import AskDesk, Leave
from adapters.terminal.commands import Command, starting_with
from adapters.terminal.late import LateNews
from adapters.terminal.models import ModelDesk
from adapters.terminal.people import People, Session
from adapters.terminal.privacy import PrivacyDesk
from adapters.terminal.requests import RequestDesk
from adapters.terminal.rules import RuleDesk
from adapters.terminal.screen import Screen, ScreenGone, Suggestions
from adapters.terminal.table import ADMINS, Desks
from adapters.terminal.team import TeamDesk
from adapters.terminal.wallet import WalletDesk
from adapters.terminal.zone import ZoneDesk
from core.defaults import DEMO_BUDGET_NANOS
from core.errors import BooksFailed, BooksUncertain, ChipinError
from core.models import PRACTICE
from core.money import format_usd
from core.people import Standing
from core.text.wording import NOT_CHARGED
from core.use_cases import UseCases

__all__ = ["Session", "TerminalChat"]

MAX_GREETING_LINES = 6
MAKES_NEWS = frozenset({"/request", "/approve", "/half", "/deny", "/topup", "/yes", "/as"})
"""Commands after which somebody at this terminal may have something to read."""
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
        rules = RuleDesk(use_cases, screen, self._people)
        desks = Desks(
            asking=AskDesk(use_cases, screen, self._people, session),
            after=AfterDesk(use_cases, screen, self._people),
            models=ModelDesk(use_cases, screen, self._people),
            wallet=WalletDesk(use_cases, screen, self._people),
            zone=ZoneDesk(use_cases.zones, screen, self._people),
            rules=rules,
            team=TeamDesk(use_cases, screen, self._people, rules, session.workspace),
            requests=RequestDesk(use_cases.budget_requests, screen, self._people),
            privacy=PrivacyDesk(use_cases, screen, self._people),
        )
        self._commands = desks.commands(self._chat_commands(desks), self._admin_help)
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
            command, arguments = self._commands.parse(line)
            await command.run(arguments)
            if command.name in MAKES_NEWS:
                await self._tell_news()
        return True

    async def _read_line(self) -> str | None:
        """The next line; None at the end of input, or when the chat is to end."""
        if self._leaving.is_set():
            return None
        prompt = f"{self._people.current.name}> "
        self._reading = asyncio.create_task(self._screen.read_line(prompt, self._commands.suggest))
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
        except BooksUncertain as lost:  # perhaps it was recorded: "not charged, try again" could do it twice
            self._say(str(lost))
        except BooksFailed as failed:
            self._say(f"{failed} {NOT_CHARGED} Try again in a minute.")
        except ChipinError as refused:
            self._say(str(refused))
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

    def _chat_commands(self, desks: Desks) -> list[Command]:
        speak = Command(
            "/as", "NAME [@ROLE]", "speak as somebody else of the demo team", self._speak_as, self._name_choices
        )
        return [
            *([speak, *desks.demo_commands()] if self._session.demo else []),
            Command("/help", "", "this list", self._help),
            Command("/quit", "", "leave", self._quit),
        ]

    async def _speak_as(self, typed: str) -> None:
        person = self._people.switch(typed)
        member = await self._people.member()
        part = "an admin" if member.admin else _PARTS[person.asker.standing]
        roles = ", ".join(f"@{role.partition(':')[2]}" for role in person.asker.roles)
        part += f" with {roles}" if roles else ""
        back = "" if person.name == self._session.you else f" /as {self._session.you} goes back."
        self._say(f"You speak as {person.name} now, {part}.{back}")

    def _name_choices(self, typed: str) -> Suggestions:
        return starting_with(typed, self._people.names)

    async def _help(self, _: str) -> None:
        for line in self._commands.help_lines():
            self._say(line)

    async def _admin_help(self, _: str) -> None:
        for line in self._commands.help_lines(ADMINS):
            self._say(line)

    async def _quit(self, _: str) -> None:
        raise Leave

    def _say(self, text: str) -> None:
        self._screen.write(f"{text}\n")
