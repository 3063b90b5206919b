"""The workspaces that Chipin is installed in. They are looked up when something is answered, never to acknowledge."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from adapters.slack.api import Rejected, SlackApi
from core.errors import NotConfigured
from core.operator_lists import LetIn

PLATFORM = "slack"


@dataclass(frozen=True, slots=True)
class Workspace:
    """One installation: whose workspace, who the bot is there, and how to call Slack with its token."""

    team_id: str
    name: str
    bot_user_id: str
    bot_id: str
    api: SlackApi
    enterprise_id: str = ""
    let_in: LetIn = LetIn.ONLY_IF_LISTED


class Workspaces(Protocol):
    """Finds the installation for what came in."""

    @property
    def reachable(self) -> Collection[str]:
        """The ids of those that can be posted to at this moment, as far as is known."""

    async def of(self, team_id: str) -> Workspace | None:
        """The installation of a workspace, or None where there is none (any more). Raises a `SlackFailed`."""

    async def everyone(self) -> tuple[Workspace, ...]:
        """All of them. Raises a `SlackFailed`."""

    def forget(self, team_id: str) -> None:
        """Post there no more until it is looked up again."""


class OneWorkspace:
    """The one workspace that a bot token belongs to."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._known: Workspace | None = None
        self._asking = asyncio.Lock()

    @property
    def reachable(self) -> Collection[str]:
        """That one, once Slack has said which it is."""
        return (self._known.team_id,) if self._known is not None else ()

    async def of(self, team_id: str) -> Workspace | None:
        """The workspace, if it is that one."""
        [known] = await self.everyone()
        return known if team_id == known.team_id else None

    async def everyone(self) -> tuple[Workspace, ...]:
        """The one. Slack is asked once."""
        async with self._asking:
            if self._known is None:
                said = await self._api.call("auth.test")
                self._known = Workspace(
                    team_id=said["team_id"],
                    name=said.get("team", ""),
                    bot_user_id=said.get("user_id", ""),
                    bot_id=said.get("bot_id", ""),
                    api=self._api,
                    enterprise_id=said.get("enterprise_id") or "",
                    let_in=LetIn.UNLESS_LISTED_OTHERWISE,
                )
            return (self._known,)

    def forget(self, team_id: str) -> None:
        """Ask Slack again which workspace it is, if it is that one."""
        if self._known is not None and self._known.team_id == team_id:
            self._known = None


TOKEN_IS_DEAD = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""What Slack says of a token that no call will ever work with again."""


def is_dead(failed: Rejected) -> bool:
    """Whether the token behind a call is worth nothing any more."""
    return failed.code in TOKEN_IS_DEAD


def refused_token(setting: str, said: Rejected) -> NotConfigured:
    """What stops the start: nothing can be answered with such a token."""
    return NotConfigured(
        f"Slack does not accept {setting} ({said.code}). Take the one that your app's settings show now, or install "
        "the app again."
    )
