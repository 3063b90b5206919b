"""What was spent, as the books tell it: one definition for digest, usage, statement and export.

Money belongs to the moment at which it was booked, which for an ask is when it ended (`RequestRow.finished_at_ms`: its
transfer is of the same transaction). A stretch of time begins at an instant and ends before another one. What is given
back of a charge later belongs to its own moment, and does not change what was spent before.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.policy import channel_target


class SpendBy(StrEnum):
    """What spending is told by."""

    MODEL = "model"
    TAG = "tag"
    CHANNEL = "channel"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Spent:
    """What one model, tag, channel or member came to: charged asks, those that cost nothing with them.

    `name` is a model's id, a tag (empty: none), a channel as a target of core/policy (empty: a direct message, or a
    chat without channels), or the id of the member that all accounts of a person speak as. Empty for a sum of all.
    """

    name: str
    asks: int
    cost_nanos: int


def channel_of(platform: str, channel: str) -> str:
    """What `Spent.name` says of a channel. One of Slack's whose id begins with a D is a direct message.

    Discord's ids do not tell: who names channels (`PlaceNames`) knows which are direct messages there.
    """
    direct = platform == "slack" and channel.startswith("D")
    return channel_target(platform, channel) if channel and not direct else ""


@dataclass(frozen=True, slots=True)
class SpentOn:
    """What providers took of the pool: by provider, and by the tag of the asks."""

    provider: str
    tag: str
    cost_nanos: int


@dataclass(frozen=True, slots=True)
class Movement:
    """Budget that came in, or was taken back of it. `amount_nanos` is positive for both; `actor` as of a transfer.

    `of` is the top-up that was taken back; empty for a top-up.
    """

    id: str
    amount_nanos: int
    actor: str
    reason: str
    at: datetime
    of: str = ""


@dataclass(frozen=True, slots=True)
class WalletMovements:
    """All that moved a wallet in a stretch of time, in nano-dollars.

    opening + top-ups - what was taken back of them - spent + given back = closing. `absorbed_nanos` is what the
    operator paid beside it: for answers that nobody was charged for, or not all of. What was given back is not in it,
    though the operator pays for that too.
    """

    opening_nanos: int
    top_ups: tuple[Movement, ...]
    taken_back: tuple[Movement, ...]
    spent: tuple[SpentOn, ...]
    given_back: tuple[SpentOn, ...]
    absorbed_nanos: int
    closing_nanos: int
