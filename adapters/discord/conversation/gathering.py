"""What belongs to a question on Discord: the files on its message, and what was said before it, after its claim."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from adapters.discord.conversation.files import Files
from adapters.discord.conversation.talks import Talks
from adapters.discord.origin import Origin
from adapters.discord.servers import Server
from core.attached import Attached, parts_of
from core.call import ImagePart
from core.pictures import MAX_PICTURES
from core.question import Gathered

Gathering = Callable[[Server], Awaitable[Gathered]]
"""Looks it up in a server. Raises a `DiscordFailed` or a `ChipinError`."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """What hangs on something said: its files, the message that it answers (if any), and whether it has words."""

    files: tuple[Attached, ...] = ()
    answered: str = ""
    words: bool = True


class Belongings:
    """Knows what is to be looked up for which question."""

    def __init__(self, files: Files, talks: Talks) -> None:
        self._files = files
        self._talks = talks

    def of_message(self, origin: Origin, belonging: Belonging) -> Gathering | None:
        """What is to be looked up for something said; None where it stands alone."""
        stands_alone = not (belonging.files or belonging.answered or origin.thread_id or origin.is_direct)
        return None if stands_alone else partial(self._gathered, origin, belonging)

    def of_files(self, files: tuple[Attached, ...]) -> Gathering | None:
        """The same for what was typed as a command, with files beside it."""
        return partial(self._of_files, files) if files else None

    async def _gathered(self, origin: Origin, belonging: Belonging, server: Server) -> Gathered:
        parts, not_read = await parts_of(belonging.files, self._files.fetch, words=belonging.words)
        room = MAX_PICTURES - sum(isinstance(part, ImagePart) for part in parts)
        before = await self._talks.before(server, origin, belonging.answered, pictures=room)
        return Gathered(parts, before.history, " ".join(filter(None, [not_read, before.left_out])))

    async def _of_files(self, files: tuple[Attached, ...], server: Server) -> Gathered:
        del server  # one token is for all of them
        parts, not_read = await parts_of(files, self._files.fetch, words=True)
        return Gathered(parts, left_out=not_read)
