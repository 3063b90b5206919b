"""What has just happened is told at once: one round, however often it is asked for."""

from dataclasses import dataclass, field
from typing import Any, cast

from adapters.slack.later.announcer import SlackAnnouncer
from adapters.slack.later.next_round import NextRound
from adapters.slack.tasks import Tasks
from core.errors import BooksUnavailable
from core.use_cases import UseCases


@dataclass
class Rounds:
    """Deliveries and notices at once; `broken` books tell nothing."""

    broken: bool = False
    runs: list[Any] = field(default_factory=list)

    @property
    def deliveries(self) -> "Rounds":
        return self

    notices = deliveries

    async def run(self, announcer: object) -> int:
        self.runs.append(announcer)
        if self.broken:
            raise BooksUnavailable("The database did not answer.")
        return 0


def telling(rounds: Rounds, tasks: Tasks) -> NextRound:
    return NextRound(cast(UseCases, rounds), cast(SlackAnnouncer, "the announcer"), tasks)


async def test_many_at_once_make_one_round_and_a_later_one_another() -> None:
    rounds, tasks = Rounds(), Tasks()
    teller = telling(rounds, tasks)
    for _ in range(10):
        teller.soon()
    await tasks.finish()
    assert rounds.runs == ["the announcer"] * 2  # deliveries, and notices
    teller.soon()
    await tasks.finish()
    assert len(rounds.runs) == 4


async def test_books_that_do_not_answer_are_left_to_the_next_round() -> None:
    rounds, tasks = Rounds(broken=True), Tasks()
    teller = telling(rounds, tasks)
    teller.soon()
    await tasks.finish()
    rounds.broken = False
    teller.soon()
    await tasks.finish()
    assert len(rounds.runs) == 3
