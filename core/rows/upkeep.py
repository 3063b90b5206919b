"""The rows by which the books know themselves, and processes each other."""

from dataclasses import dataclass

from core.rows.row import Row


@dataclass(frozen=True, kw_only=True)
class SecretRow(Row):
    """A keyed hash that only the books' own secret gives (the id is fixed): the secret itself is never here."""

    table = "secret"
    digest: str


@dataclass(frozen=True, kw_only=True)
class OperationRow(Row):
    """An operation that was done, so that the same id gives the same outcome."""

    table = "operation"
    append_only = True
    fingerprint: str
    outcome: str
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class LeaseRow(Row):
    """What one process at a time looks after (the id), who does (`holder`, a name of chance), and until when."""

    table = "lease"
    holder: str
    until_ms: int


@dataclass(frozen=True, kw_only=True)
class BillRow(Row):
    """What a provider says that it took of the operator in a month of UTC (the id is both, a colon between)."""

    table = "bill"
    provider: str
    month: str
    total_nanos: int
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class BillActRow(Row):
    """That somebody recorded a bill, or corrected it (`corrects`): who, why, and what was recorded `before_nanos`."""

    table = "bill_act"
    append_only = True
    bill_id: str
    actor: str
    words: str
    corrects: int
    before_nanos: int
    total_nanos: int
    at_ms: int
