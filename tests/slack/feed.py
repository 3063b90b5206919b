"""The ways in, the same for both transports: what people do in Slack, told to the app as Slack tells it."""

import asyncio
import hashlib
import hmac
import io
import json
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp

from tests.slack.payloads import Payloads, action_of, found
from tests.slack.server import FakeSlack
from tests.slack.state import Ephemeral, Json, Message, ShownView
from tests.slack.submissions import apply_response, check_options, show_acknowledgement

REASONS = ("", "http_timeout", "http_error", "http_error")


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """How the app acknowledged. `status` 0: not at all, in the feed's patience. `order` counts as `calls` do."""

    status: int
    body: Any = None
    order: int = 0
    payload: Json = field(default_factory=dict)
    message: Message | None = None

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def event_id(self) -> str:
        return str(self.payload["event_id"])


class Feed(ABC):
    """People act, the app hears of it. `team_id`: in which workspace (the first one if not said)."""

    def __init__(self, slack: FakeSlack, *, team_id: str = "", patience_seconds: float = 20.0) -> None:
        self.slack = slack
        self.patience_seconds = patience_seconds
        self.team = slack.workspaces[team_id or slack.team_id]
        self.payloads = Payloads(slack, self.team)

    @abstractmethod
    async def deliver(self, kind: str, payload: Json, *, retry: int = 0) -> Acknowledged:
        """Send one payload (`kind`: slash_commands, events_api or interactive) and wait for its acknowledgement."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end()

    async def end(self) -> None:  # noqa: B027 (a feed with nothing to close is whole)
        """Close what the transport holds open."""

    # --- commands and events ---

    async def command(self, name: str, text: str = "", *, user: str, channel: str, **changed: Any) -> Acknowledged:
        """`/name text`. `changed` fields replace those of the payload. What acknowledges it in words is shown."""
        payload = self.payloads.command(name, text, user, channel) | changed
        self.slack.manifest.check_command(name)
        heard = await self.deliver("slash_commands", payload)
        if heard.ok and heard.body:
            show_acknowledgement(self.slack, self.team, payload, heard.body)
        return heard

    async def event(self, event: Json, *, event_id: str = "", retry: int = 0, **changed: Any) -> Acknowledged:
        """Any event; `changed` replaces fields of its envelope."""
        return await self._event(self.payloads.event(event, event_id) | changed, retry)

    async def _event(self, payload: Json, retry: int) -> Acknowledged:
        self.slack.manifest.check_event(payload["event"])
        return await self.deliver("events_api", payload, retry=retry)

    async def again(self, first: Acknowledged, *, retry: int = 1, new_event_id: bool = False) -> Acknowledged:
        """The same event once more: as Slack retries it, or under a new event id."""
        payload = dict(first.payload)
        if new_event_id:
            payload["event_id"] = self.slack.numbers.id("Ev")
        return await self._event(payload, retry)

    async def mention(self, text: str, *, user: str, channel: str, thread_ts: str = "", **said: Any) -> Acknowledged:
        """Somebody writes `@chipin text` in a channel: an app_mention event."""
        words = f"<@{self.team.bot_user_id}> {text}"
        message = self.team.say(user, channel, words, thread_ts=thread_ts, **said)
        return await self.tell(message, "app_mention")

    async def channel_message(
        self, text: str, *, user: str, channel: str, thread_ts: str = "", **said: Any
    ) -> Acknowledged:
        return await self.tell(self.team.say(user, channel, text, thread_ts=thread_ts, **said))

    async def dm(self, text: str, *, user: str, thread_ts: str = "", **said: Any) -> Acknowledged:
        channel = self.team.direct(user).id
        return await self.channel_message(text, user=user, channel=channel, thread_ts=thread_ts, **said)

    async def tell(
        self, message: Message, kind: str = "message", *, event_id: str = "", retry: int = 0
    ) -> Acknowledged:
        """The event of a message that already stands there."""
        payload = self.payloads.event(self.payloads.message_event(message, kind), event_id)
        heard = await self._event(payload, retry)
        return Acknowledged(heard.status, heard.body, heard.order, heard.payload, message)

    async def edited(self, message: Message, text: str) -> Acknowledged:
        """Somebody edits what they said."""
        before = message.as_json()
        message.replace(self.slack.numbers.order(), text=text, blocks=[])
        return await self.event(self.payloads.changed_event(message, before))

    async def deleted(self, message: Message) -> Acknowledged:
        """Somebody deletes what they said."""
        before = message.as_json()
        message.deleted = True
        return await self.event(self.payloads.changed_event(message, before))

    async def home_opened(self, user: str, tab: str = "home") -> Acknowledged:
        channel = self.team.direct(user).id
        event: Json = {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab}
        if tab == "home" and user in self.team.homes:
            event["view"] = self.team.homes[user].view
        return await self.event(event)

    async def uninstalled(self) -> list[Acknowledged]:
        """Somebody removes the app from the team: its token dies, and two events say so."""
        self.slack.uninstall(self.team)
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.team.bot_user_id]}}
        return [await self.event({"type": "app_uninstalled"}), await self.event(revoked)]

    async def session_stopped(self, channel: str, thread_ts: str, user: str) -> Acknowledged:
        """The platform's own stop button: Slack ends the streams of the thread, then tells."""
        stopped = []
        for message in self.team.messages(channel, thread_ts):
            if message.stream is not None and message.streaming:
                message.stream.open = False
                stopped.append(message.ts)
        event = {"type": "agent_session_stopped", "channel": channel, "thread_ts": thread_ts, "user": user}
        return await self.event({**event, "streaming_message_ts": stopped})

    async def joined(self, channel: str, user: str = "") -> Acknowledged:
        """Somebody, or the bot, joins a channel."""
        member = user or self.team.bot_user_id
        self.team.channels[channel].members.add(member)
        kind = self.team.channels[channel].kind[0].upper()
        event = {"type": "member_joined_channel", "user": member, "channel": channel, "channel_type": kind}
        return await self.event({**event, "team": self.team.team_id})

    # --- interactions ---

    async def press(
        self,
        action_id: str,
        *,
        user: str,
        on: Message | Ephemeral | ShownView,
        value: str | None = None,
        forged: Json | None = None,
        **changed: Any,
    ) -> Acknowledged:
        """Press (or choose) what is shown; LookupError when it is not. `forged`: this action instead, shown or not."""
        action = forged or action_of(found(on, action_id, value), value)
        return await self.deliver("interactive", self.payloads.press(on, user, action) | changed)

    async def submit(
        self, view: ShownView, values: Json | None = None, *, user: str = "", **changed: Any
    ) -> Acknowledged:
        """Send a modal: `values` by action id. What the app answers (errors, update, push, clear) happens."""
        payload = self.payloads.submission(view, user or view.user, values or {}) | changed
        heard = await self.deliver("interactive", payload)
        if heard.ok:
            apply_response(self.slack, self.team, view, heard.body)
        return heard

    async def close(self, view: ShownView, *, user: str = "") -> Acknowledged | None:
        """Close a modal: told only where the view asked for it."""
        view.open = False
        if not view.view.get("notify_on_close"):
            return None
        return await self.deliver("interactive", self.payloads.closed(view, user or view.user))

    async def message_shortcut(self, callback_id: str, message: Message, *, user: str, **changed: Any) -> Acknowledged:
        return await self.deliver("interactive", self.payloads.shortcut(callback_id, message, user) | changed)

    async def options(self, action_id: str, typed: str, *, user: str, on: ShownView | None = None) -> Acknowledged:
        heard = await self.deliver("interactive", self.payloads.options(action_id, typed, user, on))
        if heard.ok:
            check_options(self.slack, heard.body)
        return heard


