"""App Home: published when it is opened, and again when what it shows changed; never in anybody's way.

Refreshed are those who opened it in this process, within a day. Slack takes about a hundred views.publish a minute and
workspace (docs.slack.dev, tier 4): they come one after the other, and changes in quick succession are shown once.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp

from adapters.slack.api import RateLimited, SlackFailed
from adapters.slack.origin import Origin, of_event
from adapters.slack.people import People
from adapters.slack.views.home import AdminsShown, HomeShown, home_view, sentence_view
from adapters.slack.views.shown import Json
from adapters.slack.workspaces import PLATFORM, Workspace, Workspaces
from core.errors import BooksFailed, ChipinError
from core.people import Member, Place
from core.ports import Clock
from core.preferred import announced_in, channels_that_go_on
from core.text.wording import why_not
from core.usage_asked import UsageAsked, Whose
from core.use_cases import UseCases

DEBOUNCE_SECONDS = 0.5
"""How long a change waits for the next one before it is shown."""
PACE_SECONDS = 0.7
"""Between two views of one workspace: 85 a minute."""
OPEN_SECONDS = 24 * 3600.0
"""How long somebody who opened their Home is kept up to date without opening it again."""
MOST_OPEN = 2_000
"""Whose Homes are kept up to date, of all workspaces together; the longest open are let go first."""
NOT_KNOWN = "Chipin knows nothing of you now. Ask something, or open this tab again, and you are known from then on."

_log = structlog.get_logger(__name__)

Key = tuple[str, str]
"""A workspace and a user of it."""


@dataclass(slots=True)
class _Open:
    """A Home that somebody has open. `due_at` is when it is published next, None while nothing changed.

    `came`: they opened it themselves since it was published last.
    """

    at: float
    due_at: float | None = None
    came: bool = False


class Homes:
    """Everybody's Home."""

    def __init__(self, use_cases: UseCases, workspaces: Workspaces, people: People, clock: Clock) -> None:
        self._use_cases = use_cases
        self._workspaces = workspaces
        self._people = people
        self._clock = clock
        self._open: OrderedDict[Key, _Open] = OrderedDict()
        self._publishing: dict[str, asyncio.Task[None]] = {}
        self._published_at: dict[str, float] = {}

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        app.event("app_home_opened", matchers=[is_home_tab])(self.opened)

    async def opened(self, body: Mapping[str, Any]) -> None:
        """Somebody looks at it: acknowledged by returning, published in the background."""
        origin = of_event(body)
        key, now = (origin.team_id, origin.user_id), self._clock.monotonic()
        self._open.pop(key, None)
        self._open[key] = _Open(at=now, due_at=now, came=True)
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)
        self._work(origin.team_id)

    def changed(self, team_id: str, user_id: str = "") -> None:
        """What a user sees there is not what it was, or without one what everybody in the workspace sees."""
        now = self._clock.monotonic()
        for key in [(team_id, user_id)] if user_id else [each for each in self._open if each[0] == team_id]:
            known = self._open.get(key)
            if known is None:
                continue
            if now - known.at > OPEN_SECONDS:
                del self._open[key]
            elif known.due_at is None:
                known.due_at = now + DEBOUNCE_SECONDS
                self._work(team_id)

    async def end(self) -> None:
        """Publish nothing more."""
        tasks = tuple(self._publishing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _work(self, team_id: str) -> None:
        if team_id not in self._publishing:
            task = asyncio.create_task(self._publish_all(team_id), name="Home on Slack")
            self._publishing[team_id] = task
            task.add_done_callback(lambda done: self._over(team_id, done))

    def _over(self, team_id: str, task: "asyncio.Task[None]") -> None:
        self._publishing.pop(team_id, None)
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            _log.error("defect_in_the_background", work="Home", kind=type(error).__name__, exc_info=error)
        elif any(_is_due(home, key, team_id) for key, home in self._open.items()):  # since it looked last
            self._work(team_id)

    async def _publish_all(self, team_id: str) -> None:
        """What is due in one workspace, one after the other, until nothing is."""
        while due := [(home.due_at, key) for key, home in self._open.items() if _is_due(home, key, team_id)]:
            at, key = min(due)
            at = max(at or 0.0, self._published_at.get(team_id, 0.0) + PACE_SECONDS)
            if (wait := at - self._clock.monotonic()) > 0:
                await self._clock.sleep(wait)
                continue  # somebody may have opened theirs meanwhile
            home = self._open[key]
            came, home.due_at, home.came = home.came, None, False
            try:
                await self._publish(*key, came=came)
            except RateLimited as limited:
                home.due_at, home.came = self._clock.monotonic() + limited.retry_after_seconds, home.came or came
            except SlackFailed as failed:  # an old view hurts nobody
                _log.warning("slack_home_not_published", kind=type(failed).__name__, why=str(failed))
            self._published_at[team_id] = self._clock.monotonic()

    async def _publish(self, team_id: str, user_id: str, *, came: bool) -> None:
        workspace = await self._workspaces.of(team_id)
        if workspace is None:
            return
        view = await self._view(workspace, user_id, came=came)
        await workspace.api.call("views.publish", patience_seconds=0.0, user_id=user_id, view=view)

    async def _view(self, workspace: Workspace, user_id: str, *, came: bool) -> Json:
        """What they see now; a sentence where they may see nothing, or nobody can say.

        Who was forgotten since they opened it is not known again by its being kept up to date.
        """
        try:
            if not came and await self._people.known(workspace, user_id) is None:
                return sentence_view(NOT_KNOWN)
            member = await self._people.member_now(workspace, Origin(workspace.team_id, user_id))
            return home_view(await self._shown(workspace, member))
        except BooksFailed as failed:
            return sentence_view(f"{failed} Open this tab again in a minute.")
        except ChipinError as refused:
            return sentence_view(why_not(refused))

    async def _shown(self, workspace: Workspace, member: Member) -> HomeShown:
        place, use_cases = Place(PLATFORM, workspace.team_id, ""), self._use_cases
        return HomeShown(
            balance=await use_cases.balances.of(member, place),
            recent=await use_cases.receipts.recent(member),
            overview=await use_cases.models.of(member, place),
            model=await use_cases.preferences.model(member),
            zone=member.team.zone,
            used=(await use_cases.usages.of(member, UsageAsked(Whose.ME)))[0],
            admins=await self._admins(workspace, member) if member.admin else None,
        )

    async def _admins(self, workspace: Workspace, member: Member) -> AdminsShown:
        waiting = await self._use_cases.budget_requests.open_for(member)
        lines = await self._use_cases.budget_requests.lines(member)
        liked = await self._use_cases.preferences.of_team(member.team.id)
        return AdminsShown(
            requests=tuple((each.id, line) for each, line in zip(waiting, lines, strict=False)),
            announced_in=liked.get(announced_in(PLATFORM, workspace.team_id), ""),
            goes_on_in=channels_that_go_on(liked, PLATFORM, workspace.team_id),
        )


async def is_home_tab(body: Mapping[str, Any]) -> bool:
    """Whether the tab that was opened is Home, and not the messages."""
    return bool(body.get("event", {}).get("tab") == "home")


def _is_due(home: _Open, key: Key, team_id: str) -> bool:
    return home.due_at is not None and key[0] == team_id
