"""Shows what core answers to a typed line, and remembers in whose hands it lies what can be done then."""

from contextlib import aclosing
from functools import partial
from pathlib import Path
from uuid import uuid4

from adapters.terminal.files import write_file
from adapters.terminal.names import TerminalNames
from adapters.terminal.people import Offer, People
from adapters.terminal.screen import Screen
from core.commands.answers import Answers
from core.commands.speaking import Document, Reply, Speaker, Waits
from core.text.neutralise import for_terminal


class Replies:
    """Answers whoever speaks at this screen."""

    def __init__(self, answers: Answers, screen: Screen, people: People, files: Path) -> None:
        """`files` is the folder for what core hands over as a file."""
        self._files = files
        self._answers = answers
        self._screen = screen
        self._people = people

    async def to(self, command: str, typed: str) -> None:
        """Answer a command of all chats."""
        await self._show(await self._answers.by_name[command](await self._speaker(), typed))

    async def _agree(self, waits: Waits) -> None:
        await self._show(await self._answers.agree(await self._speaker(), waits))

    async def _speaker(self) -> Speaker:
        person, people = self._people.current, self._people
        return Speaker(
            await people.member(),
            people.place,
            TerminalNames(),
            key=uuid4().hex,
            agrees="/yes",
            listed=person.requests,
        )

    async def _show(self, reply: Reply) -> None:
        person = self._people.current
        if reply.waits is not None:
            person.offer = Offer(partial(self._agree, reply.waits))
        if reply.requests is not None:
            person.requests = reply.requests
        if reply.forgotten:
            self._people.drop(reply.forgotten)
        for line in reply.lines:
            self._screen.write(f"{line}\n")
        for document in reply.documents:
            await self._hand_over(document)

    async def _hand_over(self, document: Document) -> None:
        if not document.shown_here:
            self._screen.write(f"Written to {await write_file(self._files, document)}\n")
            return
        async with aclosing(document.pieces) as pieces:
            async for piece in pieces:
                self._screen.write(for_terminal(piece))
