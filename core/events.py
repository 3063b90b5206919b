"""What an ask tells its reader, in order. Every chat renders these and nothing else.

FirstUse                                              (once in a member's life, before any of the following)
Quoted | NeedsCare | NeedsConfirmation                (nothing is held yet)
(Pausing | Waiting)* -> Refused
(Pausing | Waiting)* -> Started -> (Delta | Pausing | SwitchedModel)* -> Finished
             -> Refused  (instead of Finished, where the books could not be closed: it says so)
AlreadyAsked                                          (a redelivery of something asked before)

Whoever is interrupted between the hold and `Started` reads `Finished` without it. After a `SwitchedModel` the answer
begins anew: only an answer that nobody has read a word of yet is given to another model.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.quote import Quote
from core.receipt import Receipt


class Ending(StrEnum):
    """How an ask that was started ended."""

    ANSWERED = "answered"
    CUT = "cut"  # the answer reached the output cap
    STOPPED = "stopped"  # somebody pressed Stop
    TIMED_OUT = "timed_out"
    BROKEN = "broken"  # the provider broke off after the first words
    FAILED = "failed"  # no word came
    EMPTY = "empty"  # the provider answered nothing
    DECLINED = "declined"  # the model refused because of the content


@dataclass(frozen=True, slots=True)
class FirstUse:
    """What asking means, in a few lines, before somebody's first ask goes anywhere. The ask goes on after it."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Enough money is there, but held by other asks for the moment."""

    running_asks: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What was missing, for asking the admins for more (core/budget_requests.py).

    `counter_id` names the limit that has no room, `label` its period and `ends_at` that period's end (None: never);
    both are empty where the wallet is. `missing_nanos` would have been enough for this ask. `attempt` is what a press
    of "Run it now" carries.
    """

    counter_id: str
    label: str
    ends_at: datetime | None
    missing_nanos: int
    attempt: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It ended without a receipt. `sentence` says why, and what of the money: which limit, the numbers, the next step.

    Before `Started` no provider was called and nothing was charged. Where trying again may help, `again` is what a
    press of "Try again" carries (`Question.resumes`). `shortfall`: what admins could give, where they could. `cheaper`
    is a model that still fits: pressing it is a new question that `resumes` what `again` says, with its `model` and
    `pressed_nanos`.
    """

    sentence: str
    again: str = field(default="", compare=False)
    shortfall: Shortfall | None = field(default=None, compare=False)
    cheaper: Quote | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Quoted:
    """What the question would cost with each model that can answer it, cheapest first. Nothing is held.

    Pressing one is a new question that `resumes` what `press` says, with `model` and `pressed_nanos` the quote's.
    `recommended` is the one among them that would be asked if nobody chose. `note`: what its asker should know first.
    """

    ask_id: str
    press: str
    quotes: tuple[Quote, ...]
    recommended: Quote
    note: str = ""


@dataclass(frozen=True, slots=True)
class NeedsCare:
    """Something in the question looks like a secret. Nothing has left, nothing is held.

    Pressing "Remove it" is a new question that `resumes` what `press` says, with `secrets` REMOVE; "Send anyway", where
    `may_send`, the same with SEND. `sentence` names what was found, and never repeats it.
    """

    ask_id: str
    press: str
    sentence: str
    may_send: bool


@dataclass(frozen=True, slots=True)
class NeedsConfirmation:
    """Dear enough to ask first. Nothing is held; pressing it is a new request that `resumes` what `press` says.

    `pressed_nanos` is its `at_most_nanos`. `cheaper` is the choice beside it, if there is one: the same press with
    `model` and `pressed_nanos` of that quote.
    """

    ask_id: str
    press: str
    sentence: str
    about_nanos: int
    at_most_nanos: int
    cheaper: Quote | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """Money is held and the provider is being called."""

    ask_id: str
    model_title: str
    at_most_nanos: int
    note: str = ""
    """What the reader should know before the answer, for example that it will be shorter than usual."""


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer, exactly as it came."""

    text: str


@dataclass(frozen=True, slots=True)
class Pausing:
    """A provider is busy, or all of them are; the ask waits a moment. `sentence` says for whom and how long."""

    sentence: str


@dataclass(frozen=True, slots=True)
class SwitchedModel:
    """Another model answers from here on, and the whole ask costs at most `at_most_nanos` now.

    `because` completes a sentence that begins with the first model: "did not answer".
    """

    from_title: str
    to_title: str
    at_most_nanos: int
    because: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The books are closed on this ask. `sentence` says what went wrong and what it cost; empty if all went well.

    `better`: what the same question costs on the next better model. Pressing that is a new question that `improves`
    this ask, with `model` and `pressed_nanos` the quote's. `again`: what a press of "Try again" carries, where
    there is no answer.
    """

    ending: Ending
    receipt: Receipt
    sentence: str = ""
    better: Quote | None = None
    again: str = ""


@dataclass(frozen=True, slots=True)
class AlreadyAsked:
    """The platform delivered something twice. Nothing was done; `sentence` says what became of the first copy."""

    ask_id: str
    sentence: str


AskEvent = (
    FirstUse
    | Waiting
    | Refused
    | Quoted
    | NeedsCare
    | NeedsConfirmation
    | Started
    | Delta
    | Pausing
    | SwitchedModel
    | Finished
    | AlreadyAsked
)
