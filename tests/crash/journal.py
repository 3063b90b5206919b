"""What the outside was told, on disk before anything else happens: the memory of a test that kills processes."""

import json
import os
from pathlib import Path
from typing import Any

from core.announcement import Announcement, Notice
from tests.end_to_end.house import PLACE

Line = dict[str, Any]


class Journal:
    """One line a fact, appended and synced."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, what: str, **facts: Any) -> None:
        """Write a fact down; it survives whatever happens after this returns."""
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            os.write(descriptor, (json.dumps({"what": what, **facts}) + "\n").encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def lines(self) -> list[Line]:
        """Every fact so far. A line that a kill cut off was never told."""
        if not self._path.exists():
            return []
        whole = self._path.read_bytes().split(b"\n")[:-1]
        return [json.loads(line) for line in whole]

    def all_of(self, what: str) -> list[Line]:
        """The facts of one kind."""
        return [line for line in self.lines() if line["what"] == what]


class MarkedBoard:
    """A platform that keeps what is posted on it, each post with our mark: the journal."""

    platform = PLACE.platform
    workspaces = admin_workspaces = (PLACE.workspace,)

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def announce(self, announcement: Announcement) -> bool:
        """Post it, unless it may stand there and does."""
        ask_id = announcement.ask_id
        stands_there = any(line.get("ask") == ask_id for line in self._journal.lines()) if announcement.again else False
        if not stands_there:
            self._journal.note("told", ask=ask_id, answer=announcement.answer, heading=announcement.heading)
        return True

    async def tell_admins(self, notice: Notice) -> bool:
        """The same."""
        told = [line["notice"] for line in self._journal.all_of("notice")] if notice.again else []
        if notice.id not in told:
            self._journal.note("notice", notice=notice.id)
        return True

    async def tell_member(self, notice: Notice) -> bool:
        """The same."""
        return await self.tell_admins(notice)
