"""What one process at a time looks after, of all that work on the same books."""

from core.ids import new_id
from core.operations import GiveLeaseUp, TakeLease
from core.ports import Books, Clock


class Leases:
    """Takes leases, keeps them and gives them up."""

    def __init__(self, books: Books, clock: Clock) -> None:
        self._books = books
        self._clock = clock

    async def take(self, lease: str, holder: str, seconds: int, *, instead_of: str = "") -> str:
        """Have it, or have it for so long again; who has it now. `instead_of` is known to be dead.

        It lasts by the database's clock, at least from the moment of this call. Raises a `BooksFailed`: then nobody
        knows.
        """
        taken = TakeLease(
            id=self._id(), wallet_id="", lease=lease, holder=holder, seconds=seconds, instead_of=instead_of
        )
        return (await self._books.apply(taken)).holder

    async def give_up(self, lease: str, holder: str) -> None:
        """Let others have it at once. Raises a `BooksFailed`: then they have it when its time is up."""
        await self._books.apply(GiveLeaseUp(id=self._id(), wallet_id="", lease=lease, holder=holder))

    def _id(self) -> str:
        return new_id("lease", self._clock.now())
