"""`python -m bot bill`: what a provider says that it took in a month, beside what the books say."""

import re

from core.errors import BadInput
from core.ids import new_id
from core.money import parse_usd
from core.month_books import BilledMonth, billed_months
from core.months import utc_month, utc_month_called
from core.operations import BillRecorded, Reason, RecordBill, Refused
from core.people import OPERATOR
from core.ports import BillBooks, Books, Clock
from core.text.typed import reason_of

MONTHS_TOLD = 3
"""Of how many months `doctor` tells: the one that runs, and the two before it."""
_PROVIDER = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


class Bills:
    """Takes the providers' own totals, and compares."""

    def __init__(self, books: Books, bills: BillBooks, clock: Clock) -> None:
        self._books = books
        self._bills = bills
        self._clock = clock

    async def record(
        self, provider: str, month: str, amount: str, reason: str, *, known: frozenset[str]
    ) -> tuple[BilledMonth, BillRecorded | None]:
        """Record what a provider billed for a month of UTC, and how that compares; None where it was recorded so.

        `known` are the providers there are. `BadInput` says what is wrong; nothing is recorded then.
        """
        name, start = provider.strip().casefold(), utc_month_called(month, self._clock.now())
        booked = await self._bills.booked(*utc_month(start))
        if name not in known | set(booked) or not _PROVIDER.fullmatch(name):
            raise BadInput(
                f'There is no provider "{provider[:40]}". There is: {", ".join(sorted(known))}. Nothing was recorded.'
            )
        nanos = parse_usd(amount, decimals=9)
        done = await self._books.apply(
            RecordBill(
                id=new_id("bill", self._clock.now()),
                wallet_id="",
                provider=name,
                month=start,
                total_nanos=nanos,
                actor=OPERATOR,
                reason=reason_of(reason),
            )
        )
        if isinstance(done, Refused) and done.reason is not Reason.UNCHANGED:
            raise BadInput("That is more than any bill. Nothing was recorded.")
        compared = BilledMonth(name, start, nanos, booked.get(name, 0))
        return compared, None if isinstance(done, Refused) else done

    async def newest(self) -> tuple[BilledMonth, ...]:
        """The bills of the last months that have any, beside what is booked: the newest month first."""
        bills = await self._bills.bills()
        months = sorted({month for _, month in bills}, reverse=True)[:MONTHS_TOLD]
        booked = {month: await self._bills.booked(*utc_month(month)) for month in months}
        return billed_months({key: nanos for key, nanos in bills.items() if key[1] in booked}, booked)
