"""Asking on Slack: what somebody said becomes a question of core's, and its answer goes to the responder."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from adapters.slack.answering.responder import Responder, Where
from adapters.slack.api import SlackFailed
from adapters.slack.conversation.gathering import Gathering
from adapters.slack.origin import Done, Origin
from adapters.slack.people import People
from adapters.slack.workspaces import Workspace, Workspaces
from core.call import Message, Part, TextPart
from core.errors import BooksFailed, ChipinError
from core.models import AUTO
from core.people import Member
from core.question import Question, Secrets
from core.tasks import Tasks
from core.text.wording import NOT_CHARGED, not_asked
from core.use_cases import UseCases

NO_WORD = f"Slack did not say who you are, so nothing was asked. Ask again in a minute. {NOT_CHARGED}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants answered. `keys` are all names under which Slack may deliver it again.

    `private`: only its asker reads the answer. `quoted`: the thread is told what was asked. The rest as of
    `core.question.Question`.
    """

    origin: Origin
    keys: tuple[str, ...]
    text: str = ""
    parts: tuple[Part, ...] = ()
    private: bool = False
    quoted: bool = False
    model: str = ""
    resumes: str = ""
    improves: str = ""
    pressed_nanos: int = 0
    quote_only: bool = False
    secrets: Secrets = Secrets.NOT_SAID
    tag: str = ""
    history: tuple[Message, ...] = ()
    gather: Gathering | None = None
    """What belongs to it and is looked up once it is claimed."""
    redelivered_later: bool = False
    """Whether Slack delivers it again when it is not acknowledged: then only the last copy says what went wrong."""


class Asking:
    """Runs questions: each is a task, acknowledged by whoever called once it is claimed."""

    def __init__(
        self,
        use_cases: UseCases,
        workspaces: Workspaces,
        people: People,
        *,
        responder: Responder,
        tasks: Tasks,
        done: Done,
    ) -> None:
        """`done` is called when an ask is over and shown."""
        self._use_cases = use_cases
        self._workspaces = workspaces
        self._people = people
        self._responder = responder
        self._tasks = tasks
        self._done = done

    def start(self, asked: Asked) -> "asyncio.Future[bool]":
        """Begin; the future tells whether the question is claimed, so that its delivery may be acknowledged."""
        claimed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if self._tasks.full and asked.redelivered_later:  # whoever typed or pressed was let in at a door
            claimed.set_result(False)
        else:
            self._tasks.start(self._run(asked, claimed), "ask on Slack")
        return claimed

    def tell(self, origin: Origin, sentence: str) -> None:
        """Say something in place of asking, to whoever spoke alone."""
        if not self._tasks.full:
            self._tasks.start(self._tell(origin, sentence), "a sentence on Slack")

    async def _tell(self, origin: Origin, sentence: str) -> None:
        with suppress(SlackFailed):
            workspace = await self._workspaces.of(origin.team_id)
            if workspace is not None:
                await self._responder.say(Where(workspace, origin), sentence)

    async def _run(self, asked: Asked, claimed: "asyncio.Future[bool]") -> None:
        try:
            await self._ask(asked, claimed)
        finally:
            if not claimed.done():
                claimed.set_result(False)

    async def _ask(self, asked: Asked, claimed: "asyncio.Future[bool]") -> None:
        try:
            workspace = await self._workspaces.of(asked.origin.team_id)
        except SlackFailed:
            return
        if workspace is None:  # nor will it be when this is delivered again
            claimed.set_result(True)
            return
        try:
            member = await self._people.member(workspace, asked.origin)
            question = await self._question(asked, member, workspace)
        except SlackFailed:
            if not asked.redelivered_later:
                await self._responder.say(self._where(asked, workspace), NO_WORD)
            return
        except BooksFailed as failed:
            if not asked.redelivered_later:
                await self._responder.say(self._where(asked, workspace), not_asked(failed))
            return
        except ChipinError as refused:  # it would be the same when it is delivered again
            claimed.set_result(True)
            await self._responder.say(self._where(asked, workspace), str(refused))
            return
        async with self._use_cases.asks.start(question) as running:
            ours = await running.claimed()
            claimed.set_result(ours)
            if ours or not asked.redelivered_later:
                await self._responder.show(running, self._where(asked, workspace, member))
        self._done(asked.origin)

    async def _question(self, asked: Asked, member: Member, workspace: Workspace) -> Question:
        named = asked.model or (AUTO if asked.resumes else await self._use_cases.preferences.model(member))
        place = asked.origin.place
        if asked.private and not asked.origin.is_direct:
            place = replace(place, thread="")  # its answer is no part of a thread, however late it comes
        elif not place.thread:
            place = replace(place, thread=asked.origin.ts)
        return Question(
            member=member,
            place=place,
            parts=asked.parts or ((TextPart(asked.text),) if asked.text or asked.gather is None else ()),
            keys=asked.keys,
            model=named,
            resumes=asked.resumes,
            improves=asked.improves,
            pressed_nanos=asked.pressed_nanos,
            quote_only=asked.quote_only,
            history=asked.history,
            gather=partial(asked.gather, workspace) if asked.gather is not None else None,
            secrets=asked.secrets,
            tag=asked.tag,
        )

    def _where(self, asked: Asked, workspace: Workspace, member: Member | None = None) -> Where:
        """Where to answer; once it is known who asks, under the name that people see."""
        where = Where(workspace, asked.origin, private=asked.private, question=asked.text, quoted=asked.quoted)
        if member is None:
            return where
        called = member.display_name or asked.origin.user_name
        return replace(where, origin=replace(asked.origin, user_name=called), asked_by_admin=member.admin)
