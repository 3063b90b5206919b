"""The line itself, played with a wallet of so many coins and members who may have so many asks at a time."""

import random
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.asking.hold_line import HoldLine, Ticket

WALLET = "wallet"


@dataclass(eq=False)
class Asker:
    """One ask: it wants coins, and room among its member's asks."""

    number: int
    member: str
    coins: int
    left: ExitStack
    ticket: Ticket

    @property
    def resources(self) -> frozenset[str]:
        """What it takes from."""
        return frozenset((WALLET, self.member))


@dataclass
class Till:
    """A wallet with a line before it. Who may try does; the others wait for their turn."""

    coins: int
    at_a_time: int
    line: HoldLine = field(default_factory=HoldLine)
    waiting: list[Asker] = field(default_factory=list)
    holding: list[Asker] = field(default_factory=list)
    served: list[Asker] = field(default_factory=list)
    tries: int = 0
    came: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def arrive(self, member: str = "anna", coins: int = 1) -> Asker:
        """Somebody comes; everybody who may do something does it."""
        left = ExitStack()
        ticket = left.enter_context(self.line.ticket(frozenset((WALLET, member))))
        self.came += 1
        asker = Asker(self.came, member, coins, left, ticket)
        self.waiting.append(asker)
        asker.ticket.turn.set()
        self._until_quiet()
        return asker

    def close(self, asker: Asker) -> None:
        """Its hold ends."""
        self.holding.remove(asker)
        self.line.given_back(asker.resources)
        self._until_quiet()

    def leave(self, asker: Asker) -> None:
        """It gives up waiting."""
        self.waiting.remove(asker)
        asker.left.close()
        self._until_quiet()

    def missing(self, asker: Asker) -> str:
        """What others hold of what it needs; empty when it fits."""
        if sum(other.member == asker.member for other in self.holding) >= self.at_a_time:
            return asker.member
        return WALLET if asker.coins > self.coins - sum(other.coins for other in self.holding) else ""

    def _until_quiet(self) -> None:
        while ready := [asker for asker in self.waiting if asker.ticket.turn.is_set()]:
            asker = self.dice.choice(ready)  # in whatever order the event loop wakes them
            asker.ticket.turn.clear()
            if not asker.ticket.barred:
                self._try(asker)

    def _try(self, asker: Asker) -> None:
        self.tries += 1
        if missing := self.missing(asker):
            self.line.refused(asker.ticket, missing)
            return
        self.waiting.remove(asker)
        self.holding.append(asker)
        self.served.append(asker)
        asker.left.close()


def test_the_one_who_came_first_gets_the_money_first() -> None:
    till = Till(coins=1, at_a_time=9)
    first, *others = (till.arrive(member) for member in ("anna", "ben", "cara", "anna"))
    for asker in (first, *others):
        assert till.holding == [asker]
        till.close(asker)
    assert len(till.line) == 0


def test_a_small_ask_does_not_overtake_a_large_one_that_came_before() -> None:
    till = Till(coins=10, at_a_time=9)
    running, large, small = till.arrive(coins=6), till.arrive("ben", coins=5), till.arrive("cara", coins=1)
    assert till.holding == [running]
    till.leave(large)
    assert till.holding == [running, small]


def test_a_member_at_their_own_limit_does_not_hold_up_the_others() -> None:
    till = Till(coins=10, at_a_time=1)
    mine, my_next, of_ben = till.arrive("anna"), till.arrive("anna"), till.arrive("ben")
    assert till.holding == [mine, of_ben]
    till.close(mine)
    assert till.holding == [of_ben, my_next]


def test_who_waits_for_their_turn_is_not_overtaken_when_it_comes() -> None:
    till = Till(coins=4, at_a_time=9)
    till.arrive(coins=2)
    too_large, behind, last = till.arrive(coins=3), till.arrive("ben", coins=3), till.arrive("cara", coins=1)
    tries = till.tries
    till.leave(too_large)
    assert till.waiting == [behind, last]  # one coin would be there for the last
    assert till.tries == tries + 1


