"""By which the books know themselves, and processes each other."""

from sqlmodel import Field, SQLModel

from adapters.store.tables.columns import whole


class Secret(SQLModel, table=True):
    """What tells the books' own secret from another. Never the secret."""

    id: str = Field(primary_key=True)
    digest: str


class Operation(SQLModel, table=True):
    """An operation that was done. Append-only."""

    id: str = Field(primary_key=True)
    fingerprint: str
    outcome: str
    at_ms: int = whole()


class Lease(SQLModel, table=True):
    """What one process at a time looks after."""

    id: str = Field(primary_key=True)
    holder: str
    until_ms: int = whole()


class Bill(SQLModel, table=True):
    """What a provider says that it took in a month."""

    id: str = Field(primary_key=True)
    provider: str
    month: str
    total_nanos: int = whole()
    at_ms: int = whole()


class BillAct(SQLModel, table=True):
    """That somebody recorded a bill. Append-only."""

    __tablename__ = "bill_act"

    id: str = Field(primary_key=True)
    bill_id: str = Field(foreign_key="bill.id")
    actor: str
    words: str
    corrects: int = whole()
    before_nanos: int = whole()
    total_nanos: int = whole()
    at_ms: int = whole()
