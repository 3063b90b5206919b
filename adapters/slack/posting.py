"""One message of an answer, and what Slack surely shows of it.

It is written natively (chat.startStream, appendStream, stopStream) as long as that is sure to go well. After an
append whose reply was lost, or a stream that Slack ended (it does so about five minutes after the start), it is
edited (chat.update), which may be done twice. What may have been posted is looked for before it is posted again.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from adapters.slack.api import RateLimited, Rejected, Unsure
from adapters.slack.workspaces import Workspace
from core.text.neutralise import for_slack_text

Block = Mapping[str, Any]

MARK = "chipin_ask"
"""The event type of the metadata on every message of an answer."""

# What Slack says where nothing of ours can be posted at all.
NO_PLACE = frozenset(
    {
        *("channel_not_found", "is_archived", "not_in_channel", "restricted_action", "user_not_found"),
        *("restricted_action_read_only_channel", "restricted_action_thread_only_channel", "team_access_not_granted"),
        *("restricted_action_non_threadable_channel", "restricted_action_thread_locked", "user_not_in_channel"),
        *("messages_tab_disabled", "cannot_dm_bot", "user_disabled", "thread_not_found"),
    }
)
TOO_LONG = frozenset({"msg_too_long", "msg_blocks_too_long"})
_BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_arguments", "invalid_attachments"})
_NOT_STREAMING = "message_not_in_streaming_state"
_STILL_STREAMING = "streaming_state_conflict"
_GONE = frozenset({"message_not_found"})
_PAGES, _PAGE_MESSAGES = 5, 200
_NOTIFICATION_CHARS = 150


class TooLong(Exception):
    """Slack takes no message as long as this."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an answer is written: a thread, or with an empty `thread_ts` the channel itself.

    `user_id` asked, and `user_team_id` is their workspace: in a channel that companies share it may be another.
    `asked_ts` is the message they asked with, if there is one: no message before it is part of the answer.
    """

    workspace: Workspace
    channel_id: str
    thread_ts: str
    user_id: str
    user_team_id: str = ""
    asked_ts: str = ""


@dataclass(frozen=True, slots=True)
class Footer:
    """What stands under an answer: `blocks`, or where those cannot be shown `words`, in Slack's Markdown."""

    blocks: tuple[Block, ...] = ()
    words: str = ""


NO_FOOTER = Footer()


class _Shape(Enum):
    """How a message is put: as nicely as Slack takes it."""

    BLOCKS = auto()
    MARKDOWN = auto()
    TEXT = auto()

    def worse(self) -> "_Shape":
        return _Shape.MARKDOWN if self is _Shape.BLOCKS else _Shape.TEXT


def mark(ask_id: str, part: int, *, last: bool = False) -> dict[str, Any]:
    """The metadata of a message of ours: part 0 is the quoted question, the answer begins with part 1.

    `last`: the answer is whole with it. Whoever looks later whether it was shown knows by that.
    """
    return {"event_type": MARK, "event_payload": {"ask_id": ask_id, "part": part, "last": last}}


