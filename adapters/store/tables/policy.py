"""The team's rules, requests for more, and what admins did."""

from sqlalchemy import Index, literal_column
from sqlmodel import Field, SQLModel, col

from adapters.store.tables.columns import index_of, whole
from core.operations import RequestedState


class Policy(SQLModel, table=True):
    """What is set for one target."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id", index=True)
    target: str
    entries: str


class Preference(SQLModel, table=True):
    """What a member or a team likes to have."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id")
    entries: str


class BudgetRequest(SQLModel, table=True):
    """A member asks for more."""

    __tablename__ = "budget_request"
    __table_args__ = (
        Index("ix_budget_request_team_asked", "team_id", "asked_at_ms"),
        Index("ix_budget_request_member", "member_id"),
        index_of("ix_budget_request_open", "team_id", only="state = 'open'"),
    )
    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id")
    member_id: str = Field(foreign_key="member.id")
    counter_id: str
    label: str
    amount_nanos: int = whole()
    reason: str
    ask_id: str
    state: str
    asked_at_ms: int = whole()
    expires_at_ms: int = whole()
    granted_nanos: int = whole()
    confirmed_by: str
    decided_by: str
    decided_at_ms: int = whole()
    joins: str


class Act(SQLModel, table=True):
    """An administrative act. Append-only."""

    __table_args__ = (Index("ix_act_team_at", "team_id", "at_ms"),)
    id: str = Field(primary_key=True)
    team_id: str
    actor: str
    kind: str
    words: str
    at_ms: int = whole()
    subject: str
    amount_nanos: int = whole()


REQUEST_FOR_MORE_IS_OPEN = col(BudgetRequest.state) == literal_column(f"'{RequestedState.OPEN}'")
