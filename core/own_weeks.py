"""Everybody's own week, by direct message to whoever wants it: with each digest, once, and nobody else reads it."""

from datetime import timedelta
from functools import partial

from core.announcement import OWN_WEEK, notice_id
from core.digest.weeks import ToldWeek
from core.errors import BooksDamaged
from core.ids import new_id
from core.in_turn import each_in_turn
from core.models import titles_of
from core.operations import PostNotice, Refused
from core.people import Member, Team
from core.periods import Period
from core.ports import Books, Catalogue, Clock, DigestBooks, People, PersonalData, PreferenceBooks, SpendBooks
from core.preferred import ON, WEEKLY
from core.text.usage import own_week
from core.usage_asked import UsageAsked, Whose
from core.usage_figures import used_in


class OwnWeeks:
    """`run` is one round, to be called again and again: after a digest was posted it posts these."""

    def __init__(
        self,
        books: Books,
        spending: SpendBooks,
        people: People,
        *,
        personal: PersonalData,
        preferred: PreferenceBooks,
        weeks: DigestBooks,
        catalogue: Catalogue,
        clock: Clock,
    ) -> None:
        self._books = books
        self._spending = spending
        self._people = people
        self._personal = personal
        self._preferred = preferred
        self._weeks = weeks
        self._catalogue = catalogue
        self._clock = clock
        self._posted: dict[str, str] = {}

    async def run(self) -> int:
        """Post what the last digest's week came to for whoever wants to know; how many were posted.

        A week is looked at once in a process; what another one posted is not posted again. A `BooksFailed` is raised
        at the end where it is of one member, and ends the round where it is of all.
        """
        return await each_in_turn(await self._people.teams(), self._post_all)

    async def _post_all(self, team: Team) -> int:
        week = await self._weeks.last(team.id)
        if week is None or self._posted.get(team.id) == week.label:
            return 0
        members = await self._people.members(team)
        try:
            posted = await each_in_turn(members, partial(self._post, team, week))
        except BooksDamaged:
            self._posted[team.id] = week.label  # all others were looked at; this one is as damaged in the next round
            raise
        self._posted[team.id] = week.label
        return posted

    async def _post(self, team: Team, week: ToldWeek, member: Member) -> bool:
        """Nothing to who left, who did not ask for it, and of a week in which they asked nothing."""
        if member.suspended or (await self._preferred.of(team.id, member.id)).get(WEEKLY) != ON:
            return False
        span = team.calendar.span(Period.WEEK, week.end - timedelta(microseconds=1))
        asked = UsageAsked(Whose.ME, period=Period.WEEK, last=True)
        ids = (member.id, *await self._personal.accounts(member.id))
        used = await used_in(span, team, asked, week.end, spending=self._spending, people=self._people, member_ids=ids)
        if not used.total.asks:
            return False
        titles = titles_of(self._catalogue.models)
        post = PostNotice(
            id=new_id("post", self._clock.now()),
            wallet_id=team.wallet_id,
            team_id=team.id,
            notice_id=notice_id(OWN_WEEK, team.id, f"{week.label}:{member.id}"),
            kind=OWN_WEEK,
            words=own_week(used, titles),
            member_id=member.id,
        )
        return not isinstance(await self._books.apply(post), Refused)
