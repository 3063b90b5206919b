"""/link and /unlink: two accounts of a team become one person, agreed to on both sides. docs/decisions/0034."""

from dataclasses import dataclass

from core.errors import BadInput, NotAllowed
from core.ids import new_id
from core.link_codes import Codes, where
from core.lookup import member_called
from core.operations import (
    AgreeToLink,
    JoinPeople,
    LinkKind,
    LinkState,
    PartPeople,
    Reason,
    Refused,
    WrongCode,
)
from core.people import Member, Place
from core.ports import Books, Clock, LinkBooks, People, Vault
from core.reports import KnownLink
from core.text import linking as words
from core.text.names import SOMEBODY


@dataclass(frozen=True, slots=True)
class Both:
    """Two accounts that somebody is asked about: theirs here, and the other one. `agreed`: the other side has."""

    link_id: str
    here: str
    place: str
    other: str
    other_place: str
    agreed: bool = False


class Linking:
    """Gives codes, takes them, and joins and parts accounts."""

    def __init__(self, books: Books, people: People, links: LinkBooks, vault: Vault, clock: Clock) -> None:
        self._books = books
        self._people = people
        self._links = links
        self._codes = Codes(LinkKind.PEOPLE, books, vault, clock)
        self._clock = clock

    async def code(self, member: Member, place: Place) -> str:
        """A new code for whoever asks, to be shown to them alone. `BadInput` says why there is none."""
        code = await self._codes.give(member, place)
        if isinstance(code, Refused):
            raise BadInput(words.refused(code.reason))
        return code

    async def typed(self, member: Member, place: Place, typed: str) -> Both:
        """Whose code that is. `BadInput` says why it is none that joins anything."""
        said = await self._codes.take(member, place, typed)
        if isinstance(said, WrongCode):
            raise BadInput(f"{words.wrong_code(said.left)} {words.NOTHING_JOINED}")
        if isinstance(said, Refused):
            raise BadInput(words.refused(said.reason))
        await self._require_apart(member, said.member_id)
        names = await self._people.names(member.team.id, [said.member_id])
        other = names.get(said.member_id, SOMEBODY)
        return Both(said.link_id, _called(member), where(place), other, said.place)

    async def waiting(self, member: Member) -> Both | None:
        """What waits for their word: a code of theirs that was typed, and agreed to on the other side."""
        link = await self._links.agreed(member.ids)
        if link is None:
            return None
        return await self._seen_by_giver(member, link)

    async def is_of_teams(self, link_id: str) -> bool:
        """Whether a code is for teams, and not for people."""
        link = await self._links.one(link_id)
        return link is not None and link.kind == LinkKind.TEAMS

    async def agree(self, member: Member, link_id: str) -> tuple[Both, bool]:
        """They say that both are them; whether that joined the two, or the other side is asked now.

        `BadInput` says why not.
        """
        link = await self._links.one(link_id)
        if link is None:
            raise BadInput(words.refused(Reason.NOT_FOUND))
        if link.typed_by in member.ids:
            return await self._agree_first(member, link), False
        both = await self._seen_by_giver(member, link)
        await self._require_apart(member, link.typed_by)
        joined = await self._books.apply(
            JoinPeople(
                id=f"{link_id}.join",
                wallet_id=member.team.wallet_id,
                link_id=link_id,
                team_id=member.team.id,
                member_id=member.id,
            )
        )
        if isinstance(joined, Refused):
            raise BadInput(words.refused(joined.reason))
        return both, True

    async def _agree_first(self, member: Member, link: KnownLink) -> Both:
        agreed = await self._books.apply(
            AgreeToLink(
                id=f"{link.id}.agree",
                wallet_id=member.team.wallet_id,
                link_id=link.id,
                team_id=member.team.id,
                member_id=link.typed_by,
                words=words.notice_words(link.typed_by, link.typed_place, link.member_id, link.place),
            )
        )
        if isinstance(agreed, Refused) and agreed.reason is not Reason.UNCHANGED:
            raise BadInput(words.refused(agreed.reason))
        names = await self._people.names(member.team.id, [link.member_id])
        return Both(link.id, _called(member), link.typed_place, names.get(link.member_id, SOMEBODY), link.place)

    async def _seen_by_giver(self, member: Member, link: KnownLink) -> Both:
        names = await self._people.names(member.team.id, [link.typed_by])
        other, agreed = names.get(link.typed_by, SOMEBODY), link.state == LinkState.AGREED
        return Both(link.id, _called(member), link.place, other, link.typed_place, agreed)

    async def _require_apart(self, member: Member, other_id: str) -> None:
        """No two accounts of theirs are of one workspace."""
        other, places = await self._links.person(other_id), dict[str, set[str]]()
        for identity in await self._people.identities(member.team.id):
            places.setdefault(identity.member_id, set()).add(identity.key.partition("/")[0])
        if places.get(member.id, set()) & places.get(other, set()):
            raise BadInput(words.refused(Reason.SAME_WORKSPACE))

    async def part(self, asking: Member, named: str = "") -> tuple[Member, bool]:
        """Let accounts speak for themselves: their own, or an admin somebody else's. Whether they were one person.

        `NotAllowed` or `BadInput` say why not.
        """
        member = await member_called(self._people, asking.team, named) if named.strip() else asking
        if member.id != asking.id and not asking.admin:
            raise NotAllowed(words.NOT_PARTED)
        parted = await self._books.apply(
            PartPeople(
                id=new_id("part", self._clock.now()),
                wallet_id=asking.team.wallet_id,
                team_id=asking.team.id,
                member_id=member.id,
                actor=asking.actor,
                gone=asking.gone,
                by_right=asking.by_right,
            )
        )
        if isinstance(parted, Refused) and parted.reason is not Reason.UNCHANGED:
            error = NotAllowed if parted.reason is Reason.NOT_ADMIN else BadInput
            raise error(words.refused(parted.reason).replace(words.NOTHING_JOINED, "Nothing was changed."))
        return member, not isinstance(parted, Refused)


def _called(member: Member) -> str:
    return member.seen_as or member.display_name
