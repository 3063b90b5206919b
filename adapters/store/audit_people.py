"""Accounts that are one person, or were: both say so, and for as long. Else a quota could be had twice."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from adapters.store.audit_rules import Rule
from core.together import Beside, beside_from

TOGETHER = Rule(
    "accounts-count-together",
    "An account speaks as itself, or as one of its team that speaks as itself; it counts for good with those that "
    "are the same person, for a time with those that were, and each of them with it.",
    "SELECT m.id, m.same_as, m.counts_with, coalesce(o.id, ''), coalesce(o.same_as, ''), coalesce(o.counts_with, '') "
    "FROM member m LEFT JOIN member o ON o.team_id = m.team_id AND o.id <> m.id "
    "AND ' ' || m.counts_with LIKE '% ' || o.id || ':%' "
    "WHERE {m.id in chunk} AND (m.counts_with <> '' OR m.same_as <> '') ORDER BY m.id, o.id",
)


def not_together(rows: Iterable[Sequence[Any]]) -> list[str]:
    """The members that break `TOGETHER`, in words."""
    return [
        f"id {member_id}, same_as {same_as}, counts_with {told[:200]}"
        for (member_id, same_as, told), others in groupby(rows, key=lambda row: tuple(row[:3]))
        if not _is_sound(member_id, same_as, told, {row[3]: tuple(row[4:]) for row in others})
    ]


def _is_sound(member_id: str, same_as: str, told: str, others: dict[str, tuple[str, str]]) -> bool:
    accounts = _read(told)
    if accounts is None or not {each.member_id for each in accounts} <= others.keys():
        return False
    if same_as and (same_as not in {each.member_id for each in accounts} or others[same_as][0]):
        return False
    return all(_matches(member_id, same_as, each, *others[each.member_id]) for each in accounts)


def _matches(member_id: str, same_as: str, told: Beside, other_same_as: str, other_told: str) -> bool:
    """Whether the other one says the same of this one: for good exactly where they are one person."""
    backs = [each for each in _read(other_told) or () if each.member_id == member_id]
    one_person = (same_as or member_id) == (other_same_as or told.member_id)
    return len(backs) == 1 and backs[0].until_ms == told.until_ms and one_person == (told.until_ms == 0)


def _read(told: str) -> tuple[Beside, ...] | None:
    try:
        accounts = beside_from(told)
    except ValueError:
        return None
    return accounts if len({each.member_id for each in accounts}) == len(accounts) else None
