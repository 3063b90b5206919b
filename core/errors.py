"""Everything that can go wrong, as a tree. Refusals of money are not here: they are values (core/operations).

ChipinError
├── BadInput                 a person typed something we cannot act on; the message is for them
│   ├── AmountNotUnderstood
│   ├── UnknownModel
│   ├── PromptTooLong
│   └── NoModelFits              the routing rules leave no model for this question; says which, and who can change them
├── NobodyAnswers            every model that could answer is taken out for now; says since when
├── NotAllowed               the person may not do this; the message says who may
├── ProviderFailed           no answer from a provider (or not all of it); says whether another try may help
│   ├── ProviderUnreachable      connection refused, reset, broken off, DNS
│   ├── ProviderRefusedKey       401, 403: the operator must look at the key
│   ├── ProviderOutOfFunds       402: the operator's account at the provider is empty
│   ├── ProviderBusy             429, 503, 529: with Retry-After when the provider gave one
│   ├── ProviderRejectedCall     400, 404, 413, 422: this call will never work
│   │   ├── TooLongForModel          413: more than this model reads at once
│   │   └── ModelGone                the provider says that it has no such model (any more)
│   └── ProviderBroken           500 and answers that are not what the wire format says
├── BooksFailed              the database, not the rules
│   ├── BooksUnavailable         cannot be reached or is locked; nothing was written
│   │   └── NoBooksYet               there is no database file where one must be
│   ├── BooksUncertain           lost while it wrote, and no look-up was possible; perhaps it was written
│   ├── OperationConflict        the same operation id with other fields: a defect of the caller
│   ├── BooksDamaged             an invariant does not hold; nothing was written
│   │   └── NotLookedUp              a rule read a row that nobody had looked up (core/page.py)
│   └── BackupFailed             no backup was made, or none was restored; the books are as they were
├── NotDrawn                 no picture of a chart was made; its words say the same
└── NotConfigured            the process cannot start; the message names the setting and its fix
"""


class ChipinError(Exception):
    """The message is a whole sentence that may be shown to people."""

    @property
    def in_full(self) -> str:
        """The message for whoever runs Chipin: with what members need not see, where there is more."""
        return str(self)


class BadInput(ChipinError):
    """A person typed something we cannot act on; the message tells them what to type instead."""


class AmountNotUnderstood(BadInput):
    """Not an amount of US dollars."""


class UnknownModel(BadInput):
    """No model of that name is offered here."""


class PromptTooLong(BadInput):
    """The question does not fit the model or the limit; refused before any money is held."""


class NoModelFits(BadInput):
    """The routing rules leave no model for this question; says which rules, and who can change them."""


class NobodyAnswers(ChipinError):
    """Every model that could answer is taken out for now; says who, and since when.

    `ready_in_seconds` is when it is worth looking again whether one of them may be tried.
    """

    def __init__(self, message: str, *, ready_in_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.ready_in_seconds = ready_in_seconds


class NotAllowed(ChipinError):
    """The person may not do this; the message says who may."""


class ProviderFailed(ChipinError):
    """A provider gave no answer, or not all of it.

    `retry_after_seconds` is the provider's own wish, if it gave one. `may_have_billed` is True when the call
    could have been counted on the provider's side although no usage came back; each kind has its usual answer.
    """

    may_have_billed = False

    def __init__(
        self, message: str, *, retry_after_seconds: int | None = None, may_have_billed: bool | None = None
    ) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
        if may_have_billed is not None:
            self.may_have_billed = may_have_billed


class ProviderUnreachable(ProviderFailed):
    """Connection refused, reset or broken off."""

    may_have_billed = True


class ProviderRefusedKey(ProviderFailed):
    """401 or 403: the operator must look at the key."""


class ProviderOutOfFunds(ProviderFailed):
    """402: the operator's account at the provider is empty."""


class ProviderBusy(ProviderFailed):
    """429, 503 or 529."""


class ProviderRejectedCall(ProviderFailed):
    """400, 404, 413 or 422: sending the same call again will not help."""


class TooLongForModel(ProviderRejectedCall):
    """The provider says that it is more than this model can read at once; one with more room may."""


class ModelGone(ProviderRejectedCall):
    """The provider says that it has no such model (any more): nobody needs to ask it for that one again."""


class ProviderBroken(ProviderFailed):
    """500, or bytes that are not what the wire format says."""

    may_have_billed = True


class BooksFailed(ChipinError):
    """The database, not the rules. `detail` is for logs and operators: it may name a path, a host or a table."""

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail

    @property
    def in_full(self) -> str:
        """The message, and the detail in brackets."""
        return f"{self} ({self.detail})" if self.detail else str(self)


class BooksUnavailable(BooksFailed):
    """The database cannot be reached or is locked. Nothing was written."""


class BooksUncertain(BooksFailed):
    """The database was lost while it wrote, and could not be asked again. Perhaps it was written, perhaps not.

    Sending the same operation again is safe: it is done once, however often it comes.
    """


class NoBooksYet(BooksUnavailable):
    """There is no database file where one must be."""


class OperationConflict(BooksFailed):
    """The same operation id came with other fields: a defect of the caller. Nothing was written."""


class BooksDamaged(BooksFailed):
    """An invariant of the books does not hold. Nothing was written."""


class BackupFailed(BooksFailed):
    """No backup was made, or none was restored. The books are as they were."""


class NotDrawn(ChipinError):
    """No picture of a chart was made; what it shows is told in words."""


class NotConfigured(ChipinError):
    """The process cannot start. The message names the setting and its fix."""
