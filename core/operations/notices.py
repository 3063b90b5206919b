"""Operations on what the admins of a team are to know: posted once, told once."""

from dataclasses import dataclass

from core.operations.operation import Operation, came_later
from core.operations.outcome import Concluded, Refused
from core.operations.requests import Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class PostNotice(Operation[Concluded | Refused]):
    """Something for the admins of a team, in `words` that never hold anything of a question.

    The same `notice_id` is one notice, whoever posts it and however often: refused as `UNCHANGED`. With a `member_id`
    it is for that member alone (refused as `NOT_FOUND` where they are not of the team, or forgotten); `about`,
    `workspace`, `channel` and `chart` are as of a `NoticeRow`.
    """

    team_id: str
    notice_id: str
    kind: str
    words: str
    member_id: str = came_later("")
    about: str = came_later("")
    workspace: str = came_later("")
    channel: str = came_later("")
    chart: str = came_later("")


@dataclass(frozen=True, slots=True, kw_only=True)
class TellChange(Operation[Concluded | Refused]):
    """What admins know of a subject is `value` from now on, where they knew `was` (empty: nothing yet).

    With `words` a notice says so. Of many processes that see the same change one tells it: refused as `UNCHANGED`
    when it is known already, as `SUPERSEDED` when something else is.
    """

    team_id: str
    subject: str
    was: str
    value: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeNotice(Operation[Taken | Refused]):
    """Take it on to tell a notice that nobody has told yet; one process at a time."""

    team_id: str
    notice_id: str
    lease_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmNotice(Operation[Concluded | Refused]):
    """The notice stands where the team's admins read it."""

    team_id: str
    notice_id: str
