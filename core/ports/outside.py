"""What is outside of Chipin: time, providers and their models, secrets."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.call import Call, Chunk, Embedded, EmbeddingCall
from core.models import Gone, Model


class Clock(Protocol):
    """The time for periods, deadlines inside one process and receipts. Leases and holds use the database's clock."""

    def now(self) -> datetime:
        """This moment, in UTC."""

    def monotonic(self) -> float:
        """Seconds that only grow, for measuring how long something took."""

    async def sleep(self, seconds: float) -> None:
        """Let others run for that long."""


class Provider(Protocol):
    """One company's (or machine's) models behind one wire format."""

    def stream(self, call: Call) -> AsyncGenerator[Chunk, None]:
        """The answer as it comes: `Text`s, at most one `UsageReport`, a `Stop`.

        Raises a `ProviderFailed` at the point where it went wrong; what was yielded before stays true.
        """

    async def embed(self, call: EmbeddingCall) -> Embedded:
        """A vector for each text, or a `ProviderFailed`; `ProviderRejectedCall` where it has no such models."""


class Catalogue(Protocol):
    """The models that may be asked, and the providers behind them."""

    @property
    def models(self) -> tuple[Model, ...]:
        """Every model with a price in force and a connected provider, cheapest first."""

    @property
    def embedders(self) -> tuple[Model, ...]:
        """Those that turn texts into vectors, in the same order: they answer nothing, so nobody is offered them."""

    @property
    def providers(self) -> Mapping[str, Provider]:
        """The connected providers by name."""

    def withdraw(self, model: Model) -> None:
        """Its provider says that it has no such model (`ModelGone`): not offered any more.

        Until the catalogue is loaded again, or a day has passed. Asks that run on it are left alone.
        """


class ChangingCatalogue(Catalogue, Protocol):
    """A catalogue that follows its provider's word and the operator's file while Chipin runs."""

    @property
    def gone(self) -> tuple[Gone, ...]:
        """The models that were withdrawn and are still out."""

    @property
    def trouble(self) -> str:
        """What is wrong with the operator's file, with its line and the fix; empty while it is good."""


@dataclass(frozen=True, slots=True)
class TokenCount:
    """How many tokens a text has: our best count, and a number the provider's own count does not pass."""

    expected: int
    at_most: int


class TokenCounter(Protocol):
    """Counts tokens without a network."""

    async def count(self, text: str, tokenizer: str) -> TokenCount:
        """Count for one family of models; `ValueError` for a family it does not know."""


class Presence(Protocol):
    """Which processes of this machine live."""

    @property
    def name(self) -> str:
        """This one's, for as long as it lives: no other ever has it."""

    def is_dead(self, name: str) -> bool:
        """Whether the process of that name was on this machine, and is gone. False also where nobody here knows."""

    def close(self) -> None:
        """From now on others find this one dead."""


class Vault(Protocol):
    """Keeps text unreadable at rest."""

    def seal(self, text: str) -> bytes:
        """Encrypt."""

    def unseal(self, sealed: bytes) -> str:
        """Decrypt; `ValueError` when it was sealed with another key or damaged."""

    def digest(self, text: str) -> str:
        """A keyed hash: the same for the same text, unreadable without the key."""
