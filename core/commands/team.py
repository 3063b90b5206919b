"""Looking after the team: its admins and zone, pauses, who left, and what was done."""

from core.commands.speaking import Reply, Speaker, said
from core.errors import BadInput
from core.policy import TargetKind, kind_of
from core.text.acts import act_lines
from core.text.admins import admin_changed, admin_lines, restored
from core.text.freezing import changed_lines, pause_line
from core.text.neutralise import for_terminal
from core.text.zones import zone_lines, zone_set_lines
from core.use_cases import UseCases


class Team:
    """Answers admins about who may do what; some of it everybody."""

    def __init__(self, use_cases: UseCases) -> None:
        self._use_cases = use_cases

    async def zone(self, speaker: Speaker, typed: str) -> Reply:
        """Show the team's time zone, or with a name set it."""
        zones, member = self._use_cases.zones, speaker.member
        return said(zone_set_lines(await zones.set(member, typed)) if typed else zone_lines(zones.of(member)))

    async def admins(self, speaker: Speaker, _: str) -> Reply:
        """Who looks after the team, and who may not ask for now."""
        pauses = await self._use_cases.freezing.standing(speaker.member.team)
        return said([*admin_lines(await self._use_cases.admins.everyone(speaker.member)), *map(pause_line, pauses)])

    async def add(self, speaker: Speaker, typed: str) -> Reply:
        """Make somebody an admin."""
        return said([admin_changed(await self._use_cases.admins.add(speaker.member, named(typed, "/admin add")))])

    async def remove(self, speaker: Speaker, typed: str) -> Reply:
        """Make somebody no admin."""
        name = named(typed, "/admin remove")
        return said([admin_changed(await self._use_cases.admins.remove(speaker.member, name))])

    async def restore(self, speaker: Speaker, typed: str) -> Reply:
        """Let somebody ask again who left."""
        name = named(typed, "/admin restore")
        member, changed = await self._use_cases.departures.restore(speaker.member, name)
        return said([restored(member, changed=changed)])

    async def freeze(self, speaker: Speaker, typed: str) -> Reply:
        """Pause asking."""
        done = await self._use_cases.freezing.pause(speaker.member, for_terminal(typed))
        return said(changed_lines([done], frozen=True))

    async def unfreeze(self, speaker: Speaker, typed: str) -> Reply:
        """Let it go on."""
        done = await self._use_cases.freezing.resume(speaker.member, for_terminal(typed))
        return said(changed_lines([done], frozen=False))

    async def audit(self, speaker: Speaker, _: str) -> Reply:
        """What was done, newest first."""
        log = await self._use_cases.act_logs.newest(speaker.member)
        called = {act.subject: speaker.names.name(act.subject) for act in log.acts if _is_place(act.subject)}
        return said(act_lines(log.acts, {**log.names, **called}, speaker.member.team.zone))


def _is_place(target: str) -> bool:
    return kind_of(target) in (TargetKind.ROLE, TargetKind.CHANNEL)


def named(typed: str, command: str) -> str:
    """A name that was typed after a command. `BadInput` without one."""
    name = " ".join(for_terminal(typed).split())
    if not name:
        raise BadInput(f"Type whom: {command} NAME. Nothing was changed.")
    return name
