"""/mydata: everything the books know of one person, for that person."""

from collections.abc import AsyncGenerator

from core.lookup import member_anywhere
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
        """The member of that id, identity or name, in any team: for the operator. `BadInput` lists who there is."""
        return await member_anywhere(self._people, named)
