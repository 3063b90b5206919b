"""Tells people at this terminal how their asks ended, when they have not seen it: at the start, and between lines."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from adapters.terminal.people import PLATFORM, People, Session
from adapters.terminal.screen import Screen, ScreenGone
from core.announcement import Announcement, Notice
from core.text.bars import chart_lines

AGAIN, RUN_NOW = "/again", "/run"
RUNS = f"{RUN_NOW} asks your question now."
DECIDES = "/approve, /half or /deny decides it."
REFILLS = "/admin refill yes adds it."


class LateNews:
    """`core.ports.Announcer` for one screen. A terminal has no memory: it cannot look for what it showed before."""

    platform = PLATFORM

    def __init__(self, screen: Screen, people: People, session: Session) -> None:
        self._screen = screen
        self._people = people
        self._workspace = session.workspace
        self._open = False

    @property
    def workspaces(self) -> Collection[str]:
        """The one of this session, while nothing else is on the screen."""
        return (self._workspace,) if self._open else ()

    @contextmanager
    def between_lines(self) -> Iterator[None]:
        """News may be shown meanwhile."""
        self._open = True
        try:
            yield
        finally:
            self._open = False

    @property
    def admin_workspaces(self) -> Collection[str]:
        """The same, while an admin sits here: nobody else reads what is meant for them."""
        return self.workspaces if self._people.current.admin else ()

    async def tell_admins(self, notice: Notice) -> bool:
        """Show it above the line that is being typed, if the books too say that whoever sits here is an admin."""
        if not (await self._people.member()).admin or not self.admin_workspaces:
            return False
        pressed = DECIDES if notice.decide else REFILLS if notice.refill else ""
        chart = chart_lines(notice.chart) if notice.chart is not None else ()
        return await self._show(f"For admins: {notice.words} {pressed}".rstrip(), *chart)

    async def tell_member(self, notice: Notice) -> bool:
        """Show it above the line that is being typed, and remember what they can run now."""
        if not self._open or notice.to is None:
            return False
        person = self._people.known(notice.to.display_name)
        to = "" if person is self._people.current else f"For {person.name}: "
        if not await self._show(f"{to}{notice.words}{f' {RUNS}' if notice.press else ''}"):
            return False
        if notice.press and notice.press not in person.granted:
            person.granted.append(notice.press)
        return True

    async def announce(self, announcement: Announcement) -> bool:
        """Show it above the line that is being typed."""
        if not self._open:
            return False
        person = self._people.known(announcement.asked_by)
        to = "" if person is self._people.current else f"For {person.name}: "
        lines = [to + announcement.heading]
        if announcement.press:
            lines[0] += f" {AGAIN} asks it again."
        lines += [text for text in (announcement.answer, announcement.footer) if text]
        if not await self._show(*lines):
            return False
        if announcement.press and announcement.press not in person.interrupted:
            person.interrupted.append(announcement.press)
        return True

    async def _show(self, *lines: str) -> bool:
        try:
            await self._screen.aside("".join(f"{line}\n" for line in lines))
        except ScreenGone:
            return False
        return True
