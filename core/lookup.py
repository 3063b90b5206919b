"""Who is meant by a name that was typed. Never somebody who only has the same one."""

from collections.abc import Iterable

from core.errors import BadInput
from core.people import Member, Team
from core.ports import People

MOST_NAMED = 20
"""How many a sentence lists."""


async def member_called(people: People, team: Team, typed: str) -> Member:
    """The member of a team by name (with or without an @) or id. `BadInput` says who there is, or that several are."""
    name = " ".join(typed.split()).removeprefix("@")
    everyone = [member for member in await people.members(team) if member.display_name]
    found = _called(everyone, name)
    if len(found) == 1:
        return found[0]
    if not found:
        raise BadInput(f'There is no member "{name[:60]}". Members: {listed(m.display_name for m in everyone)}.')
    ids = listed(member.id for member in found)
    raise BadInput(f'{len(found)} members are called "{name[:60]}"; type the id of one: {ids}.')


async def split_member(people: People, team: Team, typed: str) -> tuple[str, str]:
    """A name and the words after it: "Bo Li lost her key" is ("Bo Li", "lost her key"); the longest name there is.

    Where nobody is called so, the first word and the rest.
    """
    words = typed.split()
    everyone = [member for member in await people.members(team) if member.display_name]
    for end in range(len(words), 0, -1):
        if _called(everyone, " ".join(words[:end]).removeprefix("@")):
            return " ".join(words[:end]), " ".join(words[end:])
    return (words[0], " ".join(words[1:])) if words else ("", "")


def _called(everyone: Iterable[Member], name: str) -> list[Member]:
    known = list(everyone)
    by_id = [member for member in known if member.id == name]
    return by_id or [member for member in known if member.display_name.casefold() == name.casefold()]


def listed(names: Iterable[str]) -> str:
    """Some of them, and how many more there are."""
    known = list(names)
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return f"{', '.join(known[:MOST_NAMED])}{more}" if known else "none yet"
