"""The team's time zone: days, weeks and months begin by it."""

import difflib
from collections.abc import Iterator
from zoneinfo import available_timezones

from core.errors import BadInput, NotAllowed
from core.ids import new_id
from core.operations import Reason, Refused, SetZone
from core.people import Member, TeamZone
from core.periods import Calendar, Period
from core.ports import Books, Clock, People

_NOT_A_PLACE = frozenset({"localtime", "Factory", "posixrules"})
"""What some machines list beside the zones; each means something else there."""
AT_MOST_NEAR = 5


class Zones:
    """Shows and sets a team's zone."""

    def __init__(self, books: Books, people: People, clock: Clock) -> None:
        self._books = books
        self._people = people
        self._clock = clock

    def of(self, member: Member) -> TeamZone:
        """The zone of a member's team, and when their next day, week and month begin."""
        return self._told(member.team.calendar, changed=False)

    async def set(self, admin: Member, typed: str) -> TeamZone:
        """Set it. `BadInput` names those that are near when there is none such, `NotAllowed` is for who is no admin."""
        if not admin.admin:
            raise NotAllowed("Only admins of the team can set its time zone. Nothing was changed.")
        done = await self._books.apply(
            SetZone(
                id=new_id("zone", self._clock.now()),
                wallet_id=admin.team.wallet_id,
                team_id=admin.team.id,
                zone=zone_named(typed),
                actor=admin.actor,
                by_right=admin.by_right,
            )
        )
        if isinstance(done, Refused) and done.reason is Reason.NOT_ADMIN:
            raise NotAllowed("You are no admin any more. Nothing was changed.")
        if isinstance(done, Refused) and done.reason is not Reason.UNCHANGED:
            raise BadInput("The time zone of this team could not be set. Nothing was changed.")
        calendars = {team.id: team.calendar for team in await self._people.teams()}
        return self._told(calendars[admin.team.id], changed=not isinstance(done, Refused))

    def _told(self, calendar: Calendar, *, changed: bool) -> TeamZone:
        now = self._clock.now()
        return TeamZone(calendar.zone, {period: calendar.span(period, now).end for period in Period}, changed)


def zone_named(typed: str) -> str:
    """The IANA name of a zone, however its letters are written. `BadInput` names those that are near."""
    wanted = "_".join(typed.split()).casefold()
    names = {name.casefold(): name for name in sorted(available_timezones() - _NOT_A_PLACE)}
    if wanted in names:
        return names[wanted]
    near = list(dict.fromkeys(_near(wanted[:60], names)))[:AT_MOST_NEAR]
    hint = f"Did you mean {' or '.join(near)}?" if near else "Zones are named by continent and city."
    raise BadInput(f'There is no time zone "{typed[:60]}". {hint} Example: /admin zone Europe/Berlin')


def _near(wanted: str, names: dict[str, str]) -> Iterator[str]:
    """Of that city, then of one that is written much like it, then of a name that is."""
    cities: dict[str, list[str]] = {}
    for name in names:
        if "/" in name:
            cities.setdefault(name.rpartition("/")[2], []).append(name)
    city = wanted.rpartition("/")[2]
    for close in difflib.get_close_matches(city, cities, n=3, cutoff=0.75):
        yield from (names[name] for name in cities[close])
    yield from (names[name] for name in difflib.get_close_matches(wanted, names, n=3, cutoff=0.7))
