"""One notice on its way: once into each channel that it goes to, in the first of its forms that Slack takes.

Slack surely has nothing of what it rejected, so the next form may follow at once. After anything less sure nothing
does: a later round looks for our mark first.
"""

from collections.abc import Sequence

import structlog

from adapters.slack.answering.spots import NO_PLACE
from adapters.slack.api import Rejected, Unsure
from adapters.slack.later.marked import Marked
from adapters.slack.later.pictures import Pictures
from adapters.slack.views.cards import notice_shown
from adapters.slack.views.digest import digest_shown
from adapters.slack.views.shown import Shown, aside, bare
from adapters.slack.workspaces import Workspace
from core.announcement import DIGEST, Notice
from core.defaults import LAST_POST_SECONDS
from core.people import Identity
from core.ports import Clock

_log = structlog.get_logger(__name__)


class Telling:
    """Posts a notice in this workspace. Raises a `SlackFailed`."""

    def __init__(self, workspace: Workspace, notice: Notice, pictures: Pictures, clock: Clock) -> None:
        self._workspace = workspace
        self._notice = notice
        self._pictures = pictures
        self._clock = clock
        self._marked = Marked()
        self._ends_at = clock.monotonic() + LAST_POST_SECONDS
        self._picture: str | None = None
        self._hint = ""

    async def in_channel(self, channel_id: str) -> bool:
        """Whether it stands there: not where nothing of ours can be posted at all."""
        try:
            await self._post(channel_id)
        except Rejected as refused:
            if refused.code not in NO_PLACE:
                raise
            return False
        return True

    def add(self, hint: str) -> None:
        """Say this under it from now on, to whoever reads it alone."""
        self._hint = hint

    async def alone(self, person: Identity) -> bool:
        """Whether they have it. Who cannot be written to at all is no reason to tell the others again."""
        try:
            opened = await self._workspace.api.call("conversations.open", users=person.user, patience_seconds=0.0)
            await self._post(str(opened["channel"]["id"]))
        except Rejected as refused:
            if refused.code not in NO_PLACE:
                raise
            _log.warning("slack_admin_or_member_not_reached", why=refused.code)
            return False
        return True

    async def _post(self, channel_id: str) -> None:
        if not (self._notice.again and await self._marked.has_notice(self._workspace, channel_id, self._notice.id)):
            await self._send_best(channel_id, await self._forms())

    async def _send_best(self, channel_id: str, forms: Sequence[Shown]) -> None:
        for form in forms:
            try:
                await self._send(channel_id, form)
            except Rejected as refused:
                if refused.code in NO_PLACE or form is forms[-1]:
                    raise
                _log.warning("slack_took_no_such_form", blocks=len(form.blocks), why=refused.code)
            else:
                return

    async def _send(self, channel_id: str, form: Shown) -> None:
        if self._clock.monotonic() > self._ends_at:
            raise Unsure("took too long")
        await self._workspace.api.call(
            "chat.postMessage",
            patience_seconds=0.0,
            channel=channel_id,
            metadata=self._marked.of_notice(self._notice.id),
            unfurl_links=False,
            unfurl_media=False,
            **form.fields,
        )

    async def _forms(self) -> list[Shown]:
        """The best first, and words alone last: those every channel takes."""
        forms = [self._with_hint(form) for form in await self._shown()]
        return [*forms, bare(forms[-1])]

    async def _shown(self) -> list[Shown]:
        notice = self._notice
        if notice.kind != DIGEST:
            return [notice_shown(notice)]
        if notice.chart is not None and self._picture is None:
            self._picture = await self._pictures.of(self._workspace, notice.chart)
        pictures = ([self._picture] if self._picture else []) + [""]
        return [digest_shown(notice, picture) for picture in pictures]

    def _with_hint(self, form: Shown) -> Shown:
        if not self._hint:
            return form
        return Shown(f"{form.text}\n{self._hint}", (*form.blocks, aside(self._hint)))
