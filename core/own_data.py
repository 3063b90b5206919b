"""/mydata: everything the books know of one person, for that person."""

from collections.abc import AsyncGenerator

from core.errors import BadInput
from core.people import Member
from core.ports import People, PersonalData


class OwnData:
    """Gives a member everything that is kept about them."""

    def __init__(self, people: People, personal: PersonalData) -> None:
        self._people = people
        self._personal = personal

    def of(self, member: Member) -> AsyncGenerator[str, None]:
        """One JSON object, piece by piece; close it if it is left early."""
        return self._personal.export(member.id)

    async def named(self, named: str) -> Member:
        """The member of that id or name, in whichever team: for the operator. `BadInput` for none, or several."""
        everyone = [member for team in await self._people.teams() for member in await self._people.members(team)]
        found = [each for each in everyone if each.id == named]
        found = found or [each for each in everyone if each.display_name.casefold() == named.casefold()]
        if len(found) == 1:
            return found[0]
        if not found:
            raise BadInput(f'There is no member "{named[:60]}".')
        ids = ", ".join(f"{each.id} of {each.team.name}" for each in found)
        raise BadInput(f'{len(found)} members are called "{named[:60]}"; name one by its id: {ids}.')
