"""Answers one person: who they are is looked up, a use case answers, and they alone read what it says."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from adapters.discord.api import DiscordFailed, Json
from adapters.discord.conversation.said import plain_text
from adapters.discord.names import DiscordNames, users_in, with_users
from adapters.discord.origin import Done, Origin
from adapters.discord.outgoing import File
from adapters.discord.people import People
from adapters.discord.private import Private
from adapters.discord.servers import NOT_IN_IT, Server, Servers
from adapters.discord.table import ANNOUNCE
from adapters.discord.views.lists import requests_shown
from adapters.discord.views.shown import Shown, bare, lines_shown
from adapters.discord.views.wallet import reply_shown
from core.commands.answers import Answers
from core.commands.carried import agreed_value
from core.commands.listed import AS_WRITTEN, meant_in
from core.commands.speaking import Document, Reply, Speaker
from core.errors import BadInput, ChipinError, NotAllowed
from core.tasks import Tasks
from core.text.presses import AGREES, BUSY
from core.text.wording import FILE_MISSING, FILE_TOO_LARGE, NOT_CHARGED, why_not
from core.use_cases import UseCases

NO_WORD = f"Discord did not say who you are, so nothing was done. Try again in a minute. {NOT_CHARGED}"
DOCUMENT = "Everything that Chipin keeps about you. Only you see this."
MOST_DOCUMENT_BYTES = 10_000_000
"""Of one file; Discord takes 10 MiB (docs.discord.com/developers/reference#uploading-files)."""
CUT = b"\n[There is more. Whoever runs Chipin can give you all of it.]"
_AS_WRITTEN = AS_WRITTEN | {ANNOUNCE}
"""What is typed after these is read with its mentions."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who is known, and where they came from."""

    server: Server
    origin: Origin
    speaker: Speaker


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is to read: a message, with files."""

    fields: Json
    files: tuple[File, ...] = ()

    @property
    def without_files(self) -> "Told":
        """The same where Discord refuses them. Those that it took without saying so stay under it."""
        return Told({"content": f"{self.fields['content']}\n{FILE_MISSING}"})


Doing = Callable[[Visit], Awaitable[Shown | Told | None]]
"""What is done for somebody; they read what it returns. A `ChipinError` says why it was not done."""
Tells = Callable[[Origin, Json, Sequence[File]], Awaitable[None]]
"""How they are told: in the place of "thinking ...", or beside what they pressed."""


class Desk:
    """Where people are answered."""

    def __init__(
        self, use_cases: UseCases, *, servers: Servers, people: People, private: Private, tasks: Tasks, done: Done
    ) -> None:
        """`done` is called when somebody was served."""
        self.answers = Answers(use_cases)
        self.private = private
        self._kept = use_cases.kept_presses
        self._servers = servers
        self._people = people
        self._tasks = tasks
        self._done_for = done

    @property
    def full(self) -> bool:
        """Whether nobody else can be served now."""
        return self._tasks.full

    def serve(self, origin: Origin, key: str, doing: Doing, tells: Tells) -> None:
        """Do it in the background. `key` names what came in. Who came when there is no room is told that."""
        if self.full:
            self.say(origin, BUSY, tells)
        else:
            self._tasks.start(self._serve(origin, key, doing, tells), "answer on Discord")

    def say(self, origin: Origin, sentence: str, tells: Tells) -> None:
        """Say something that needs nobody to be known."""
        self._tasks.start(self._tell(origin, lines_shown([sentence]), tells), "a sentence on Discord")

    async def _serve(self, origin: Origin, key: str, doing: Doing, tells: Tells) -> None:
        told = await self._done(origin, key, doing)
        self._done_for(origin)
        if told is not None:
            await self._tell(origin, told, tells)

    async def _tell(self, origin: Origin, told: Shown | Told, tells: Tells) -> None:
        try:
            await tells(origin, told.fields, told.files if isinstance(told, Told) else ())
        except DiscordFailed as failed:
            _log.warning("discord_answer_not_shown", kind=type(failed).__name__, why=str(failed))
            if isinstance(told, Told) and told.files:
                await self._tell(origin, told.without_files, tells)

    async def _done(self, origin: Origin, key: str, doing: Doing) -> Shown | Told | None:
        """It; or why it was not done."""
        try:
            server = self._servers.of(origin.guild_id)
            if server is None:
                raise NotAllowed(NOT_IN_IT)
            member = await self._people.member(server, origin)
            names = DiscordNames(server.guild_id, self._servers.names_in(server.guild_id))
            speaker = Speaker(member, origin.place, names, key=key, agrees=AGREES, announces=True)
            return await doing(Visit(server, origin, speaker))
        except DiscordFailed as failed:
            _log.warning("discord_did_not_say", kind=type(failed).__name__, why=str(failed))
            return lines_shown([NO_WORD])
        except ChipinError as refused:
            if isinstance(refused, NotAllowed):  # who tried it, without what they wrote: docs/decisions/0025
                _log.warning("discord_refused", server=origin.guild_id, user=origin.user_id, channel=origin.channel_id)
            return lines_shown([why_not(refused)])

    async def answer(self, visit: Visit, command: str, typed: str) -> Shown | Told:
        """What a command of the table answers."""
        words = await self._words(visit, command, typed)
        own = {ANNOUNCE: self.answers.channels.announce}
        answer = own.get(command) or self.answers.by_name[command]
        return await self.reply_shown(visit, await answer(visit.speaker, words))

    async def reply_shown(self, visit: Visit, reply: Reply) -> Shown | Told:
        """An answer of core's, with what may be pressed under it, or as a file."""
        if reply.documents:
            return await _told(reply)
        if reply.requests and visit.speaker.member.admin:
            return requests_shown(reply.lines, reply.requests, visit.server.guild_id)
        press_id = ""
        if reply.waits is not None:
            waits = agreed_value(reply.waits, visit.origin.user_id)
            press_id = await self._kept.keep(visit.speaker.member, waits)
        return reply_shown(reply, visit.server.guild_id, press_id)

    def as_read(self, visit: Visit, typed: str) -> str:
        """The words as whoever typed them read them, with names for what is mentioned."""
        return plain_text(typed, self._servers.names_in(visit.server.guild_id))

    async def _words(self, visit: Visit, command: str, typed: str) -> str:
        """What was typed, with whom it mentions as core knows them: members by their id."""
        called = {}
        for user_id in meant_in(command, users_in(typed)):
            if member_id := await self._member_id(visit, user_id):
                called[user_id] = member_id
        named = with_users(typed, called)
        return named if command in _AS_WRITTEN else self.as_read(visit, named)

    async def _member_id(self, visit: Visit, user_id: str) -> str:
        """The member behind a mention; an admin may name somebody who never spoke, who is enrolled by it."""
        known = await self._people.known(visit.server.guild_id, user_id)
        if known is None and visit.speaker.member.admin:
            known = await self._people.member(visit.server, Origin(visit.server.guild_id, user_id))
        return known.id if known is not None else ""


async def _told(reply: Reply) -> Told:
    """What is said, with its files. `BadInput` where one has more than Discord takes."""
    files = [File(document.name, await _content(document)) for document in reply.documents]
    return Told({"content": bare(reply.lines) if reply.lines else DOCUMENT}, tuple(files))


async def _content(document: Document) -> bytes:
    """A file that is to be read is cut where it is too long, and says so; one that is to be added up is not."""
    content = bytearray()
    async with aclosing(document.pieces) as pieces:
        async for piece in pieces:
            content += piece.encode("utf-8", "replace")
            if len(content) > MOST_DOCUMENT_BYTES:
                if not document.shown_here:
                    raise BadInput(FILE_TOO_LARGE)
                content[MOST_DOCUMENT_BYTES:] = CUT
                break
    return bytes(content)
