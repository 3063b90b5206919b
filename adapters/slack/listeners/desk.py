"""Answers one person: who they are is looked up, a use case answers, and they alone read what it says."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from adapters.slack.api import SlackFailed
from adapters.slack.conversation.mentions import as_typed, users_in, with_users
from adapters.slack.conversation.names import PlaceCalls, SlackNames
from adapters.slack.handing_over import hand_over
from adapters.slack.origin import Done, Origin
from adapters.slack.people import People
from adapters.slack.private import Private
from adapters.slack.views.lists import requests_shown
from adapters.slack.views.shown import Shown, lines_shown
from adapters.slack.views.wallet import reply_shown
from adapters.slack.workspaces import PLATFORM, Workspace, Workspaces
from core.commands.answers import Answers
from core.commands.listed import AS_WRITTEN, meant_in
from core.commands.speaking import Document, Reply, Speaker
from core.errors import ChipinError, NotAllowed
from core.people import Identity
from core.tasks import Tasks
from core.text.presses import AGREES
from core.text.wording import FILE_MISSING, NOT_CHARGED, why_not
from core.use_cases import UseCases

NOT_INSTALLED = f"Chipin is not installed in this workspace (any more), so nothing was done. {NOT_CHARGED}"
NO_WORD = f"Slack did not say who you are, so nothing was done. Try again in a minute. {NOT_CHARGED}"
DOCUMENT = "It is on its way to you, in a direct message."

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who is known, and where they came from."""

    workspace: Workspace
    origin: Origin
    speaker: Speaker


Doing = Callable[[Visit], Awaitable[Shown | None]]
"""What is done for somebody; they read what it returns. A `ChipinError` says why it was not done."""


class Desk:
    """Where people are answered."""

    def __init__(
        self,
        use_cases: UseCases,
        *,
        workspaces: Workspaces,
        people: People,
        private: Private,
        calls: PlaceCalls,
        tasks: Tasks,
        done: Done,
    ) -> None:
        """`done` is called when somebody was served."""
        self.answers = Answers(use_cases)
        self.private = private
        self._membership = use_cases.membership
        self._workspaces = workspaces
        self._people = people
        self._calls = calls
        self._tasks = tasks
        self._done_for = done

    @property
    def full(self) -> bool:
        """Whether nobody else can be served now."""
        return self._tasks.full

    def serve(self, origin: Origin, key: str, doing: Doing, *, fresh: bool = False) -> None:
        """Do it in the background. `key` names what came in; `fresh`: rights are asked of Slack at this moment."""
        if not self._tasks.full:
            self._tasks.start(self._serve(origin, key, doing, fresh=fresh), "answer on Slack")

    async def _serve(self, origin: Origin, key: str, doing: Doing, *, fresh: bool) -> None:
        workspace, shown = await self._done(origin, key, doing, fresh=fresh)
        self._done_for(origin)
        if shown is None:
            return
        try:
            await self.private.tell(workspace, origin, shown)
        except SlackFailed as failed:
            _log.warning("slack_answer_not_shown", kind=type(failed).__name__, why=str(failed))

    async def _done(
        self, origin: Origin, key: str, doing: Doing, *, fresh: bool
    ) -> tuple[Workspace | None, Shown | None]:
        """It, and the workspace it was done in; or why it was not done."""
        workspace = None
        try:
            workspace = await self._workspaces.of(origin.team_id)
            if workspace is None:
                _note(origin, NotAllowed(NOT_INSTALLED))
                return None, lines_shown([NOT_INSTALLED])
            member = await self._people.member(workspace, origin, fresh=fresh)
        except SlackFailed:
            return workspace, lines_shown([NO_WORD])
        except ChipinError as refused:
            _note(origin, refused)
            return workspace, lines_shown([why_not(refused)])
        speaker = Speaker(member, origin.place, SlackNames(), key=key, agrees=AGREES, announces=True)
        try:
            return workspace, await doing(Visit(workspace, origin, speaker))
        except SlackFailed as failed:
            _log.warning("slack_did_not_take_it", kind=type(failed).__name__, why=str(failed))
            return workspace, None
        except ChipinError as refused:
            _note(origin, refused)
            return workspace, await self._read_by(origin, workspace, why_not(refused))

    async def lines_shown(self, visit: Visit, *lines: str) -> Shown:
        """Core's sentences as this person reads them."""
        return await self._read_by(visit.origin, visit.workspace, *lines)

    async def _read_by(self, origin: Origin, workspace: Workspace, *lines: str) -> Shown:
        return lines_shown(await self._calls.in_words(workspace, origin.user_id, lines))

    async def answer(self, visit: Visit, command: str, typed: str) -> Shown:
        """What a command of the table answers."""
        words = await self._words(visit, command, typed)
        return await self.reply_shown(visit, await self.answers.by_name[command](visit.speaker, words))

    async def reply_shown(self, visit: Visit, reply: Reply) -> Shown:
        """An answer of core's, with what may be pressed under it; a file goes to a direct message."""
        if reply.forgotten:
            self._let_go(visit)
        if reply.documents:
            came = DOCUMENT if await self._sent(visit, reply.documents) else FILE_MISSING
            return await self.lines_shown(visit, *reply.lines, came)
        lines = await self._calls.in_words(visit.workspace, visit.origin.user_id, reply.lines)
        if reply.requests and visit.speaker.member.admin:
            return requests_shown(lines, reply.requests)
        return reply_shown(replace(reply, lines=lines), visit.origin.user_id)

    def _let_go(self, visit: Visit) -> None:
        """Somebody was forgotten: nobody's profile is remembered, and no Home shows what it showed."""
        self._people.forget(visit.workspace.team_id)
        self._done_for(replace(visit.origin, user_id=""))

    async def _sent(self, visit: Visit, documents: Sequence[Document]) -> bool:
        """Hand them over; whether Slack surely took all of them."""
        try:
            for document in documents:
                await hand_over(self.private, visit.workspace, visit.origin.user_id, document)
        except SlackFailed as failed:
            _log.warning("slack_took_no_file", kind=type(failed).__name__, why=str(failed))
            return False
        return True

    async def _words(self, visit: Visit, command: str, typed: str) -> str:
        """What was typed, with whom it mentions as core knows them: members by their id."""
        called = {}
        for user_id in meant_in(command, users_in(typed)):
            if member_id := await self._member_id(visit, user_id):
                called[user_id] = member_id
        named = with_users(typed, called)
        return named if command in AS_WRITTEN else as_typed(named)

    async def _member_id(self, visit: Visit, user_id: str) -> str:
        """The member behind a mention; an admin may name somebody who never spoke, who is enrolled by it."""
        workspace = visit.workspace
        known = await self._membership.known(Identity(PLATFORM, workspace.team_id, user_id, ""))
        if known is None and visit.speaker.member.admin:
            known = await self._people.member(workspace, Origin(workspace.team_id, user_id))
        return known.id if known is not None else ""


def _note(origin: Origin, refused: ChipinError) -> None:
    """Who tried what they may not do is written down, without what they wrote: docs/decisions/0025."""
    if isinstance(refused, NotAllowed):
        _log.warning("slack_refused", team=origin.team_id, user=origin.user_id, channel=origin.channel_id)
