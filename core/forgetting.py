"""/forget: the name and the identities of a person are erased, their amounts stay. docs/decisions/0021."""

from dataclasses import dataclass
from enum import StrEnum

from core.erasing import erase
from core.errors import BadInput, NotAllowed
from core.ids import new_id
from core.lookup import member_called
from core.operations import Forget, Reason, Refused
from core.people import Member, to_digest
from core.ports import Books, Clock, People, PersonalData, Vault

_ONLY_ADMINS = "Only admins can have somebody else of their team forgotten. Nobody was forgotten."


class Warned(StrEnum):
    """What somebody should know before they agree."""

    LAST_ADMIN = "last_admin"
    """Nobody is left whom the chat made an admin."""


@dataclass(frozen=True, slots=True)
class Forgettable:
    """Whom it is about, before anybody agrees. `own`: the one who asks for it."""

    member: Member
    own: bool
    warned: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class Forgotten:
    """It is done. `on_disk`: nothing of it stands in the files of the books either; else the next minutes see to it."""

    member: Member
    own: bool
    on_disk: bool


class Forgetting:
    """Forgets members: each may ask it for themselves, admins for everybody of their team."""

    def __init__(self, books: Books, people: People, personal: PersonalData, vault: Vault, clock: Clock) -> None:
        self._books = books
        self._people = people
        self._personal = personal
        self._vault = vault
        self._clock = clock

    async def whom(self, asker: Member, named: str = "") -> Forgettable:
        """Whom a name means, the asker without one. `NotAllowed` for others without being an admin; `BadInput`."""
        member = asker if not named.strip() else await self._named(asker, named.strip())
        everyone = await self._people.members(asker.team)
        others = [each for each in everyone if each.admin and not each.suspended and each.id != member.id]
        known = next((each for each in everyone if each.id == member.id), member)
        warned = (Warned.LAST_ADMIN,) if known.admin and not others else ()
        return Forgettable(member, member.id == asker.id, warned)

    async def _named(self, asker: Member, named: str) -> Member:
        if not asker.admin and named.casefold() not in (asker.id, asker.display_name.casefold()):
            raise NotAllowed("Only admins can have somebody else forgotten. /forget alone is about you.")
        return await member_called(self._people, asker.team, named)

    async def forget_one(self, asker: Member, member_id: str) -> Forgotten:
        """Forget whom `whom` named, by their id. `BadInput` where they are known no more, or while they ask."""
        everyone = await self._people.members(asker.team)
        member = next((each for each in everyone if each.id == member_id), None)
        if member is None:
            raise BadInput("They are not known here any more.")
        return await self.forget(asker, member)

    async def forget(self, asker: Member, member: Member) -> Forgotten:
        """Forget them. `BadInput` while an ask of theirs runs; then nothing was erased."""
        if member.id != asker.id and not (asker.admin and asker.team.id == member.team.id):
            raise NotAllowed(_ONLY_ADMINS)
        keys, accounts = await self._personal.identities(member.id), await self._personal.accounts(member.id)
        done = await self._books.apply(
            Forget(
                id=new_id("forget", self._clock.now()),
                wallet_id=member.team.wallet_id,
                team_id=member.team.id,
                member_id=member.id,
                actor=asker.actor,
                by_right=asker.by_right,
                identities=tuple((key, self._vault.digest(to_digest(key))) for key in keys),
            )
        )
        if isinstance(done, Refused) and done.reason is Reason.NOT_ADMIN:
            raise NotAllowed(_ONLY_ADMINS)
        if isinstance(done, Refused) and done.reason is Reason.NOT_DUE:
            raise BadInput("A question is being answered at the moment. Try again when it is done, or after /stop.")
        if isinstance(done, Refused) and done.reason is not Reason.UNCHANGED:
            raise BadInput("They are not known here any more.")
        for account in (member.id, *accounts):
            while (traces := await self._personal.traces(account)).any:
                await erase(traces, self._books, self._clock)
                if not traces.more:
                    break
        return Forgotten(member, member.id == asker.id, await self._personal.scrub())
