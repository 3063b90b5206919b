"""From an identity on a platform to a member of a team; whoever is new is enrolled."""

from dataclasses import dataclass, replace

from core.defaults import DEMO_BUDGET_NANOS
from core.ids import new_id
from core.operations import Enrol, TopUp
from core.people import CHIPIN, Asker, Identity, Member
from core.ports import Books, Clock, People


@dataclass(frozen=True, slots=True)
class TeamDefaults:
    """What a team starts with."""

    name: str
    zone: str
    member_month_limit_nanos: int
    demo: bool = False


class Membership:
    """Says who somebody is."""

    def __init__(self, books: Books, people: People, clock: Clock) -> None:
        self._books = books
        self._people = people
        self._clock = clock

    async def member(
        self, identity: Identity, defaults: TeamDefaults, *, admin: bool, asker: Asker | None = None
    ) -> tuple[Member, bool]:
        """The member behind an identity, and whether their team was made just now.

        `admin` and `defaults` count only for what has to be made. A demo team starts with practice budget. `asker`:
        what the platform says of them now.
        """
        asker = asker or Asker(admin=admin)
        found = await self._people.find(identity)
        if found is not None:
            return replace(found, asker=asker), False
        now = self._clock.now()
        enrolled = await self._books.apply(
            Enrol(
                id=new_id("enrol", now),
                wallet_id=new_id("wal", now),
                team_id=new_id("team", now),
                member_id=new_id("mbr", now),
                workspace=f"{identity.platform}:{identity.workspace}",
                identity=identity.key,
                display_name=identity.display_name,
                admin=admin,
                team_name=defaults.name,
                zone=defaults.zone,
                demo=defaults.demo,
                member_month_limit_nanos=defaults.member_month_limit_nanos,
            )
        )
        if enrolled.new_team and defaults.demo:
            await self._give_practice_budget(enrolled.wallet_id, enrolled.team_id)
        member = await self._people.find(identity)
        assert member is not None  # noqa: S101 - enrolled above; members are never deleted
        return replace(member, asker=asker), enrolled.new_team

    async def _give_practice_budget(self, wallet_id: str, team_id: str) -> None:
        await self._books.apply(
            TopUp(
                id=f"{team_id}.practice",
                wallet_id=wallet_id,
                team_id=team_id,
                amount_nanos=DEMO_BUDGET_NANOS,
                actor=CHIPIN,
                reason="practice budget of the demo team",
            )
        )
