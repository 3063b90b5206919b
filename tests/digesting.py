"""A team over weeks, for tests of its digest: books in memory, a clock, and asks by hand."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from core.announcement import DIGEST, notice_id
from core.digest.savings import AutomaticChoice, Chosen
from core.digest.weeks import ToldWeek
from core.models import AUTO
from core.operations import RequestState
from core.rows import DigestRow, NoticeRow, RequestRow
from tests.fakes import MemoryBooks


class MemoryDigests:
    """`core.ports.DigestBooks` on books in memory."""

    def __init__(self, books: MemoryBooks) -> None:
        self._books = books

    async def last(self, team_id: str) -> ToldWeek | None:
        """The newest week that a team was told of."""
        weeks = [row for row in self._books.rows(DigestRow) if row.team_id == team_id]
        if not weeks:
            return None
        week = max(weeks, key=lambda row: row.label)
        (notice,) = (row for row in self._books.rows(NoticeRow) if row.id == notice_id(DIGEST, team_id, week.label))
        told_ms = notice.delivered_at_ms
        return ToldWeek(week.label, _at(week.end_ms), week.weeks, _at(week.at_ms), _at(told_ms) if told_ms else None)

    async def chosen(self, team_id: str, start: datetime, end: datetime) -> AutomaticChoice:
        """What was chosen automatically."""
        by_model = defaultdict[tuple[str, int], list[RequestRow]](list)
        ended = [
            row
            for row in self._books.rows(RequestRow)
            if (row.team_id, row.state) == (team_id, RequestState.SETTLED) and start <= _at(row.finished_at_ms) < end
        ]
        for row in ended:
            if row.route == AUTO:
                by_model[row.model, row.needed_tier].append(row)
        chosen = (_chosen(*key, rows) for key, rows in sorted(by_model.items()))
        return AutomaticChoice(tuple(chosen), sum(row.cost_nanos for row in ended if row.improves))


def _chosen(model: str, tier: int, rows: Sequence[RequestRow]) -> Chosen:
    return Chosen(
        model,
        tier,
        len(rows),
        sum(row.cost_nanos for row in rows),
        sum(row.input_tokens for row in rows),
        sum(row.output_tokens for row in rows),
    )


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
