"""What is read of books in memory: the twins of the smaller read ports."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from core.announcement import BOUND_MS, PERHAPS_TOLD_MS
from core.ids import attempt_id
from core.ledger.delivery import lease_is_over
from core.ledger.links import LINK
from core.ledger.policy_rows import policy_from
from core.ledger.presses import has_lapsed
from core.operations import ENDED_UNCHARGED, RequestedState
from core.people import Identity, Place
from core.policy import Policy, Tagged
from core.preferred import preferred_from
from core.prices import Usage
from core.receipt import BookedAsk, PricedLine
from core.reports import DueNotice
from core.rows import (
    BudgetRequestRow,
    IdentityRow,
    KeptPressRow,
    KeptRow,
    LineRow,
    MemberRow,
    NoticeRow,
    PolicyRow,
    PreferenceRow,
    RequestRow,
    TeamRow,
    ToldRow,
    WorkspaceRow,
)
from core.rows.requests import NOT_REPORTED
from tests.fakes import FakeClock, MemoryBooks


class MemoryPolicies:
    """`core.ports.Policies` on books in memory."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def of(self, team_id: str, targets: Collection[str]) -> tuple[Policy, ...]:
        """What is set for these targets of a team."""
        return tuple(policy for policy in await self.all(team_id) if policy.target in targets)

    async def all(self, team_id: str) -> tuple[Policy, ...]:
        """Everything that is set in a team."""
        rows = (row for row in self._books.rows(PolicyRow) if row.team_id == team_id)
        return tuple(policy_from(row.target, row.entries) for row in rows)


class MemoryPreferences:
    """`core.ports.PreferenceBooks` on books in memory."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def of(self, team_id: str, owner: str) -> Mapping[str, str]:
        """What somebody set, by name."""
        rows = (row for row in self._books.rows(PreferenceRow) if (row.id, row.team_id) == (owner, team_id))
        return next((preferred_from(row.entries) for row in rows), {})


class MemoryPresses:
    """`core.ports.PressBooks` on books in memory."""

    def __init__(self, books: MemoryBooks, clock: FakeClock) -> None:
        self._books = books
        self._clock = clock

    async def kept(self, team_id: str, press_id: str) -> bytes:
        """What is kept under this id in this team."""
        now_ms = int(self._clock.now().timestamp() * 1000)
        rows = (row for row in self._books.rows(KeptPressRow) if (row.id, row.team_id) == (press_id, team_id))
        return next((row.sealed for row in rows if not has_lapsed(row.erase_after_ms, now_ms)), b"")


class MemoryNotices:
    """`core.ports.NoticeBooks` on books in memory."""

    def __init__(self, books: MemoryBooks, clock: FakeClock) -> None:
        self._books = books
        self._clock = clock

    async def due(self, platform: str, workspaces: Collection[str], *, strays: bool = False) -> tuple[DueNotice, ...]:
        """Those for admins that nobody told, and nobody is telling now."""
        names = {f"{platform}:{workspace}": workspace for workspace in workspaces}
        here = {row.team_id: names[row.id] for row in reversed(self._books.rows(WorkspaceRow)) if row.id in names}
        requests = {row.id: row for row in self._books.rows(BudgetRequestRow)}
        found = []
        for row, first in self._untold(here):
            request = requests.get(row.about)
            reason = request.reason if request is not None else ""
            decide = row.about if request is not None and self._to_decide(request) else ""
            belongs_here = row.workspace in names and self._team_of(row.workspace) == row.team_id
            due = replace(first, workspace=names[row.workspace]) if belongs_here else first
            strayed = "" if belongs_here else row.workspace
            channel = "" if strayed else row.channel
            if not row.member_id and (not strayed or (strays and self._has_strayed(row))):
                due = replace(due, channel=channel, chart=row.chart, strayed=strayed)
                found.append(replace(due, decide=decide, reason=reason))
        return tuple(found)

    def _team_of(self, workspace: str) -> str:
        return next((row.team_id for row in self._books.rows(WorkspaceRow) if row.id == workspace), "")

    def _has_strayed(self, row: NoticeRow) -> bool:
        return row.at_ms < self._now_ms - (PERHAPS_TOLD_MS if row.tries else BOUND_MS)

    async def due_to_members(self, platform: str, workspaces: Collection[str]) -> tuple[DueNotice, ...]:
        """The same for single people."""
        everybody = {row.id: row.display_name for row in self._books.rows(MemberRow)}
        persons = {row.id: row.same_as or row.id for row in self._books.rows(MemberRow)}
        found = []
        for row, due in self._untold({team.id: "" for team in self._books.rows(TeamRow)}):
            for identity in self._books.rows(IdentityRow):
                where, _, user = identity.id.partition("/")
                workspace = where.removeprefix(f"{platform}:")
                if (
                    not identity.gone
                    and persons[identity.member_id] == persons.get(row.member_id)
                    and workspace in workspaces
                    and where != workspace
                ):
                    to = Identity(platform, workspace, user, everybody[row.member_id])
                    link = row.about if row.kind == LINK else ""
                    found.append(replace(due, workspace=workspace, to=to, press=self._kept(row.about), link=link))
                    break
        return tuple(found)

    def _untold(self, workspaces: Mapping[str, str]) -> list[tuple[NoticeRow, DueNotice]]:
        """Of teams that have a workspace here, the oldest first."""
        wallets = {team.id: team.wallet_id for team in self._books.rows(TeamRow)}
        return [
            (
                row,
                DueNotice(row.id, row.team_id, wallets[row.team_id], workspaces[row.team_id], row.kind, row.words, at),
            )
            for row in sorted(self._books.rows(NoticeRow), key=lambda row: (row.at_ms, row.id))
            if row.team_id in workspaces and not row.delivered_at_ms and lease_is_over(row, self._now_ms)
            for at in (datetime.fromtimestamp(row.at_ms / 1000, UTC),)
        ]

    def _to_decide(self, request: BudgetRequestRow) -> bool:
        return request.state == RequestedState.OPEN and not 0 < request.expires_at_ms <= self._now_ms

    def _kept(self, attempt: str) -> str:
        kept = {row.id for row in self._books.rows(KeptRow) if row.question}
        asks = {attempt_id(row.id, row.attempt): row for row in self._books.rows(RequestRow) if row.id in kept}
        return attempt if attempt in asks and asks[attempt].state in ENDED_UNCHARGED else ""

    @property
    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)

    async def told(self, team_id: str) -> Mapping[str, str]:
        """What a team's admins know."""
        return {row.subject: row.value for row in self._books.rows(ToldRow) if row.team_id == team_id}

    async def was_told(self, kind: str, workspace: str) -> bool:
        """Whether somebody of the team of a workspace has read a notice of this kind."""
        teams = {row.team_id for row in self._books.rows(WorkspaceRow) if row.id == workspace}
        notices = (row for row in self._books.rows(NoticeRow) if row.kind == kind and row.team_id in teams)
        return any(row.delivered_at_ms for row in notices)


