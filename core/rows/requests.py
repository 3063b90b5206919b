"""The rows of questions: requests, their keys, their receipts, what is kept of their text and for their buttons."""

from dataclasses import dataclass

from core.rows.row import Row

NOT_REPORTED = -1
"""`LineRow.reported_nanos` where the provider does not say what it takes."""


@dataclass(frozen=True, kw_only=True)
class RequestRow(Row):
    """One question and what became of it; no text of it.

    `lease_until_ms`: until then whoever runs it, or tells its end, is not disturbed. `delivered_at_ms`: when its asker
    was told how it stands. `delivery_tries`: how often somebody took it on to tell them later.

    `route`: how its model was chosen: AUTO or NAMED (core/models.py), or a route's name; empty before it was.
    `needed_tier`: how good a model it seemed to need. `variant`: the arm of an experiment that it ran in. `improves`:
    the ask whose question it runs again on a better model. `thumb`: what its asker thinks of the answer, -1, 0 or 1.
    `secrets`: what its asker chose about what looks like a secret in it (core/question.py); empty where nobody asked.
    `tag`: what it is booked under beside its model and channel (core/tags.py); empty for none. `tag_by`: who named
    it, its asker or a rule (core/policy/tagging.py).
    `first_word_ms`: from the call to the first word; 0 where that is not known.
    """

    table = "request"
    wallet_id: str
    team_id: str
    member_id: str
    platform: str
    workspace: str
    channel: str
    thread: str
    state: str
    attempt: int
    lease_until_ms: int
    started_at_ms: int
    stop_requested: int = 0
    hold_id: str = ""
    provider: str = ""
    model: str = ""
    shown_nanos: int = 0
    ending: str = ""
    why: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_nanos: int = 0
    estimated: int = 0
    finished_at_ms: int = 0
    delivered_at_ms: int = 0
    delivery_tries: int = 0
    route: str = ""
    needed_tier: int = 0
    variant: str = ""
    improves: str = ""
    thumb: int = 0
    first_word_ms: int = 0
    secrets: str = ""
    tag: str = ""
    tag_by: str = ""


@dataclass(frozen=True, kw_only=True)
class RequestKeyRow(Row):
    """A keyed hash (the id) by which a redelivery finds its request."""

    table = "request_key"
    append_only = True
    request_id: str


@dataclass(frozen=True, kw_only=True)
class LineRow(Row):
    """One line of a receipt, with all five parts of its usage. `reported_nanos`: what the provider says it takes."""

    table = "receipt_line"
    append_only = True
    request_id: str
    wallet_id: str
    step: str
    provider: str
    model: str
    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_nanos: int
    charged_nanos: int
    estimated: int
    reported_nanos: int = NOT_REPORTED


@dataclass(frozen=True, kw_only=True)
class KeptRow(Row):
    """Sealed text of one request (the id): the answer until it is delivered, all of it until `erase_after_ms`.

    Empty once erased.
    """

    table = "kept"
    question: bytes = b""
    answer: bytes = b""
    erase_after_ms: int = 0


@dataclass(frozen=True, kw_only=True)
class KeptPressRow(Row):
    """What a button stands for that cannot carry it, sealed, until `erase_after_ms`. Its member alone may press it."""

    table = "kept_press"
    team_id: str
    member_id: str
    sealed: bytes
    erase_after_ms: int
