"""Money at the terminal: /balance, /usage, /topup and /undo."""

from collections.abc import Iterable
from functools import partial
from uuid import uuid4

from adapters.terminal.people import Offer, People
from adapters.terminal.screen import Screen
from core.models import PRACTICE
from core.text import wallet
from core.text.neutralise import for_terminal
from core.text.typed import split_amount
from core.topup import Unusual
from core.use_cases import UseCases


class WalletDesk:
    """Answers whoever speaks about wallet and month."""

    def __init__(self, use_cases: UseCases, screen: Screen, people: People) -> None:
        self._use_cases = use_cases
        self._screen = screen
        self._people = people

    async def balance(self, _: str) -> None:
        """The speaker's month and the team wallet."""
        member = await self._people.member()
        self._say(wallet.balance_lines(await self._use_cases.balances.of(member, self._people.place)))

    async def usage(self, _: str) -> None:
        """What was asked this month."""
        usage = await self._use_cases.usages.of(await self._people.member())
        titles = {model.id: model.title for model in self._use_cases.catalogue.models}
        self._say(wallet.usage_lines(usage, titles))

    async def top_up(self, typed: str) -> None:
        """Record budget."""
        amount, reason = split_amount(typed)
        # PostgreSQL keeps no NUL in a text, and nobody else wants the others either
        await self._record(amount, for_terminal(reason), uuid4().hex, confirmed=False)

    async def _record(self, amount: str, reason: str, key: str, *, confirmed: bool = True) -> None:
        person, member = self._people.current, await self._people.member()
        done = await self._use_cases.top_ups.record(member, amount, reason, confirmed=confirmed, request_key=key)
        if isinstance(done, Unusual):
            person.offer = Offer(partial(self._record, amount, reason, key))
            self._say([f"{done.sentence} Nothing is recorded yet: /yes records it."])
            return
        sentence = wallet.recorded(
            amount_nanos=done.amount_nanos,
            before_nanos=done.balance_before_nanos,
            after_nanos=done.balance_nanos,
            practice=PRACTICE in self._use_cases.catalogue.providers,  # it is never there beside a real one
        )
        self._say([sentence])

    async def undo(self, _: str) -> None:
        """Take the last top-up back."""
        done = await self._use_cases.top_ups.undo(await self._people.member())
        self._say(
            [
                wallet.taken_back(
                    amount_nanos=done.amount_nanos, top_up_nanos=done.top_up_nanos, after_nanos=done.balance_nanos
                )
            ]
        )

    def _say(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._screen.write(f"{line}\n")
