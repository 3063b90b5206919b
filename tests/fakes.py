"""In-memory twins of the outside. tests/contracts keeps `MemoryBooks` equal to the real stores."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from core.announcement import Announcement, Notice
from core.call import Call, Chunk, Embedded, EmbeddingCall
from core.chart import Chart
from core.errors import NotDrawn, ProviderRejectedCall
from core.ledger.apply import apply
from core.models import Model
from core.operations import Operation
from core.page import Page
from core.people import AdminBecause, Identity, KnownIdentity, Member, Team
from core.periods import calendar_from
from core.ports import Clock, Provider, TokenCount
from core.prices import Price
from core.reports import Act
from core.rows import (
    KINDS,
    ActRow,
    IdentityRow,
    MemberRow,
    Row,
    TeamRow,
    WorkspaceRow,
)
from core.together import beside_from

Outcome = TypeVar("Outcome")
R = TypeVar("R", bound=Row)

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until it is moved. `sleep` lets others run and moves it."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._monotonic = 0.0

    def now(self) -> datetime:
        """This moment."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the start."""
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Move on."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds


class MemoryBooks:
    """`core.ports.Books` in memory: the rules themselves on one page that knows everything."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._page = Page(complete=True)

    async def apply(self, operation: Operation[Outcome]) -> Outcome:
        """Do one operation."""
        await asyncio.sleep(0)
        outcome: Outcome = apply(operation, self._page, int(self._clock.now().timestamp() * 1000))
        return outcome

    def has(self, row: Row) -> None:
        """A row that is there already, whoever wrote it."""
        self._page.write([row])

    def rows(self, kind: type[R]) -> list[R]:
        """All rows of a kind, by id."""
        made = (row for each in KINDS if each is kind for row in self._page.made(each))
        return sorted((row for row in made if isinstance(row, kind)), key=lambda row: row.id)


@dataclass
class Noticeboard:
    """A platform that takes announcements, as long as it is not `broken`."""

    platform: str = "test"
    workspaces: tuple[str, ...] = ("one",)
    broken: bool = False
    posted: list[Announcement] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    async def announce(self, announcement: Announcement) -> bool:
        """Keep it for the test to read."""
        if not self.broken:
            self.posted.append(announcement)
        return not self.broken

    @property
    def admin_workspaces(self) -> tuple[str, ...]:
        """The same."""
        return self.workspaces

    async def tell_admins(self, notice: Notice) -> bool:
        """Keep it too."""
        if not self.broken:
            self.notices.append(notice)
        return not self.broken

    async def tell_member(self, notice: Notice) -> bool:
        """The same."""
        return await self.tell_admins(notice)


PNG = b"\x89PNG\r\n\x1a\n and so on"


@dataclass
class FakeDrawing:
    """`core.ports.Drawing` that needs no process: every picture is the same. `broken`: there is none.

    `takes` is what happens meanwhile.
    """

    broken: bool = False
    takes: Callable[[], None] = lambda: None
    drawn: list[Chart] = field(default_factory=list)

    async def draw(self, chart: Chart) -> bytes:
        """It, or `NotDrawn`."""
        if self.broken:
            raise NotDrawn("Drawing the chart took longer than 20 seconds.")
        self.takes()
        self.drawn.append(chart)
        return PNG


class MemoryPeople:
    """`core.ports.People` on books in memory."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def teams(self) -> tuple[Team, ...]:
        """Every team, by name."""
        return tuple(
            Team(
                row.id,
                row.wallet_id,
                row.name,
                calendar_from(row.zone, row.zones),
                bool(row.demo),
                bool(row.frozen),
                part_of=row.part_of,
                made_at=datetime.fromtimestamp(row.created_at_ms / 1000, UTC),
            )
            for row in sorted(self._books.rows(TeamRow), key=lambda row: row.name)
        )

    async def find(self, identity: Identity) -> Member | None:
        """The member behind an identity."""
        for known in self._books.rows(IdentityRow):
            if known.id == identity.key:
                everyone = {row.id: row for row in self._books.rows(MemberRow)}
                account = everyone[known.member_id]
                row = everyone[account.same_as or account.id]
                (team,) = (team for team in await self.teams() if team.id == row.team_id)
                accounts = tuple(sorted(each.id for each in everyone.values() if each.same_as == row.id))
                seen_as = account.display_name if account.same_as else ""
                return replace(_member(row, team, known), seen_as=seen_as, accounts=accounts)
        return None

    async def members(self, team: Team) -> tuple[Member, ...]:
        """Everyone of a team, by name."""
        rows = (
            row
            for row in self._books.rows(MemberRow)
            if row.team_id == team.id and not row.same_as and not row.forgotten_at_ms
        )
        return tuple(_member(row, team) for row in sorted(rows, key=lambda row: row.display_name))

    async def identities(self, team_id: str) -> tuple[KnownIdentity, ...]:
        """Every identity of a team's members."""
        team = {row.id: row.same_as or row.id for row in self._books.rows(MemberRow) if row.team_id == team_id}
        rows = (row for row in self._books.rows(IdentityRow) if row.member_id in team)
        return tuple(KnownIdentity(row.id, team[row.member_id], bool(row.admin), bool(row.gone)) for row in rows)

    async def workspaces_of(self, platform: str, user: str) -> tuple[str, ...]:
        """The workspaces in which a user is known."""
        known = {row.id for row in self._books.rows(IdentityRow)}
        workspaces = sorted(row.id for row in self._books.rows(WorkspaceRow))
        begins = f"{platform}:"
        return tuple(w.removeprefix(begins) for w in workspaces if w.startswith(begins) and f"{w}/{user}" in known)

    async def names(self, team_id: str, member_ids: Collection[str]) -> Mapping[str, str]:
        """The names of these members, of those who are known."""
        rows = (row for row in self._books.rows(MemberRow) if row.team_id == team_id and row.id in member_ids)
        return {row.id: row.display_name for row in rows if not row.forgotten_at_ms}


