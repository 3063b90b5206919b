"""Tells people on Slack later: how their asks ended, what admins are to know, and that something goes on now.

Everything is marked by its metadata, and looked for by that mark where somebody may have posted it before.
"""

from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from typing import Any

import structlog

from adapters.slack.answering.posting import AnswerMessage
from adapters.slack.answering.shapes import TooLong
from adapters.slack.answering.spots import NO_PLACE, Spot
from adapters.slack.answering.stream import PAGE_CHARS
from adapters.slack.api import RateLimited, Rejected, SlackFailed, Unreachable, Unsure
from adapters.slack.later.marked import Marked
from adapters.slack.later.pictures import Pictures
from adapters.slack.later.telling import Telling
from adapters.slack.views.late import late_footer, late_text
from adapters.slack.views.shown import Footer
from adapters.slack.workspaces import PLATFORM, Workspace, Workspaces
from core.announcement import DIGEST, Announcement, Notice
from core.ports import Clock, Drawing
from core.text.neutralise import for_slack
from core.text.split import split

AWAY_SECONDS = 20.0
"""How long nothing is posted after Slack could not be reached, or said "later"."""
MOST_TRIES = 4
"""Of one message, while Slack says "later" or its reply is lost."""
LONGEST_PAUSE_SECONDS = 10.0
NOT_IN_CHANNEL = (
    "This belongs in the channel that you chose for announcements, where Chipin may not post. Invite it there with "
    "/invite, or choose another channel in Chipin's Home."
)
NO_DIGEST_CHANNEL = (
    "This belongs in the channel that you chose for it, where Chipin may not post. Invite it there with /invite, or "
    "choose another: /admin digest channel."
)
LATE = "late "
"""What a late answer is marked as: an ask, told later. The same answer may stand there in part already."""

_log = structlog.get_logger(__name__)

Changed = Callable[[str, str], None]
"""What is known of money is not what it was: to a user of a workspace, or without one to everybody there."""


