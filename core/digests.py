"""The weekly digest: posted once for each week of a team, whoever looks first; and shown to admins at any time."""

from dataclasses import dataclass
from datetime import datetime

from core.announcement import DIGEST, notice_id
from core.chart import Chart, chart_text
from core.digest.gathering import Gathering, Told
from core.digest.schedule import BOOKED_WITHIN, newest_due, next_due
from core.digest.settings import DigestSettings, DigestStanding, settings_from
from core.digest.weeks import ToldWeek
from core.errors import NotAllowed
from core.ids import new_id
from core.in_turn import each_in_turn
from core.models import titles_of
from core.moments import to_ms
from core.operations import PostDigest, PostNotice, Refused
from core.people import Member, Team
from core.periods import Period, Span
from core.ports import Books, Clock, People, PreferenceBooks
from core.text.digest import digest_lines

FOR_ADMINS = "Only admins of the team can see and set its digest. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Digest:
    """A week as people read it: at most 12 lines, and a chart, None where there is nothing to draw."""

    lines: tuple[str, ...]
    chart: Chart | None


class Digests:
    """Posts what is due (`run` is one round, to be called again and again), and answers /admin digest."""

    def __init__(
        self,
        books: Books,
        people: People,
        preferred: PreferenceBooks,
        gathering: Gathering,
        clock: Clock,
        *,
        seat_nanos: int,
    ) -> None:
        self._books = books
        self._people = people
        self._preferred = preferred
        self._gathering = gathering
        self._clock = clock
        self._seat_nanos = seat_nanos

    async def run(self) -> int:
        """Post what is due and was not posted yet, for every team; returns how many.

        A `BooksFailed` is raised at the end where it is of one team, and ends the round where it is of all.
        """
        return await each_in_turn(await self._people.teams(), self._post_due)

    async def _post_due(self, team: Team) -> bool:
        settings, now = await self._settings(team), self._clock.now()
        if settings.schedule is None:
            return False
        week, last = newest_due(team.calendar, now, settings.schedule), await self._gathering.weeks.last(team.id)
        first = await self._first_ask(team)
        if (last is not None and week.label <= last.label) or not _was_in(week, first):
            return False
        told_until = _told_until(team, last, first)
        told = await self._gathering.of(team, week, now, seat_nanos=settings.seat_nanos, told_until=told_until)
        return await self._post(team, settings, week, told, min(told_until or week.start, week.start))

    async def _post(self, team: Team, settings: DigestSettings, week: Span, told: Told, start: datetime) -> bool:
        digest, earlier = self._shown(told), told.figures.earlier
        post = PostDigest(
            id=new_id("digest", self._clock.now()),
            wallet_id=team.wallet_id,
            team_id=team.id,
            label=week.label,
            start_ms=to_ms(start),
            end_ms=to_ms(week.end),
            weeks=1 + (earlier.weeks if earlier is not None else 0),
            words="\n".join(digest.lines),
            chart=chart_text(digest.chart) if digest.chart is not None else "",
            workspace=settings.workspace,
            channel=settings.channel_id,
        )
        return not isinstance(await self._books.apply(post), Refused)

    async def preview(self, team: Team) -> Digest:
        """The last whole week, as its digest tells it; nothing is posted."""
        now = self._clock.now()
        week = team.calendar.before(Period.WEEK, now - BOOKED_WITHIN)
        settings, last = await self._settings(team), await self._gathering.weeks.last(team.id)
        told_until = _told_until(team, last, await self._first_ask(team))
        told = await self._gathering.of(team, week, now, seat_nanos=settings.seat_nanos, told_until=told_until)
        return self._shown(told)

    async def post_now(self, team: Team, key: str) -> DigestSettings:
        """Post the week that runs, so far, where the digest goes (returned), beside the same stretch of the one before.

        It is once for one `key`, and the week's own digest comes all the same.
        """
        now, settings = self._clock.now(), await self._settings(team)
        week = team.calendar.span(Period.WEEK, now)
        digest = self._shown(await self._gathering.of(team, week, now, seat_nanos=settings.seat_nanos))
        post = PostNotice(
            id=new_id("post", now),
            wallet_id=team.wallet_id,
            team_id=team.id,
            notice_id=notice_id(DIGEST, team.id, f"now:{key}"),
            kind=DIGEST,
            words="\n".join(digest.lines),
            workspace=settings.workspace,
            channel=settings.channel_id,
            chart=chart_text(digest.chart) if digest.chart is not None else "",
        )
        await self._books.apply(post)
        return settings

    async def standing(self, team: Team) -> DigestStanding:
        """What is set for a team, and what comes of it."""
        settings, now = await self._settings(team), self._clock.now()
        last, schedule = await self._gathering.weeks.last(team.id), settings.schedule
        first = await self._first_ask(team)
        if schedule is None or first is None:
            return DigestStanding(settings, None, last, first is not None)
        due = newest_due(team.calendar, now, schedule)
        waits = (last is None or due.label > last.label) and _was_in(due, first)
        return DigestStanding(settings, None if waits else next_due(team.calendar, now, schedule), last, asked=True)

    @staticmethod
    def require_admin(member: Member) -> None:
        """`NotAllowed` for who is none."""
        if not member.admin:
            raise NotAllowed(FOR_ADMINS)

    async def _settings(self, team: Team) -> DigestSettings:
        return settings_from(await self._preferred.of(team.id, team.id), self._seat_nanos)

    async def _first_ask(self, team: Team) -> datetime | None:
        return await self._gathering.spending.first_ask_at(team.id)

    def _shown(self, told: Told) -> Digest:
        titles = titles_of(self._gathering.catalogue.models)
        return Digest(digest_lines(told.figures, titles), told.chart)


def _was_in(week: Span, first_ask: datetime | None) -> bool:
    """Whether a week is one of a team's at all: those before anybody asked are nobody's."""
    return first_ask is not None and first_ask < week.end


def _told_until(team: Team, last: ToldWeek | None, first_ask: datetime | None) -> datetime | None:
    """Until when a team was told, or had nothing to be told: its first week is that of its first ask."""
    if last is not None:
        return last.end
    return team.calendar.span(Period.WEEK, first_ask).start if first_ask is not None else None
