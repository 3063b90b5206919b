"""Who somebody on Slack is: what its profile and user groups say of them becomes an identity and an `Asker`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from adapters.slack.api import SlackFailed
from adapters.slack.origin import Origin
from adapters.slack.workspaces import PLATFORM, Workspace
from core.defaults import MEMBER_MONTH_LIMIT_NANOS
from core.membership import Membership, TeamDefaults
from core.people import Asker, Identity, Member, Standing
from core.ports import Clock

FRESH_SECONDS = 300.0
"""How long what Slack said of somebody is taken for true; events about them end that at once."""
MOST_KNOWN = 5_000
"""Profiles that are remembered, of all workspaces together."""
_NO_GROUPS = frozenset({"missing_scope", "plan_upgrade_required", "paid_teams_only", "unknown_method"})


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of somebody at one moment."""

    name: str
    standing: Standing
    admin: bool
    gone: bool
    zone: str
    groups: tuple[str, ...]
    seen_at_seconds: float


class People:
    """Says who speaks, asking Slack at most every five minutes for each of them."""

    def __init__(self, membership: Membership, clock: Clock, *, zone: str = "") -> None:
        """`zone` is the team's where the operator set one; else a new team gets that of whoever comes first."""
        self._membership = membership
        self._clock = clock
        self._zone = zone
        self._profiles: dict[tuple[str, str], Profile] = {}
        self._groups: dict[str, tuple[float, Mapping[str, tuple[str, ...]]]] = {}

    async def member(self, workspace: Workspace, origin: Origin, *, fresh: bool = False) -> Member:
        """The member behind what came in. `fresh`: ask Slack now, for what must not rest on yesterday's rights.

        Raises `NotAllowed` where the operator does not let the workspace in, a `SlackFailed` where Slack does not say
        who they are.
        """
        profile = await self.profile(workspace, origin.user_id, fresh=fresh)
        if origin.user_team_id and origin.user_team_id not in (workspace.team_id, workspace.enterprise_id):
            profile = replace(profile, standing=Standing.OUTSIDER, admin=False)
        identity = Identity(PLATFORM, workspace.team_id, origin.user_id, profile.name)
        asker = Asker(roles=profile.groups, standing=profile.standing, admin=profile.admin, gone=profile.gone)
        member, _ = await self._membership.member(
            identity, self._defaults(workspace, profile), admin=False, asker=asker
        )
        return member

    async def profile(self, workspace: Workspace, user_id: str, *, fresh: bool = False) -> Profile:
        """What Slack says of somebody; while it cannot be reached, what it said last."""
        key, now = (workspace.team_id, user_id), self._clock.monotonic()
        known = self._profiles.get(key)
        if known is not None and not fresh and now - known.seen_at_seconds < FRESH_SECONDS:
            return known
        try:
            said = await workspace.api.call("users.info", user=user_id)
            groups = await self._groups_of(workspace)
        except SlackFailed:
            if known is None or fresh:
                raise
            return known
        profile = _profile(said["user"], workspace, groups, now)
        self._profiles.pop(key, None)
        self._profiles[key] = profile
        while len(self._profiles) > MOST_KNOWN:
            del self._profiles[next(iter(self._profiles))]
        return profile

    def forget(self, team_id: str, user_id: str = "") -> None:
        """Slack says that somebody changed, or without a user that the groups of a workspace did."""
        if user_id:
            self._profiles.pop((team_id, user_id), None)
            return
        self._groups.pop(team_id, None)
        for key in [key for key in self._profiles if key[0] == team_id]:
            del self._profiles[key]

    async def _groups_of(self, workspace: Workspace) -> Mapping[str, tuple[str, ...]]:
        """The groups that each user is in. A workspace without user groups, or without leave to read them, has none."""
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
        groups: dict[str, tuple[str, ...]] = {}
        for group in said.get("usergroups", []):
            for user in group.get("users", []):
                groups[user] = (*groups.get(user, ()), f"{PLATFORM}:{group['id']}")
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


@cache
def _zones() -> frozenset[str]:
    """All that there are: looking for them reads the disk for a hundredth of a second."""
    return frozenset(available_timezones())


def _profile(
    user: Mapping[str, Any], workspace: Workspace, groups: Mapping[str, tuple[str, ...]], now: float
) -> Profile:
    shown = user.get("profile", {})
    name = shown.get("display_name") or shown.get("real_name") or user.get("real_name") or user.get("name") or ""
    return Profile(
        name=str(name),
        standing=_standing(user, workspace),
        admin=bool(user.get("is_admin") or user.get("is_owner")),
        gone=bool(user.get("deleted")),
        zone=str(user.get("tz") or ""),
        groups=groups.get(str(user.get("id", "")), ()),
        seen_at_seconds=now,
    )


def _standing(user: Mapping[str, Any], workspace: Workspace) -> Standing:
    """`is_restricted` are guests of some channels, `is_ultra_restricted` of one; strangers are of other companies."""
    if user.get("is_bot") or user.get("is_workflow_bot"):
        return Standing.BOT
    home = user.get("team_id") or workspace.team_id
    if user.get("is_stranger") or home not in (workspace.team_id, workspace.enterprise_id):
        return Standing.OUTSIDER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER
