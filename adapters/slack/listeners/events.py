"""What Slack tells by events. A question is acknowledged once it is claimed: before that, Slack shall tell it again.

app_mention               somebody mentioned the bot, in a channel or in a thread
message (im)              somebody wrote to the bot alone
message (channel, group)  a reply in a thread that Chipin answered in, where threads go on without a mention
user_change, team_join    somebody changed, was deactivated, or came (back)
subteam_*                 user groups changed

What the bot itself and other apps write is no question, with one exception: another bot may mention it, and is
answered where an admin lets bots ask; two bots that answer each other come to an end (core/bot_turns.py).
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.api import SlackFailed
from adapters.slack.asking import Asked, Asking
from adapters.slack.conversation.begun import BegunByCommands
from adapters.slack.conversation.files import attached_to
from adapters.slack.conversation.gathering import Belongings
from adapters.slack.conversation.said import MOST_CHARS, mentioned, plain_text
from adapters.slack.origin import Origin, of_event, our_user, team_of
from adapters.slack.people import People
from core.bot_turns import BotTurns
from core.errors import BooksFailed
from core.going_on import GoingOn
from core.tags import tag_in
from core.text.wording import NOT_CHARGED

CLAIM_SECONDS = 0.5
"""How long a delivery waits for its claim (design.md 9); Slack gives up after three seconds."""
LAST_RETRY = 3
"""Slack delivers an event again after a moment, a minute and five minutes, and then no more."""
_NOT_LAST = frozenset(map(str, range(LAST_RETRY)))
MOST_HELPED = 1_000
HELP = (
    'Mention me together with a question, as in "@Chipin why does my migration deadlock?". '
    "You see what each answer cost; /chipin shows everything else. "
    f"{NOT_CHARGED}"
)
_OF_PEOPLE = ("", "file_share", "thread_broadcast")
"""The subtypes of messages that somebody just wrote: the others tell of edits, deletions, joins and the like."""
_SLACKBOT = "USLACKBOT"
AGAIN = BoltResponse(status=503, body="")

_log = structlog.get_logger(__name__)


class Events:
    """Listens to events."""

    def __init__(
        self,
        asking: Asking,
        people: People,
        belongings: Belongings,
        *,
        going_on: GoingOn,
        begun: BegunByCommands,
        bot_turns: BotTurns,
    ) -> None:
        self._asking = asking
        self._people = people
        self._belongings = belongings
        self._going_on = going_on
        self._begun = begun
        self._bot_turns = bot_turns
        self._helped: dict[tuple[str, str, str], None] = {}

    def register(self, app: AsyncApp) -> None:
        """Name what is listened to."""
        app.event("app_mention")(self.mentioned)
        app.event("message")(self.said)
        app.event("user_change")(self.person_changed)
        app.event("team_join")(self.person_changed)
        app.event("subteam_updated")(self.groups_changed)
        app.event("subteam_members_changed")(self.groups_changed)
        app.event(re.compile(".*"))(self.not_ours)

    async def mentioned(self, body: Mapping[str, Any], request: AsyncBoltRequest) -> BoltResponse | None:
        """Somebody mentioned the bot."""
        origin = of_event(body)
        if not _is_somebodys(body, origin) or not self._may_go_on(origin):
            return None
        return await self._ask(origin, body, request)

    async def said(self, body: Mapping[str, Any], request: AsyncBoltRequest) -> BoltResponse | None:
        """Somebody said something: to the bot alone, or in a channel that it is in."""
        origin = of_event(body)
        if not _is_somebodys(body, origin) or origin.bot_id:
            return None
        if not origin.is_direct:
            try:
                async with asyncio.timeout(CLAIM_SECONDS):
                    if not await self._is_said_to_us(body, origin):
                        return None
            except (BooksFailed, SlackFailed, TimeoutError):
                return AGAIN
        return await self._ask(origin, body, request)

    async def person_changed(self, body: Mapping[str, Any]) -> BoltResponse | None:
        """Somebody's profile is another one now."""
        user = body["event"].get("user")
        try:
            if isinstance(user, Mapping):
                await self._people.changed(team_of(body), user)
        except BooksFailed:
            return AGAIN
        return None

    async def groups_changed(self, body: Mapping[str, Any]) -> None:
        """User groups are others now."""
        self._people.forget(team_of(body))

    async def not_ours(self) -> None:
        """Whatever else: acknowledged, so that Slack does not tell it again."""

    async def _is_said_to_us(self, body: Mapping[str, Any], origin: Origin) -> bool:
        """Whether a reply without a mention is meant for Chipin. Where it is mentioned, another event tells of that."""
        if origin.thread_ts in ("", origin.ts) or mentioned(str(body["event"].get("text") or "")):
            return False
        if await self._going_on.goes_on(origin.place):
            return True
        return body["event"].get("parent_user_id") == our_user(body) and await self._begun.goes_on(origin)

    def _may_go_on(self, origin: Origin) -> bool:
        if not origin.bot_id:
            return True
        channel = f"{origin.team_id} {origin.channel_id}"
        may = self._bot_turns.take(channel, origin.user_id, origin.ts)
        if not may:
            _log.warning("bot_asks_too_often", team=origin.team_id, channel=origin.channel_id, bot=origin.user_id)
        return may

    async def _ask(self, origin: Origin, body: Mapping[str, Any], request: AsyncBoltRequest) -> BoltResponse | None:
        event = body["event"]
        text = plain_text(str(event.get("text") or ""), self._people.names_in(origin.team_id), without=our_user(body))
        files = attached_to(event)
        if why_not := _why_not(text, has_files=bool(files)):
            self._tell_once(origin, why_not)
            return None
        retry = (request.headers.get("x-slack-retry-num") or ["0"])[0]  # not signed by Slack
        asked = Asked(
            origin,
            keys=_keys(origin, str(body.get("event_id") or "")),
            text=text,
            tag=tag_in(str(event.get("text") or "")),
            gather=self._belongings.of(origin, files, words=bool(text)),
            redelivered_later=retry in _NOT_LAST,
        )
        claimed = self._asking.start(asked)
        await asyncio.wait({claimed}, timeout=CLAIM_SECONDS)
        return None if claimed.done() and claimed.result() else AGAIN

    def _tell_once(self, origin: Origin, sentence: str) -> None:
        """Nothing stands in the books of what is no question: copies are told apart here, as well as that goes."""
        message = (origin.team_id, origin.channel_id, origin.ts)
        if message in self._helped or origin.bot_id:
            return
        self._helped[message] = None
        while len(self._helped) > MOST_HELPED:
            del self._helped[next(iter(self._helped))]
        self._asking.tell(origin, sentence)


