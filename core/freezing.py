"""Freeze and unfreeze: the operator, or an admin of a team, pauses asking for all of it or for one member."""

from core.errors import NotAllowed
from core.ids import new_id
from core.lookup import member_anywhere, member_called, split_member, team_called
from core.operations import Reason, Refused, SetFrozen
from core.people import OPERATOR, Frozen, Member, Pause, Team
from core.policy import EVERYONE
from core.ports import Acts, Books, Clock, People
from core.text.names import name_of
from core.text.typed import reason_of


class Freezing:
    """Sets who may not ask. Members and teams are frozen apart: who is either gets no hold."""

    def __init__(self, books: Books, people: People, acts: Acts, clock: Clock) -> None:
        self._books = books
        self._people = people
        self._acts = acts
        self._clock = clock

    async def everybody(self, *, frozen: bool) -> tuple[Frozen, ...]:
        """Every team."""
        return tuple([await self._set(team, None, frozen=frozen) for team in await self._people.teams()])

    async def team(self, named: str, *, frozen: bool) -> Frozen:
        """The team of that id or name. `BadInput` lists the teams when it is none of them, or several."""
        return await self._set(await team_called(self._people, named), None, frozen=frozen)

    async def member(self, named: str, *, frozen: bool) -> Frozen:
        """The member of that id, identity ("platform:workspace/user") or name, in whichever team.

        `BadInput` lists the members when it is none of them, or several.
        """
        member = await member_anywhere(self._people, named)
        return await self._set(member.team, member, frozen=frozen)

    async def pause(self, admin: Member, typed: str) -> Frozen:
        """What an admin typed after /freeze: nothing for the whole team, or everyone or a NAME, and then a reason.

        `NotAllowed` or `BadInput` say why not.
        """
        _require(admin)
        first, _, reason = typed.strip().partition(" ")
        if first.casefold() in ("", EVERYONE):
            return await self._set(admin.team, None, frozen=True, by=admin, reason=reason)
        named, reason = await split_member(self._people, admin.team, typed)
        member = await member_called(self._people, admin.team, named)
        return await self._set(admin.team, member, frozen=True, by=admin, reason=reason)

    async def resume(self, admin: Member, typed: str) -> Frozen:
        """The same after /unfreeze, without a reason. What the operator paused only they let go on: `NotAllowed`."""
        _require(admin)
        whole_team = typed.strip().casefold() in ("", EVERYONE)
        member = None if whole_team else await member_called(self._people, admin.team, typed)
        return await self._set(admin.team, member, frozen=False, by=admin)

    async def standing(self, team: Team) -> tuple[Pause, ...]:
        """Every pause of a team and of its members that stands now, and who made it."""
        frozen: list[Member | None] = [None] if team.frozen else []
        frozen += [member for member in await self._people.members(team) if member.frozen]
        return tuple([await self._pause(team, member) for member in frozen])

    async def _pause(self, team: Team, member: Member | None) -> Pause:
        act = await self._acts.last(team.id, "freeze", member.id if member is not None else "")
        if act is None:
            return Pause(team, member)
        names = await self._people.names(team.id, {act.actor} - {OPERATOR})
        return Pause(team, member, name_of(act.actor, names), act.at, act.words)

    async def _set(
        self, team: Team, member: Member | None, *, frozen: bool, by: Member | None = None, reason: str = ""
    ) -> Frozen:
        done = await self._books.apply(
            SetFrozen(
                id=new_id("freeze", self._clock.now()),
                wallet_id=team.wallet_id,
                team_id=team.id,
                member_id=member.id if member is not None else "",
                frozen=frozen,
                actor=by.actor if by is not None else OPERATOR,
                reason=reason_of(reason),
                by_right=by is not None and by.by_right,
            )
        )
        if isinstance(done, Refused) and done.reason is Reason.NOT_ADMIN:
            raise NotAllowed("You are no admin any more. Nothing was changed.")
        if isinstance(done, Refused) and done.reason is Reason.OPERATORS:
            whom = member.display_name if member is not None else EVERYONE
            raise NotAllowed(f"Whoever runs Chipin paused asking for {whom}; only they let it go on. Nothing changed.")
        still: tuple[Member, ...] = ()
        if member is None and not frozen:
            still = tuple(each for each in await self._people.members(team) if each.frozen)
        return Frozen(team, member, not isinstance(done, Refused), still)


def _require(admin: Member) -> None:
    if not admin.admin:
        raise NotAllowed("Only admins of the team can pause asking. Nothing was changed.")
