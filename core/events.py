"""What an ask tells its reader, in order. Every chat renders these and nothing else.

NeedsConfirmation                                     (nothing is held yet)
Waiting* -> Refused
Waiting* -> Started -> (Delta | SwitchedModel)* -> Finished
                                                -> Refused    (the books could not be closed: it says what that means)
AlreadyAsked                                          (a redelivery of something asked before)

Whoever is interrupted between the hold and `Started` reads `Finished` without it. No ask of this release switches
models: `SwitchedModel` comes with routing.
"""

from dataclasses import dataclass
from enum import StrEnum

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
class Waiting:
    """Enough money is there, but held by other asks for the moment."""

    running_asks: int


@dataclass(frozen=True, slots=True)
class Refused:
    """It ended without a receipt. `sentence` says why, and what of the money: which limit, the numbers, the next step.

    Before `Started` no provider was called and nothing was charged.
    """

    sentence: str


@dataclass(frozen=True, slots=True)
class NeedsConfirmation:
    """Dear enough to ask first. Nothing is held; pressing it is a new request that `resumes` what `press` says."""

    ask_id: str
    press: str
    sentence: str
    about_nanos: int
    at_most_nanos: int


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
class SwitchedModel:
    """The first model failed before its first word; another one answers."""

    from_title: str
    to_title: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The books are closed on this ask. `sentence` says what went wrong and what it cost; empty if all went well."""

    ending: Ending
    receipt: Receipt
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class AlreadyAsked:
    """The platform delivered something twice. Nothing was done; `sentence` says what became of the first copy."""

    ask_id: str
    sentence: str


AskEvent = Waiting | Refused | NeedsConfirmation | Started | Delta | SwitchedModel | Finished | AlreadyAsked
