"""What belongs to a question on Slack: the files on its message, and the thread before it, after its claim."""

from collections.abc import Awaitable, Callable
from functools import partial

from adapters.slack.conversation.files import Files
from adapters.slack.conversation.threads import Threads
from adapters.slack.origin import Origin
from adapters.slack.workspaces import Workspace
from core.attached import Attached
from core.call import ImagePart
from core.pictures import MAX_PICTURES
from core.question import Gathered

Gathering = Callable[[Workspace], Awaitable[Gathered]]
"""Looks it up with the token of a workspace."""


class Belongings:
    """Knows what is to be looked up for which message."""

    def __init__(self, files: Files, threads: Threads) -> None:
        self._files = files
        self._threads = threads

    def of(self, origin: Origin, files: tuple[Attached, ...], *, words: bool) -> Gathering | None:
        """What is to be looked up for a question; None where it stands alone. `words`: it has some of its own."""
        in_thread = origin.thread_ts not in ("", origin.ts)
        return partial(self._gathered, origin, files, words) if files or in_thread else None

    async def _gathered(
        self, origin: Origin, files: tuple[Attached, ...], words: bool, workspace: Workspace
    ) -> Gathered:
        parts, not_read = await self._files.parts(workspace, files, words=words)
        room = MAX_PICTURES - sum(isinstance(part, ImagePart) for part in parts)
        before = await self._threads.before(workspace, origin, pictures=room)
        left_out = " ".join(filter(None, [not_read, before.left_out]))
        return Gathered(parts, before.history, left_out)
