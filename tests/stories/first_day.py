"""A team's first day: budget, a first answer and its price, a limit that is met and raised, a top-up taken back.

What is shown is compared with the books after every step. The answers must come from the practice model.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.defaults import DEMO_BUDGET_NANOS
from core.money import NANOS_PER_CENT, NANOS_PER_USD, format_price
from core.text.wallet import exact_usd
from tests.stories.driver import Books, Stage

ADMIN, MEMBER = "Ada", "Anna"
TOP_UP_NANOS = 5 * NANOS_PER_USD
MOST_ASKS = 30
"""Far more than the limit of the story allows."""


@dataclass(frozen=True, slots=True)
class FirstDay:
    """The story on one stage. `look` reads the books behind it."""

    stage: Stage
    look: Callable[[], Awaitable[Books]]

    async def play(self) -> Books:
        """Play it from an empty database to the evening; returns the books then."""
        await self._budget_comes_from_admins()
        await self._the_balance_falls_by_the_price()
        await self._a_limit_is_met()
        await self._a_limit_is_raised()
        await self._a_top_up_is_taken_back()
        return await self.look()

    async def _budget_comes_from_admins(self) -> None:
        assert f"Team wallet: {exact_usd(DEMO_BUDGET_NANOS)}." in await self.stage.says(ADMIN, "/balance")
        assert "Only admins" in await self.stage.says(MEMBER, "/topup 25 for everyone")
        assert (await self.look()).available_nanos == DEMO_BUDGET_NANOS
        recorded = await self.stage.says(ADMIN, "/topup 5 November budget")
        assert "Recorded $5.00 of budget: $5.00 -> $10.00." in recorded
        books = await self.look()
        assert books.accounts == {"pool": 10 * NANOS_PER_USD, "funding": -10 * NANOS_PER_USD}

    async def _the_balance_falls_by_the_price(self) -> None:
        before = await self.look()
        shown = await self.stage.says(ADMIN, "what is a deadlock?")
        after = await self.look()
        assert '"what is a deadlock?"' in shown  # the practice model quotes the question
        price = after.charges[-1].nanos
        assert price > 0
        assert before.available_nanos - price == after.available_nanos
        assert f"{format_price(price)} · Practice" in shown
        assert f"Team wallet: {exact_usd(after.available_nanos)};" in await self.stage.says(ADMIN, "/balance")
        details = await self.stage.says(ADMIN, "/details")
        assert f"{after.charges[-1].input_tokens:,} tokens in, {after.charges[-1].output_tokens:,} out" in details

    async def _a_limit_is_met(self) -> None:
        assert f"{MEMBER}: $0.01 a month (nothing was set before)." in await self.stage.says(
            ADMIN, f"/limit {MEMBER} 0.01"
        )
        before = len((await self.look()).charges)
        for _ in range(MOST_ASKS):
            shown = await self.stage.says(MEMBER, "how do I avoid one?")
            if "Your monthly limit " in shown:
                break
        books = await self.look()
        mine = [charge.nanos for charge in books.charges[before:]]
        assert 1 < len(mine) < MOST_ASKS
        assert sum(mine) <= NANOS_PER_CENT
        assert f"{format_price(sum(mine))} of 1 cent used" in shown
        assert "It starts anew on " in shown
        assert f"Set for you by {ADMIN} on " in shown
        assert "/request asks the admins for more. Not charged." in shown
        assert f"{len(mine)} asks for {format_price(sum(mine))}." in await self.stage.says(MEMBER, "/usage")

    async def _a_limit_is_raised(self) -> None:
        assert "Only admins" in await self.stage.says(MEMBER, f"/limit {MEMBER} 100")
        before = await self.look()
        await self.stage.says(ADMIN, f"/limit {MEMBER} 2")
        shown = await self.stage.says(MEMBER, "how do I avoid one?")
        after = await self.look()
        assert len(after.charges) == len(before.charges) + 1
        assert f"{format_price(after.charges[-1].nanos)} · Practice" in shown

    async def _a_top_up_is_taken_back(self) -> None:
        before = await self.look()
        assert "Only admins" in await self.stage.says(MEMBER, "/undo")
        left = before.available_nanos - TOP_UP_NANOS
        undone = await self.stage.says(ADMIN, "/undo")
        assert f"The top-up of $5.00 is undone. The team wallet has {exact_usd(left)} now." in undone
        assert (await self.look()).available_nanos == left
