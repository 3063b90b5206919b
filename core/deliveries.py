"""Late delivery: what ended while nobody could be told reaches its asker after all, each end by one process at a time.

An end that is posted but not written down as told is told again after its lease: a platform that can look for our
mark (`Announcement.again`) shows it once all the same.
"""

from core.announcement import Announcement
from core.asking.kept import words_of
from core.defaults import DELIVERY_LEASE_SECONDS
from core.ids import attempt_id, new_id
from core.models import titles_of
from core.operations import ConfirmDelivery, Refused, TakeDelivery
from core.ports import Announcer, Books, Catalogue, Clock, Undelivered, Vault
from core.reports import AskEnd
from core.secrets import masked
from core.text import late


class Deliveries:
    """One round is `run`; something like a scheduler calls it again and again."""

    def __init__(
        self, books: Books, undelivered: Undelivered, vault: Vault, catalogue: Catalogue, clock: Clock
    ) -> None:
        self._books = books
        self._undelivered = undelivered
        self._vault = vault
        self._catalogue = catalogue
        self._clock = clock

    async def run(self, announcer: Announcer) -> int:
        """Tell what is due in the workspaces that the announcer can reach now; returns how many ends were told.

        What could not be told is tried again after its lease. A `BooksFailed` ends the round.
        """
        told = 0
        for ask_id, wallet_id in await self._undelivered.due(announcer.platform, announcer.workspaces):
            take = TakeDelivery(
                id=new_id("take", self._clock.now()),
                wallet_id=wallet_id,
                ask_id=ask_id,
                lease_seconds=DELIVERY_LEASE_SECONDS,
            )
            taken = await self._books.apply(take)
            if not isinstance(taken, Refused):
                told += await self._tell(announcer, ask_id, wallet_id, attempt=taken.attempt, again=taken.again)
        return told

    async def _tell(self, announcer: Announcer, ask_id: str, wallet_id: str, *, attempt: int, again: bool) -> bool:
        end = await self._undelivered.end_of(ask_id)
        try:
            announcement = self._announcement(end, attempt, again=again)
        except ValueError:  # the answer is damaged: it is erased and given back after its day
            return False
        if not await announcer.announce(announcement):
            return False
        confirm = ConfirmDelivery(
            id=f"{attempt_id(ask_id, attempt)}.delivered",
            wallet_id=wallet_id,
            ask_id=ask_id,
            attempt=attempt,
            member_id=end.member_id,
        )
        await self._books.apply(confirm)
        return True

    def _announcement(self, end: AskEnd, attempt: int, *, again: bool) -> Announcement:
        question = masked(words_of(self._vault.unseal(end.question))) if end.question else ""
        answer = self._vault.unseal(end.answer) if end.answer else ""
        titles = titles_of(self._catalogue.models)
        return Announcement(
            ask_id=end.ask_id,
            place=end.place,
            asked_by=end.asked_by,
            heading=late.heading(end, question),
            answer=answer,
            footer=late.footer(end, titles.get(end.model, end.model)) if answer else "",
            press=attempt_id(end.ask_id, attempt) if end.may_be_asked_again else "",
            again=again,
            to=end.to,
        )
