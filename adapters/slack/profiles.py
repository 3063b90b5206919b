"""What Slack says of somebody, read off its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.workspaces import Workspace
from core.people import Standing

Groups = Mapping[str, tuple[str, ...]]
"""The user groups that each user of a workspace is in, by the user's id."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of somebody at one moment."""

    name: str
    standing: Standing
    admin: bool = False
    gone: bool = False
    zone: str = ""
    groups: tuple[str, ...] = ()
    seen_at_seconds: float = 0.0


def profile_of(user: Mapping[str, Any], workspace: Workspace, groups: Groups, now: float) -> Profile:
    """The profile in an answer of users.info, or in an event."""
    shown = user.get("profile") or {}
    name = shown.get("display_name") or shown.get("real_name") or user.get("real_name") or user.get("name") or ""
    standing = standing_of(user, workspace)
    looks_after = any(user.get(role) for role in ("is_admin", "is_owner", "is_primary_owner"))
    return Profile(
        name=str(name),
        standing=standing,
        admin=standing is Standing.MEMBER and looks_after,
        gone=bool(user.get("deleted")),
        zone=str(user.get("tz") or ""),
        groups=groups.get(str(user.get("id", "")), ()),
        seen_at_seconds=now,
    )


def a_stranger(now: float) -> Profile:
    """Somebody of whom Slack tells this workspace nothing: they are of another company, in a channel of both."""
    return Profile("", Standing.OUTSIDER, seen_at_seconds=now)


def standing_of(user: Mapping[str, Any], workspace: Workspace) -> Standing:
    """`is_restricted` are guests of some channels, `is_ultra_restricted` of one; strangers are of other companies.

    In an Enterprise organization people have no one home: they are of the workspaces that they are in.
    """
    if user.get("is_bot") or user.get("is_workflow_bot") or user.get("id") == "USLACKBOT":
        return Standing.BOT
    if user.get("is_stranger") or not _is_of(user, workspace):
        return Standing.OUTSIDER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER


def _is_of(user: Mapping[str, Any], workspace: Workspace) -> bool:
    of_organization = user.get("enterprise_user")
    if isinstance(of_organization, Mapping) and isinstance(of_organization.get("teams"), list):
        return workspace.team_id in of_organization["teams"]
    home = user.get("team_id") or workspace.team_id
    return home == workspace.team_id or (bool(workspace.enterprise_id) and home == workspace.enterprise_id)


def groups_of(said: Mapping[str, Any], platform: str) -> Groups:
    """Who is in which user group, read off an answer of usergroups.list."""
    groups: dict[str, tuple[str, ...]] = {}
    for group in said.get("usergroups", []):
        for user in group.get("users", []):
            groups[user] = (*groups.get(user, ()), f"{platform}:{group['id']}")
    return groups
