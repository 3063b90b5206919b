"""What Slack tells by events. A question is acknowledged once it is claimed: before that, Slack shall tell it again."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.asking import Asked, Asking
from adapters.slack.origin import Origin, of_event
from adapters.slack.people import People

CLAIM_SECONDS = 0.5
"""How long a delivery waits for its claim (design.md 9); Slack gives up after three seconds."""
LAST_RETRY = 3
"""Slack delivers an event again after a moment, a minute and five minutes, and then no more."""
_MENTION = re.compile(r"^\s*<@[A-Z0-9]+(\|[^>]*)?>\s*")
_OF_PEOPLE = ("message", "app_mention")
AGAIN = BoltResponse(status=503, body="")


class Events:
    """Listens to events."""

    def __init__(self, asking: Asking, people: People) -> None:
        self._asking = asking
        self._people = people

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        app.event("app_mention")(self.mentioned)
        app.event("message")(self.said)
        app.event("user_change")(self.changed)
        app.event("subteam_updated")(self.groups_changed)
        app.event("subteam_members_changed")(self.groups_changed)
        app.event(re.compile(".*"))(self.not_ours)

    async def mentioned(self, body: Mapping[str, Any], request: AsyncBoltRequest) -> BoltResponse | None:
        """Somebody mentioned the bot."""
        origin = of_event(body)
        return await self._ask(origin, _MENTION.sub("", body["event"].get("text", "")), body, request)

    async def said(self, body: Mapping[str, Any], request: AsyncBoltRequest) -> BoltResponse | None:
        """Somebody said something to the bot alone."""
        origin, event = of_event(body), body["event"]
        if not origin.is_direct or event.get("subtype") or origin.bot_id:
            return None
        return await self._ask(origin, event.get("text", ""), body, request)

    async def changed(self, body: Mapping[str, Any]) -> None:
        """Somebody's profile is another one now."""
        self._people.forget(str(body.get("team_id", "")), str(body["event"].get("user", {}).get("id", "")))

    async def groups_changed(self, body: Mapping[str, Any]) -> None:
        """User groups are others now."""
        self._people.forget(str(body.get("team_id", "")))

    async def not_ours(self) -> None:
        """Whatever else: acknowledged, so that Slack does not tell it again."""

    async def _ask(
        self, origin: Origin, text: str, body: Mapping[str, Any], request: AsyncBoltRequest
    ) -> BoltResponse | None:
        retries = int((request.headers.get("x-slack-retry-num") or ["0"])[0] or 0)
        asked = Asked(
            origin,
            keys=(
                f"slack event {origin.team_id} {body.get('event_id', '')}",
                f"slack message {origin.team_id} {origin.channel_id} {origin.ts}",
            ),
            text=text,
            redelivered_later=retries < LAST_RETRY,
        )
        claimed = self._asking.start(asked)
        await asyncio.wait({claimed}, timeout=CLAIM_SECONDS)
        return None if claimed.done() and claimed.result() else AGAIN
