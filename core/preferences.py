"""What members and teams like to have: where their answers go, which model is asked first, where news are posted."""

from collections.abc import Mapping

from core.errors import NotAllowed
from core.ids import new_id
from core.models import AUTO
from core.operations import Prefer, Reason, Refused
from core.people import Member, Place
from core.ports import Books, Catalogue, Clock, PreferenceBooks
from core.preferred import MODEL, ON, answers_in, goes_on_in

NOT_YOURS = "Only admins of the team can set that. Nothing was changed."


class Preferences:
    """Reads and sets them."""

    def __init__(self, books: Books, preferences: PreferenceBooks, catalogue: Catalogue, clock: Clock) -> None:
        self._books = books
        self._preferences = preferences
        self._catalogue = catalogue
        self._clock = clock

    async def of(self, member: Member) -> Mapping[str, str]:
        """What a member set for themselves, by name."""
        return await self._preferences.of(member.team.id, member.id)

    async def of_team(self, team_id: str) -> Mapping[str, str]:
        """What admins set for the team, by name."""
        return await self._preferences.of(team_id, team_id)

    async def model(self, member: Member) -> str:
        """The model that a member's question goes to when it names none: theirs while it is offered, else AUTO."""
        model = (await self.of(member)).get(MODEL, AUTO)
        return model if any(each.id == model for each in self._catalogue.models) else AUTO

    async def answers_in(self, member: Member, place: Place) -> str:
        """HERE, ONLY_ME, or empty where they have not said yet."""
        return (await self.of(member)).get(answers_in(place), "")

    async def goes_on_in(self, member: Member, place: Place) -> bool:
        """Whether threads of this channel go on without a mention."""
        return (await self.of_team(member.team.id)).get(goes_on_in(place)) == ON

    async def set(self, member: Member, name: str, value: str) -> bool:
        """Set one of a member's own, or with an empty value take it away; whether it was otherwise before."""
        return await self._set(member, member.id, name, value)

    async def set_for_team(self, admin: Member, name: str, value: str) -> bool:
        """Set one of the team's; the same. `NotAllowed` for who is no admin."""
        return await self._set(admin, admin.team.id, name, value)

    async def _set(self, member: Member, owner: str, name: str, value: str) -> bool:
        done = await self._books.apply(
            Prefer(
                id=new_id("prefer", self._clock.now()),
                wallet_id=member.team.wallet_id,
                team_id=member.team.id,
                owner=owner,
                name=name,
                value=value,
                actor=member.actor,
                by_right=member.by_right,
            )
        )
        if isinstance(done, Refused) and done.reason is not Reason.UNCHANGED:
            raise NotAllowed(NOT_YOURS)
        return not isinstance(done, Refused)
