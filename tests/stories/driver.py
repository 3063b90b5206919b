"""What a story needs of a chat, so that one story can be played on every one of them."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import text

from adapters.store.audit import audit
from adapters.store.database import Store
from adapters.store.export import export_json
from core.people import Standing

Row = tuple[int | str, ...]


class Stage(Protocol):
    """A chat with people in it. They are called by name; the first one who speaks is the team's admin."""

    async def says(self, person: str, line: str) -> str:
        """Let somebody type a line; returns everything that person was shown for it."""


class TeamStage(Stage, Protocol):
    """A chat in which people come and go, and read what they did not ask for."""

    @property
    def channel(self) -> str:
        """How admins write the channel in which all of this happens: "#chat"."""

    @property
    def greeting(self) -> str:
        """Words of what whoever sets the team up reads before they did anything."""

    @property
    def last_admin_stays(self) -> str:
        """Words that say that whoever set the team up goes on looking after it."""

    async def reads(self, person: str) -> str:
        """Everything that person was told since they last typed or read, without asking for it."""

    async def joins(self, person: str, *, roles: Sequence[str] = (), standing: Standing = Standing.MEMBER) -> None:
        """Let somebody come whom the platform describes like that. Roles as admins write them: "@design"."""

    async def leaves(self, person: str) -> None:
        """Let the platform say that somebody is there no more."""

    async def returns(self, person: str) -> None:
        """Let the platform say that they are back."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What the books say of one answered ask."""

    model: str
    input_tokens: int
    output_tokens: int
    nanos: int


@dataclass(frozen=True, slots=True)
class Books:
    """The books at one moment: what no chat may show differently, and what must be the same whichever chat it was."""

    charges: tuple[Charge, ...]
    accounts: dict[str, int]
    available_nanos: int
    held_nanos: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """What `export --json` says of money, without ids, names and moments: the same whichever chat it was played in.

    Rows in an order of their own; what is about an ask names it by its number.
    """

    entries: tuple[Row, ...]
    balances: tuple[Row, ...]
    holds: tuple[Row, ...]
    requests: tuple[Row, ...]
    quotas: tuple[Row, ...]
    budget_requests: tuple[Row, ...]


async def read_ledger(store: Store) -> Ledger:
    """The ledger of the only team; it balances, or this fails."""
    await prove(store)
    told = await _exported(store)
    asked = sorted(str(request["request_key"]) for request in told["requests"])  # ids grow with time
    number = {key: at for at, key in enumerate(asked, start=1)} | {"": 0}

    def rows(name: str, *fields: str) -> tuple[Row, ...]:
        """These fields of every row of a list."""
        of_asks = name in ("entries", "holds", "requests")
        return tuple(
            sorted(
                (number[row["request_key"]] if of_asks else 0, *(row[field] for field in fields)) for row in told[name]
            )
        )

    return Ledger(
        entries=rows("entries", "kind", "account", "amount_nanos"),
        balances=rows("balances", "available_nanos", "held_nanos"),
        holds=rows("holds", "state", "amount_nanos", "charged_nanos", "absorbed_nanos", "reversed_nanos"),
        requests=rows(
            "requests",
            *(
                "model",
                "provider",
                "state",
                "ending",
                "input_tokens",
                "output_tokens",
                "cost_nanos",
                "estimated",
                "why",
            ),
        ),
        quotas=rows("quotas", "scope", "label", "used", "held", "granted", "limited_to"),
        budget_requests=rows("budget_requests", "amount_nanos", "granted_nanos", "state"),
    )


async def _exported(store: Store) -> dict[str, Any]:
    told: dict[str, Any] = json.loads("".join([piece async for piece in export_json(store)]))
    return told


async def prove(store: Store) -> None:
    """The books balance, and the export says the same as the rows that were looked at during the story."""
    assert (await audit(store)).violations == ()
    assert _books_of(await _exported(store)) == await read_books(store)


def _books_of(told: dict[str, Any]) -> Books:
    accounts: Counter[str] = Counter()
    for entry in told["entries"]:
        accounts[entry["account"]] += entry["amount_nanos"]
    (wallet,) = told["balances"] or [{"available_nanos": 0, "held_nanos": 0}]
    asked = sorted(told["requests"], key=lambda request: str(request["request_key"]))  # ids grow with time
    return Books(
        charges=tuple(
            Charge(request["model"], request["input_tokens"], request["output_tokens"], request["cost_nanos"])
            for request in asked
            if request["state"] == "settled"
        ),
        accounts=dict(accounts),
        available_nanos=wallet["available_nanos"],
        held_nanos=wallet["held_nanos"],
    )


async def read_books(store: Store) -> Books:
    """The books of the only team, by nothing but the rows that they are: after every step that must not take long."""
    async with store.snapshot() as session:
        connection = await session.connection()
        charges, accounts, wallets = [(await connection.execute(text(each))).all() for each in (CHARGED, KEPT, LEFT)]
    available_nanos, held_nanos = wallets[0] if wallets else (0, 0)
    return Books(
        charges=tuple(Charge(*charge) for charge in charges),
        accounts={account: int(nanos) for account, nanos in accounts},
        available_nanos=available_nanos,
        held_nanos=held_nanos,
    )


CHARGED = "SELECT model, input_tokens, output_tokens, cost_nanos FROM request WHERE state = 'settled' ORDER BY id"
KEPT = "SELECT account, sum(amount_nanos) FROM entry GROUP BY account"
LEFT = "SELECT available_nanos, held_nanos FROM wallet"
