"""Teams, members, and by what they are known."""

from sqlalchemy import BigInteger, text
from sqlmodel import Field, SQLModel

from adapters.store.tables.columns import index_of, whole

ACCOUNT_IS_JOINED = text("same_as <> ''")
"""As `ix_member_same_as` has it."""


class Team(SQLModel, table=True):
    """A team and its defaults."""

    id: str = Field(primary_key=True)
    wallet_id: str = Field(foreign_key="wallet.id")
    name: str
    zone: str
    demo: int = whole()
    created_at_ms: int = whole()
    frozen: int = whole()
    zones: str
    part_of: str


class Workspace(SQLModel, table=True):
    """A platform's workspace and its team."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id")


class Member(SQLModel, table=True):
    """A person of a team."""

    __table_args__ = (index_of("ix_member_same_as", "same_as", only="same_as <> ''"),)
    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id", index=True)
    display_name: str
    admin: int = whole()
    created_at_ms: int = whole()
    frozen: int = whole()
    suspended: int = whole()
    welcomed_at_ms: int = whole()
    forgotten_at_ms: int = whole()
    same_as: str
    counts_with: str


class Identity(SQLModel, table=True):
    """A person on a platform."""

    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id")
    admin: int = whole()
    gone: int = whole()


class Link(SQLModel, table=True):
    """What a code was given for."""

    id: str = Field(primary_key=True)
    kind: str
    team_id: str = Field(foreign_key="team.id")
    member_id: str = Field(foreign_key="member.id", index=True)
    place: str
    state: str
    made_at_ms: int = whole()
    until_ms: int = whole()
    typed_by: str
    typed_team: str
    typed_place: str


class Guess(SQLModel, table=True):
    """Codes that were none."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id")
    since_ms: int = whole()
    wrong: int = whole()


class Forgotten(SQLModel, table=True):
    """What is left of an identity that was erased."""

    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id")
    until_ms: int = Field(sa_type=BigInteger, index=True)
