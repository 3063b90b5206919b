"""How models were chosen and what came of it, added up from a team's asks.

Asks of an experiment have an index of their own. The others are found by the members of the team and the time.
"""

from typing import Any

from sqlalchemy import text

from adapters.store.database import Store
from core.events import Ending
from core.ledger.delivery import INTERRUPTED
from core.models import AUTO
from core.operations import RequestState
from core.reports import RoutedModel, RoutingReport, VariantReport

_OF_THE_TEAM = "r.member_id IN (SELECT m.id FROM member m WHERE m.team_id = :team_id) AND r.started_at_ms >= :since_ms"
# What was stopped before a word, or died with its process, says nothing of the model that it ran on.
_TRIED = (
    "WITH tried AS (SELECT r.variant, r.state, r.cost_nanos, r.thumb, r.first_word_ms, "
    "h.closed_at_ms - h.opened_at_ms AS answer_ms FROM request r JOIN hold h ON h.id = r.hold_id "
    "WHERE r.team_id = :team_id AND r.started_at_ms >= :since_ms AND r.variant <> '' "
    f"AND (r.state = '{RequestState.SETTLED}' "
    f"OR (r.state = '{RequestState.RELEASED}' AND r.ending NOT IN ('{Ending.STOPPED}', '{INTERRUPTED}'))))"
)
_COUNTS = (
    f"{_TRIED} SELECT variant, count(*), sum(cost_nanos), sum(CASE WHEN thumb = 1 THEN 1 ELSE 0 END), "
    "sum(CASE WHEN thumb = -1 THEN 1 ELSE 0 END), "
    f"sum(CASE WHEN state = '{RequestState.RELEASED}' THEN 1 ELSE 0 END) FROM tried GROUP BY variant ORDER BY variant"
)


def _median(column: str) -> str:
    """The middle of a column by variant, the lower of two: both databases can number rows, not both know a median."""
    return (
        f"{_TRIED}, ranked AS (SELECT variant, {column} AS middle, "
        f"row_number() OVER (PARTITION BY variant ORDER BY {column}) AS place, "
        f"count(*) OVER (PARTITION BY variant) AS places FROM tried "
        f"WHERE state = '{RequestState.SETTLED}' AND {column} > 0) "
        "SELECT variant, middle FROM ranked WHERE place = (places + 1) / 2"
    )


_FIRST_WORD, _ANSWER = _median("first_word_ms"), _median("answer_ms")
_ROUTED = (
    "WITH routed AS (SELECT r.id, r.model, r.cost_nanos, r.thumb FROM request r "
    f"WHERE {_OF_THE_TEAM} AND r.route = '{AUTO}' AND r.state = '{RequestState.SETTLED}'), "
    # A better model is asked for after the answer: it is found within the same time.
    f"bettered AS (SELECT DISTINCT r.improves AS id FROM request r WHERE {_OF_THE_TEAM} AND r.improves <> '') "
    "SELECT a.model, count(*) AS asks, sum(a.cost_nanos), count(b.id), sum(CASE WHEN a.thumb = 1 THEN 1 ELSE 0 END), "
    "sum(CASE WHEN a.thumb = -1 THEN 1 ELSE 0 END) FROM routed a LEFT JOIN bettered b ON b.id = a.id "
    "GROUP BY a.model ORDER BY asks DESC, a.model"
)


async def variants(store: Store, team_id: str, since_ms: int) -> tuple[VariantReport, ...]:
    """Every arm of every experiment, by its label; one moment of the books."""
    async with store.snapshot() as session:
        connection = await session.connection()

        async def found(query: str) -> Any:
            return (await connection.execute(text(query), {"team_id": team_id, "since_ms": since_ms})).all()

        first_word = {row[0]: row[1] for row in await found(_FIRST_WORD)}
        answer = {row[0]: row[1] for row in await found(_ANSWER)}
        counts = await found(_COUNTS)
    return tuple(
        VariantReport(
            variant=variant,
            asks=asks,
            charged_nanos=int(charged),  # PostgreSQL sums BIGINT to numeric
            first_word_ms=first_word.get(variant, 0),
            answer_ms=answer.get(variant, 0),
            thumbs_up=int(up),
            thumbs_down=int(down),
            failed=int(failed),
        )
        for variant, asks, charged, up, down, failed in counts
    )


async def routing(store: Store, team_id: str, since_ms: int) -> RoutingReport:
    """Every model that answered where it was chosen automatically, the most used first."""
    async with store.snapshot() as session:
        connection = await session.connection()
        rows = (await connection.execute(text(_ROUTED), {"team_id": team_id, "since_ms": since_ms})).all()
    return RoutingReport(
        tuple(
            RoutedModel(model, asks, int(charged), bettered, int(up), int(down))
            for model, asks, charged, bettered, up, down in rows
        )
    )