class SlackAnnouncer:
    """`core.ports.Announcer` for every workspace that Chipin is installed in."""

    platform = PLATFORM

    def __init__(self, workspaces: Workspaces, clock: Clock, changed: Changed, drawing: Drawing) -> None:
        """`changed` is called for whoever sees something else by what was told."""
        self._workspaces = workspaces
        self._clock = clock
        self._changed = changed
        self._pictures = Pictures(drawing, clock)
        self._marked = Marked()
        self._away_until = 0.0

    @property
    def workspaces(self) -> Collection[str]:
        """Those that are known; none for a while after Slack was not there."""
        return () if self._clock.monotonic() < self._away_until else self._workspaces.reachable

    @property
    def admin_workspaces(self) -> Collection[str]:
        """The same: each admin is written to alone."""
        return self.workspaces

    # --- how an ask ended ---

    async def announce(self, announcement: Announcement) -> bool:
        """In the thread where it was asked, else as a direct message to whoever asked."""
        workspace = await self._workspace(announcement.place.workspace)
        return workspace is not None and await self._surely(self._announce(workspace, announcement))

    async def _announce(self, workspace: Workspace, announcement: Announcement) -> bool:
        place, to = announcement.place, announcement.to
        if announcement.again and place.channel and await self._marked.is_whole(workspace, place, announcement.ask_id):
            return True
        if place.thread:
            try:
                await self._post_answer(
                    Spot(workspace, place.channel, place.thread, to.user if to else ""), announcement
                )
            except Rejected as refused:
                if refused.code not in NO_PLACE:
                    raise
            else:
                return True
        if to is None:
            return False
        channel_id = await _direct(workspace, to.user)
        if announcement.again and await self._marked.is_whole_in(workspace, channel_id, "", announcement.ask_id):
            return True
        await self._post_answer(Spot(workspace, channel_id, "", to.user), announcement)
        return True

    async def _post_answer(self, spot: Spot, announcement: Announcement) -> None:
        """What of it does not stand there yet."""
        name = LATE + (announcement.press or announcement.ask_id)  # each attempt has an end of its own
        footer = late_footer(announcement, spot.channel_id, spot.thread_ts)
        there = await self._marked.parts(spot, name) if announcement.again else frozenset[int]()
        pages = split(late_text(announcement), PAGE_CHARS)
        for part, page in enumerate(pages, start=1):
            if part not in there:
                message = AnswerMessage(spot, name, part, set(), streams=False)
                await self._end(message, page.text, footer if page is pages[-1] else Footer())
        if announcement.answer and spot.thread_ts:
            await self._take_away(spot, announcement)

    async def _take_away(self, spot: Spot, announcement: Announcement) -> None:
        """What was shown of an answer before it broke off: all of it stands there now. What stays hurts nobody."""
        api = spot.workspace.api
        with suppress(SlackFailed):
            for ts in await self._marked.broken_off(spot, announcement.ask_id, for_slack(announcement.answer)):
                with suppress(Rejected):  # most likely it is no stream any more
                    await api.call("chat.stopStream", patience_seconds=0.0, channel=spot.channel_id, ts=ts)
                await api.call("chat.delete", patience_seconds=0.0, channel=spot.channel_id, ts=ts)

    async def _end(self, message: AnswerMessage, text: str, footer: Footer) -> None:
        """Show it; where a reply was lost it is looked for before it is posted once more."""
        for tries_left in reversed(range(MOST_TRIES)):
            try:
                await message.end(text, footer)
            except RateLimited as limited:
                if not tries_left:
                    raise
                await self._clock.sleep(min(limited.retry_after_seconds, LONGEST_PAUSE_SECONDS))
            except Unsure:
                if not tries_left:
                    raise
            else:
                return

    # --- what people are to know ---

    async def tell_admins(self, notice: Notice) -> bool:
        """In the channel that was chosen for it, else each of the workspace's admins alone."""
        workspace = await self._workspace(notice.workspace)
        self._changed(notice.workspace, "")
        return workspace is not None and await self._surely(self._tell_admins(workspace, notice))

    async def _tell_admins(self, workspace: Workspace, notice: Notice) -> bool:
        telling = self._telling(workspace, notice)
        if notice.channel:
            if await telling.in_channel(notice.channel):
                return True
            telling.add(NO_DIGEST_CHANNEL if notice.kind == DIGEST else NOT_IN_CHANNEL)
        told = [await telling.alone(admin) for admin in notice.admins]
        return any(told)

    async def tell_member(self, notice: Notice) -> bool:
        """As a direct message."""
        workspace, to = await self._workspace(notice.workspace), notice.to
        if workspace is None or to is None:
            return False
        self._changed(notice.workspace, to.user)
        return await self._surely(self._telling(workspace, notice).alone(to))

    def _telling(self, workspace: Workspace, notice: Notice) -> Telling:
        return Telling(workspace, notice, self._pictures, self._clock)

    # --- Slack ---

    async def _workspace(self, team_id: str) -> Workspace | None:
        try:
            return await self._workspaces.of(team_id) if team_id in self.workspaces else None
        except SlackFailed:
            return None

    async def _surely(self, telling: Coroutine[Any, Any, bool]) -> bool:
        """Whether it stands there now. What it is not sure of is looked for in a later round."""
        try:
            return await telling
        except (Unreachable, RateLimited, Unsure) as failed:
            self._away_until = self._clock.monotonic() + AWAY_SECONDS
            _log.warning("slack_is_not_there", kind=type(failed).__name__, again_in_seconds=AWAY_SECONDS)
        except (Rejected, TooLong) as refused:
            _log.warning("slack_did_not_take_what_is_told_later", kind=type(refused).__name__, why=str(refused))
        return False


async def _direct(workspace: Workspace, user_id: str) -> str:
    """The conversation with somebody alone."""
    opened = await workspace.api.call("conversations.open", users=user_id, patience_seconds=0.0)
    return str(opened["channel"]["id"])
