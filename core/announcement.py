"""What somebody is told later: an asker, how their ask ended; the admins of a team, what they are to know."""

from dataclasses import dataclass

from core.chart import Chart
from core.people import Identity, Place

TOPPED_UP = "topup"
"""The kind of notice that says that budget was recorded: everybody may read it."""
OWN_WEEK = "own_week"
"""The kind that tells somebody alone what their own week came to."""
REFILL = "refill"
"""The kind that asks admins whether to add what the team's refill rule says; what its button carries ends its id."""
DIGEST = "digest"
"""The kind of notice that tells of a week: several lines, with a chart."""
WALLET_LOW = "wallet-low"
"""The kind of notice that says that the wallet has come to a level (core/ledger/levels.py)."""

BOUND_MS = 3_600_000
"""How long a notice waits for the workspace it belongs to; then any of the team's does. An hour: longer than a restart,
shorter than a working day without it."""
PERHAPS_TOLD_MS = 24 * 3_600_000
"""How long it waits where somebody took it on there: it may stand there, and nobody elsewhere could look."""


def notice_id(kind: str, team_id: str, key: str) -> str:
    """One for each kind and key of a team: what is posted under it twice is told once."""
    return f"{kind}:{team_id}:{key}"


@dataclass(frozen=True, slots=True)
class Announcement:
    """An ask's end: every chat shows these parts in order.

    `heading` says what happened, `answer` is there if there is one, and `footer` is what is said under it.

    `to` is whoever asked it, in the workspace they asked in; None where they are not known there any more.
    `press`: what a press to ask it again carries (`Question.resumes`); empty where there is nothing to ask again.
    `again`: somebody may have posted it before and gone before they could write that down, so look for our mark first.
    """

    ask_id: str
    place: Place
    asked_by: str
    heading: str
    answer: str = ""
    footer: str = ""
    press: str = ""
    again: bool = False
    to: Identity | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something for the admins of the team that has this workspace, in one line; or with `to` for that person alone.

    `decide` is the request for more that Approve, Half and Deny are about, under it; `press` what "Run it now" carries
    (`Question.resumes`); each empty where there is nothing to press (any more). `again`: as of an `Announcement`.
    `chart` is drawn with what is a `DIGEST`, whose words are several lines.
    `undo` is the top-up that an admin may take back for ten minutes, of a notice that is `TOPPED_UP`, and `channel` the
    one that admins chose for such: it belongs there. `admins` are the workspace's as the books know them. `link`
    is the code that they are asked about, as `core.commands.speaking.LinkWaits` carries it. `refill` is what the button
    carries that adds what the refill rule offers, and `refill_nanos` how much that is.
    """

    id: str
    workspace: str
    kind: str
    words: str
    again: bool = False
    to: Identity | None = None
    decide: str = ""
    press: str = ""
    undo: str = ""
    channel: str = ""
    admins: tuple[Identity, ...] = ()
    link: str = ""
    chart: Chart | None = None
    refill: str = ""
    refill_nanos: int = 0
