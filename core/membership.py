"""From an identity on a platform to a member of a team, with the rights they have now; whoever is new is enrolled."""

from dataclasses import dataclass, replace

from core.defaults import DEMO_BUDGET_NANOS
from core.errors import NotAllowed
from core.ids import new_id
from core.operations import Enrol, NoteIdentity, TopUp
from core.operator_lists import LetIn, OperatorLists
from core.people import CHIPIN, AdminBecause, Asker, Identity, Member, Standing, to_digest
from core.ports import Books, Clock, People, Vault
from core.text.wording import NOT_CHARGED

MAX_NAME_CHARS = 80
"""As long as the names of Slack may be."""


@dataclass(frozen=True, slots=True)
class TeamDefaults:
    """What a team starts with, and when its workspace may use this Chipin at all."""

    name: str
    zone: str
    member_month_limit_nanos: int
    demo: bool = False
    let_in: LetIn = LetIn.ONLY_IF_LISTED


class Membership:
    """Says who somebody is, and what they may decide."""

    def __init__(
        self, books: Books, people: People, clock: Clock, vault: Vault, listed: OperatorLists | None = None
    ) -> None:
        self._books = books
        self._people = people
        self._clock = clock
        self._vault = vault
        self._listed = listed or OperatorLists()

    async def member(
        self, identity: Identity, defaults: TeamDefaults, *, admin: bool, asker: Asker | None = None
    ) -> tuple[Member, bool]:
        """The member behind an identity, and whether their team was made just now.

        The workspace of an identity is the one they speak in: an outsider's too. `admin` and `defaults` count only for
        what has to be made. A demo team starts with practice budget. `asker`: what the platform says of them now; what
        it says otherwise than last time is written down. `NotAllowed` where the operator does not let that workspace
        in: then nothing is made.
        """
        if not self._listed.lets_in(identity, defaults.let_in):
            raise NotAllowed(_not_listed(identity))
        identity, asker = replace(identity, display_name=_in_one_line(identity.display_name)), _of_standing(asker)
        new_team = False
        found = await self._people.find(identity)
        if found is None:
            new_team = await self._enrol(identity, defaults, admin=admin)
            found = await self._people.find(identity)
        assert found is not None  # noqa: S101 - enrolled above; who is forgotten is enrolled anew
        return self._as_now(await self._noted(found, identity, asker), identity, asker), new_team

    async def known(self, identity: Identity) -> Member | None:
        """The member behind an identity that somebody named; nobody is enrolled by being named."""
        return await self._people.find(identity)

    async def _enrol(self, identity: Identity, defaults: TeamDefaults, *, admin: bool) -> bool:
        now = self._clock.now()
        enrolled = await self._books.apply(
            Enrol(
                id=new_id("enrol", now),
                wallet_id=new_id("wal", now),
                team_id=new_id("team", now),
                member_id=new_id("mbr", now),
                workspace=f"{identity.platform}:{identity.workspace}",
                identity=identity.key,
                identity_digest=self._vault.digest(to_digest(identity.key)),
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
        return enrolled.new_team

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

    async def _noted(self, found: Member, identity: Identity, asker: Asker) -> Member:
        """Write down what the platform says otherwise than last time; nothing is written where nothing changed.

        A name in other capitals is the same name, typed otherwise.
        """
        known = found.seen_as or found.display_name
        name = identity.display_name or known
        renamed = name.casefold() != known.casefold()
        if found.gone or not (renamed or asker.admin != (AdminBecause.PLATFORM in found.because)):
            return found
        note = NoteIdentity(
            id=new_id("seen", self._clock.now()),
            wallet_id=found.team.wallet_id,
            team_id=found.team.id,
            member_id=found.id,
            identity=identity.key,
            admin=asker.admin,
            display_name=name if renamed else known,
        )
        await self._books.apply(note)
        # What they are called by a further account is kept there: a person has the name of the one they speak as.
        return found if found.seen_as else replace(found, display_name=note.display_name)

    def _as_now(self, found: Member, identity: Identity, asker: Asker) -> Member:
        """The member with the rights they have at this moment. Whoever has left a platform has none."""
        because = [AdminBecause.MADE] if AdminBecause.MADE in found.because else []
        because += [AdminBecause.PLATFORM] if asker.admin else []
        because += [AdminBecause.LISTED] if identity.key in self._listed.admins else []
        if found.gone or found.suspended:
            because = []
        now = replace(asker, admin=bool(because), gone=found.gone)
        return replace(found, admin=bool(because), because=tuple(because), asker=now)


def _of_standing(asker: Asker | None) -> Asker:
    """What the platform says. Who is no ordinary member looks after another workspace, or is a machine."""
    asker = asker or Asker()
    return asker if asker.standing is Standing.MEMBER else replace(asker, admin=False)


def _in_one_line(name: str) -> str:
    """A name as sentences, lists and notices may have it in them: nothing in it breaks a line or turns the letters."""
    shown = "".join(" " if each.isspace() else each for each in name if each.isspace() or each.isprintable())
    return " ".join(shown.split())[:MAX_NAME_CHARS]


def _not_listed(identity: Identity) -> str:
    return (
        "This workspace may not use this Chipin. Whoever runs it can let it in: TEAMS has to name "
        f"{identity.platform}:{identity.workspace}. {NOT_CHARGED}"
    )
