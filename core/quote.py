"""What one model would take for one question, before anything is asked."""

from dataclasses import dataclass

from core.estimate import PlannedCall


@dataclass(frozen=True, slots=True)
class Quote:
    """About so much for an answer of usual length, and surely no more than `at_most_nanos`. `tier` as of a `Model`."""

    model_id: str
    title: str
    good_for: str
    about_nanos: int
    at_most_nanos: int
    tier: int


def quote_of(planned: PlannedCall) -> Quote:
    """The quote of a call that is planned."""
    model = planned.call.model
    return Quote(model.id, model.title, model.good_for, planned.about_nanos, planned.at_most_nanos, model.tier)
