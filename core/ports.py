"""What the rules need from outside, as small protocols. Adapters fill them; tests/fakes.py does too."""

from collections.abc import AsyncGenerator, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from core.announcement import Announcement, Notice
from core.call import Call, Chunk, Embedded, EmbeddingCall
from core.models import Gone, Model
from core.operations import CloseRequest, Operation
from core.people import Identity, KnownIdentity, Member, Place, Team
from core.policy import Policy
from core.quota import Totals
from core.receipt import BookedAsk
from core.reports import (
    Act,
    AskEnd,
    BudgetRequest,
    DueNotice,
    ModelSpending,
    RoutingReport,
    TopUpReport,
    Traces,
    VariantReport,
    WalletReport,
)

Outcome = TypeVar("Outcome")


class Clock(Protocol):
    """The time for periods, deadlines inside one process and receipts. Leases and holds use the database's clock."""

    def now(self) -> datetime:
        """This moment, in UTC."""

    def monotonic(self) -> float:
        """Seconds that only grow, for measuring how long something took."""

    async def sleep(self, seconds: float) -> None:
        """Let others run for that long."""


class Books(Protocol):
    """The one writer of money and requests."""

    async def apply(self, operation: Operation[Outcome]) -> Outcome:
        """Do one operation, whole or not at all, and answer after it is on disk.

        A refusal is an outcome. Raises `BooksUnavailable`, `OperationConflict` or `BooksDamaged`; then nothing
        was written. After `BooksUncertain` nobody knows, until the same operation is sent again.
        """


class Requests(Protocol):
    """What a running ask must look up about itself."""

    async def stop_requested(self, ask_id: str) -> bool:
        """Whether somebody pressed Stop, on whichever replica the press arrived."""

    async def kept_question(self, ask_id: str) -> bytes:
        """The sealed question of an ask; empty once it is erased."""


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


class Vault(Protocol):
    """Keeps text unreadable at rest."""

    def seal(self, text: str) -> bytes:
        """Encrypt."""

    def unseal(self, sealed: bytes) -> str:
        """Decrypt; `ValueError` when it was sealed with another key or damaged."""

    def digest(self, text: str) -> str:
        """A keyed hash: the same for the same text, unreadable without the key."""


class People(Protocol):
    """Who is who."""

    async def find(self, identity: Identity) -> Member | None:
        """The member behind an identity, or None when the books do not know it yet."""

    async def teams(self) -> tuple[Team, ...]:
        """Every team, by name."""

    async def members(self, team: Team) -> tuple[Member, ...]:
        """Everyone of a team, by name; not the forgotten, who have none."""

    async def names(self, team_id: str, member_ids: Collection[str]) -> Mapping[str, str]:
        """The names of these members of a team by their ids, of those who are known: not of the forgotten."""

    async def identities(self, team_id: str) -> tuple[KnownIdentity, ...]:
        """Every identity of a team's members, by its key."""


class ReceiptBooks(Protocol):
    """What asks cost, and why."""

    async def one(self, team_id: str, ask_id: str) -> BookedAsk | None:
        """An ask of this team with the lines of its receipt; None where there is none."""

    async def newest(self, team_id: str, member_id: str, at_most: int) -> tuple[BookedAsk, ...]:
        """A member's last asks, the newest first, without their lines."""


class WhoseAsks(Protocol):
    """Which team asked something."""

    async def team_of(self, ask_id: str) -> Team | None:
        """The team whose ask it is, or None where there is no such ask."""


class Acts(Protocol):
    """What was done in a team that is no ask: by admins, by the operator, by Chipin itself."""

    async def newest(self, team_id: str, at_most: int) -> tuple[Act, ...]:
        """The newest, newest first."""

    async def last(self, team_id: str, kind: str, subject: str) -> Act | None:
        """The newest of a kind about somebody, or with an empty `subject` about the team."""


class Policies(Protocol):
    """What is set for whom."""

    async def of(self, team_id: str, targets: Collection[str]) -> tuple[Policy, ...]:
        """What is set for these targets of a team, as far as anything is."""

    async def all(self, team_id: str) -> tuple[Policy, ...]:
        """Everything that is set in a team."""


class ThreadBooks(Protocol):
    """What was asked in a thread of a chat: the place with its `thread`."""

    async def answered_for(self, place: Place) -> str:
        """The id of the team that was answered there last; empty where nobody was."""

    async def running(self, place: Place) -> tuple[str, ...]:
        """The ids of the asks there that are running."""


class PreferenceBooks(Protocol):
    """What members and teams like to have."""

    async def of(self, team_id: str, owner: str) -> Mapping[str, str]:
        """What a member of the team (by their id), or the team (by its own), set, by name (core/preferred.py)."""


class PlaceNames(Protocol):
    """Roles and channels as people of one platform name them."""

    def target(self, typed: str) -> str:
        """The target (core/policy) of a role or channel that was typed or picked; empty for what is neither."""

    def name(self, target: str) -> str:
        """What people call a role or a channel."""