@pytest.mark.parametrize("seed", range(4))
def test_who_waits_behind_somebody_waits_for_whatever_they_wait_for_by_now(seed: int) -> None:
    till = Till(coins=4, at_a_time=1, dice=random.Random(seed))
    till.arrive("ben", coins=2)
    mine, my_next, my_last = till.arrive("anna", coins=1), till.arrive("anna", coins=3), till.arrive("anna", coins=3)
    till.close(mine)  # now the next one waits for coins, and no longer for its member's other ask
    small = till.arrive("cara", coins=1)
    till.leave(my_next)
    assert till.waiting == [my_last, small]


def test_those_behind_the_first_never_try() -> None:
    till = Till(coins=1, at_a_time=9)
    running = till.arrive()
    for _ in range(100):
        till.arrive()
    assert till.tries == 2
    till.close(running)
    assert till.tries == 4  # the one whose turn it was, and the one whose turn it is


def test_who_comes_to_wait_for_something_else_is_told_what_came_back_meanwhile() -> None:
    line = HoldLine()
    with line.ticket(frozenset((WALLET, "anna"))) as ticket:
        line.refused(ticket, "anna")
        ticket.turn.clear()
        line.given_back(frozenset((WALLET, "ben")))  # while it tries again, and is refused for the wallet
        assert not ticket.turn.is_set()
        line.refused(ticket, WALLET)
        assert ticket.turn.is_set()


ARRIVALS = st.tuples(st.sampled_from(["anna", "ben", "cara"]), st.integers(1, 6))
STEPS = st.lists(st.one_of(ARRIVALS, st.sampled_from(["close", "leave"])), max_size=60)


def play(till: Till, steps: list[tuple[str, int] | str]) -> None:
    """Do the steps, with whoever the dice say, and look at the line after each of them."""
    for step in steps:
        if isinstance(step, tuple):
            till.arrive(*step)
        elif step == "close" and till.holding:
            till.close(till.dice.choice(till.holding))
        elif step == "leave" and till.waiting:
            till.leave(till.dice.choice(till.waiting))
        assert_nobody_waits_for_nothing(till)


def assert_nobody_waits_for_nothing(till: Till) -> None:
    """Whoever waits lacks something, or somebody before them waits for something that they want too."""
    lacking: set[str] = set()
    for asker in till.waiting:
        missing = till.missing(asker)
        assert missing or lacking & asker.resources
        lacking.add(missing)


@given(steps=STEPS, dice=st.randoms(use_true_random=False))
def test_nobody_waits_for_nothing_and_all_are_served_in_the_end(
    steps: list[tuple[str, int] | str], dice: random.Random
) -> None:
    till = Till(coins=6, at_a_time=2, dice=dice)
    play(till, steps)
    while till.holding:
        till.close(dice.choice(till.holding))
        assert_nobody_waits_for_nothing(till)
    assert till.waiting == []
    assert len(till.line) == 0


@given(steps=STEPS, dice=st.randoms(use_true_random=False))
def test_money_is_given_in_the_order_in_which_they_came(
    steps: list[tuple[str, int] | str], dice: random.Random
) -> None:
    till = Till(coins=6, at_a_time=1_000, dice=dice)
    play(till, steps)
    assert [asker.number for asker in till.served] == sorted(asker.number for asker in till.served)


@given(steps=STEPS, dice=st.randoms(use_true_random=False))
def test_each_members_asks_are_served_in_the_order_in_which_they_came(
    steps: list[tuple[str, int] | str], dice: random.Random
) -> None:
    till = Till(coins=6, at_a_time=2, dice=dice)
    play(till, steps)
    for member in ("anna", "ben", "cara"):
        served = [asker.number for asker in till.served if asker.member == member]
        assert served == sorted(served)
