"""Who left a platform asks by no account any more, until they are back there or an admin lets them."""

from core.errors import BadInput, NotAllowed
from core.ids import new_id
from core.lookup import member_called
from core.operations import Reason, Refused, Restore, SetGone
from core.people import CHIPIN, Identity, Member
from core.ports import Books, Clock, People


class Departures:
    """Hears from platforms who left and who is back; answers /admin restore."""

    def __init__(self, books: Books, people: People, clock: Clock) -> None:
        self._books = books
        self._people = people
        self._clock = clock

    async def left(self, identity: Identity) -> bool:
        """The platform says that they are deactivated, banned or departed. Whether that was news.

        Every identity of theirs is suspended with it; what runs finishes, and the team's admins are told once. Who was
        never here changes nothing.
        """
        return await self._set(identity, gone=True)

    async def back(self, identity: Identity) -> bool:
        """The platform says that they are there again. Whether that was news."""
        return await self._set(identity, gone=False)

    async def _set(self, identity: Identity, *, gone: bool) -> bool:
        member = await self._people.find(identity)
        if member is None:
            return False
        identities = await self._people.identities(member.team.id)
        done = await self._books.apply(
            SetGone(
                id=new_id("gone" if gone else "back", self._clock.now()),
                wallet_id=member.team.wallet_id,
                team_id=member.team.id,
                member_id=member.id,
                identity=identity.key,
                gone=gone,
                actor=CHIPIN,
                others=tuple(each.key for each in identities if each.member_id == member.id),
            )
        )
        return not isinstance(done, Refused)

    async def restore(self, admin: Member, typed: str) -> tuple[Member, bool]:
        """Let the member of that name ask again; whether they could not before. `NotAllowed` or `BadInput` say why not.

        Which of their accounts they ask by is up to their platforms.
        """
        if not admin.admin:
            raise NotAllowed("Only admins of the team can let somebody ask again who left. Nothing was changed.")
        member = await member_called(self._people, admin.team, typed)
        done = await self._books.apply(
            Restore(
                id=new_id("restore", self._clock.now()),
                wallet_id=admin.team.wallet_id,
                team_id=admin.team.id,
                member_id=member.id,
                actor=admin.actor,
                by_right=admin.by_right,
            )
        )
        if isinstance(done, Refused) and done.reason is Reason.NOT_ADMIN:
            raise NotAllowed("You are no admin any more. Nothing was changed.")
        if isinstance(done, Refused) and done.reason is not Reason.UNCHANGED:
            raise BadInput(f"{member.display_name} is not there any more. Nothing was changed.")
        return member, not isinstance(done, Refused)