class MemoryReceipts:
    """`core.ports.ReceiptBooks` on books in memory."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def one(self, team_id: str, ask_id: str) -> BookedAsk | None:
        """An ask of this team."""
        for row in self._books.rows(RequestRow):
            if (row.id, row.team_id) == (ask_id, team_id):
                close = f"{attempt_id(ask_id, row.attempt)}."
                lines = (line for line in self._books.rows(LineRow) if line.id.startswith(close))
                return replace(_booked(row), lines=tuple(map(_line, lines)))
        return None

    async def newest(self, team_id: str, member_ids: Collection[str], at_most: int) -> tuple[BookedAsk, ...]:
        """A member's last asks."""
        team = (row for row in self._books.rows(RequestRow) if row.team_id == team_id)
        mine = (row for row in team if row.member_id in member_ids)
        newest = sorted(mine, key=lambda row: (row.started_at_ms, row.id), reverse=True)
        return tuple(map(_booked, newest[:at_most]))


def _booked(row: RequestRow) -> BookedAsk:
    return BookedAsk(
        row.id,
        row.member_id,
        Place(row.platform, row.workspace, row.channel, row.thread),
        datetime.fromtimestamp(row.started_at_ms / 1000, UTC),
        row.state,
        row.ending,
        row.provider,
        row.model,
        row.why,
        row.cost_nanos,
        bool(row.estimated),
        tagged=Tagged(row.tag, row.tag_by),
    )


def _line(row: LineRow) -> PricedLine:
    usage = Usage(
        row.input_tokens, row.cache_read_tokens, row.cache_write_tokens, row.output_tokens, row.reasoning_tokens
    )
    reported = None if row.reported_nanos == NOT_REPORTED else row.reported_nanos
    return PricedLine(
        row.provider, row.model, usage, row.cost_nanos, row.charged_nanos, bool(row.estimated), row.step, reported
    )
