"""Operations by which accounts become one person, as tests write them (see tests/bookkeeping.py)."""

from typing import Any

from core.operations import AgreeToLink, GiveCode, JoinPeople, JoinTeams, LinkKind, PartPeople, TypeCode
from core.ports import Books
from tests.bookkeeping import enrol

SLACK, DISCORD = "slack:T1", "discord:G1"
PLACES = {"anna": SLACK, "ben": DISCORD, "zoe": SLACK}
"""Where each speaks."""


def give(op_id: str, member: str = "anna", code: str = "code", **fields: Any) -> GiveCode:
    """Somebody is given a code, by default Anna."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "kind": LinkKind.PEOPLE}
    known["place"] = PLACES.get(member, f"other:{member}")
    return GiveCode(id=op_id, link_id=code, member_id=member, **(known | fields))


def typed(op_id: str, member: str = "ben", code: str = "code", **fields: Any) -> TypeCode:
    """Somebody types it, by default Ben, who is Anna on the other platform."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "kind": LinkKind.PEOPLE}
    known["place"] = PLACES.get(member, f"other:{member}")
    return TypeCode(id=op_id, link_id=code, member_id=member, **(known | fields))


def agree(op_id: str, member: str = "ben", code: str = "code", **fields: Any) -> AgreeToLink:
    """Whoever typed it agrees."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "words": "Is that you?"}
    return AgreeToLink(id=op_id, link_id=code, member_id=member, **(known | fields))


def joined(op_id: str, member: str = "anna", code: str = "code", **fields: Any) -> JoinPeople:
    """Whoever gave it agrees too."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team"}
    return JoinPeople(id=op_id, link_id=code, member_id=member, **(known | fields))


def part(op_id: str, member: str = "anna", **fields: Any) -> PartPeople:
    """Her accounts part again."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "actor": member}
    return PartPeople(id=op_id, member_id=member, **(known | fields))


def teams(op_id: str, **fields: Any) -> JoinTeams:
    """Zoe's team joins Anna's."""
    known: dict[str, Any] = {"wallet_id": "wal", "team_id": "team", "joining_id": "others", "member_id": "anna"}
    known |= {"joining_wallet_id": "wal2", "actor": "anna", "members": ("zoe",), "workspaces": ("test:others",)}
    return JoinTeams(id=op_id, link_id="code", **(known | fields))


def linking_teams() -> list[Any]:
    """The three steps before that."""
    there: dict[str, Any] = {"team_id": "others", "wallet_id": "wal2", "by_right": True}
    return [
        give("team.give", kind=LinkKind.TEAMS),
        typed("team.type", "zoe", kind=LinkKind.TEAMS, **there),
        agree("team.agree", "zoe", **there),
    ]


def linking(first: str = "anna", second: str = "ben", code: str = "code", **where: Any) -> list[Any]:
    """All four steps: the second becomes the first."""
    return [
        give(f"{code}.give", first, code, **where),
        typed(f"{code}.type", second, code, **where),
        agree(f"{code}.agree", second, code, **where),
        joined(f"{code}.join", first, code, **where),
    ]


async def link(books: Books, first: str = "anna", second: str = "ben", code: str = "code", **where: Any) -> None:
    """Two members become one person."""
    for step in linking(first, second, code, **where):
        outcome = await books.apply(step)
        assert hasattr(outcome, "replayed"), outcome


async def enrol_both(books: Books) -> None:
    """Anna on Slack and Ben on Discord, members of one team."""
    for member, place in (("anna", SLACK), ("ben", DISCORD)):
        await books.apply(enrol(member, workspace=place, identity=f"{place}/{member}", admin=member == "anna"))
