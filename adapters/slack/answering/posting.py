"""One message of an answer, and what Slack surely shows of it.

It is written natively (chat.startStream, appendStream, stopStream) as long as that is sure to go well. After an
append whose reply was lost, or a stream that Slack ended (it does so about five minutes after the start), it is
edited (chat.update), which may be done twice. What may have been posted is looked for before it is posted again.
"""

from contextlib import suppress
from typing import Any

from adapters.slack.answering.lost import find_lost
from adapters.slack.answering.shapes import BAD_BLOCKS, TOO_LONG, Shape, TooLong, content_of
from adapters.slack.answering.spots import NO_PLACE, Spot, mark
from adapters.slack.api import RateLimited, Rejected, Unsure
from adapters.slack.views.shown import NO_FOOTER, Footer

_NOT_STREAMING = "message_not_in_streaming_state"
_STILL_STREAMING = "streaming_state_conflict"
_GONE = frozenset({"message_not_found"})


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
        self._shape = Shape.BLOCKS
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
            await self._edit_instead(refused, text, NO_FOOTER)
        else:
            self._shown = text

    async def _edit_instead(self, refused: Rejected, text: str, footer: Footer) -> None:
        """Slack takes no more of the stream: from now on the message is edited."""
        if refused.code in TOO_LONG:
            raise TooLong from refused
        self._streams = False
        self._stream_is_open = refused.code != _NOT_STREAMING
        await self._update(text, footer)

    async def _update(self, text: str, footer: Footer) -> None:
        if self._stream_is_open:
            await self._close_stream()
        try:
            await self._shaped("chat.update", text, footer, ts=self.ts, metadata=self._mark(footer))
        except Rejected as refused:
            if refused.code == _STILL_STREAMING:  # the next try closes it
                self._stream_is_open = True
                raise Unsure(refused.code) from refused
            if refused.code not in _GONE:  # whoever deleted it did not want it
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
            await self._edit_instead(refused, text, footer)
        else:
            self._stream_is_open, self.stopped_natively = False, True
            self._shown = text

    async def _stop_with(self, piece: str, footer: Footer) -> None:
        metadata = self._mark(footer)
        fields = {"ts": self.ts, "metadata": metadata, "session_status": "active"}
        try:
            await self._call("chat.stopStream", markdown_text=piece, blocks=list(footer.blocks), **fields)
        except Rejected as refused:
            if refused.code not in BAD_BLOCKS or not footer.blocks:
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
                    **content_of(self._shape, text, footer),
                )
            except Rejected as refused:
                if refused.code in TOO_LONG:
                    raise TooLong from refused
                if refused.code not in BAD_BLOCKS or self._shape is Shape.TEXT:
                    raise
                self._shape = self._shape.worse()

    async def _found(self, text: str) -> bool:
        """Whether a message whose reply was lost is there after all; then it is taken up."""
        if not self._may_be_there:
            return False
        streamed = text if self._streams else None
        ts = await find_lost(self._spot, self._ask_id, self._part, self._known, streamed=streamed)
        if ts:
            self._is_at(ts, "")
            self._stream_is_open, self._streams = self._streams, False
        self._may_be_there = False
        return bool(ts)
