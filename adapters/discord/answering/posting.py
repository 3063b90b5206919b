"""One message of an answer, and what Discord surely shows of it."""

from collections.abc import Sequence
from contextlib import suppress

from adapters.discord.answering.route import Route
from adapters.discord.answering.ways import Way, is_no_way
from adapters.discord.api import UNKNOWN_MESSAGE, DiscordFailed, Json, RateLimited, Rejected, Unreachable, Unsure
from adapters.discord.outgoing import File
from adapters.discord.views.answer import Shape


class AnswerMessage:
    """One message. `put` may be called again after it failed: what is missing is done, nothing twice.

    Every edit carries all of it, so it may be done twice; what was perhaps posted is posted again under the same nonce.
    """

    def __init__(self, route: Route, part: int, key: str) -> None:
        """`key` names it among all messages: what is posted with it again is the same message."""
        self._route = route
        self._part = part
        self._key = key
        self._at: tuple[Way, str] | None = None
        self._shown: tuple[Json, tuple[File, ...]] | None = None
        self._is_stale = False
        self._lost: Unsure | None = None
        self._was_unsure = False
        self._times_deleted = 0

    @property
    def message_id(self) -> str:
        """Its id; empty before it stands there."""
        return self._at[1] if self._at is not None else ""

    async def put(self, shapes: Sequence[Shape], files: Sequence[File] = ()) -> None:
        """Let it show exactly this, in the first of these shapes that Discord takes. Raises a `DiscordFailed`."""
        for shape in shapes:
            try:
                await self._put(shape, files)
            except Unsure:
                self._was_unsure = True
                raise
            except Rejected as refused:
                if refused.status != _BAD_REQUEST or is_no_way(refused):
                    raise
                if self._was_unsure:  # perhaps it is a card already, which takes no plain text: the same once more
                    self._was_unsure = False
                    raise Unsure from refused
                failed = refused
            else:
                return
        raise failed

    def doubt(self) -> None:
        """Something else may have overtaken what was put last: put again, it is sent again."""
        self._shown = None

    async def remove(self) -> None:
        """Take it away, if it stands there. What cannot be taken away stays."""
        if self._at is not None:
            way, message_id = self._at
            with suppress(DiscordFailed):
                await way.remove(message_id)
            self._at = self._shown = None

    async def _put(self, shape: Shape, files: Sequence[File]) -> None:
        if self._lost is not None:  # nobody can look: core tells it later, so that what is paid for is not lost
            raise self._lost
        while True:
            if self._at is None:
                await self._post(shape, files)
            assert self._at is not None  # noqa: S101 (it is posted, or that raised)
            way, message_id = self._at
            fields = shape(way.is_away)
            if self._shown == (fields, tuple(files)):
                return
            if await self._edited(way, message_id, fields, files):
                self._shown = (fields, tuple(files))
                return

    async def _post(self, shape: Shape, files: Sequence[File]) -> None:
        """By the best way that takes it."""
        failed: DiscordFailed | None = None
        for way in await self._route.ways(self._part):
            fields = shape(way.is_away)
            was_stale, self._is_stale = self._is_stale, True  # until it is known: this may be left half-way
            try:
                message_id = await way.post(fields, files, f"{self._key} {self._times_deleted}")
            except Unsure as lost:
                self._lost = lost if way.once else None
                raise
            except Rejected as refused:
                self._is_stale = was_stale
                if files or not (is_no_way(refused) or refused.code == UNKNOWN_MESSAGE):
                    raise  # a file may be what is refused, rather than us
                failed = refused
                self._route.close(way)
                continue
            except (RateLimited, Unreachable):
                self._is_stale = was_stale
                raise
            self._at = (way, message_id)
            self._shown = None if was_stale else (fields, tuple(files))  # perhaps it is what was posted before
            self._is_stale = False
            await self._route.stands(self._part, way, message_id)
            return
        raise failed or Rejected(404)

    async def _edited(self, way: Way, message_id: str, fields: Json, files: Sequence[File]) -> bool:
        """Whether it shows this now; where it cannot any more it is to be posted anew."""
        try:
            await way.edit(message_id, fields, files)
        except Rejected as refused:
            if refused.code == UNKNOWN_MESSAGE:
                self._times_deleted += 1
                if self._times_deleted > 1:  # whoever deletes it again does not want it
                    return True
            elif not is_no_way(refused):
                raise
            if refused.code != UNKNOWN_MESSAGE or self._route.is_once(way):
                self._route.close(way)
            self._at = self._shown = None
            return False
        return True


_BAD_REQUEST = 400
