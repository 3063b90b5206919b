"""What the books tell when they are read: values, as of one moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.defaults import MIN_VARIANT_ASKS
from core.operations import ENDED_UNCHARGED
from core.people import Identity, Place
from core.periods import Period


@dataclass(frozen=True, slots=True)
class WalletReport:
    """One wallet now. `spent_nanos` is what its members' months say was spent since `spending_since`.

    That is the first of last month, or the first top-up if it came later; None where nothing was spent.
    """

    available_nanos: int
    held_nanos: int
    running_asks: int
    spent_nanos: int
    spending_since: datetime | None

    @property
    def balance_nanos(self) -> int:
        """Everything in the pool, held money included."""
        return self.available_nanos + self.held_nanos


@dataclass(frozen=True, slots=True)
class VariantReport:
    """One arm of an experiment: what its asks cost in all, and how they went.

    `variant` is its label: a name, or "control:" with the name. `first_word_ms` and `answer_ms` are medians over its
    answers, from the call and from the hold on; 0 where nothing is known. `failed` of its asks got no answer.
    """

    variant: str
    asks: int
    charged_nanos: int
    first_word_ms: int
    answer_ms: int
    thumbs_up: int
    thumbs_down: int
    failed: int

    @property
    def answers(self) -> int:
        """Its asks that were answered."""
        return self.asks - self.failed


@dataclass(frozen=True, slots=True)
class RoutedModel:
    """What one model answered where it was chosen automatically. `bettered`: how often a better one was asked for."""

    model: str
    asks: int
    charged_nanos: int
    bettered: int
    thumbs_up: int
    thumbs_down: int


@dataclass(frozen=True, slots=True)
class RoutingReport:
    """What automatic choice came to, the most used model first."""

    models: tuple[RoutedModel, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of an experiment. Without `enough` answers its numbers say nothing yet."""

    report: VariantReport
    enough: bool


def arms_from(reports: Iterable[VariantReport]) -> tuple[Arm, ...]:
    """What is told of experiments."""
    return tuple(Arm(report, enough=report.answers >= MIN_VARIANT_ASKS) for report in reports)


@dataclass(frozen=True, slots=True)
class RoutingNumbers:
    """What is known of a team's routing in the last `days`; `down` are providers that do not answer, and since when."""

    arms: tuple[Arm, ...]
    routing: RoutingReport
    days: int
    down: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class TopUpReport:
    """One top-up and how much of it was taken back."""

    id: str
    amount_nanos: int
    refunded_nanos: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """An administrative act (`core.rows.ActRow`): who did what to whom, and when."""

    actor: str
    kind: str
    subject: str
    words: str
    amount_nanos: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PeriodUse:
    """One limit of a member and what is used of it. `limit_nanos` has in it what was carried over and granted."""

    period: Period
    used_nanos: int
    held_nanos: int
    limit_nanos: int
    carried_nanos: int
    granted_nanos: int
    renews_on: date


@dataclass(frozen=True, slots=True)
class Balance:
    """A member's month and their team's wallet. `days_left` is None while there is no pace to tell it from.

    `month_limit_nanos` is None where there is none; it has in it what was carried over and granted. `beside` are the
    limits of a day and a week, where there are some. `team_frozen` and `member_frozen` say for whom asking is paused,
    `paused_by_operator` that only whoever runs Chipin lets it go on.
    """

    month_used_nanos: int
    month_held_nanos: int
    month_limit_nanos: int | None
    renews_on: date
    wallet: WalletReport
    days_left: int | None
    team_frozen: bool = False
    member_frozen: bool = False
    paused_by_operator: bool = False
    month_carried_nanos: int = 0
    month_granted_nanos: int = 0
    beside: tuple[PeriodUse, ...] = ()


@dataclass(frozen=True, slots=True)
class AskEnd:
    """How one ask ended, as whoever tells it later needs it. `question` and `answer` are sealed, empty once erased.

    `to` is its asker in the workspace where it was asked, if they are known there.
    """

    ask_id: str
    place: Place
    member_id: str
    asked_by: str
    state: str
    ending: str
    interrupted: bool
    provider: str
    model: str
    cost_nanos: int
    estimated: bool
    question: bytes
    answer: bytes
    to: Identity | None = None

    @property
    def may_be_asked_again(self) -> bool:
        """Whether a press can run it once more: it ended uncharged, and its question is still kept."""
        return self.state in ENDED_UNCHARGED and self.question != b""


@dataclass(frozen=True, slots=True)
class DueNotice:
    """Something that a team's admins have not been told, and a workspace of theirs on the platform that asks.

    With `to` it is for that person. `decide`, `press` and `link` are as of a `Notice`; `reason` is the asker's own
    words. It was posted `at` that moment. `channel` and `chart` are as of a `NoticeRow`.
    `strayed` is the workspace it belongs to ("slack:T1"), where that is another.
    """

    id: str
    team_id: str
    wallet_id: str
    workspace: str
    kind: str
    words: str
    at: datetime
    to: Identity | None = None
    decide: str = ""
    reason: str = ""
    press: str = ""
    link: str = ""
    channel: str = ""
    chart: str = ""
    strayed: str = ""


@dataclass(frozen=True, slots=True)
class BudgetRequest:
    """A request for more as it stands (`BudgetRequestRow`). `ends_at` is when its period ends, None where it has none.

    `joins` is the request that admins were shown for the same empty wallet; empty for that one itself. `decided_by` and
    `decided_at` are also those of the request that it joins, where that one was decided.
    """

    id: str
    member_id: str
    counter_id: str
    amount_nanos: int
    reason: str
    attempt: str
    state: str
    asked_at: datetime
    ends_at: datetime | None
    confirmed_by: str
    decided_by: str
    decided_at: datetime
    joins: str = ""


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A code as it stands (`LinkRow`): who gave it and who typed it, where each spoke, and its state."""

    id: str
    kind: str
    team_id: str
    member_id: str
    place: str
    state: str
    typed_by: str
    typed_team: str
    typed_place: str


@dataclass(frozen=True, slots=True)
class Belongings:
    """What is a team's, by ids: everybody who ever was in it, its workspaces, for whom something is set, and buttons.

    `lives`: it has asked something, or asked for more.
    """

    members: tuple[str, ...]
    workspaces: tuple[str, ...]
    targets: tuple[str, ...]
    presses: tuple[str, ...]
    lives: bool


@dataclass(frozen=True, slots=True)
class Traces:
    """What is left of a member beside their name, by ids: asks whose place or text is kept, notices, reasons,
    what their buttons stand for.

    `more`: there may be more than these.
    """

    member_id: str
    team_id: str
    wallet_id: str
    asks: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    budget_requests: tuple[str, ...] = ()
    presses: tuple[str, ...] = ()
    more: bool = False

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.asks or self.notices or self.budget_requests or self.presses)
