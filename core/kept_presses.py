"""What buttons stand for, where a chat's buttons cannot carry it: kept in the books for a day, sealed."""

from core.errors import BadInput
from core.ids import new_id
from core.operations import KeepPress, Refused
from core.people import Member
from core.ports import Books, Clock, PressBooks, Vault
from core.text.wording import NOT_CHARGED

LAPSED = f"This button's day is over, so nothing was done. {NOT_CHARGED} Type the command again."


class KeptPresses:
    """Keeps text for buttons, and reads it again when one is pressed."""

    def __init__(self, books: Books, presses: PressBooks, vault: Vault, clock: Clock) -> None:
        self._books = books
        self._presses = presses
        self._vault = vault
        self._clock = clock

    async def keep(self, member: Member, text: str) -> str:
        """Keep it for a button of this member's; the id that the button carries (40 hexadecimal digits).

        The same text of the same member has the same id: kept twice it is there once.
        """
        press_id = self._vault.digest(f"press {member.team.id} {member.id} {text}")
        await self._keep(member, press_id, text)
        return press_id

    async def keep_as(self, member: Member, name: str, text: str) -> None:
        """Keep it under a name that is known before, for this member alone: what was kept under it stays as it was."""
        await self._keep(member, self._named(member, name), text)

    async def text_as(self, member: Member, name: str) -> str:
        """What this member kept under a name. `BadInput` as of `text`."""
        return await self.text(member, self._named(member, name))

    def _named(self, member: Member, name: str) -> str:
        return self._vault.digest(f"named press {member.team.id} {member.id} {name}")

    async def _keep(self, member: Member, press_id: str, text: str) -> None:
        done = await self._books.apply(
            KeepPress(
                id=new_id("press", self._clock.now()),
                wallet_id=member.team.wallet_id,
                team_id=member.team.id,
                member_id=member.id,
                press_id=press_id,
                sealed=self._vault.seal(text),
            )
        )
        if isinstance(done, Refused):
            raise BadInput(f"You are not known here any more, so nothing was done. {NOT_CHARGED}")

    async def text(self, member: Member, press_id: str) -> str:
        """What was kept in this member's team. `BadInput` where its day is over, or nobody kept it."""
        sealed = await self._presses.kept(member.team.id, press_id)
        if not sealed:
            raise BadInput(LAPSED)
        try:
            return self._vault.unseal(sealed)
        except ValueError as error:
            raise BadInput(LAPSED) from error
