"""What choosing a model costs before anything is asked: telling a question's difficulty, and the whole plan."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from zoneinfo import ZoneInfo

from adapters.llm.catalogue import load_catalogue
from adapters.llm.tokens import OfflineTokenCounter
from benchmarks.databases import NewDatabase
from benchmarks.measure import in_turn, percentile
from benchmarks.table import Table, at_most, number
from bot.clock import SystemClock
from core.call import TextPart
from core.defaults import MAX_PROMPT_CHARS
from core.models import PRACTICE, Model
from core.people import Member, Place, Team
from core.periods import Calendar
from core.question import Question
from core.routing.difficulty import difficulty_of
from core.routing.health import Health
from core.routing.plan import plan_route
from core.routing.rules import Rules

DIFFICULTY_AT_MOST_MS = 1
_ASKED = (
    "what is the capital of France?",
    "Why does my migration deadlock, and how do I find out which one holds the lock?",
    "Schreib eine kurze Absage und erkläre, warum wir den Termin nicht halten können.",
    "Design a distributed job queue and prove that no job runs twice. What are the trade-offs?",
    "解释一下增值税和消费税,并比较它们",
    "Summarise this: " + "the chairs arrived late and two of them were broken, which we wrote to you about. " * 12,
    "What does this do?\n```python\ndef drain(queue):\n    for job in queue:\n        handle(job)\n```\n" * 3,
    'Traceback (most recent call last):\n  File "/srv/app/jobs.py", line 88, in run\nKeyError: 1\n' * 8,
)
_TEAM = Team("team", "wallet", "Team", Calendar(ZoneInfo("UTC")))
_MEMBER = Member("member", _TEAM, "Member")


async def tables(kind: str, new_database: NewDatabase, *, rounds: int = 300) -> list[Table]:
    """Difficulty and plan. No database takes part, so it is measured once: with the first of them."""
    return [_difficulty(rounds), await _plans(max(1, rounds // 10))] if kind == "SQLite" else []


def _difficulty(rounds: int) -> Table:
    usual = [_milliseconds(partial(difficulty_of, text)) for _ in range(rounds) for text in _ASKED]
    longest = "why does it fail? { x = 1 } " * (MAX_PROMPT_CHARS // 28)
    long = [_milliseconds(partial(difficulty_of, longest)) for _ in range(max(1, rounds // 10))]
    return Table(
        title="Telling how hard a question is",
        heading=("question", "half of them within", "95 % of them within"),
        rows=(
            (
                f"{len(_ASKED)} usual ones, up to {max(map(len, _ASKED)):,} characters",
                f"{number(percentile(usual, 0.5))} ms",
                at_most(percentile(usual, 0.95), DIFFICULTY_AT_MOST_MS, " ms"),
            ),
            (
                f"{len(longest):,} characters",
                f"{number(percentile(long, 0.5))} ms",
                f"{number(percentile(long, 0.95))} ms",
            ),
        ),
    )


def _milliseconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1_000


async def _plans(rounds: int) -> Table:
    models = [model for model in load_catalogue().models.values() if model.provider != PRACTICE and not model.embeds]
    counter = OfflineTokenCounter()
    await counter.warm({model.tokenizer for model in models})
    found = await in_turn(
        {size: partial(_plan_ms, models[:size], counter) for size in (1, len(models))},
        rounds=rounds,
    )
    ratio = found[len(models)] / found[1]
    return Table(
        title="Planning a question, prices and all",
        heading=("models", "a plan takes", "of one model alone"),
        rows=tuple((str(size), f"{number(found[size])} ms", f"{number(found[size] / found[1])}x") for size in found),
        notes=(
            f"Each text is counted once a tokenizer: {len(models)} models take {number(ratio)} times as long as one.",
        ),
    )


async def _plan_ms(models: list[Model], counter: OfflineTokenCounter) -> float:
    clock, numbers = SystemClock(), count()
    health = Health(Rules(), clock)
    began = time.perf_counter()
    for text in _ASKED:
        place = Place("bench", "one", "general", str(next(numbers)))
        await plan_route(
            Question(_MEMBER, place, (TextPart(text),), ("key",)),
            models,
            Rules(),
            counter=counter,
            health=health,
            today=datetime.now(UTC).date(),
            max_output_tokens=1_500,
        )
    return (time.perf_counter() - began) * 1_000 / len(_ASKED)
