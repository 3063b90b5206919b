"""Roles and channels as people of a Slack workspace name them: user groups and channels, by mention."""

import re
from collections.abc import Iterable

from adapters.slack.api import SlackFailed
from adapters.slack.conversation.mentions import channel_of, group_of
from adapters.slack.workspaces import PLATFORM, Workspace
from core.policy import TargetKind, channel_target, kind_of, named_in, role_target
from core.ports import Clock

FRESH_SECONDS = 300.0
MOST_KNOWN = 2_000
MOST_LOOKED_UP = 20
"""Channels in one reply whose names are asked of Slack."""
PAGE, MOST_PAGES = 200, 5
"""Of the private channels of one user."""
_ID = re.compile(r"(?<![\w#@])[#@]([CGS](?=[A-Z]*[0-9])[A-Z0-9]{3,})\b")


class SlackNames:
    """`core.ports.PlaceNames`: `<#C123|general>` and `<!subteam^S1|@design>`, as Slack writes what is mentioned."""

    def target(self, typed: str) -> str:
        """The channel or user group that was mentioned."""
        if channel := channel_of(typed):
            return channel_target(PLATFORM, channel)
        if group := group_of(typed):
            return role_target(f"{PLATFORM}:{group}")
        return ""

    def name(self, target: str) -> str:
        """By its id, which `PlaceCalls` turns into what people call it."""
        platform, _, name = named_in(target).partition(":")
        sign = "#" if kind_of(target) is TargetKind.CHANNEL else "@"
        return f"{sign}{name}" if platform == PLATFORM else f"{sign}{platform}:{name}"

    def channel(self, target: str) -> str:
        """The same: a direct message is told from a channel by its id (core/spending.py)."""
        return self.name(target)


class PlaceCalls:
    """What channels and user groups are called, asked of Slack when a reply names one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, str]] = {}
        self._private: set[tuple[str, str]] = set()

    async def in_words(self, workspace: Workspace, user_id: str, lines: Iterable[str]) -> tuple[str, ...]:
        """Lines with names in the place of ids, as this user may read them; an id stays where Slack says no name.

        A private channel keeps its name from who is not in it: an id can also stand in what somebody typed.
        """
        kept = tuple(lines)
        ids = list(dict.fromkeys(found[1] for line in kept for found in _ID.finditer(line)))[:MOST_LOOKED_UP]
        names = {each: await self._name(workspace, each) for each in ids}
        if private := {each for each in ids if (workspace.team_id, each) in self._private}:
            for each in private - await self._private_of(workspace, user_id):
                del names[each]
        return tuple(_ID.sub(lambda found: f"{found[0][0]}{names.get(found[1]) or found[1]}", line) for line in kept)

    async def _name(self, workspace: Workspace, place: str) -> str:
        key, now = (workspace.team_id, place), self._clock.monotonic()
        at, name = self._known.get(key, (0.0, ""))
        if name and now - at < FRESH_SECONDS:
            return name
        try:
            await (self._learn_groups(workspace) if place.startswith("S") else self._learn_channel(workspace, place))
        except SlackFailed:
            return name
        return self._known.get(key, (0.0, ""))[1]

    async def _private_of(self, workspace: Workspace, user_id: str) -> set[str]:
        """The private channels that both this user and we are in; none where Slack does not say."""
        found, cursor = set[str](), ""
        try:
            for _ in range(MOST_PAGES):
                said = await workspace.api.call(
                    "users.conversations", user=user_id, types="private_channel", limit=PAGE, cursor=cursor or None
                )
                found |= {str(each.get("id", "")) for each in said.get("channels", [])}
                cursor = str(said.get("response_metadata", {}).get("next_cursor", ""))
                if not cursor:
                    break
        except SlackFailed:
            return set()
        return found

    async def _learn_groups(self, workspace: Workspace) -> None:
        said = await workspace.api.call("usergroups.list")
        for group in said.get("usergroups", []):
            self._keep(workspace, str(group.get("id", "")), str(group.get("handle") or group.get("name") or ""))

    async def _learn_channel(self, workspace: Workspace, place: str) -> None:
        said = await workspace.api.call("conversations.info", channel=place)
        channel = said.get("channel", {})
        key = (workspace.team_id, place)
        (self._private.add if channel.get("is_private") else self._private.discard)(key)
        self._keep(workspace, place, str(channel.get("name", "")))

    def _keep(self, workspace: Workspace, place: str, name: str) -> None:
        self._known[(workspace.team_id, place)] = (self._clock.monotonic(), name)
        while len(self._known) > MOST_KNOWN:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._private.discard(oldest)
