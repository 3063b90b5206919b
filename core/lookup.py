"""Who is meant by a name that was typed. Never somebody who only has the same one.

Members and admins speak of their own team (`member_called`), the operator of all (`member_anywhere`, `team_called`).
"""

from collections.abc import Iterable

from core.errors import BadInput
from core.operator_lists import OperatorLists
from core.people import Identity, Member, Team
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


async def admins_of(people: People, team: Team, listed: OperatorLists) -> frozenset[str]:
    """The ids of whoever may decide in a team: made an admin, by their platform as last seen, or as the operator lists.

    Not of those who left.
    """
    identities = [each for each in await people.identities(team.id) if not each.gone]
    by_right = {each.member_id for each in identities if each.admin or each.key in listed.admins}
    members = [each for each in await people.members(team) if not each.suspended]
    return frozenset(each.id for each in members if each.admin or each.id in by_right)


async def admins_in(
    people: People, team: Team, platform: str, workspace: str, listed: OperatorLists
) -> tuple[Identity, ...]:
    """As whom admins of a team can be written to in one workspace; those whom the operator lists before they spoke."""
    admins, here = await admins_of(people, team, listed), Identity(platform, workspace, "", "").key
    known = {each.key: each for each in await people.identities(team.id) if each.key.startswith(here)}
    keys = {key for key, each in known.items() if each.member_id in admins and not each.gone}
    keys |= {key for key in listed.admins if key.startswith(here) and key not in known}
    return tuple(Identity(platform, workspace, key.removeprefix(here), "") for key in sorted(keys))


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


async def member_anywhere(people: People, typed: str) -> Member:
    """The member of that id, identity ("platform:workspace/user") or name, in whichever team; `BadInput` lists them."""
    everyone = [member for team in await people.teams() for member in await people.members(team)]
    found = [member for member in everyone if member.id == typed] or await _identified(people, typed)
    found = found or _called([member for member in everyone if member.display_name], typed)
    if len(found) == 1:
        return found[0]
    named = [f"{each.display_name} of {each.team.name} ({each.id})" for each in found or everyone if each.display_name]
    raise _not_one("member", typed, named, several=bool(found))


async def team_called(people: People, typed: str) -> Team:
    """The team of that id or name. `BadInput` lists them where it is none, or several."""
    teams = await people.teams()
    found = [team for team in teams if team.id == typed]
    found = found or [team for team in teams if team.name.casefold() == typed.casefold()]
    if len(found) == 1:
        return found[0]
    raise _not_one("team", typed, [f"{each.name} ({each.id})" for each in found or teams], several=bool(found))


async def _identified(people: People, key: str) -> list[Member]:
    platform, _, rest = key.partition(":")
    workspace, _, user = rest.partition("/")
    found = await people.find(Identity(platform, workspace, user, ""))
    return [] if found is None else [found]


def _not_one(what: str, typed: str, those: list[str], *, several: bool) -> BadInput:
    if several:
        return BadInput(f'{len(those)} {what}s are called "{typed[:60]}"; type the id of one: {listed(those)}.')
    return BadInput(f'There is no {what} "{typed[:60]}". There is: {listed(those)}.')


def _called(everyone: Iterable[Member], name: str) -> list[Member]:
    known = list(everyone)
    by_id = [member for member in known if member.id == name]
    return by_id or [member for member in known if member.display_name.casefold() == name.casefold()]


def listed(names: Iterable[str]) -> str:
    """Some of them, and how many more there are."""
    known = list(names)
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return f"{', '.join(known[:MOST_NAMED])}{more}" if known else "none yet"
