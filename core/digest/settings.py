"""What a team set about its digest, read off its preferences (core/preferred.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.digest.schedule import Schedule, schedule_of
from core.digest.weeks import ToldWeek
from core.people import Place
from core.preferred import DIGEST_AT, DIGEST_IN, DIGEST_SEAT, place_in


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """When it comes (None: not at all), into which channel (None: to the admins, each alone), and what a seat costs.

    A price of 0 compares with no seats.
    """

    schedule: Schedule | None
    channel: Place | None
    seat_nanos: int

    @property
    def workspace(self) -> str:
        """Of the channel, as a notice is bound to it: "slack:T1"; empty without one."""
        return "" if self.channel is None else f"{self.channel.platform}:{self.channel.workspace}"

    @property
    def channel_id(self) -> str:
        """The channel as a notice is bound to it; empty without one."""
        return "" if self.channel is None else self.channel.channel


@dataclass(frozen=True, slots=True)
class DigestStanding:
    """What is set, when the next one comes (None: now, or not at all), the last there was, and whether anybody asked.

    Nobody who never asked gets one.
    """

    settings: DigestSettings
    next_at: datetime | None
    last: ToldWeek | None
    asked: bool


def settings_from(liked: Mapping[str, str], usual_seat_nanos: int) -> DigestSettings:
    """The settings; what nobody set is as usual."""
    seat = liked.get(DIGEST_SEAT, "")
    return DigestSettings(
        schedule_of(liked.get(DIGEST_AT, "")),
        place_in(liked.get(DIGEST_IN, "")),
        int(seat) if seat.isascii() and seat.isdecimal() else usual_seat_nanos,
    )
