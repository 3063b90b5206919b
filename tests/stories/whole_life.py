"""The whole life of a team: from the first start over limits, requests and pauses to somebody who leaves.

What is shown is compared with the books after every step. Two providers stand on local sockets and always answer, with
`SERVED`; `dear` and `cheap` are models of theirs. docs/admins.md and docs/members.md show what is written down here.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.money import NANOS_PER_USD, format_price
from core.people import Standing
from core.text.wallet import exact_usd
from tests.stories.driver import Books, TeamStage

ADMIN, SECOND, MEMBER, GUEST = "Ada", "Bea", "Anna", "Gus"
SERVED = {"input": 12, "output": 356}
"""What the providers report of every answer."""
DEAR, CHEAP = "gpt-6.1-sol", "gpt-6-luna"
QUESTION = "why does my migration deadlock?"
CARD = "4111 1111 1111 1111"
NO_BOOKS = Books(charges=(), accounts={}, available_nanos=0, held_nanos=0)
"""Before there is a team."""


@dataclass(slots=True)
class WholeLife:
    """The story on one stage. `look` reads the books behind it, `begin` is told which chapter begins."""

    stage: TeamStage
    look: Callable[[], Awaitable[Books]]
    begin: Callable[[str], None] = lambda _: None
    _books: Books = NO_BOOKS

    async def play(self) -> Books:
        """Play it from an empty database to the end; returns the books then."""
        await self._a_wallet_is_filled()
        await self._a_first_question_explains_itself()
        await self._a_limit_is_met()
        await self._a_member_sets_a_lower_limit()
        await self._more_is_asked_for_and_half_is_given()
        await self._much_more_needs_a_second_admin()
        await self._an_empty_wallet_is_filled_by_who_is_asked()
        await self._a_channel_has_models_of_its_own()
        await self._a_guest_is_let_in()
        await self._a_card_number_stays_here()
        await self._a_member_is_paused()
        await self._everything_is_written_down()
        await self._the_last_admin_stays()
        await self._somebody_leaves_and_is_back()
        await self._somebody_is_forgotten()
        return await self._read_books()

    # --- what every chapter needs ---

    async def _answered(self, person: str, line: str) -> str:
        """Somebody types what is answered: one charge more, at the price shown, taken from the wallet to the nano."""
        before, shown = self._books, await self.stage.says(person, line)
        after = await self._read_books()
        assert len(after.charges) == len(before.charges) + 1, shown
        price = after.charges[-1].nanos
        assert before.available_nanos - price == after.available_nanos
        assert f"{format_price(price)} · " in shown
        return shown

    async def _costs_nothing(self, person: str, line: str) -> str:
        """Somebody types what moves no money."""
        before, shown = self._books, await self.stage.says(person, line)
        assert await self._read_books() == before, shown
        return shown

    async def _moves_budget(self, person: str, line: str) -> str:
        """Somebody types what records budget or takes it back: it comes from outside, and nobody is charged."""
        before, shown = self._books, await self.stage.says(person, line)
        after = await self._read_books()
        moved = after.available_nanos - before.available_nanos
        assert moved and after.accounts["funding"] == before.accounts.get("funding", 0) - moved, shown
        assert after.charges == before.charges
        return shown

    async def _read_books(self) -> Books:
        """Read them, and keep them for the next step: nothing moves money between two steps."""
        self._books = await self.look()
        return self._books

    async def _refused(self, person: str, line: str) -> str:
        """Somebody asks what is not answered, and reads that it cost nothing."""
        shown = await self._costs_nothing(person, line)
        assert "Not charged." in shown
        return shown

    async def _used_by(self, person: str) -> str:
        """What somebody has used of their month, as they are told."""
        used = re.search(r"^(.*) of your ", await self._costs_nothing(person, "/balance"), re.MULTILINE)
        assert used is not None
        return used[1]

    # --- the chapters ---

    async def _a_wallet_is_filled(self) -> None:
        self.begin("first start")
        assert self.stage.greeting in await self.stage.reads(ADMIN)
        assert "The team wallet is empty" in await self._refused(ADMIN, QUESTION)
        shown = await self._moves_budget(ADMIN, "/topup 25 November budget")
        assert "Recorded $25.00 of budget: $0.00 -> $25.00. No card was charged" in shown
        assert self._books.accounts == {"pool": 25 * NANOS_PER_USD, "funding": -25 * NANOS_PER_USD}
        assert "Team wallet: $25.00." in await self._costs_nothing(ADMIN, "/balance")

    async def _a_first_question_explains_itself(self) -> None:
        await self.stage.joins(MEMBER)
        self.begin("first question")
        shown = await self._answered(MEMBER, "what is a deadlock?")
        assert "OpenAI (in the United States)" in shown and "Mistral" in shown
        assert "You can use up to $5.00 a month." in shown
        assert "Admins see what you spend, not what you ask" in shown
        assert "Before your first question" not in await self._answered(MEMBER, "how do I avoid one?")
        self.begin("balance")
        wallet = exact_usd(self._books.available_nanos)
        assert f"Team wallet: {wallet};" in await self._costs_nothing(MEMBER, "/balance")
        self.begin("")

    async def _a_limit_is_met(self) -> None:
        assert "Only admins" in await self._costs_nothing(MEMBER, f"/limit {MEMBER} 100")
        self.begin("setting a limit")
        assert f"{MEMBER}: $0.01 a month" in await self._costs_nothing(ADMIN, f"/limit {MEMBER} 0.01")
        self.begin("meeting a limit")
        used = await self._used_by(MEMBER)
        shown = await self._refused(MEMBER, f"/ask --model {DEAR} {QUESTION}")
        assert f"{used} of 1 cent used" in shown
        assert re.search(rf"Set for you by {ADMIN} on \d+ \w+\. It starts anew on \d+ \w+", shown)
        assert "/request asks the admins for more" in shown
        fits = re.search(r"\. ([^.]+(?:\.\d[^.]*)?) still fits: about [\d.]+ cents, at most [\d.]+ cents", shown)
        assert fits is not None
        assert f" · {fits[1]}" in await self._answered(MEMBER, "/cheaper")
        self.begin("")
        assert f"{MEMBER}: $0.01 a month" in await self._costs_nothing(ADMIN, "/limit")

    async def _a_member_sets_a_lower_limit(self) -> None:
        self.begin("own limit")
        await self._costs_nothing(SECOND, "/limit me 0.01")
        shown = await self._refused(SECOND, f"/ask --model {DEAR} {QUESTION}")
        assert "You set it yourself" in shown and "/limit me off takes it away." in shown
        await self._costs_nothing(SECOND, "/limit me off")
        await self._answered(SECOND, f"/ask --model {DEAR} {QUESTION}")
        self.begin("")

    async def _more_is_asked_for_and_half_is_given(self) -> None:
        await self._costs_nothing(ADMIN, f"/admin add {SECOND}")
        await self.stage.reads(SECOND)
        await self._refused(MEMBER, f"/ask --model {DEAR} {QUESTION}")
        self.begin("request")
        shown = await self._costs_nothing(MEMBER, "/request 2 the release notes")
        assert "You asked for $2.00 more for this month. The admins are told" in shown
        self.begin("deciding")
        told = await self.stage.reads(ADMIN)
        assert f"{MEMBER} asks for $2.00 more for this month" in told and '"the release notes"' in told
        assert "Approved: $1.00 more for this month" in await self._costs_nothing(ADMIN, "/half")
        self.begin("granted")
        told = await self.stage.reads(MEMBER)
        assert f"{ADMIN} approved $1.00 more for this month for you, until " in told
        assert "You had asked for $2.00 more for this month." in told
        shown = await self._answered(MEMBER, "/run")
        assert QUESTION in shown
        assert self._books.charges[-1].model == DEAR
        assert "$1.01 a month (with $1.00 granted)" in await self._costs_nothing(MEMBER, "/limit")
        self.begin("")

    async def _much_more_needs_a_second_admin(self) -> None:
        await self.stage.reads(SECOND)
        await self._costs_nothing(MEMBER, "/request 30 a rewrite of the manual")
        assert f"{MEMBER} asks for $30.00" in await self.stage.reads(ADMIN)
        self.begin("two admins")
        assert f"{MEMBER} asks for $30.00" in await self.stage.reads(SECOND)
        assert "needs a second admin" in await self._costs_nothing(SECOND, "/approve")
        assert f"{SECOND} approved" in await self.stage.reads(ADMIN)
        assert "Approved: $30.00 more for this month" in await self._costs_nothing(ADMIN, "/approve")
        self.begin("")
        assert f"{ADMIN} approved $30.00 more for this month for you" in await self.stage.reads(MEMBER)
        await self._costs_nothing(SECOND, "/request 5")
        assert "another admin has to decide it" in await self._costs_nothing(SECOND, "/approve")
        await self._costs_nothing(ADMIN, "/deny")
        assert f"{ADMIN} denied your request" in await self.stage.reads(SECOND)

    async def _an_empty_wallet_is_filled_by_who_is_asked(self) -> None:
        await self._moves_budget(ADMIN, "/undo")
        assert self._books.available_nanos == 0
        await self.stage.reads(ADMIN)
        self.begin("empty wallet")
        assert "The team wallet is empty" in await self._refused(MEMBER, QUESTION)
        assert "The admins are told" in await self._costs_nothing(MEMBER, "/request 10")
        self.begin("")
        await self._refused(SECOND, "what is a latch?")
        assert "The admins know already" in await self._costs_nothing(SECOND, "/request 10")
        self.begin("funding")
        assert (await self.stage.reads(ADMIN)).count("The team wallet is empty") == 1
        assert f"1. {MEMBER} asks for $10.00" in await self._costs_nothing(ADMIN, "/requests")
        await self._moves_budget(ADMIN, "/approve 1")
        assert self._books.available_nanos == 10 * NANOS_PER_USD
        self.begin("funded")
        assert "team wallet" in await self.stage.reads(MEMBER)
        assert QUESTION in await self._answered(MEMBER, "/run")
        self.begin("")
        assert "The team wallet has budget again." in await self.stage.reads(SECOND)
        assert "what is a latch?" in await self._answered(SECOND, "/run")

    async def _a_channel_has_models_of_its_own(self) -> None:
        self.begin("models of a channel")
        await self._costs_nothing(ADMIN, f"/admin policy {self.stage.channel} models {CHEAP}")
        shown = await self._refused(MEMBER, f"/ask --model {DEAR} {QUESTION}")
        assert "list of models" in shown or "may not ask" in shown
        await self._answered(MEMBER, QUESTION)
        assert self._books.charges[-1].model == CHEAP
        await self._costs_nothing(ADMIN, "/admin policy")
        await self._costs_nothing(ADMIN, f"/admin policy {self.stage.channel} models clear")
        self.begin("")

    async def _a_guest_is_let_in(self) -> None:
        await self.stage.joins(GUEST, standing=Standing.GUEST)
        self.begin("guests")
        assert "Guests may not ask here until an admin lets them" in await self._refused(GUEST, QUESTION)
        await self._costs_nothing(ADMIN, "/admin allow guests")
        await self._answered(GUEST, QUESTION)
        self.begin("")

    async def _a_card_number_stays_here(self) -> None:
        self.begin("card number")
        shown = await self._refused(MEMBER, f"why is my card {CARD} refused?")
        assert "a card number that ends in 1111" in shown and CARD not in shown
        shown = await self._answered(MEMBER, "/remove")
        assert CARD not in shown and "[card number]" in shown  # what the provider was sent
        self.begin("")

    async def _a_member_is_paused(self) -> None:
        self.begin("freeze")
        await self._costs_nothing(ADMIN, f"/freeze {MEMBER} on leave until Monday")
        assert "Asking is paused for you" in await self._refused(MEMBER, QUESTION)
        await self._costs_nothing(ADMIN, f"/unfreeze {MEMBER}")
        self.begin("")
        await self._answered(MEMBER, QUESTION)

    async def _everything_is_written_down(self) -> None:
        assert "Only admins" in await self._costs_nothing(MEMBER, "/audit")
        self.begin("audit")
        shown = await self._costs_nothing(ADMIN, "/audit")
        for act in (
            f"{ADMIN} made {SECOND} an admin.",
            f"{MEMBER} asked for $2.00 more.",
            f"{ADMIN} approved half: $1.00 for {MEMBER}.",
            f"{SECOND} approved $30.00 for {MEMBER}, as the first of two.",
            f"{SECOND} asked for $10.00 for the team wallet.",
            f"{ADMIN} approved $10.00 for the team wallet, as {MEMBER} asked.",
            f"{ADMIN} recorded $10.00 of budget: asked for by members.",
            f"{ADMIN} set for {self.stage.channel}: only {CHEAP}.",
            f"{ADMIN} paused asking for {MEMBER}: on leave until Monday.",
            f"{ADMIN} let {MEMBER} ask again.",
        ):
            assert act in shown, act
        self.begin("")

    async def _the_last_admin_stays(self) -> None:
        self.begin("admins")
        assert f"{SECOND}: made one here" in await self._costs_nothing(ADMIN, "/admin list")
        assert f"{SECOND} is no admin any more." in await self._costs_nothing(ADMIN, f"/admin remove {SECOND}")
        shown = await self._costs_nothing(ADMIN, f"/admin remove {ADMIN}")
        assert self.stage.last_admin_stays in shown
        self.begin("")
        assert "Only admins" in await self._costs_nothing(SECOND, f"/admin add {MEMBER}")

    async def _somebody_leaves_and_is_back(self) -> None:
        await self.stage.reads(ADMIN)
        await self.stage.leaves(GUEST)
        self.begin("leaving")
        assert f"{GUEST} has left, says their platform" in await self.stage.reads(ADMIN)
        assert "has left" in await self._refused(GUEST, QUESTION)
        self.begin("")
        await self.stage.returns(GUEST)
        await self._answered(GUEST, QUESTION)

    async def _somebody_is_forgotten(self) -> None:
        used = await self._used_by(MEMBER)
        self.begin("forget")
        assert "It cannot be undone." in await self._costs_nothing(MEMBER, "/forget")
        assert "You are forgotten." in await self._costs_nothing(MEMBER, "/yes")
        self.begin("forgotten")
        assert MEMBER not in await self._costs_nothing(ADMIN, "/audit")
        self.begin("")
        assert MEMBER not in await self._costs_nothing(ADMIN, "/limit")
        await self.stage.joins(MEMBER)
        assert await self._used_by(MEMBER) == used  # who comes back has what they had used
