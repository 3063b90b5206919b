"""Questions, their receipts, and what is kept for a while: text, and what buttons stand for."""

from sqlalchemy import BigInteger, Index, literal_column
from sqlmodel import Field, SQLModel, col

from adapters.store.tables.columns import index_of, whole
from core.operations import RequestState


class Request(SQLModel, table=True):
    """One question and what became of it."""

    __table_args__ = (
        Index("ix_request_member_started", "member_id", "started_at_ms"),
        index_of("ix_request_settled", "team_id", "finished_at_ms", "cost_nanos", only="state = 'settled'"),
        index_of("ix_request_untold", "lease_until_ms", only="delivered_at_ms = 0"),
        index_of("ix_request_variant", "team_id", "started_at_ms", only="variant <> ''"),
        index_of("ix_request_thread", "channel", "thread", only="thread <> ''"),
    )
    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    team_id: str = Field(foreign_key="team.id")
    member_id: str = Field(foreign_key="member.id")
    platform: str
    workspace: str
    channel: str
    thread: str
    state: str
    attempt: int = whole()
    lease_until_ms: int = whole()
    started_at_ms: int = whole()
    stop_requested: int = whole()
    hold_id: str
    provider: str
    model: str
    shown_nanos: int = whole()
    ending: str
    why: str
    input_tokens: int = whole()
    output_tokens: int = whole()
    cost_nanos: int = whole()
    estimated: int = whole()
    finished_at_ms: int = whole()
    delivered_at_ms: int = whole()
    delivery_tries: int = whole()
    route: str
    needed_tier: int = whole()
    variant: str
    improves: str
    thumb: int = whole()
    first_word_ms: int = whole()
    secrets: str
    tag: str
    tag_by: str


class RequestKey(SQLModel, table=True):
    """A keyed hash that leads to its request."""

    __tablename__ = "request_key"
    id: str = Field(primary_key=True)
    request_id: str


class ReceiptLine(SQLModel, table=True):
    """One line of a receipt. Append-only."""

    __tablename__ = "receipt_line"
    __table_args__ = (Index("ix_receipt_line_request", "request_id", "provider", "charged_nanos"),)
    id: str = Field(primary_key=True)
    request_id: str
    wallet_id: str = Field(foreign_key="wallet.id")
    step: str
    provider: str
    model: str
    input_tokens: int = whole()
    cache_read_tokens: int = whole()
    cache_write_tokens: int = whole()
    output_tokens: int = whole()
    reasoning_tokens: int = whole()
    cost_nanos: int = whole()
    charged_nanos: int = whole()
    estimated: int = whole()
    reported_nanos: int = whole()


class Kept(SQLModel, table=True):
    """Sealed text until it is delivered."""

    __table_args__ = (index_of("ix_kept_erase", "erase_after_ms", only="erase_after_ms > 0"),)
    id: str = Field(primary_key=True)
    question: bytes
    answer: bytes
    erase_after_ms: int = whole()


class KeptPress(SQLModel, table=True):
    """What a button stands for, sealed."""

    __tablename__ = "kept_press"
    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id")
    member_id: str = Field(foreign_key="member.id", index=True)
    sealed: bytes
    erase_after_ms: int = Field(sa_type=BigInteger, index=True)


REQUEST_IS_IN_A_THREAD = col(Request.thread) != literal_column("''")
REQUEST_IS_SETTLED = col(Request.state) == literal_column(f"'{RequestState.SETTLED}'")
REQUEST_IS_UNTOLD = col(Request.delivered_at_ms) == literal_column("0")
TEXT_IS_KEPT = col(Kept.erase_after_ms) > literal_column("0")
