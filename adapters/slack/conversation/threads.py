"""What was said in a thread before a question, as the model is told it."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from adapters.slack.answering.spots import marked
from adapters.slack.api import Rejected, SlackFailed
from adapters.slack.conversation.files import Files, attached_to
from adapters.slack.conversation.said import plain_text
from adapters.slack.history import thread_of
from adapters.slack.origin import Origin
from adapters.slack.people import People
from adapters.slack.workspaces import Workspace
from core.pictures import MAX_PICTURES
from core.question import Gathered
from core.spoken import Said, said_by, told_of

LOOK_SECONDS = 10.0
"""How long a thread is looked through; without it, the question is answered all the same."""
MAX_NAMES = 20
"""How many of a thread's people are looked up, where their names are not known yet."""
NOT_READ = "Left out: what was said before in this thread; Slack did not tell it just now."
MAY_NOT_READ = "Left out: what was said before in this thread; Chipin may not read it here."
CUT = "Left out: the newest messages of this thread, which is too long to read."
_PEOPLE_SAY = frozenset({"", "bot_message", "file_share", "me_message", "thread_broadcast"})
"""The subtypes of messages that somebody wrote; the others tell of joins, renamings and the like."""


class Threads:
    """Reads threads."""

    def __init__(self, people: People, files: Files) -> None:
        self._people = people
        self._files = files

    async def before(self, workspace: Workspace, origin: Origin, *, pictures: int = MAX_PICTURES) -> Gathered:
        """What was said in the thread of a question before it, with at most so many of its newest pictures.

        What cannot be read is left out, and that is said.
        """
        if origin.thread_ts in ("", origin.ts):
            return Gathered()
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await self._before(workspace, origin, pictures)
        except Rejected:
            return Gathered(left_out=MAY_NOT_READ)
        except (SlackFailed, TimeoutError):
            return Gathered(left_out=NOT_READ)

    async def message(self, workspace: Workspace, channel_id: str, ts: str, thread_ts: str) -> Mapping[str, Any] | None:
        """One message; None where it cannot be read."""
        try:
            found, _ = await thread_of(
                workspace,
                channel_id,
                thread_ts,
                patience_seconds=LOOK_SECONDS / 2,
                oldest=ts,
                latest=ts,
                inclusive=True,
            )
        except SlackFailed:
            return None
        return next((each for each in found if each.get("ts") == ts), None)

    async def _before(self, workspace: Workspace, origin: Origin, pictures: int) -> Gathered:
        messages, is_whole = await self._messages(workspace, origin)
        await self._meet(workspace, messages)
        said = [each for message in messages if (each := self._said(workspace, message)) is not None]
        told = await told_of(said, partial(self._files.fetch, workspace), pictures=pictures, named=not origin.is_direct)
        cut = () if is_whole else (CUT,)
        return Gathered(history=told.history, left_out=" ".join((*cut, *told.left_out)))

    async def _messages(self, workspace: Workspace, origin: Origin) -> tuple[list[Mapping[str, Any]], bool]:
        """The messages before the question, oldest first, and whether they reach up to it."""
        found, is_whole = await thread_of(
            workspace,
            origin.channel_id,
            origin.thread_ts,
            patience_seconds=LOOK_SECONDS / 2,
            latest=origin.ts,
        )
        return [each for each in found if _moment(each) < _moment({"ts": origin.ts})], is_whole

    async def _meet(self, workspace: Workspace, messages: Sequence[Mapping[str, Any]]) -> None:
        """Learn the names of those who spoke, as far as that goes quickly."""
        users = dict.fromkeys(str(each.get("user", "")) for each in reversed(messages) if not each.get("bot_id"))
        unknown = [user for user in users if user and not self._people.name(workspace.team_id, user)][:MAX_NAMES]
        await asyncio.gather(*(self._people.meet(workspace, user) for user in unknown))

    def _said(self, workspace: Workspace, message: Mapping[str, Any]) -> Said | None:
        """None for what is no part of the conversation: joins, and what Chipin says beside its answers."""
        if str(message.get("subtype") or "") not in _PEOPLE_SAY:
            return None
        name_of = self._people.names_in(workspace.team_id)
        if is_ours(message, workspace):
            part = part_of(message)
            text = plain_text(text_of_answer(message), name_of)
            return Said("" if part else "Chipin quoted", text) if part is not None and text else None
        files = attached_to(message)
        written = str(message.get("text") or "") or _of_attachments(message)
        text = plain_text(written, name_of, without=workspace.bot_user_id)
        return said_by(self._author(workspace, message), text, files)

    def _author(self, workspace: Workspace, message: Mapping[str, Any]) -> str:
        profile = message.get("bot_profile")
        of_bot = str(profile.get("name") or "") if isinstance(profile, Mapping) else ""
        named = self._people.name(workspace.team_id, str(message.get("user") or ""))
        return named or of_bot or str(message.get("username") or "") or "Somebody"


def is_ours(message: Mapping[str, Any], workspace: Workspace) -> bool:
    """Whether Chipin wrote it."""
    by = (message.get("user"), message.get("bot_id"))
    return (bool(by[0]) and by[0] == workspace.bot_user_id) or (bool(by[1]) and by[1] == workspace.bot_id)


def text_of_answer(message: Mapping[str, Any]) -> str:
    """An answer of ours without what stands under it: its Markdown, or what Slack made of it."""
    blocks = message.get("blocks")
    told = [block for block in blocks if isinstance(block, Mapping)] if isinstance(blocks, list) else []
    markdown = [str(block.get("text") or "") for block in told if block.get("type") == "markdown"]
    return "\n".join(markdown) or str(message.get("text") or "")


def part_of(message: Mapping[str, Any]) -> int | None:
    """Which part of an answer it is, by our mark: 0 is the quoted question. None for what is none."""
    ask_id, part, _ = marked(message)
    return part if ask_id else None


def _of_attachments(message: Mapping[str, Any]) -> str:
    """What other apps say outside of a message's text."""
    attachments = message.get("attachments")
    told = attachments if isinstance(attachments, list) else []
    return "\n".join(str(each.get("fallback") or each.get("text") or "") for each in told if isinstance(each, Mapping))


def _moment(message: Mapping[str, Any]) -> tuple[int, str]:
    """For comparing: seconds, and the digits after them."""
    seconds, _, rest = str(message.get("ts") or "").partition(".")
    return (int(seconds) if seconds.isdecimal() else 0), rest
