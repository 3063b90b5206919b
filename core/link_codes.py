"""The codes of /link and /admin link: ten characters that are read off one screen and typed at another."""

import secrets

from core.ids import new_id
from core.operations import GiveCode, LinkKind, Refused, TypeCode, Typed, WrongCode
from core.people import Member, Place
from core.ports import Books, Clock, Vault

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are read as others: 5 bits a character."""
CODE_CHARS = 10
"""50 bits: at five tries an hour nobody finds one of a million live codes in a million years."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
_MAX_TYPED_CHARS = 100


def new_code() -> str:
    """One that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARS))


def read(typed: str) -> str:
    """What somebody typed, as it was shown: however they wrote it."""
    return typed[:_MAX_TYPED_CHARS].upper().translate(_READ_AS)


def digest_of(code: str, vault: Vault) -> str:
    """What the books keep of a code."""
    return vault.digest(f"link\n{code}")


def where(place: Place) -> str:
    """Where somebody speaks, as the books keep it: "slack:T1"."""
    return f"{place.platform}:{place.workspace}"


class Codes:
    """Gives codes of one kind, and takes them. For teams the books look whether it is an admin's."""

    def __init__(self, kind: LinkKind, books: Books, vault: Vault, clock: Clock) -> None:
        self._kind = kind
        self._books = books
        self._vault = vault
        self._clock = clock

    async def give(self, member: Member, place: Place) -> str | Refused:
        """A new one, to be shown to this member alone."""
        code = new_code()
        given = await self._books.apply(
            GiveCode(
                id=new_id("code", self._clock.now()),
                wallet_id=member.team.wallet_id,
                link_id=digest_of(code, self._vault),
                kind=self._kind,
                team_id=member.team.id,
                member_id=member.id,
                place=where(place),
                gone=member.gone,
                by_right=self._by_right(member),
            )
        )
        return given if isinstance(given, Refused) else code

    async def take(self, member: Member, place: Place, typed: str) -> Typed | WrongCode | Refused:
        """What somebody typed: whose code that is."""
        return await self._books.apply(
            TypeCode(
                id=new_id("typed", self._clock.now()),
                wallet_id=member.team.wallet_id,
                link_id=digest_of(read(typed), self._vault),
                kind=self._kind,
                team_id=member.team.id,
                member_id=member.id,
                place=where(place),
                gone=member.gone,
                by_right=self._by_right(member),
            )
        )

    def _by_right(self, member: Member) -> bool:
        return self._kind is LinkKind.TEAMS and member.by_right
