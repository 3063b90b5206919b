"""One notice on its way: once into each channel that it goes to, in the first of its forms that Discord takes.

Discord surely has nothing of what it rejected, so the next form may follow at once, under the same nonce. After
anything less sure nothing does: a later round looks for our mark first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from adapters.discord.api import DiscordApi, Rejected, Unsure
from adapters.discord.later.marked import Marked, with_mark
from adapters.discord.outgoing import File
from adapters.discord.views.cards import notice_shown
from adapters.discord.views.digest import MAX_ALT_CHARS, PICTURE_NAME, digest_shown
from adapters.discord.views.shown import Json, Shown, aside, bare
from core.announcement import DIGEST, Notice
from core.defaults import LAST_POST_SECONDS
from core.errors import NotDrawn
from core.people import Identity
from core.ports import Clock, Drawing

_NO_PLACE = frozenset({10003, 50001, 50007})
"""No such channel, not to be seen, takes no direct messages (topics/opcodes-and-status-codes): no form will do."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to show it."""

    fields: Json
    files: tuple[File, ...] = ()


class Telling:
    """Posts a notice, as this bot. Raises a `DiscordFailed`."""

    def __init__(self, api: DiscordApi, bot_id: str, notice: Notice, drawing: Drawing, clock: Clock) -> None:
        self._api = api
        self._bot_id = bot_id
        self._notice = notice
        self._drawing = drawing
        self._clock = clock
        self._marked = Marked(api)
        self._ends_at = clock.monotonic() + LAST_POST_SECONDS
        self._picture: bytes | None = None
        self._hint = ""

    async def in_channel(self, channel_id: str) -> bool:
        """Whether it stands there: not where Discord takes nothing of ours."""
        try:
            await self._post(channel_id)
        except Rejected:
            return False
        return True

    def add(self, hint: str) -> None:
        """Say this under it from now on, to whoever reads it alone."""
        self._hint = hint

    async def alone(self, person: Identity) -> bool:
        """Whether they have it. Who takes no direct messages is no reason to tell the others again."""
        try:
            await self._post(await self._api.direct(person.user, patience_seconds=0.0))
        except Rejected as refused:
            _log.warning("discord_admin_or_member_not_reached", why=str(refused))
            return False
        return True

    async def _post(self, channel_id: str) -> None:
        text = self._bare()
        if not (self._notice.again and await self._marked.stands(channel_id, self._bot_id, self._notice.id, text)):
            await self._send_best(channel_id, await self._forms(text))

    async def _send_best(self, channel_id: str, forms: Sequence[Form]) -> None:
        for form in forms:
            try:
                await self._send(channel_id, form)
            except Rejected as refused:
                if refused.code in _NO_PLACE or form is forms[-1]:
                    raise
                _log.warning("discord_took_no_such_form", files=len(form.files), why=str(refused))
            else:
                return

    async def _send(self, channel_id: str, form: Form) -> None:
        if self._clock.monotonic() > self._ends_at:
            raise Unsure("took too long")
        nonce = f"{self._notice.id} {channel_id}"
        await self._api.post(channel_id, form.fields, nonce=nonce, files=form.files, patience_seconds=0.0)

    # --- its forms ---

    async def _forms(self, text: str) -> Sequence[Form]:
        """The best first, and words alone last: those every channel takes."""
        shown = digest_shown(self._notice, picture=False) if self._is_digest else notice_shown(self._notice)
        forms = [Form(self._marked_fields(shown)), Form({"content": text})]
        picture = await self._drawn()
        if picture and self._notice.chart is not None:
            file = File(PICTURE_NAME, picture, self._notice.chart.alt[:MAX_ALT_CHARS])
            forms.insert(0, Form(self._marked_fields(digest_shown(self._notice, picture=True)), (file,)))
        return forms

    @property
    def _is_digest(self) -> bool:
        return self._notice.kind == DIGEST

    async def _drawn(self) -> bytes:
        """Its picture; nothing where it has none, or none could be drawn."""
        if self._picture is None:
            self._picture = b""
            if self._is_digest and self._notice.chart is not None:
                try:
                    self._picture = await self._drawing.draw(self._notice.chart)
                except NotDrawn as failed:
                    _log.warning("discord_told_without_picture", why=str(failed))
        return self._picture

    def _marked_fields(self, shown: Shown) -> Json:
        told = Shown((*shown.components, aside(self._hint))) if self._hint else shown
        return with_mark(told.fields, self._notice.id)

    def _bare(self) -> str:
        chart = self._notice.chart if self._is_digest else None
        return bare([*self._notice.words.split("\n"), *([chart.alt] if chart else []), *filter(None, [self._hint])])