def _keys(origin: Origin, event_id: str) -> tuple[str, ...]:
    """Every name it may come again by: Slack has told of one message under several events."""
    message = f"slack message {origin.team_id} {origin.channel_id} {origin.ts}"
    return (f"slack event {origin.team_id} {event_id}", message) if event_id else (message,)


def _why_not(text: str, *, has_files: bool) -> str:
    """What to say in place of asking; empty for a question."""
    if not text and not has_files:
        return HELP
    if len(text) > MOST_CHARS:
        return (
            f"That is {len(text):,} characters; {MOST_CHARS:,} is the most in a message. Attach it as a text file, or "
            f"send a part of it. {NOT_CHARGED}"
        )
    return ""


def _is_somebodys(body: Mapping[str, Any], origin: Origin) -> bool:
    """Whether somebody else just wrote this: not the bot itself by any of its names, no edit, no notice of Slack's."""
    event = body["event"]
    if str(event.get("subtype") or "") not in (*_OF_PEOPLE, "bot_message") or event.get("hidden"):
        return False
    ours = origin.user_id == our_user(body) or (
        bool(event.get("app_id")) and event.get("app_id") == body.get("api_app_id")
    )
    return bool(origin.user_id and origin.channel_id and origin.ts) and not ours and origin.user_id != _SLACKBOT
