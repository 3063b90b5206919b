"""What a story needs of a chat, so that one story can be played on every one of them."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.store.audit import audit
from adapters.store.database import Store
from adapters.store.export import export_json
from core.people import Standing


class Stage(Protocol):
    """A chat with people in it. They are called by name; the first one who speaks is the team's admin."""

    async def says(self, person: str, line: str) -> str:
        """Let somebody type a line; returns everything that person was shown for it."""


class TeamStage(Stage, Protocol):
    """A chat in which people come and go, and read what they did not ask for."""

    @property
    def channel(self) -> str:
        """How admins write the channel in which all of this happens: "#chat"."""

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


async def read_books(store: Store) -> Books:
    """The books of the only team, from the export; they balance, or this fails."""
    assert (await audit(store)).violations == ()
    told = json.loads("".join([piece async for piece in export_json(store)]))
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
