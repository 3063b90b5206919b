"""Operations at random: asks that live side by side, and everything that may disturb them.

Ids, asks and amounts come out of small pools: many operations fit, many do not, some come again with the same
fields and some with others.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from random import Random
from typing import Any

from core.operations import Decision, Operation, RequestState, Thumb, TopUp
from core.people import Asker
from core.policy import Setting
from core.quota import Limit
from core.refill_rule import RefillRule
from tests.bookkeeping import (
    AT_MS,
    USD,
    absorbed,
    ask_more,
    cancel_request,
    ceiling,
    claim,
    close_request,
    conclude,
    confirm_notice,
    decide,
    delivered,
    enrol,
    erase,
    expire,
    freeze,
    hold,
    in_flight,
    interrupt,
    line,
    month,
    month_limit,
    note_identity,
    post_notice,
    prefer,
    rate,
    recognise,
    refund,
    rehold,
    release,
    restore,
    reverse,
    rule,
    set_admin,
    set_gone,
    settle,
    stop,
    take,
    take_notice,
    tell_change,
    top_up,
    zone,
)
from tests.forgetting import erase_traces, forget, let_go, welcome
from tests.keeping import erase_press, keep, keep_press
from tests.linking import agree, give, joined, part, typed
from tests.telling import offer_refill, post_digest, refill, set_refill

TENANTS = {"anna": ("team", "wal"), "ben": ("team", "wal"), "zoe": ("others", "wal2")}
AT_ONCE, LATER = 0, 900
"""Seconds to a deadline: over at once, or not while a test runs. So the outcome does not hang on any clock."""
IN_2100_MS = 4_102_444_800_000
SIDE_BY_SIDE = 5
TEN_DAYS_MS = 10 * 86_400_000
"""From the month of the tests into the next."""

AnyOperation = Operation[Any]


class Fuzz:
    """One stream of operations a seed."""

    def __init__(self, seed: int, operations: int) -> None:
        self._random = Random(seed)
        self._left = operations
        self._said: list[AnyOperation] = []
        self._asks = 0
        self._more = self._requests()
        self._links = self._linking()
        self._lives = [self._life() for _ in range(SIDE_BY_SIDE)]

    def batches(self) -> Iterator[list[AnyOperation]]:
        """All of them, one to twelve at a time."""
        while self._left > 0:
            size = min(self._left, self._random.randint(1, 12))
            self._left -= size
            yield [self._operation() for _ in range(size)]

    def _operation(self) -> AnyOperation:
        if self._said and self._chance(0.15):
            again = self._random.choice(self._said)
            return again if self._chance(0.7) else replace(again, wallet_id="wal3")
        if self._chance(0.08):
            self._said.append(self._notice())
        elif self._chance(0.06):
            self._said.append(self._standing())
        elif self._chance(0.05):
            self._said.append(self._known_of_them())
        elif self._chance(0.12):
            self._said.append(next(self._more))
        elif self._chance(0.06):
            self._said.append(next(self._links))
        else:
            self._said.append(self._budget() if self._chance(0.25) else self._next_of_a_life())
        return self._said[-1]

    def _chance(self, of: float) -> bool:
        return self._random.random() < of

    def _mostly(self, usual: Any, other: Any) -> Any:
        return usual if self._chance(0.9) else other

    def _id(self) -> str:
        return f"op{len(self._said)}"

    def _nanos(self) -> int:
        return self._random.randint(0, 60)

    # --- budget and people ---

    def _budget(self) -> AnyOperation:
        member = self._random.choice(list(TENANTS))
        team, wallet = TENANTS[member]
        top_ups = [said for said in self._said if isinstance(said, TopUp)]
        back = self._random.choice(top_ups or [top_up("none", 1)])
        return self._random.choice(
            [
                top_up(self._id(), self._nanos() * 10, team_id=team, wallet_id=wallet),
                top_up(self._id(), self._nanos() * 10, team_id=team, wallet_id=wallet, limit=self._ceiling(team)),
                refund(self._id(), back.id, wallet_id=self._mostly(back.wallet_id, "wal2")),
                freeze(self._id(), self._random.choice(["", member]), frozen=self._chance(0.1), team_id=team),
                month_limit(self._id(), self._nanos() * 10, self._random.choice(["", member]), team_id=team),
                self._rule(member, team),
                prefer(
                    self._id(),
                    self._random.choice(["model", "announce"]),
                    self._random.choice(["", "here", "x" * 300]),
                    team_id=team,
                    wallet_id=wallet,
                    owner=self._random.choice([member, team]),
                    actor=member,
                    by_right=self._chance(0.3),
                ),
                zone(
                    self._id(),
                    self._random.choice(["UTC", "Asia/Kolkata", "Etc/GMT+12"]),
                    team_id=team,
                    wallet_id=wallet,
                    by_right=self._chance(0.8),
                ),
                enrol(member, team=team, wallet=wallet, id=self._id()),
            ]
        )

    def _rule(self, member: str, team: str) -> AnyOperation:
        """What bounds the holds that come, from everywhere, with something carried over, and is taken away again."""
        amount = self._random.choice(["", "none", str(self._nanos() * 3), str(self._nanos() * 10)])
        target, setting, value = self._random.choice(
            [
                ("everyone", Setting.DAY, amount),
                (f"member:{member}", Setting.WEEK, amount),
                ("channel:test:general", Setting.MONTH, amount),
                ("channel:test:general", Setting.CHANNEL_DAY, amount),
                (f"own:{member}", Setting.ASK, amount),
                ("everyone", Setting.CARRY_OVER, amount.removeprefix("none")),
                ("role:test:lead", Setting.IN_FLIGHT, self._random.choice(["", "1", "2"])),
                ("everyone", Setting.MODELS, self._random.choice(["", "", "acme", "all"])),
                (f"member:{member}", Setting.MAY_ASK, self._mostly("", "deny")),
                ("channel:test:general", Setting.DAY, "not a number"),
            ]
        )
        return rule(self._id(), target, setting, value, team_id=team, wallet_id=TENANTS[member][1])

    def _ceiling(self, team: str) -> Limit:
        month = self._random.choice(["2026-11", "2026-12"])
        return ceiling(2000, self._mostly(team, "team"), month)

    def _standing(self) -> AnyOperation:
        """Who looks after a team, and who has left it."""
        member = self._random.choice(list(TENANTS))
        team, wallet = TENANTS[member]
        where = {"team_id": team, "wallet_id": self._mostly(wallet, "wal2")}
        actor, other = (self._random.choice(list(TENANTS)) for _ in range(2))
        keys = (f"test:{team}/{other}",)
        return self._random.choice(
            [
                set_admin(self._id(), member, actor=actor, admin=self._chance(0.5), staying=(other,), **where),
                set_admin(self._id(), member, admin=False, by_right=self._chance(0.5), identities=keys, **where),
                note_identity(self._id(), member, admin=self._chance(0.5), **where),
                set_gone(self._id(), member, gone=self._chance(0.5), others=keys, **where),
                restore(self._id(), member, actor=actor, by_right=self._chance(0.5), **where),
            ]
        )

    def _known_of_them(self) -> AnyOperation:
        """Who is told what asking means, who is forgotten, and who comes back."""
        member = self._random.choice(list(TENANTS))
        team, wallet = TENANTS[member]
        where = {"team_id": team, "wallet_id": self._mostly(wallet, "wal2")}
        press = f"press{self._random.randint(0, 3)}"
        return self._random.choice(
            [
                keep_press(self._id(), press, member, **where),
                erase_press(self._id(), press, wallet_id=wallet),
                erase_traces(self._id(), member, presses=(press,), **where),
                welcome(self._id(), member, **where),
                forget(self._id(), "zoe", team="others", wallet_id=self._mostly("wal2", "wal")),
                erase_traces(self._id(), member, asks=(f"ask{self._random.randint(1, self._asks + 1)}",), **where),
                let_go(self._id(), "zoe", team="others", wallet_id="wal2"),
                *[enrol("zoe", team="others", wallet="wal2", id=self._id())] * 4,
            ]
        )

    def _notice(self) -> AnyOperation:
        team, wallet = TENANTS[self._random.choice(list(TENANTS))]
        there = {"team_id": team, "wallet_id": self._mostly(wallet, "wal2")}
        where = {"id": self._id(), **there}
        notice, price = f"notice{self._random.randint(0, 2)}", str(self._random.randint(0, 2))
        return self._random.choice(
            [
                post_notice(notice, **where),
                take_notice(notice, lease_seconds=self._random.choice([LATER, AT_ONCE]), **where),
                confirm_notice(notice, **where),
                post_digest(self._random.choice(["2026-W46", "2026-W47"]), **where),
                tell_change("price", self._random.choice(["", "0", "1", "2"]), price, **where),
                *self._refills(there, team),
            ]
        )

    def _refills(self, where: dict[str, Any], team: str) -> list[AnyOperation]:
        """The rule, its offer and its press: the wallet is always below the line."""
        rule, by = RefillRule(10**12, 50, 200), self._mostly("anna", "zoe")
        return [
            set_refill(self._id(), rule, owner=team, actor=by, **where),
            offer_refill(self._id(), **where),
            refill(rule=rule, member_id=by, **where),
        ]

    def _linking(self) -> Iterator[AnyOperation]:
        """Two accounts become one person, mostly two of a team; and part."""
        for number in count():
            first, second = self._random.sample(self._mostly(["anna", "ben"], list(TENANTS)), 2)
            for who in (first, second):
                team, wallet = TENANTS[who]
                where = {"team_id": team, "wallet_id": self._mostly(wallet, "wal2")}
                if who == first:
                    yield give(self._id(), who, f"code{number}", **where)
                    mine = where
                else:
                    yield typed(self._id(), who, f"code{self._mostly(number, 0)}", **where)
                    yield agree(self._id(), self._mostly(who, first), f"code{number}", **where)
            yield joined(self._id(), self._mostly(first, second), f"code{number}", **mine)
            if self._chance(0.6):
                yield part(self._id(), first, actor=self._mostly(first, second), gone=self._chance(0.1), **mine)

    def _requests(self) -> Iterator[AnyOperation]:
        """Two of a team ask for more, mostly for the same wallet; admins and others decide; what is left is closed."""
        while True:
            first, second = self._random.sample(self._mostly(["anna", "ben"], list(TENANTS)), 2)
            team, wallet = TENANTS[first]
            where: dict[str, Any] = {"team_id": team, "wallet_id": self._mostly(wallet, "wal2")}
            counter = self._random.choice(["", "", f"member_month:{self._mostly(first, 'zoe')}:2026-11"])
            asked = []
            for member in (first, second):
                asked.append(self._id())
                nanos = self._nanos() * USD
                yield ask_more(asked[-1], nanos, counter, member_id=member, expires_at_ms=IN_2100_MS, **where)
            if self._chance(0.3):
                yield cancel_request(self._id(), asked[0], member_id=self._mostly(first, second), **where)
            for by in (second, self._random.choice(list(TENANTS))):
                yield decide(
                    self._id(),
                    self._mostly(asked[0], asked[1]),
                    self._random.choice(list(Decision)),
                    member_id=by,
                    admin=self._chance(0.8),
                    others=self._chance(0.5),
                    top_up=top_up(f"{self._id()}.funds", 1, **where),
                    **where,
                )
            for request in asked:
                yield close_request(self._id(), request, **where)

    # --- asks ---

    def _next_of_a_life(self) -> AnyOperation:
        place = self._random.randrange(SIDE_BY_SIDE)
        for operation in self._lives[place]:
            return operation
        self._lives[place] = self._life()
        return next(self._lives[place])

    def _life(self) -> Iterator[AnyOperation]:
        """An ask as it should be, with disturbances in between and afterwards."""
        self._asks += 1
        ask = f"ask{self._asks}"
        member = self._random.choice(list(TENANTS))
        improves = f"ask{self._random.randint(1, self._asks)}" if self._chance(0.1) else ""
        yield self._claim(ask, member, improves=improves)
        if self._chance(0.2):
            yield keep(ask, self._mostly(b"whole", b""), **self._on(ask, member))
        if self._chance(0.1):
            yield conclude(ask, self._mostly(RequestState.AWAITING, RequestState.REFUSED), **self._on(ask, member, 1))
            yield self._claim(f"{ask}-press", member, resumes=f"{ask}.1")
        if self._chance(0.1):
            yield interrupt(ask, id=self._id(), wallet_id=TENANTS[member][1])
        while self._chance(0.1):
            yield self._disturbance(ask, member)
        yield self._hold(ask, member)
        while self._chance(0.6):
            yield self._disturbance(ask, member)
        yield self._ending(ask, member)
        where = {"id": self._id(), "wallet_id": TENANTS[member][1]}
        yield self._random.choice([take(ask, lease_seconds=LATER, **where), reverse(ask, **where)])
        if self._chance(0.3):
            yield rate(ask, self._thumb(), member_id=member, team_id=TENANTS[member][0], **where | {"id": self._id()})
        if self._chance(0.5):
            yield delivered(ask, member_id=member, **self._on(ask, member))
            yield erase(ask, id=self._id(), wallet_id=where["wallet_id"])
        while self._chance(0.5):
            yield self._disturbance(ask, member)

    def _claim(self, ask: str, member: str, **fields: Any) -> AnyOperation:
        team, wallet = TENANTS[member]
        keys = (f"{ask}.key", f"message{self._random.randint(0, 20 * self._asks)}")
        lease_seconds = LATER if self._chance(0.75) else AT_ONCE
        where: dict[str, Any] = {"id": self._id(), "team_id": team, "wallet_id": wallet}
        where["sealed_question"] = self._random.choice([b"sealed question", b""])
        return claim(ask, *keys, member=member, lease_seconds=lease_seconds, **where, **fields)

    def _on(self, ask: str, member: str, attempt: int | None = None) -> dict[str, Any]:
        """What names an attempt, mostly the right one in the right wallet."""
        number = attempt or self._mostly(1, 2)
        return {"id": self._id(), "wallet_id": self._mostly(TENANTS[member][1], "wal2"), "attempt": number}

    def _limits(self, member: str) -> tuple[Limit, ...]:
        whose = self._mostly(member, "zoe")
        # The month is always the asker's own: the rules trust the caller with that, and the audit holds it to it.
        return self._mostly((in_flight(2, whose), absorbed(60, whose), month(400, member)), ())  # type: ignore[no-any-return]

    def _hold(self, ask: str, member: str) -> AnyOperation:
        nanos, named = self._nanos(), self._on(ask, member)
        named["id"] = f"{ask}.{named['attempt']}.hold"
        least, ttl_seconds = self._mostly(nanos, 0), self._random.choice([LATER, AT_ONCE])
        chosen: dict[str, Any] = {"route": self._random.choice(["", "auto"]), "variant": self._mostly("", "new")}
        chosen["needed_tier"] = nanos
        chosen["asker"] = self._mostly(Asker(), Asker(roles=("test:lead",)))
        chosen["at_ms"] = self._random.choice([AT_MS, AT_MS, AT_MS + TEN_DAYS_MS])
        return hold(ask, nanos, *self._limits(member), least=least, ttl_seconds=ttl_seconds, **chosen, **named)

    def _ending(self, ask: str, member: str) -> AnyOperation:
        said = self._mostly(None, self._nanos())
        lines = [
            line(self._nanos(), provider=name, reported=said) for name in self._mostly(["acme"], ["acme", "other"])
        ]
        named = self._on(ask, member)
        if self._chance(0.2):
            return expire(ask, **named)
        named["first_word_ms"] = self._nanos()
        return settle(ask, *lines, **named) if self._chance(0.7) else release(ask, *lines[1:], **named)

    def _disturbance(self, ask: str, member: str) -> AnyOperation:
        named = self._on(ask, member)
        where = {"id": named["id"], "wallet_id": named["wallet_id"]}
        return self._random.choice(
            [
                self._claim(ask, member),
                self._claim(f"{ask}-copy", member, resumes=self._mostly("", f"{ask}.1")),
                self._hold(ask, member),
                self._ending(ask, member),
                rehold(ask, self._nanos(), *self._limits(member), **named),
                rehold(ask, self._nanos(), *self._limits(member), **named),
                expire(ask, **named),
                expire(ask, **self._on(ask, member, 1)),
                conclude(ask, RequestState.REFUSED, **named),
                stop(ask, self._mostly("", member), team_id=TENANTS[member][0], **where),
                delivered(ask, member_id=self._mostly(member, "zoe"), **named),
                recognise("first", id=self._id()),
                erase(ask, **where),
                interrupt(ask, **where),
                take(ask, lease_seconds=self._random.choice([LATER, AT_ONCE]), **where),
                reverse(ask, **where),
                rate(ask, self._thumb(), member_id=self._mostly(member, "zoe"), team_id=TENANTS[member][0], **where),
            ]
        )

    def _thumb(self) -> Thumb:
        thumbs: tuple[Thumb, ...] = (-1, 0, 1)
        return self._random.choice(thumbs)
