"""Notices: posted once, told once. What Chipin has to say to a team's admins, or to somebody later, goes this way."""

from datetime import timedelta

from core.announcement import BOUND_MS, REFILL, TOPPED_UP, WALLET_LOW, Notice, notice_id
from core.chart import Chart, chart_from
from core.defaults import DELIVERY_LEASE_SECONDS, UNDO_TOP_UP_SECONDS
from core.ids import new_id
from core.lookup import admins_in
from core.operations import ConfirmNotice, PostNotice, Refused, TakeNotice
from core.operator_lists import OperatorLists
from core.people import Identity, Team
from core.ports import Announcer, Books, Clock, NoticeBooks, People, PreferenceBooks, Reports
from core.preferred import announced_in
from core.refill_rule import carried, carried_from
from core.reports import DueNotice
from core.runway import days_left
from core.text.alerts import how_long_it_lasts
from core.text.budget_requests import reason_given
from core.text.names import named_in, with_names
from core.text.notices import meant_for


class Notices:
    """Posts notices (`core.ports.Notifier`), and tells them: `run` is one round, to be called again and again."""

    def __init__(
        self,
        books: Books,
        notice_books: NoticeBooks,
        people: People,
        clock: Clock,
        *,
        preferred: PreferenceBooks,
        reports: Reports,
        listed: OperatorLists | None = None,
    ) -> None:
        self._books = books
        self._notice_books = notice_books
        self._people = people
        self._clock = clock
        self._preferred = preferred
        self._reports = reports
        self._listed = listed or OperatorLists()
        self._began = clock.monotonic()

    async def post(self, team: Team, kind: str, key: str, words: str) -> bool:
        """Post it, unless this kind was posted to them with this key before. `words` hold nothing of a question."""
        post = PostNotice(
            id=new_id("post", self._clock.now()),
            wallet_id=team.wallet_id,
            team_id=team.id,
            notice_id=notice_id(kind, team.id, key),
            kind=kind,
            words=words,
        )
        return not isinstance(await self._books.apply(post), Refused)

    async def was_told(self, kind: str, platform: str, workspace: str) -> bool:
        """Whether somebody of that workspace's team has read a notice of this kind, whoever is known there now."""
        return await self._notice_books.was_told(kind, f"{platform}:{workspace}")

    async def run(self, announcer: Announcer) -> int:
        """Tell what is due to whoever the announcer can reach now; returns how many notices were told.

        What could not be told is tried again after its lease. A `BooksFailed` ends the round.
        """
        told = 0
        # Who has just begun waits: what lay there while nothing ran is told where it belongs, by another chat of ours.
        strays = (self._clock.monotonic() - self._began) * 1000 > BOUND_MS
        for due in await self._notice_books.due(announcer.platform, announcer.admin_workspaces, strays=strays):
            told += await self._take_and_tell(announcer, due)
        for due in await self._notice_books.due_to_members(announcer.platform, announcer.workspaces):
            told += await self._take_and_tell(announcer, due)
        return told

    async def _take_and_tell(self, announcer: Announcer, due: DueNotice) -> bool:
        take = TakeNotice(
            id=new_id("take", self._clock.now()),
            wallet_id=due.wallet_id,
            team_id=due.team_id,
            notice_id=due.id,
            lease_seconds=DELIVERY_LEASE_SECONDS,
        )
        taken = await self._books.apply(take)
        return not isinstance(taken, Refused) and await self._tell(announcer, due, again=taken.again)

    async def _tell(self, announcer: Announcer, due: DueNotice, *, again: bool) -> bool:
        words = with_names(due.words, await self._people.names(due.team_id, named_in(due.words)))
        if due.reason:  # as it is, after the names: it is the asker's own
            words = f"{words} {reason_given(due.reason)}"
        if due.kind == WALLET_LOW:  # what it lasts is asked when it is told: the same as /balance says
            words = f"{words} {how_long_it_lasts(due.words, await self._days_left(due))}"
        if due.strayed:
            words = f"{words}\n{meant_for(due.strayed)}"
        refill, refill_nanos = _refill(due)
        notice = Notice(
            due.id,
            due.workspace,
            due.kind,
            words,
            again,
            due.to,
            due.decide,
            due.press,
            undo=self._undo(due),
            channel=await self._channel(announcer, due),
            admins=await self._admins(announcer, due) if due.to is None else (),
            link=due.link,
            chart=_chart(due.chart),
            refill=refill,
            refill_nanos=refill_nanos,
        )
        telling = announcer.tell_admins if due.to is None else announcer.tell_member
        if not await telling(notice):
            return False
        confirm = ConfirmNotice(
            id=new_id("told", self._clock.now()), wallet_id=due.wallet_id, team_id=due.team_id, notice_id=due.id
        )
        await self._books.apply(confirm)
        return True

    async def _days_left(self, due: DueNotice) -> int | None:
        return days_left(await self._reports.wallet(due.wallet_id), self._clock.now())

    def _undo(self, due: DueNotice) -> str:
        """The top-up that it announces, while that can be undone."""
        late = self._clock.now() - due.at > timedelta(seconds=UNDO_TOP_UP_SECONDS)
        return "" if due.kind != TOPPED_UP or late else due.id.removeprefix(notice_id(TOPPED_UP, due.team_id, ""))

    async def _channel(self, announcer: Announcer, due: DueNotice) -> str:
        """Where everybody reads it, if admins chose a channel for it."""
        if due.channel:
            return due.channel
        if due.kind != TOPPED_UP:
            return ""
        liked = await self._preferred.of(due.team_id, due.team_id)
        return liked.get(announced_in(announcer.platform, due.workspace), "")

    async def _admins(self, announcer: Announcer, due: DueNotice) -> tuple[Identity, ...]:
        team = next(each for each in await self._people.teams() if each.id == due.team_id)
        return await admins_in(self._people, team, announcer.platform, due.workspace, self._listed)


def _refill(due: DueNotice) -> tuple[str, int]:
    """What the button under it adds, by what it carries and how much; nothing where there is none."""
    offer = carried_from(due.id.removeprefix(notice_id(REFILL, due.team_id, ""))) if due.kind == REFILL else None
    return (carried(*offer), offer[1]) if offer is not None else ("", 0)


def _chart(kept: str) -> Chart | None:
    """None also where it cannot be read: what is said with it is told all the same, and nobody else waits for it."""
    try:
        return chart_from(kept) if kept else None
    except (ValueError, TypeError, KeyError):
        return None
