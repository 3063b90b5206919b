"""What the books do and know."""

from collections.abc import AsyncGenerator, Collection, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from core.operations import CloseRequest, Operation
from core.people import Identity, KnownIdentity, Member, Place, Team
from core.policy import Policy
from core.quota import Totals
from core.receipt import BookedAsk
from core.reports import (
    Act,
    Belongings,
    BudgetRequest,
    KnownLink,
    RoutingReport,
    TopUpReport,
    Traces,
    VariantReport,
    WalletReport,
)

Outcome = TypeVar("Outcome")


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

    async def workspaces_of(self, platform: str, user: str) -> tuple[str, ...]:
        """The workspaces of a platform in which a user of this id is known, by their ids."""


class ReceiptBooks(Protocol):
    """What asks cost, and why."""

    async def one(self, team_id: str, ask_id: str) -> BookedAsk | None:
        """An ask of this team with the lines of its receipt; None where there is none."""

    async def newest(self, team_id: str, member_ids: Collection[str], at_most: int) -> tuple[BookedAsk, ...]:
        """The last asks of these members together, the newest first, without their lines."""


class WhoseAsks(Protocol):
    """Which team asked something."""

    async def team_of(self, ask_id: str) -> Team | None:
        """The team whose ask it is, or None where there is no such ask."""


class LinkBooks(Protocol):
    """The codes by which accounts come together."""

    async def one(self, link_id: str) -> KnownLink | None:
        """A code as it stands, by its keyed hash."""

    async def agreed(self, member_ids: Collection[str]) -> KnownLink | None:
        """The last code for people that one of these members gave, to which the other side has agreed.

        None where there is none. Not one whose time is up by the database's clock.
        """

    async def agreed_by_team(self, team_id: str) -> KnownLink | None:
        """The same of a code for teams, which somebody of this team gave."""

    async def belongings(self, team: Team) -> Belongings:
        """What is a team's."""

    async def person(self, member_id: str) -> str:
        """The member as whom one speaks."""


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


class PressBooks(Protocol):
    """What buttons stand for."""

    async def kept(self, team_id: str, press_id: str) -> bytes:
        """What is kept under this id in this team, sealed; empty once its day is over, by the database's clock."""


class PreferenceBooks(Protocol):
    """What members and teams like to have."""

    async def of(self, team_id: str, owner: str) -> Mapping[str, str]:
        """What a member of the team (by their id), or the team (by its own), set, by name (core/preferred.py)."""


class Reports(Protocol):
    """What the books tell. Each call reads one moment."""

    async def wallet(self, wallet_id: str) -> WalletReport:
        """Totals, running asks and pace of one wallet."""

    async def counters(self, counter_ids: Collection[str]) -> Mapping[str, Totals]:
        """Those of these counters on which something was counted yet."""

    async def top_ups(self, wallet_id: str, at_most: int) -> tuple[TopUpReport, ...]:
        """The newest top-ups, newest first."""

    async def variants(self, team_id: str, since: datetime) -> tuple[VariantReport, ...]:
        """Every arm of every experiment that a team's asks ran in, by its label."""

    async def routing(self, team_id: str, since: datetime) -> RoutingReport:
        """What automatic choice came to for a team."""


class BudgetRequestBooks(Protocol):
    """Requests for more as they stand."""

    async def one(self, team_id: str, request_id: str) -> BudgetRequest | None:
        """A request of this team; None where there is none."""

    async def open(self, team_id: str) -> tuple[BudgetRequest, ...]:
        """What is still to be decided, the oldest first."""

    async def to_close(self, now: datetime) -> tuple[CloseRequest, ...]:
        """Those of all teams that nobody has to decide any more, each with the id of the operation that closes it."""


class PersonalData(Protocol):
    """What the books know of one person."""

    async def identities(self, member_id: str) -> tuple[str, ...]:
        """The keys of their identities, by all of their accounts."""

    async def accounts(self, member_id: str) -> tuple[str, ...]:
        """The ids of their further accounts."""

    async def traces(self, member_id: str) -> Traces:
        """What is left of one account beside its name, at most so much at a time; nothing of asks that still run."""

    def export(self, member_id: str) -> AsyncGenerator[str, None]:
        """Everything there is of them as one JSON object, piece by piece, all of one moment."""

    async def scrub(self) -> bool:
        """Let nothing of what was erased stand in the files of the books. False: not yet, somebody is reading them."""
