"""/admin link: a team joins another one, agreed to by an admin of each. docs/decisions/0035."""

from dataclasses import dataclass

from core.errors import BadInput, NotAllowed
from core.link_codes import Codes
from core.operations import AgreeToLink, JoinTeams, LinkKind, Reason, Refused, WrongCode
from core.people import Member, Place, Team
from core.ports import Books, Clock, LinkBooks, People, Vault
from core.reports import KnownLink
from core.text import team_linking as words

_ROUNDS = 10
"""Who comes while it is done is taken along in the next round."""


@dataclass(frozen=True, slots=True)
class Teams:
    """Two teams that somebody is asked about: the one that stays, and the one that joins it."""

    link_id: str
    stays: str
    joins: str
    joining_place: str


class TeamLinking:
    """Gives codes to admins, takes them, and joins teams."""

    def __init__(self, books: Books, people: People, links: LinkBooks, vault: Vault, clock: Clock) -> None:
        self._books = books
        self._people = people
        self._links = links
        self._codes = Codes(LinkKind.TEAMS, books, vault, clock)

    async def code(self, admin: Member, place: Place) -> str:
        """A new code for an admin alone. `NotAllowed` or `BadInput` say why there is none."""
        _require(admin)
        code = await self._codes.give(admin, place)
        if isinstance(code, Refused):
            raise BadInput(words.refused(code.reason))
        return code

    async def typed(self, admin: Member, place: Place, typed: str) -> Teams:
        """Whose code that is; `NotAllowed` or `BadInput` say why it joins nothing."""
        _require(admin)
        await self._require_no_life(admin.team)
        said = await self._codes.take(admin, place, typed)
        if isinstance(said, WrongCode):
            raise BadInput(words.wrong_code(said.left))
        if isinstance(said, Refused):
            raise BadInput(words.refused(said.reason))
        link = await self._link(said.link_id)
        return await self._both(link)

    async def waiting(self, admin: Member) -> Teams | None:
        """What waits for the word of an admin of the team that gave the code."""
        _require(admin)
        link = await self._links.agreed_by_team(admin.team.id)
        return None if link is None else await self._both(link)

    async def agree(self, admin: Member, link_id: str) -> tuple[Teams, bool]:
        """An admin agrees; whether that joined the two, or the other side is asked now."""
        _require(admin)
        link = await self._link(link_id)
        both = await self._both(link)
        if link.typed_team == admin.team.id:
            await self._require_no_life(admin.team)
            await self._agree_first(admin, link, both)
            return both, False
        joining = await self._team(link.typed_team)
        await self._require_no_life(joining)
        await self._join(admin, link, joining)
        return both, True

    async def _agree_first(self, admin: Member, link: KnownLink, both: Teams) -> None:
        agreed = await self._books.apply(
            AgreeToLink(
                id=f"{link.id}.agree",
                wallet_id=admin.team.wallet_id,
                link_id=link.id,
                team_id=admin.team.id,
                member_id=link.typed_by if link.typed_by in admin.ids else admin.id,
                words=words.notice_words(both.stays, both.joins, both.joining_place),
                by_right=admin.by_right,
            )
        )
        if isinstance(agreed, Refused) and agreed.reason is not Reason.UNCHANGED:
            raise BadInput(words.refused(agreed.reason))

    async def _join(self, admin: Member, link: KnownLink, joining: Team) -> None:
        """Again and again, until nobody is left who came meanwhile."""
        for number in range(_ROUNDS):
            theirs = await self._links.belongings(joining)
            done = await self._books.apply(
                JoinTeams(
                    id=f"{link.id}.join.{number}",
                    wallet_id=admin.team.wallet_id,
                    link_id=link.id,
                    team_id=admin.team.id,
                    joining_id=joining.id,
                    joining_wallet_id=joining.wallet_id,
                    member_id=admin.id,
                    actor=admin.actor,
                    members=theirs.members,
                    workspaces=theirs.workspaces,
                    targets=theirs.targets,
                    presses=theirs.presses,
                    by_right=admin.by_right,
                )
            )
            if isinstance(done, Refused) and done.reason is Reason.UNCHANGED and number:
                return
            if isinstance(done, Refused):
                raise BadInput(words.refused(done.reason))

    async def _require_no_life(self, joining: Team) -> None:
        if (await self._links.belongings(joining)).lives:
            raise BadInput(words.refused(Reason.NOTHING_LEFT))

    async def _both(self, link: KnownLink) -> Teams:
        stays, joins = await self._team(link.team_id), await self._team(link.typed_team)
        return Teams(link.id, stays.name, joins.name, link.typed_place)

    async def _link(self, link_id: str) -> KnownLink:
        link = await self._links.one(link_id)
        if link is None:
            raise BadInput(words.refused(Reason.NOT_FOUND))
        return link

    async def _team(self, team_id: str) -> Team:
        team = next((each for each in await self._people.teams() if each.id == team_id), None)
        if team is None:
            raise BadInput(words.refused(Reason.NOT_FOUND))
        return team


def _require(admin: Member) -> None:
    if not admin.admin:
        raise NotAllowed("Only admins of a team can let it share a wallet. Nothing was changed.")
