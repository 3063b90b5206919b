"""Asking on Discord: what somebody said becomes a question of core's, and its answer goes to the responder."""

from dataclasses import dataclass, replace
from functools import partial

import structlog

from adapters.discord.answering.responder import Responder, Where
from adapters.discord.api import DiscordFailed
from adapters.discord.conversation.gathering import Gathering
from adapters.discord.origin import Done, Origin
from adapters.discord.people import People
from adapters.discord.servers import NOT_IN_IT, Server, Servers
from core.call import Message, Part, TextPart
from core.errors import ChipinError
from core.models import AUTO
from core.people import Member
from core.question import Question, Secrets
from core.tasks import Tasks
from core.text.presses import BUSY
from core.text.wording import NOT_CHARGED, not_asked
from core.use_cases import UseCases

_log = structlog.get_logger(__name__)

NO_WORD = f"Discord did not say who you are, so nothing was asked. Ask again in a minute. {NOT_CHARGED}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants answered. `keys` are all names under which it may come again.

    `private`: only its asker reads the answer. The rest as of `core.question.Question`.
    """

    origin: Origin
    keys: tuple[str, ...]
    text: str = ""
    parts: tuple[Part, ...] = ()
    private: bool = False
    model: str = ""
    resumes: str = ""
    improves: str = ""
    pressed_nanos: int = 0
    quote_only: bool = False
    secrets: Secrets = Secrets.NOT_SAID
    tag: str = ""
    history: tuple[Message, ...] = ()
    goes_on: bool = False
    """Whether it answers Chipin: a conversation has a thread where there may be one."""
    gather: Gathering | None = None
    """What belongs to it and is looked up once it is claimed."""


class Asking:
    """Runs questions: each is a task."""

    def __init__(
        self,
        use_cases: UseCases,
        servers: Servers,
        people: People,
        *,
        responder: Responder,
        tasks: Tasks,
        done: Done,
    ) -> None:
        """`done` is called when an ask is over and shown."""
        self._use_cases = use_cases
        self._servers = servers
        self._people = people
        self._responder = responder
        self._tasks = tasks
        self._done = done

    def start(self, asked: Asked) -> None:
        """Begin, where there is room for it; who typed or pressed and is waiting is told that there is none."""
        if not self._tasks.full:
            self._tasks.start(self._ask(asked), "ask on Discord")
        elif asked.origin.handle is not None:
            where = Where(asked.origin, private=asked.private)
            self._tasks.start(self._responder.say(where, BUSY), "a sentence on Discord")
        else:  # nobody waits for a word, and a flood of messages is not answered by one of ours
            _log.warning("discord_question_left_out", server=asked.origin.guild_id, channel=asked.origin.channel_id)

    def tell(self, origin: Origin, sentence: str) -> None:
        """Say something in place of asking, to whoever spoke alone where Discord has a way for it."""
        if not self._tasks.full:
            self._tasks.start(self._responder.say(Where(origin), sentence), "a sentence on Discord")

    async def _ask(self, asked: Asked) -> None:
        where = Where(asked.origin, private=asked.private, question=asked.text, goes_on=asked.goes_on)
        try:
            server = await self._servers.looked_up(asked.origin.guild_id)
            if server is None:
                if asked.origin.handle is not None:  # who typed or pressed is waiting
                    await self._responder.say(where, NOT_IN_IT)
                return
            member = await self._people.member(server, asked.origin, asks=True)
            question = await self._question(asked, member, server)
        except DiscordFailed:
            await self._responder.say(where, NO_WORD)
            return
        except ChipinError as refused:
            await self._responder.say(where, not_asked(refused))
            return
        async with self._use_cases.asks.start(question) as running:
            await self._responder.show(running, where.asked_by(member))
        self._done(asked.origin)

    async def _question(self, asked: Asked, member: Member, server: Server) -> Question:
        named = asked.model or (AUTO if asked.resumes else await self._use_cases.preferences.model(member))
        return Question(
            member=member,
            place=replace(asked.origin.place, thread="") if asked.private else asked.origin.asked_in,
            parts=asked.parts or ((TextPart(asked.text),) if asked.text or asked.gather is None else ()),
            keys=asked.keys,
            model=named,
            resumes=asked.resumes,
            improves=asked.improves,
            pressed_nanos=asked.pressed_nanos,
            quote_only=asked.quote_only,
            history=asked.history,
            gather=partial(asked.gather, server) if asked.gather is not None else None,
            secrets=asked.secrets,
            tag=asked.tag,
        )
