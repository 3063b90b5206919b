"""Which workspace pays for what somebody asks in a direct message, on a platform where one bot serves several.

The one that they chose, or the only one where they are known. Whether they are still there is for the platform to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.ids import new_id
from core.operations import Prefer, Reason, Refused
from core.people import Identity, Member
from core.ports import Books, Clock, People, PreferenceBooks
from core.preferred import home_on

MOST_HOMES = 25
"""How many somebody chooses among: as many as a menu of Discord's takes."""


@dataclass(frozen=True, slots=True)
class Home:
    """A workspace that could pay: who they are there, and whether they chose it."""

    workspace: str
    member: Member
    chosen: bool = False


class Homes:
    """Reads and sets them."""

    def __init__(self, books: Books, people: People, preferences: PreferenceBooks, clock: Clock) -> None:
        self._books = books
        self._people = people
        self._preferences = preferences
        self._clock = clock

    async def of(self, platform: str, user: str) -> tuple[Home, ...]:
        """Where somebody is known, in the order of the ids.

        A workspace that they left is among them only while they chose it, or know no other. Raises a `BooksFailed`.
        """
        found = []
        for workspace in await self._people.workspaces_of(platform, user):
            member = await self._people.find(Identity(platform, workspace, user, ""))
            if member is not None:  # forgotten meanwhile
                liked = await self._preferences.of(member.team.id, member.id)
                found.append(Home(workspace, member, liked.get(home_on(platform)) == workspace))
        there = [home for home in found if home.chosen or not home.member.gone]
        return tuple(there or found)[:MOST_HOMES]

    async def choose(self, platform: str, user: str, workspace: str) -> Home | None:
        """Let this one pay from now on; None where they are not known there. Raises a `BooksFailed`.

        The others are given up first: a process that dies in between leaves none chosen, never two.
        """
        homes = await self.of(platform, user)
        home = next((each for each in homes if each.workspace == workspace), None)
        if home is None:
            return None
        for other in homes:
            if other.chosen and other.member.id != home.member.id:
                await self._prefer(other.member, home_on(platform), "")
        await self._prefer(home.member, home_on(platform), workspace)
        return Home(workspace, home.member, chosen=True)

    async def _prefer(self, member: Member, name: str, value: str) -> None:
        done = await self._books.apply(
            Prefer(
                id=new_id("prefer", self._clock.now()),
                wallet_id=member.team.wallet_id,
                team_id=member.team.id,
                owner=member.id,
                name=name,
                value=value,
                actor=member.id,
            )
        )
        assert not isinstance(done, Refused) or done.reason is Reason.UNCHANGED, done  # noqa: S101 - it is their own


def that_pays(homes: Sequence[Home]) -> Home | None:
    """The chosen one, or the only one; None where somebody has to choose first."""
    chosen = [home for home in homes if home.chosen] or list(homes)
    return chosen[0] if len(chosen) == 1 else None
