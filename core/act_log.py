"""What was done in a team beside asking: the last acts, for its admins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.errors import NotAllowed
from core.people import Member
from core.ports import Acts, People
from core.reports import Act
from core.text.acts import members_in

AT_MOST = 20


@dataclass(frozen=True, slots=True)
class ActLog:
    """Acts, newest first, and the names of the members in them by id, as far as they are known."""

    acts: tuple[Act, ...]
    names: Mapping[str, str]


class ActLogs:
    """Answers /audit."""

    def __init__(self, acts: Acts, people: People) -> None:
        self._acts = acts
        self._people = people

    async def newest(self, admin: Member) -> ActLog:
        """The last acts in the admin's team. `NotAllowed` for everybody else."""
        if not admin.admin:
            raise NotAllowed("Only admins of the team can see what was done in it.")
        acts = await self._acts.newest(admin.team.id, AT_MOST)
        return ActLog(acts, await self._people.names(admin.team.id, _members(acts)))


def _members(acts: Iterable[Act]) -> set[str]:
    return {member_id for act in acts for member_id in members_in(act)}
