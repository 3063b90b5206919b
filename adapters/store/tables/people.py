"""Teams, members, and by what they are known."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from adapters.store.tables.columns import whole


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


class Workspace(SQLModel, table=True):
    """A platform's workspace and its team."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id")


class Member(SQLModel, table=True):
    """A person of a team."""

    id: str = Field(primary_key=True)
    team_id: str = Field(foreign_key="team.id", index=True)
    display_name: str
    admin: int = whole()
    created_at_ms: int = whole()
    frozen: int = whole()
    suspended: int = whole()
    welcomed_at_ms: int = whole()
    forgotten_at_ms: int = whole()


class Identity(SQLModel, table=True):
    """A person on a platform."""

    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id")
    admin: int = whole()
    gone: int = whole()


class Forgotten(SQLModel, table=True):
    """What is left of an identity that was erased."""

    id: str = Field(primary_key=True)
    member_id: str = Field(foreign_key="member.id")
    until_ms: int = Field(sa_type=BigInteger, index=True)
