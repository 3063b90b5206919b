"""Looking after the team at the terminal: admins, who may ask, pauses, and what was done."""

from collections.abc import Iterable

from adapters.terminal.commands import starting_with
from adapters.terminal.people import People, identity_of
from adapters.terminal.rules import RuleDesk
from adapters.terminal.screen import Screen, Suggestions
from core.errors import BadInput
from core.policy import EVERYONE
from core.text.acts import act_lines
from core.text.admins import admin_changed, admin_lines, restored
from core.text.freezing import changed_lines, pause_line
from core.text.neutralise import for_terminal
from core.use_cases import UseCases


class TeamDesk:
    """Answers admins about who may do what."""

    def __init__(self, use_cases: UseCases, screen: Screen, people: People, rules: RuleDesk, workspace: str) -> None:
        self._use_cases = use_cases
        self._screen = screen
        self._people = people
        self._rules = rules
        self._workspace = workspace

    async def admins(self, _: str) -> None:
        """Who looks after the team, and who may not ask for now."""
        member = await self._people.member()
        pauses = await self._use_cases.freezing.standing(member.team)
        self._say([*admin_lines(await self._use_cases.admins.everyone(member)), *map(pause_line, pauses)])

    async def add(self, typed: str) -> None:
        """Make somebody an admin."""
        admin = await self._people.member()
        self._say([admin_changed(await self._use_cases.admins.add(admin, _name(typed, "/admin add")))])

    async def remove(self, typed: str) -> None:
        """Make somebody no admin."""
        admin = await self._people.member()
        self._say([admin_changed(await self._use_cases.admins.remove(admin, _name(typed, "/admin remove")))])

    async def restore(self, typed: str) -> None:
        """Let somebody ask again who left."""
        admin = await self._people.member()
        member, changed = await self._use_cases.departures.restore(admin, _name(typed, "/admin restore"))
        self._say([restored(member, changed=changed)])

    async def freeze(self, typed: str) -> None:
        """Pause asking."""
        done = await self._use_cases.freezing.pause(await self._people.member(), for_terminal(typed))
        self._say(changed_lines([done], frozen=True))

    async def unfreeze(self, typed: str) -> None:
        """Let it go on."""
        done = await self._use_cases.freezing.resume(await self._people.member(), for_terminal(typed))
        self._say(changed_lines([done], frozen=False))

    async def audit(self, _: str) -> None:
        """What was done, newest first."""
        admin = await self._people.member()
        log = await self._use_cases.act_logs.newest(admin)
        called = {act.subject: self._rules.names.name(act.subject) for act in log.acts if _is_place(act.subject)}
        self._say(act_lines(log.acts, {**log.names, **called}, admin.team.zone))

    async def left(self, typed: str) -> None:
        """Play that somebody left this platform."""
        name = _name(typed, "/left")
        news = await self._use_cases.departures.left(identity_of(self._workspace, name))
        self._say([f"{name} has left now." if news else f"Nobody called {name} is here, or they had left before."])

    async def back(self, typed: str) -> None:
        """Play that somebody is back."""
        name = _name(typed, "/back")
        news = await self._use_cases.departures.back(identity_of(self._workspace, name))
        self._say([f"{name} is back now." if news else f"Nobody called {name} had left."])

    def name_choices(self, typed: str) -> Suggestions:
        """Who has spoken here."""
        return starting_with(typed, self._people.names)

    def whom_choices(self, typed: str) -> Suggestions:
        """They, or everyone."""
        return starting_with(typed, [EVERYONE, *self._people.names])

    def _say(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._screen.write(f"{line}\n")


def _is_place(target: str) -> bool:
    return target.startswith(("role:", "channel:"))


def _name(typed: str, command: str) -> str:
    name = " ".join(for_terminal(typed).split())
    if not name:
        raise BadInput(f"Type whom: {command} NAME. Nothing was changed.")
    return name
