"""Which accounts are one person, for queries: an account's row says as whom it speaks."""

from typing import Any

from sqlalchemy import case
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from adapters.store.tables import ACCOUNT_IS_JOINED, Member


def speaks_as(member: Any) -> Any:
    """The member as whom one speaks: another one where both are one person."""
    return case((col(member.same_as) == "", col(member.id)), else_=col(member.same_as))


async def accounts_of(session: AsyncSession, member_id: str) -> tuple[str, ...]:
    """The ids of the further accounts of a person."""
    joined = select(Member.id).where(Member.same_as == member_id, ACCOUNT_IS_JOINED)
    return tuple((await session.exec(joined.order_by(Member.id))).all())
