"""What people are to be told."""

from sqlalchemy import literal_column
from sqlmodel import Field, SQLModel, col

from adapters.store.tables.columns import index_of, whole


class Notice(SQLModel, table=True):
    """Something for the admins of a team."""

    __table_args__ = (index_of("ix_notice_untold", "lease_until_ms", only="delivered_at_ms = 0"),)
    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id")
    kind: str
    words: str
    at_ms: int = whole()
    lease_until_ms: int = whole()
    delivered_at_ms: int = whole()
    tries: int = whole()
    member_id: str
    about: str
    workspace: str
    channel: str
    chart: str


class Told(SQLModel, table=True):
    """What the admins of a team know of a subject."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id", index=True)
    subject: str
    value: str


class Digest(SQLModel, table=True):
    """A week that a team was told of. Append-only."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id", index=True)
    label: str
    start_ms: int = whole()
    end_ms: int = whole()
    weeks: int = whole()
    at_ms: int = whole()


NOTICE_IS_UNTOLD = col(Notice.delivered_at_ms) == literal_column("0")
