"""Who somebody on Slack is: what its profile and user groups say of them becomes an identity and an `Asker`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from typing import Any
from zoneinfo import available_timezones

from adapters.slack.api import Rejected, SlackFailed
from adapters.slack.origin import Origin
from adapters.slack.profiles import Groups, Profile, a_stranger, groups_of, profile_of
from adapters.slack.workspaces import PLATFORM, Workspace
from core.defaults import MEMBER_MONTH_LIMIT_NANOS
from core.departures import Departures
from core.membership import Membership, TeamDefaults
from core.people import Asker, Identity, Member, Standing, Team
from core.ports import Clock
from core.tasks import Tasks

FRESH_SECONDS = 300.0
"""How long what Slack said of somebody is taken for true without another look; events about them end that at once."""
STALE_SECONDS = 3_600.0
"""For so long it is still taken for true while Slack is asked again: nobody waits for what is known."""
NAME_SECONDS = 3.0
UNNAMED = "Somebody of another company"
MOST_KNOWN = 5_000
"""Profiles that are remembered, of all workspaces together."""
_NO_GROUPS = frozenset({"missing_scope", "plan_upgrade_required", "paid_teams_only", "unknown_method"})
_NOT_OURS_TO_SEE = frozenset({"user_not_found", "user_not_visible"})

Key = tuple[str, str]


class People:
    """Says who speaks, asking Slack at most every five minutes for each of them."""

    def __init__(
        self,
        membership: Membership,
        departures: Departures,
        tasks: Tasks,
        clock: Clock,
        *,
        zone: str = "",
        greet: Callable[[Team], Awaitable[None]] | None = None,
    ) -> None:
        """`zone` is the team's where the operator set one; else a new team gets that of whoever comes first.

        `greet` is called when a team was made.
        """
        self._membership = membership
        self._departures = departures
        self._tasks = tasks
        self._clock = clock
        self._zone = zone
        self._greet = greet
        self._profiles: dict[Key, Profile] = {}
        self._groups: dict[str, tuple[float, Groups]] = {}
        self._looking: dict[Key, asyncio.Lock] = {}

    async def member(self, workspace: Workspace, origin: Origin, *, fresh: bool = False) -> Member:
        """The member behind what came in. `fresh`: ask Slack now, for what must not rest on yesterday's rights.

        Raises `NotAllowed` where the operator does not let the workspace in, a `SlackFailed` where Slack does not say
        who they are.
        """
        profile = await self.profile(workspace, origin.user_id, fresh=fresh)
        if _is_of_elsewhere(origin, workspace):
            profile = replace(profile, standing=Standing.OUTSIDER, admin=False)
        if origin.bot_id:  # what an app posts in somebody's name is no word of theirs
            profile = replace(profile, standing=Standing.BOT, admin=False)
        name = profile.name or origin.user_name or UNNAMED
        identity = Identity(PLATFORM, workspace.team_id, origin.user_id, name)
        asker = Asker(roles=profile.groups, standing=profile.standing, admin=profile.admin, gone=profile.gone)
        defaults = self._defaults(workspace, profile)
        member, new_team = await self._membership.member(identity, defaults, admin=False, asker=asker)
        if new_team and self._greet is not None:
            await self._greet(member.team)
        if member.gone and not profile.gone and await self._departures.back(identity):  # we missed that they are back
            member, _ = await self._membership.member(identity, defaults, admin=False, asker=asker)
        return member

    async def member_now(self, workspace: Workspace, origin: Origin) -> Member:
        """The same, quickly for most: only whoever has rights is asked for now, so that none were taken meanwhile."""
        member = await self.member(workspace, origin)
        return await self.member(workspace, origin, fresh=True) if member.admin else member

    async def known(self, workspace: Workspace, user_id: str) -> Member | None:
        """The member behind a user, where they spoke or were met before. Slack is not asked."""
        return await self._membership.known(Identity(PLATFORM, workspace.team_id, user_id, ""))

    async def profile(self, workspace: Workspace, user_id: str, *, fresh: bool = False) -> Profile:
        """What Slack says of somebody; while it cannot be reached, what it said last."""
        known = self._profiles.get((workspace.team_id, user_id))
        age = self._clock.monotonic() - known.seen_at_seconds if known is not None else 0.0
        if known is not None and not fresh and age < STALE_SECONDS:
            if age >= FRESH_SECONDS and not self._tasks.full:
                self._tasks.start(self._again(workspace, user_id), "profile on Slack")
            return known
        try:
            return await self._look(workspace, user_id, since=self._clock.monotonic() if fresh else None)
        except SlackFailed:
            if known is None or fresh:
                raise
            return known

    async def meet(self, workspace: Workspace, user_id: str) -> None:
        """Learn somebody's name, if that goes quickly."""
        with suppress(SlackFailed, TimeoutError):
            async with asyncio.timeout(NAME_SECONDS):
                await self.profile(workspace, user_id)

    def name(self, team_id: str, user_id: str) -> str:
        """The name of somebody as far as it is known; empty where it is not. Slack is not asked."""
        known = self._profiles.get((team_id, user_id))
        return known.name if known is not None else ""

    def names_in(self, team_id: str) -> Callable[[str], str]:
        """The same for everybody of a workspace."""
        return partial(self.name, team_id)

    async def changed(self, team_id: str, user: Mapping[str, Any]) -> None:
        """Slack says that somebody changed, joined, or was deactivated. Who was never here changes nothing."""
        user_id = str(user.get("id") or "")
        self.forget(team_id, user_id)
        identity = Identity(PLATFORM, team_id, user_id, "")
        known = await self._membership.known(identity) if user_id else None
        gone = bool(user.get("deleted"))
        if known is not None and known.gone != gone:  # profiles change often, and this hardly ever
            await (self._departures.left(identity) if gone else self._departures.back(identity))

    def forget(self, team_id: str, user_id: str = "") -> None:
        """Take nothing that is known of somebody for true any more; without a user, of everybody in a workspace."""
        if user_id:
            self._profiles.pop((team_id, user_id), None)
            return
        self._groups.pop(team_id, None)
        for key in [key for key in self._profiles if key[0] == team_id]:
            del self._profiles[key]

    # --- asking Slack ---

    async def _again(self, workspace: Workspace, user_id: str) -> None:
        with suppress(SlackFailed):  # what is known holds for a while longer
            await self._look(workspace, user_id, since=None)

    async def _look(self, workspace: Workspace, user_id: str, *, since: float | None) -> Profile:
        """Ask Slack, once for all who ask at the same time. `since`: what was seen before is not enough."""
        key = (workspace.team_id, user_id)
        async with self._alone(key):
            known, now = self._profiles.get(key), self._clock.monotonic()
            enough = now - FRESH_SECONDS if since is None else since
            if known is not None and known.seen_at_seconds > enough:
                return known
            profile = await self._asked(workspace, user_id)
        self._profiles.pop(key, None)
        self._profiles[key] = profile
        while len(self._profiles) > MOST_KNOWN:
            del self._profiles[next(iter(self._profiles))]
        return profile

    def _alone(self, key: Key) -> asyncio.Lock:
        for idle in [each for each, lock in self._looking.items() if not lock.locked() and each != key]:
            del self._looking[idle]
        return self._looking.setdefault(key, asyncio.Lock())

    async def _asked(self, workspace: Workspace, user_id: str) -> Profile:
        try:
            said = await workspace.api.call("users.info", user=user_id)
        except Rejected as refused:
            if refused.code not in _NOT_OURS_TO_SEE:
                raise
            return a_stranger(self._clock.monotonic())
        return profile_of(said["user"], workspace, await self._groups_in(workspace), self._clock.monotonic())

    async def _groups_in(self, workspace: Workspace) -> Groups:
        """The groups that each user is in. A workspace without user groups, or without leave to read them, has none."""
        async with self._alone((workspace.team_id, "")):
            now = self._clock.monotonic()
            at, known = self._groups.get(workspace.team_id, (0.0, None))
            if known is not None and now - at < FRESH_SECONDS:
                return known
            try:
                said = await workspace.api.call("usergroups.list", include_users=True)
            except SlackFailed as failed:
                if getattr(failed, "code", "") not in _NO_GROUPS:
                    raise
                said = {}
            groups = groups_of(said, PLATFORM)
            self._groups[workspace.team_id] = (now, groups)
            return groups

    def _defaults(self, workspace: Workspace, profile: Profile) -> TeamDefaults:
        zone = self._zone or (profile.zone if profile.zone in _zones() else "UTC")
        return TeamDefaults(
            name=workspace.name or workspace.team_id,
            zone=zone,
            member_month_limit_nanos=MEMBER_MONTH_LIMIT_NANOS,
            let_in=workspace.let_in,
        )


def _is_of_elsewhere(origin: Origin, workspace: Workspace) -> bool:
    """Whether Slack says, with what came in, that its author is of another company.

    In an Enterprise organization one person is of several workspaces, and their profile says of which.
    """
    return not workspace.enterprise_id and origin.user_team_id not in ("", workspace.team_id)


@cache
def _zones() -> frozenset[str]:
    """All that there are: looking for them reads the disk for a hundredth of a second."""
    return frozenset(available_timezones())
