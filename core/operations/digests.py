"""Operations on what a team is told of its weeks."""

from dataclasses import dataclass

from core.operations.operation import Operation
from core.operations.outcome import Concluded, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDigest(Operation[Concluded | Refused]):
    """Tell a team of the week `label`, and of the ones before it that nobody told: `weeks` in all, from `start_ms`.

    `words` are its lines, `chart` what is drawn with them (core/chart.py), and it belongs into `channel` of
    `workspace`, both empty for the admins. Refused as `UNCHANGED` when that week or a later one was told: of many
    processes one posts it; as `NOT_DUE` before `end_ms`: a process whose clock is ahead leaves out nothing.
    """

    team_id: str
    label: str
    start_ms: int
    end_ms: int
    weeks: int
    words: str
    chart: str
    workspace: str
    channel: str
