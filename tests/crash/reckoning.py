"""What is left after all the kills: the journal of what people were told, held against the books and the calls."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.store.audit import Finding, audit
from core.ledger.holding import HoldState
from core.rows import HoldRow, RequestKeyRow, RequestRow, TopUpRow
from tests.bookkeeping import rows_of
from tests.crash.journal import Journal
from tests.end_to_end.house import House

NOUGHT = (
    "lost_top_ups",
    "charged_twice",
    "told_twice",
    "never_told",
    "wrong_answers",
    "open_holds",
    "violations",
    "such_calls_without_a_notice",
    "never_claimed_events",
)
ANSWER = "A deadlock is two waiting for each other."


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The numbers that must be nought, and how much there was."""

    asks: int
    top_ups: int
    answered: int
    interrupted: int
    lost_top_ups: int
    charged_twice: int
    told_twice: int
    never_told: int
    wrong_answers: int
    open_holds: int
    violations: int
    calls_without_a_charge: int
    such_calls_without_a_notice: int
    never_claimed_events: int
    never_claimed_commands: int

    def __str__(self) -> str:
        """One line for docs/soak.md."""
        nought = ", ".join(f"{name.replace('_', ' ')} {getattr(self, name)}" for name in NOUGHT)
        return (
            f"{self.asks} asks ({self.answered} answered, {self.interrupted} interrupted and said), "
            f"{self.top_ups} top-ups acknowledged, {self.calls_without_a_charge} provider calls not charged, "
            f"{self.never_claimed_commands} commands killed before their claim; {nought}"
        )

    @property
    def faults(self) -> dict[str, int]:
        """Everything that must be nought and is not."""
        return {name: getattr(self, name) for name in NOUGHT if getattr(self, name)}


async def reckon(house: House, journal: Journal, calls: Sequence[str]) -> Reckoning:
    """Hold the journal against the books. `calls` are the events that the provider was called for, one each."""
    store = house.app.store
    requests = {row.id: row for row in await rows_of(store, RequestRow)}
    keys = {row.id: row.request_id for row in await rows_of(store, RequestKeyRow)}
    holds = await rows_of(store, HoldRow)
    digest = house.asks._ports.vault.digest
    asked = dict.fromkeys(line["event"] for line in journal.all_of("asking"))
    ask_of = {event: keys[digest(event)] for event in asked if digest(event) in keys}
    shown = Counter(line["ask"] for line in journal.all_of("shown"))
    told = Counter(line["ask"] for line in journal.all_of("told"))
    settled = Counter(hold.request_id for hold in holds if hold.state == HoldState.SETTLED)
    report = await audit(store)
    noticed = Counter(_request_of(notice) for notice in report.notices if notice.rule == "call-not-charged")
    called = Counter(ask_of[event] for event in calls)
    free = {ask: called[ask] - settled[ask] for ask in called if called[ask] > settled[ask]}
    budgets = {row.id for row in await rows_of(store, TopUpRow)}
    never_claimed = [event for event in asked if event not in ask_of]
    return Reckoning(
        asks=len(requests),
        top_ups=len(journal.all_of("budget")),
        answered=sum(request.state == "settled" for request in requests.values()),
        interrupted=sum(request.ending == "interrupted" for request in requests.values()),
        lost_top_ups=sum(line["id"] not in budgets for line in journal.all_of("budget")),
        charged_twice=sum(number > 1 for number in settled.values()),
        told_twice=sum(shown[ask] + told[ask] > 1 for ask in requests),
        never_told=sum(not shown[ask] and not told[ask] for ask in requests),
        wrong_answers=_wrong_answers(journal, requests),
        open_holds=sum(hold.state == HoldState.OPEN for hold in holds),
        violations=len(report.violations),
        calls_without_a_charge=sum(free.values()),
        such_calls_without_a_notice=sum(number > noticed[ask] for ask, number in free.items()),
        never_claimed_events=sum(event.startswith("event") for event in never_claimed),
        never_claimed_commands=sum(event.startswith("command") for event in never_claimed),
    )


def _request_of(notice: Finding) -> str:
    found = re.search(r"request_id (\S+),", notice.row)
    assert found is not None, notice
    return found[1]


def _wrong_answers(journal: Journal, requests: dict[str, RequestRow]) -> int:
    """Asks that were charged without the whole answer having been told, or told an answer and not charged."""
    answers = {line["ask"]: line["text"] for line in journal.all_of("shown")}
    answers |= {line["ask"]: line["answer"] for line in journal.all_of("told")}
    return sum((answers.get(ask) == ANSWER) != (request.cost_nanos > 0) for ask, request in requests.items())