class SocketFeed(Feed):
    """Over the app's own Socket Mode connection."""

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0) -> Acknowledged:
        envelope: Json = {"envelope_id": self.slack.numbers.id("envelope-"), "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": REASONS[min(retry, 3)]}
        said = await self.slack.sockets.deliver(envelope, self.patience_seconds)
        if said is None:
            return Acknowledged(0, payload=payload)
        return Acknowledged(200, said.get("payload"), said["order"], payload)


class HttpFeed(Feed):
    """Signed POSTs to the app's `/slack/events`, over a pool of connections."""

    def __init__(self, slack: FakeSlack, url: str, *, team_id: str = "", patience_seconds: float = 20.0) -> None:
        super().__init__(slack, team_id=team_id, patience_seconds=patience_seconds)
        self.url = url
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=None)
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout)
        return self

    async def end(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0) -> Acknowledged:
        headers: dict[str, str] = {}
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
            if retry:
                headers = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": REASONS[min(retry, 3)]}
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(form), "application/x-www-form-urlencoded"
        signed = self.signed(body.encode()) | headers
        heard = await self.raw(body.encode(), {"Content-Type": content_type} | signed)
        return Acknowledged(heard.status, heard.body, heard.order, payload)

    def signed(self, body: bytes, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        """The two headers that prove a request is Slack's; another moment or secret forges them."""
        moment = str(int(time.time() if at is None else at))
        key = (self.slack.signing_secret if secret is None else secret).encode()
        signature = hmac.new(key, b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={signature}"}

    async def raw(self, body: bytes, headers: dict[str, str], *, method: str = "POST", url: str = "") -> Acknowledged:
        """Any request, as it is: forged, malformed, unsigned."""
        if self._session is None:
            raise RuntimeError("use `async with HttpFeed(...)`")
        try:
            async with asyncio.timeout(self.patience_seconds):
                where = url or self.url
                async with self._session.request(method, where, data=io.BytesIO(body), headers=headers) as response:
                    text = await response.text()
                    said = json.loads(text) if response.content_type == "application/json" and text else text
                    return Acknowledged(response.status, said, self.slack.numbers.order())
        except (TimeoutError, aiohttp.ClientConnectionError):
            return Acknowledged(0)