class Reports(Protocol):
    """What the books tell. Each call reads one moment."""

    async def wallet(self, wallet_id: str) -> WalletReport:
        """Totals, running asks and pace of one wallet."""

    async def counters(self, counter_ids: Collection[str]) -> Mapping[str, Totals]:
        """Those of these counters on which something was counted yet."""

    async def spending(self, team_id: str, member_id: str, since: datetime) -> tuple[ModelSpending, ...]:
        """Charged asks by model, dearest first; of one member, or of the whole team with an empty `member_id`."""

    async def top_ups(self, wallet_id: str, at_most: int) -> tuple[TopUpReport, ...]:
        """The newest top-ups, newest first."""

    async def variants(self, team_id: str, since: datetime) -> tuple[VariantReport, ...]:
        """Every arm of every experiment that a team's asks ran in, by its label."""

    async def routing(self, team_id: str, since: datetime) -> RoutingReport:
        """What automatic choice came to for a team."""


class PersonalData(Protocol):
    """What the books know of one person."""

    async def identities(self, member_id: str) -> tuple[str, ...]:
        """The keys of their identities."""

    async def traces(self, member_id: str) -> Traces:
        """What is left of them beside their name, at most so much at a time; nothing of asks that still run."""

    def export(self, member_id: str) -> AsyncGenerator[str, None]:
        """Everything there is of them as one JSON object, piece by piece, all of one moment."""

    async def scrub(self) -> bool:
        """Let nothing of what was erased stand in the files of the books. False: not yet, somebody is reading them."""


class Overdue(Protocol):
    """What the sweep looks for, by the database's clock. Pairs of (id, wallet id)."""

    async def forgotten(self) -> tuple[tuple[str, str], ...]:
        """Hashes of identities that nothing counts for any more."""

    async def traces(self) -> tuple[Traces, ...]:
        """What members left who were forgotten lately: what a process that died, or an ask that still ran, did."""

    async def holds(self) -> tuple[tuple[str, str], ...]:
        """Open holds past their deadline."""

    async def abandoned(self) -> tuple[tuple[str, str], ...]:
        """Asks whose process is gone, before they held money or before their price was shown."""

    async def kept(self) -> tuple[tuple[str, str], ...]:
        """Asks whose kept text is past its day."""


class Undelivered(Protocol):
    """Asks that are over and whose asker was not told, by the database's clock."""

    async def due(self, platform: str, workspaces: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Those of these workspaces that nobody is telling now, the oldest first: pairs of (ask id, wallet id)."""

    async def end_of(self, ask_id: str) -> AskEnd:
        """How an ask ended. Whoever has taken its delivery reads what cannot change meanwhile."""


class NoticeBooks(Protocol):
    """What the books know of notices for admins, by the database's clock."""

    async def due(self, platform: str, workspaces: Collection[str]) -> tuple[DueNotice, ...]:
        """Those for admins of these workspaces that nobody told, and nobody is telling now; the oldest first."""

    async def due_to_members(self, platform: str, workspaces: Collection[str]) -> tuple[DueNotice, ...]:
        """The same for single people of these workspaces."""

    async def told(self, team_id: str) -> Mapping[str, str]:
        """What a team's admins know, by subject (`TellChange`)."""

    async def was_told(self, kind: str, workspace: str) -> bool:
        """Whether somebody of the team of a workspace ("slack:T1") has read a notice of this kind."""


class BudgetRequestBooks(Protocol):
    """Requests for more as they stand."""

    async def one(self, team_id: str, request_id: str) -> BudgetRequest | None:
        """A request of this team; None where there is none."""

    async def open(self, team_id: str) -> tuple[BudgetRequest, ...]:
        """What is still to be decided, the oldest first."""

    async def to_close(self, now: datetime) -> tuple[CloseRequest, ...]:
        """Those of all teams that nobody has to decide any more, each with the id of the operation that closes it."""


class Notifier(Protocol):
    """Posts something for a team's admins."""

    async def post(self, team: Team, kind: str, key: str, words: str) -> bool:
        """Post it, unless this kind was posted to them with this key before; whether it was posted now."""


class Announcer(Protocol):
    """One platform's way to tell people later how their asks ended, and admins what they are to know."""

    @property
    def platform(self) -> str:
        """The platform it posts on."""

    @property
    def workspaces(self) -> Collection[str]:
        """Those that it can reach at this moment; none while it cannot post."""

    async def announce(self, announcement: Announcement) -> bool:
        """Post it where it was asked, as the asker's own; whether it stands there now (or stood there before)."""

    @property
    def admin_workspaces(self) -> Collection[str]:
        """Those whose admins it can reach at this moment, and nobody else by it."""

    async def tell_admins(self, notice: Notice) -> bool:
        """Post it where only the workspace's admins read it; whether it stands there now (or stood there before)."""

    async def tell_member(self, notice: Notice) -> bool:
        """Post it where only `notice.to` reads it; the same. In one of `workspaces`."""
