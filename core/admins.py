"""Who looks after a team: by the platform's own rights, as the operator lists them, or made one in the chat."""

from dataclasses import replace

from core.errors import BadInput, NotAllowed
from core.ids import new_id
from core.lookup import member_called
from core.operations import Reason, Refused, SetAdmin
from core.operator_lists import OperatorLists
from core.people import AdminBecause, AdminChange, KnownIdentity, Member
from core.ports import Books, Clock, People


class Admins:
    """Answers /admin add, /admin remove and /admin list."""

    def __init__(self, books: Books, people: People, clock: Clock, listed: OperatorLists | None = None) -> None:
        self._books = books
        self._people = people
        self._clock = clock
        self._listed = listed or OperatorLists()

    async def everyone(self, asking: Member) -> tuple[Member, ...]:
        """The team's admins with why they are, as last seen; for every member of it: they must know whom to ask."""
        everyone = await self._people.members(asking.team)
        identities = await self._people.identities(asking.team.id)
        known = [replace(member, because=self._because(member, identities)) for member in everyone]
        return tuple(replace(member, admin=True) for member in known if member.because and not member.suspended)

    async def add(self, admin: Member, typed: str) -> AdminChange:
        """Make the member of that name an admin. `NotAllowed` or `BadInput` say why not."""
        _require(admin)
        member = await member_called(self._people, admin.team, typed)
        if member.suspended:
            raise BadInput(f"{member.display_name} has left. /admin restore {member.display_name} comes first.")
        return await self._set(admin, member, made=True)

    async def remove(self, admin: Member, typed: str) -> AdminChange:
        """Take it from them. Not from the last one, and not what the platform or the operator gives."""
        _require(admin)
        member = await member_called(self._people, admin.team, typed)
        return await self._set(admin, member, made=False)

    async def _set(self, admin: Member, member: Member, *, made: bool) -> AdminChange:
        identities = await self._people.identities(admin.team.id)
        others = [each for each in await self._people.members(admin.team) if each.id != member.id]
        done = await self._books.apply(
            SetAdmin(
                id=new_id("admin", self._clock.now()),
                wallet_id=admin.team.wallet_id,
                team_id=admin.team.id,
                member_id=member.id,
                admin=made,
                actor=admin.actor,
                by_right=admin.by_right,
                staying=tuple(each.id for each in others if each.admin),
                identities=tuple(each.key for each in identities if each.admin),
            )
        )
        if isinstance(done, Refused) and done.reason is not Reason.UNCHANGED:
            raise _why_not(done, member)
        kept = self._because(member, identities)
        still = tuple(why for why in kept if why is not AdminBecause.MADE)
        return AdminChange(member, made, not isinstance(done, Refused), still)

    def _because(self, member: Member, identities: tuple[KnownIdentity, ...]) -> tuple[AdminBecause, ...]:
        theirs = [each for each in identities if each.member_id == member.id and not each.gone]
        because = [AdminBecause.MADE] if AdminBecause.MADE in member.because else []
        because += [AdminBecause.PLATFORM] if any(each.admin for each in theirs) else []
        because += [AdminBecause.LISTED] if any(each.key in self._listed.admins for each in theirs) else []
        return tuple(because)


def _require(admin: Member) -> None:
    if not admin.admin:
        raise NotAllowed("Only admins of the team can change who is one. Nothing was changed.")


def _why_not(refused: Refused, member: Member) -> BadInput | NotAllowed:
    match refused.reason:
        case Reason.LAST_ADMIN:
            return BadInput(
                f"{member.display_name} is the last admin: nobody could change anything any more. Make somebody else "
                "one first, with /admin add NAME. Nothing was changed."
            )
        case Reason.NOT_ADMIN:
            return NotAllowed("You are no admin any more. Nothing was changed.")
        case _:
            return BadInput(f"{member.display_name or 'This member'} is not there any more. Nothing was changed.")
