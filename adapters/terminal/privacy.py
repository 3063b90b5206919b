"""What is known of somebody, at the terminal: /mydata and /forget."""

from contextlib import aclosing
from functools import partial

from adapters.terminal.commands import starting_with
from adapters.terminal.people import Offer, People
from adapters.terminal.screen import Screen, Suggestions
from core.forgetting import Warned
from core.people import Member
from core.text import forgetting as words
from core.text.neutralise import for_terminal
from core.use_cases import UseCases


class PrivacyDesk:
    """Shows whoever speaks what is known of them, and forgets them or somebody else."""

    def __init__(self, use_cases: UseCases, screen: Screen, people: People) -> None:
        self._forgetting = use_cases.forgetting
        self._own_data = use_cases.own_data
        self._screen = screen
        self._people = people

    async def my_data(self, _: str) -> None:
        """Everything about the speaker, as JSON."""
        async with aclosing(self._own_data.of(await self._people.member())) as pieces:
            async for piece in pieces:
                self._screen.write(for_terminal(piece))

    async def forget(self, typed: str) -> None:
        """Say what would go and what would stay; /yes does it."""
        asker = await self._people.member()
        whom = await self._forgetting.whom(asker, typed)
        name, last_admin = whom.member.display_name, Warned.LAST_ADMIN in whom.warned
        for line in words.before_lines(name, own=whom.own, last_admin=last_admin):
            self._say(line)
        self._people.current.offer = Offer(partial(self._forget, whom.member))
        self._say(f"Nothing is erased yet: /yes forgets {'you' if whom.own else name}.")

    def names(self, typed: str) -> Suggestions:
        """Whoever has spoken here."""
        return starting_with(typed, self._people.names)

    async def _forget(self, member: Member) -> None:
        done = await self._forgetting.forget(await self._people.member(), member)
        self._people.drop(member.display_name)
        self._say(words.after_line(member.display_name, own=done.own, on_disk=done.on_disk))

    def _say(self, text: str) -> None:
        self._screen.write(f"{text}\n")
