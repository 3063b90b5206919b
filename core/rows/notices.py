"""The rows of what people are to be told."""

from dataclasses import dataclass

from core.rows.row import Row


@dataclass(frozen=True, kw_only=True)
class NoticeRow(Row):
    """Something that the admins of a team are to know, or with a `member_id` that member. Never text of a question.

    `words` name people by their ids in angle brackets, so that a name stands in one place. `about` is the request that
    can be decided under it, or the attempt that can be run again; empty for neither. With a `workspace` ("slack:T1")
    it is told there, and with a `channel` in that one of it. `chart` is what is drawn with it (core/chart.py).

    `lease_until_ms`: until then whoever tells it is not disturbed. `delivered_at_ms`: when the admins had it. `tries`:
    how often somebody took it on to tell them.
    """

    table = "notice"
    team_id: str
    kind: str
    words: str
    at_ms: int
    lease_until_ms: int = 0
    delivered_at_ms: int = 0
    tries: int = 0
    member_id: str = ""
    about: str = ""
    workspace: str = ""
    channel: str = ""
    chart: str = ""


@dataclass(frozen=True, kw_only=True)
class DigestRow(Row):
    """A week that a team was told of (the id is the team and the week, a colon between).

    `weeks` is of how many it tells: the weeks before it that nobody told in time are folded in, so that `start_ms` is
    the first of them.
    """

    table = "digest"
    append_only = True
    team_id: str
    label: str
    start_ms: int
    end_ms: int
    weeks: int
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class ToldRow(Row):
    """What the admins of a team know of a subject (the id is both, a colon between), so that only a change is told."""

    table = "told"
    team_id: str
    subject: str
    value: str