def marked(message: Mapping[str, Any]) -> tuple[str, int, bool]:
    """The ask and the part that a message is marked with, and whether it is the last; ("", 0, False) without one."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") != MARK:
        return "", 0, False
    return str(payload.get("ask_id", "")), int(payload.get("part", 0)), bool(payload.get("last", False))


class AnswerMessage:
    """One message. `show` and `end` may be called again after they failed: what is missing is done, nothing twice.

    Text is Markdown that is neutralised already. They raise a `SlackFailed` and `TooLong`.
    """

    def __init__(self, spot: Spot, ask_id: str, part: int, known: set[str], *, streams: bool = True) -> None:
        """`known` are the messages that this process writes: none of them is taken for a lost one."""
        self._spot = spot
        self._ask_id = ask_id
        self._part = part
        self._known = known
        self._streams = streams
        self._stream_is_open = False
        self._may_be_there = False
        self._shape = _Shape.BLOCKS
        self._shown = ""
        self.ts = ""
        self.stopped_natively = False

    @property
    def streams(self) -> bool:
        """Whether it is still written natively, or will be."""
        return self._streams

    async def show(self, text: str) -> None:
        """Let it show the answer so far; `text` begins with what it showed before."""
        if not self.ts:
            await self._begin(text)
        elif not self._streams:
            await self._update(text, NO_FOOTER)
        elif piece := text[len(self._shown) :]:
            await self._append(piece, text)

    async def end(self, text: str, footer: Footer = NO_FOOTER) -> None:
        """Let it show exactly this, and nothing more after it."""
        if not self.ts and not await self._found(text):
            await self._post(text, footer)
        elif self._streams:
            await self._stop(text, footer)
        else:
            await self._update(text, footer)
        self._known.discard(self.ts)

    def rewrite(self) -> None:
        """From now on it is edited, so that it may show less than before."""
        self._streams = False

    def _mark(self, footer: Footer) -> dict[str, Any]:
        return mark(self._ask_id, self._part, last=footer != NO_FOOTER)

    async def _call(self, method: str, **fields: Any) -> dict[str, Any]:
        given = {name: value for name, value in fields.items() if value}
        return await self._spot.workspace.api.call(method, patience_seconds=0.0, channel=self._spot.channel_id, **given)

    # --- the first words ---

    async def _begin(self, text: str) -> None:
        if await self._found(text):
            await self._update(text, NO_FOOTER)
        elif not (self._streams and await self._start(text)):
            await self._post(text, NO_FOOTER)

    async def _start(self, text: str) -> bool:
        """Begin a stream; False where Slack does not stream here, or not now."""
        spot = self._spot
        try:
            said = await self._call(
                "chat.startStream",
                thread_ts=spot.thread_ts,
                markdown_text=text,
                recipient_user_id=spot.user_id,
                recipient_team_id=spot.user_team_id or spot.workspace.team_id,
            )
        except Unsure:
            self._may_be_there = True
            raise
        except (Rejected, RateLimited) as failed:
            if isinstance(failed, Rejected) and failed.code in NO_PLACE:
                raise
            self._streams = False
            return False
        self._stream_is_open = True
        self._is_at(str(said["ts"]), text)
        return True

    async def _post(self, text: str, footer: Footer) -> None:
        self._streams = False
        try:
            said = await self._shaped(
                "chat.postMessage",
                text,
                footer,
                thread_ts=self._spot.thread_ts,
                metadata=self._mark(footer),
                unfurl_links=False,
                unfurl_media=False,
            )
        except Unsure:
            self._may_be_there = True
            raise
        self._is_at(str(said["ts"]), text)

    def _is_at(self, ts: str, shown: str) -> None:
        self.ts, self._shown = ts, shown
        self._known.add(ts)

    # --- more of it ---

    async def _append(self, piece: str, text: str) -> None:
        try:
            await self._call("chat.appendStream", ts=self.ts, markdown_text=piece)
        except Unsure:
            self._streams = False
            raise
        except Rejected as refused:
            if refused.code in TOO_LONG:
                raise TooLong from refused
            self._streams = False
            self._stream_is_open = refused.code != _NOT_STREAMING
            await self._update(text, NO_FOOTER)
        else:
            self._shown = text

    async def _update(self, text: str, footer: Footer) -> None:
        if self._stream_is_open:
            await self._close_stream()
        try:
            await self._shaped("chat.update", text, footer, ts=self.ts, metadata=self._mark(footer))
        except Rejected as refused:
            if refused.code == _STILL_STREAMING:
                await self._close_stream()
                await self._shaped("chat.update", text, footer, ts=self.ts, metadata=self._mark(footer))
            elif refused.code not in _GONE:  # whoever deleted it did not want it
                raise
        self._shown = text

    # --- the end ---

    async def _stop(self, text: str, footer: Footer) -> None:
        piece = text[len(self._shown) :]
        try:
            await self._stop_with(piece, footer)
        except Unsure:
            self._streams = False
            raise
        except Rejected as refused:
            if refused.code in TOO_LONG:
                raise TooLong from refused
            self._streams = False
            self._stream_is_open = refused.code != _NOT_STREAMING
            await self._update(text, footer)
        else:
            self._stream_is_open, self.stopped_natively = False, True
            self._shown = text

    async def _stop_with(self, piece: str, footer: Footer) -> None:
        metadata = self._mark(footer)
        fields = {"ts": self.ts, "metadata": metadata, "session_status": "active"}
        try:
            await self._call("chat.stopStream", markdown_text=piece, blocks=list(footer.blocks), **fields)
        except Rejected as refused:
            if refused.code not in _BAD_BLOCKS or not footer.blocks:
                raise
            await self._call("chat.stopStream", markdown_text=f"{piece}\n\n{footer.words}", **fields)

    async def _close_stream(self) -> None:
        with suppress(Rejected):  # it was closed already
            await self._call("chat.stopStream", ts=self.ts)
        self._stream_is_open = False

    # --- what Slack takes ---

    async def _shaped(self, method: str, text: str, footer: Footer, **fields: Any) -> dict[str, Any]:
        """Call with the message as nicely as Slack takes it."""
        while True:
            try:
                return await self._spot.workspace.api.call(
                    method,
                    patience_seconds=0.0,
                    channel=self._spot.channel_id,
                    **{name: value for name, value in fields.items() if value != ""},
                    **_content(self._shape, text, footer),
                )
            except Rejected as refused:
                if refused.code in TOO_LONG:
                    raise TooLong from refused
                if refused.code not in _BAD_BLOCKS or self._shape is _Shape.TEXT:
                    raise
                self._shape = self._shape.worse()

    async def _found(self, text: str) -> bool:
        """Whether a message whose reply was lost is there after all; then it is taken up."""
        if not self._may_be_there:
            return False
        for message in await self._neighbours():
            ts = str(message.get("ts", ""))
            if ts > self._spot.asked_ts and ts not in self._known and self._is_ours(message, text):
                self._is_at(ts, "")
                self._stream_is_open = self._streams
                self._streams = False
                return True
        self._may_be_there = False
        return False

    async def _neighbours(self) -> Sequence[Mapping[str, Any]]:
        """The newest messages of the thread or channel."""
        spot, found, cursor = self._spot, list[Mapping[str, Any]](), ""
        method = "conversations.replies" if spot.thread_ts else "conversations.history"
        for _ in range(_PAGES):
            try:
                said = await self._call(
                    method,
                    ts=spot.thread_ts,
                    oldest=spot.asked_ts,
                    limit=_PAGE_MESSAGES,
                    cursor=cursor,
                    include_all_metadata=True,
                )
            except Rejected:  # we may not look: then it is posted, rather than lost
                return found
            found += said.get("messages", [])
            cursor = said.get("response_metadata", {}).get("next_cursor", "")
            if not cursor or not spot.thread_ts:
                break
        return found

    def _is_ours(self, message: Mapping[str, Any], text: str) -> bool:
        """By its mark; a stream has none before its end: by its first words."""
        metadata = message.get("metadata") or {}
        if metadata.get("event_type") == MARK:
            return marked(message)[:2] == (self._ask_id, self._part)
        workspace = self._spot.workspace
        by_us = message.get("user") == workspace.bot_user_id or message.get("bot_id") == workspace.bot_id
        said = _letters(str(message.get("text", "")))
        return self._streams and by_us and bool(said) and _letters(text).startswith(said)


def _letters(text: str) -> str:
    """What stays the same however Slack shows a text."""
    return "".join(char for char in text if char.isalnum())


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _content(shape: _Shape, text: str, footer: Footer) -> dict[str, Any]:
    if shape is _Shape.MARKDOWN:
        return {"markdown_text": _joined(text, footer.words)}
    plain = _joined(text, footer.words).replace("<", "&lt;")
    if shape is _Shape.TEXT:
        return {"text": plain, "mrkdwn": False, "parse": "none"}
    shown = [{"type": "markdown", "text": text}] if text else []
    notification = for_slack_text(" ".join((text or footer.words).split())[:_NOTIFICATION_CHARS])
    return {"text": notification, "blocks": [*shown, *footer.blocks]}
