"""The rows of codes by which two accounts, or two teams, come together."""

from dataclasses import dataclass

from core.rows.row import Row


@dataclass(frozen=True, kw_only=True)
class LinkRow(Row):
    """A code (the id is a keyed hash of it) that a member gave, and who typed it. docs/decisions/0034.

    `kind` and `state` are those of core/operations/links.py. `place` and `typed_place` are the platform and workspace
    in which each spoke ("slack:T1"). After `until_ms` nobody types it, or agrees to it, any more.
    """

    table = "link"
    kind: str
    team_id: str
    member_id: str
    place: str
    state: str
    made_at_ms: int
    until_ms: int
    typed_by: str = ""
    typed_team: str = ""
    typed_place: str = ""


@dataclass(frozen=True, kw_only=True)
class GuessRow(Row):
    """How many codes a member (the id) typed since then that were none."""

    table = "guess"
    team_id: str
    since_ms: int
    wrong: int