def _member(row: MemberRow, team: Team, identity: IdentityRow | None = None) -> Member:
    because = [AdminBecause.MADE] if row.admin else []
    if identity is not None and identity.admin and not identity.gone:
        because.append(AdminBecause.PLATFORM)
    return Member(
        row.id,
        team,
        row.display_name,
        bool(because) and not row.suspended,
        frozen=bool(row.frozen),
        suspended=bool(row.suspended),
        welcomed=bool(row.welcomed_at_ms),
        because=tuple(because),
        gone=identity is not None and bool(identity.gone),
        counts_with=beside_from(row.counts_with),
    )


class MemoryActs:
    """`core.ports.Acts` on books in memory."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def newest(self, team_id: str, at_most: int) -> tuple[Act, ...]:
        """The newest, newest first."""
        rows = (row for row in self._books.rows(ActRow) if row.team_id == team_id)
        newest = sorted(rows, key=lambda row: (row.at_ms, row.id), reverse=True)[:at_most]
        return tuple(
            Act(r.actor, r.kind, r.subject, r.words, r.amount_nanos, datetime.fromtimestamp(r.at_ms / 1000, UTC))
            for r in newest
        )

    async def last(self, team_id: str, kind: str, subject: str) -> Act | None:
        """The newest of a kind about somebody or the team."""
        acts = await self.newest(team_id, 10_000)
        return next((act for act in acts if (act.kind, act.subject) == (kind, subject)), None)


class PlainVault:
    """A vault without a lock."""

    def seal(self, text: str) -> bytes:
        """As it is."""
        return b"sealed:" + text.encode("utf-8", "surrogatepass")

    def unseal(self, sealed: bytes) -> str:
        """As it was; `ValueError` for nothing."""
        if not sealed:
            raise ValueError("Nothing was sealed.")
        return sealed.removeprefix(b"sealed:").decode("utf-8", "surrogatepass")

    def digest(self, text: str) -> str:
        """As it is."""
        return f"#{text}"


class ByteCounter:
    """One token a byte, exactly."""

    async def count(self, text: str, tokenizer: str) -> TokenCount:
        """Count bytes."""
        tokens = len(text.encode("utf-8", "surrogatepass"))
        return TokenCount(tokens, tokens)


def fail(work: str, error: BaseException) -> None:
    """For `core.tasks.Tasks`, where nothing is to go wrong."""
    raise AssertionError(work) from error


class NoVectors:
    """The half of a provider that has no embeddings."""

    async def embed(self, call: EmbeddingCall) -> Embedded:
        """Refuse."""
        raise ProviderRejectedCall("This provider does not turn texts into vectors.")


@dataclass
class ScriptedProvider:
    """Yields what it is told, or raises it; remembers every call. `embedded` is what it makes of texts, or raises."""

    script: Sequence[Chunk | BaseException | float]
    calls: list[Call] = field(default_factory=list)
    closed: int = 0
    embedded: Embedded | BaseException = field(default_factory=lambda: Embedded((), None))
    embedding_calls: list[EmbeddingCall] = field(default_factory=list)

    async def embed(self, call: EmbeddingCall) -> Embedded:
        """What it was told."""
        self.embedding_calls.append(call)
        if isinstance(self.embedded, BaseException):
            raise self.embedded
        return self.embedded

    async def stream(self, call: Call) -> AsyncGenerator[Chunk, None]:
        """Play the script; a number is a pause in seconds."""
        self.calls.append(call)
        try:
            for step in self.script:
                if isinstance(step, BaseException):
                    raise step
                if isinstance(step, float):
                    await asyncio.sleep(step)
                else:
                    yield step
        finally:
            self.closed += 1


@dataclass
class FixedCatalogue:
    """The models and providers it is given."""

    models: tuple[Model, ...]
    providers: Mapping[str, Provider]
    embedders: tuple[Model, ...] = ()

    def withdraw(self, model: Model) -> None:
        """Offer it no more."""
        self.models = tuple(each for each in self.models if each.id != model.id)


def a_price(**rates: Any) -> Price:
    """A price with every rate said: $1 a million in, $4 a million out unless told otherwise."""
    known: dict[str, Any] = {
        "effective_from": date(2026, 1, 1),
        "source": "a test",
        "input_usd": Decimal(1),
        "cache_read_usd": Decimal("0.1"),
        "cache_write_usd": Decimal("1.25"),
        "output_usd": Decimal(4),
        "reasoning_usd": Decimal(4),
    }
    return Price(**(known | rates))


def a_model(**fields: Any) -> Model:
    """A model with a price."""
    known: dict[str, Any] = {
        "id": "test-model",
        "title": "Test Model",
        "provider": "test",
        "wire_name": "test-model-wire",
        "context_window_tokens": 128_000,
        "max_output_tokens": 16_000,
        "cap_field": "max_tokens",
        "tokenizer": "o200k",
        "tier": 2,
        "prices": (a_price(),),
    }
    return Model(**(known | fields))
