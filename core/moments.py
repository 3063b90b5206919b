"""A moment as the books keep it: whole milliseconds since 1970, UTC. Exactly, both ways: no float is in between."""

from datetime import UTC, datetime, timedelta

_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """What of a millisecond has begun at this moment counts as begun."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(at_ms: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + at_ms * _MILLISECOND
