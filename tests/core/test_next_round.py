"""What has just happened is told at once: one round, however often it is asked for."""

from dataclasses import dataclass, field
from typing import Any, cast

from core.errors import BooksUnavailable
from core.next_round import NextRound
from core.ports import Announcer
from core.tasks import Tasks
from core.use_cases import UseCases
from tests.fakes import fail


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
    return NextRound(cast(UseCases, rounds), cast(Announcer, "the announcer"), tasks)


async def test_many_at_once_make_one_round_and_a_later_one_another() -> None:
    rounds, tasks = Rounds(), Tasks(fail)
    teller = telling(rounds, tasks)
    for _ in range(10):
        teller.soon()
    await tasks.finish()
    assert rounds.runs == ["the announcer"] * 2  # deliveries, and notices
    teller.soon()
    await tasks.finish()
    assert len(rounds.runs) == 4


async def test_books_that_do_not_answer_are_left_to_the_next_round() -> None:
    rounds, tasks = Rounds(broken=True), Tasks(fail)
    teller = telling(rounds, tasks)
    teller.soon()
    await tasks.finish()
    rounds.broken = False
    teller.soon()
    await tasks.finish()
    assert len(rounds.runs) == 3


async def test_what_happens_in_one_chat_is_told_in_the_other_too() -> None:
    rounds, tasks = Rounds(), Tasks(fail)
    teller = telling(rounds, tasks)
    teller.tell_on(cast(Announcer, "the other chat's"))
    teller.soon()
    await tasks.finish()
    assert rounds.runs == ["the announcer", "the announcer", "the other chat's", "the other chat's"]
