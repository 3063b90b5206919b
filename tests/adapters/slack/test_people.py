"""Who somebody on Slack is: asked of Slack seldom, once for all at a time, and never in the way of a claim."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest

from adapters.slack.api import Rejected, SlackApi, web_client
from adapters.slack.origin import Origin
from adapters.slack.people import FRESH_SECONDS, MOST_KNOWN, STALE_SECONDS, People
from adapters.slack.profiles import standing_of
from adapters.slack.workspaces import Workspace
from core.departures import Departures
from core.membership import Membership
from core.operator_lists import LetIn
from core.people import Member, Standing
from core.rows import IdentityRow, MemberRow
from core.tasks import Tasks
from tests.fakes import FakeClock, MemoryBooks, MemoryPeople, PlainVault, fail
from tests.slack.server import FakeSlack

HOME = Workspace("T1", "Home", "U0", "B0", None, let_in=LetIn.ALWAYS)  # type: ignore[arg-type]  # nobody is called


@dataclass
class Town:
    """One workspace, and books in memory."""

    slack: FakeSlack
    clock: FakeClock
    books: MemoryBooks
    tasks: Tasks
    people: People
    workspace: Workspace

    async def speaks(self, user: str, **fields: Any) -> Member:
        """Somebody says something."""
        fresh = fields.pop("fresh", False)
        return await self.people.member(self.workspace, Origin(self.slack.team_id, user, "C1", **fields), fresh=fresh)

    def looks(self, user: str) -> int:
        """How often Slack was asked about somebody."""
        return sum(call.fields["user"] == user for call in self.slack.calls_of("users.info"))


@asynccontextmanager
async def a_town() -> AsyncIterator[Town]:
    async with FakeSlack() as slack, aiohttp.ClientSession() as session:
        slack.add_user("U1", "ada", admin=True, tz="Asia/Kolkata")
        slack.add_user("U2", "ben")
        slack.add_user_group("S1", "ops", ["U2"])
        clock, tasks = FakeClock(), Tasks(fail)
        books = MemoryBooks(clock)
        known = MemoryPeople(books)
        membership = Membership(books, known, clock, PlainVault())
        people = People(membership, Departures(books, known, clock), tasks, clock)
        api = SlackApi(web_client(slack.api_url, slack.bot_token, session=session), clock)
        workspace = Workspace(slack.team_id, "Home", slack.bot_user_id, slack.bot_id, api, let_in=LetIn.ALWAYS)
        yield Town(slack, clock, books, tasks, people, workspace)
        await tasks.finish()
        assert slack.violations == []


async def test_what_slack_says_becomes_rights_roles_and_a_name() -> None:
    async with a_town() as town:
        ada, ben = await town.speaks("U1"), await town.speaks("U2")
        assert (ada.display_name, ada.admin, ada.asker.roles) == ("ada", True, ())
        assert (ben.display_name, ben.admin, ben.asker.roles) == ("ben", False, ("slack:S1",))
        assert str(ada.team.zone) == "Asia/Kolkata"


@pytest.mark.parametrize(
    ("user", "standing"),
    [
        ({}, Standing.MEMBER),
        ({"is_restricted": True}, Standing.GUEST),
        ({"is_restricted": True, "is_ultra_restricted": True}, Standing.GUEST),
        ({"is_bot": True}, Standing.BOT),
        ({"is_workflow_bot": True}, Standing.BOT),
        ({"id": "USLACKBOT"}, Standing.BOT),
        ({"is_stranger": True}, Standing.OUTSIDER),
        ({"team_id": "T9"}, Standing.OUTSIDER),
        ({"team_id": "E1"}, Standing.OUTSIDER),
        ({"team_id": "T9", "enterprise_user": {"teams": ["T9"]}}, Standing.OUTSIDER),
        ({"team_id": "T9", "enterprise_user": {"teams": ["T9", "T1"]}}, Standing.MEMBER),
    ],
)
def test_standings(user: dict[str, Any], standing: Standing) -> None:
    assert standing_of({"id": "U1", "team_id": "T1", **user}, HOME) is standing


def test_people_of_an_organization_are_at_home_in_it() -> None:
    assert standing_of({"id": "U1", "team_id": "E1"}, replace(HOME, enterprise_id="E1")) is Standing.MEMBER


async def test_who_slack_does_not_know_here_is_an_outsider_and_no_admin() -> None:
    async with a_town() as town:
        stranger = await town.speaks("U9", user_name="eve")
        assert (stranger.asker.standing, stranger.admin, stranger.display_name) == (Standing.OUTSIDER, False, "eve")


async def test_what_comes_with_a_message_counts_where_it_says_less() -> None:
    async with a_town() as town:
        shared = await town.speaks("U1", user_team_id="T9")
        assert (shared.asker.standing, shared.admin) == (Standing.OUTSIDER, False)
        posted = await town.speaks("U1", bot_id="B9")
        assert (posted.asker.standing, posted.admin) == (Standing.BOT, False)


async def test_slack_is_asked_once_for_all_who_ask_at_the_same_time() -> None:
    async with a_town() as town:
        await asyncio.gather(*(town.speaks("U1") for _ in range(20)), *(town.speaks("U2") for _ in range(20)))
        assert (town.looks("U1"), town.looks("U2"), len(town.slack.calls_of("usergroups.list"))) == (1, 1, 1)


async def test_nobody_waits_for_what_is_known_and_it_is_looked_up_again_beside_it() -> None:
    async with a_town() as town:
        await town.speaks("U2")
        town.clock.advance(FRESH_SECONDS)
        stalled = town.slack.fail("users.info", stall="before")
        town.slack.workspace.users["U2"].restricted = True
        assert (await town.speaks("U2")).asker.standing is Standing.MEMBER  # while Slack does not answer
        stalled.release()
        await town.tasks.finish()
        assert (await town.speaks("U2")).asker.standing is Standing.GUEST
        assert town.looks("U2") == 2


async def test_what_is_too_old_is_waited_for_and_holds_only_while_slack_is_away() -> None:
    async with a_town() as town:
        await town.speaks("U2")
        town.clock.advance(STALE_SECONDS)
        town.slack.workspace.users["U2"].restricted = True
        away = town.slack.fail("users.info", error="internal_error")
        assert (await town.speaks("U2")).asker.standing is Standing.MEMBER
        away.release()
        assert (await town.speaks("U2")).asker.standing is Standing.GUEST


async def test_rights_that_are_asked_for_now_do_not_rest_on_what_was_known() -> None:
    async with a_town() as town:
        assert (await town.speaks("U1")).admin
        town.slack.workspace.users["U1"].admin = False
        assert (await town.speaks("U1")).admin
        assert not (await town.speaks("U1", fresh=True)).admin
        town.slack.fail("users.info", error="fatal_auth", times=1)
        with pytest.raises(Rejected):
            await town.speaks("U1", fresh=True)


async def test_a_workspace_without_user_groups_has_none() -> None:
    async with a_town() as town:
        town.slack.fail("usergroups.list", error="missing_scope", times=1)
        assert (await town.speaks("U2")).asker.roles == ()


async def test_who_is_deactivated_is_gone_and_comes_back_and_profiles_that_change_write_nothing() -> None:
    async with a_town() as town:
        ben = await town.speaks("U2")
        told = town.slack.workspace.users["U2"].as_json(town.slack.team_id)
        before = town.books.rows(IdentityRow), town.books.rows(MemberRow)
        await town.people.changed(town.slack.team_id, {**told, "profile": {"status_text": "lunch"}})
        await town.people.changed(town.slack.team_id, {**told, "id": "U7", "deleted": True})
        assert (town.books.rows(IdentityRow), town.books.rows(MemberRow)) == before
        await town.people.changed(town.slack.team_id, {**told, "deleted": True})
        assert [row.gone for row in town.books.rows(IdentityRow) if row.member_id == ben.id] == [1]
        await town.people.changed(town.slack.team_id, told)
        assert [row.gone for row in town.books.rows(IdentityRow) if row.member_id == ben.id] == [0]


async def test_who_speaks_is_back_even_if_nobody_told_us() -> None:
    async with a_town() as town:
        await town.speaks("U2")
        told = town.slack.workspace.users["U2"].as_json(town.slack.team_id)
        await town.people.changed(town.slack.team_id, {**told, "deleted": True})
        assert not (await town.speaks("U2")).gone


async def test_no_more_than_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.people.MOST_KNOWN", 1)
    async with a_town() as town:
        assert MOST_KNOWN > 1
        for user in ("U1", "U2"):
            await town.speaks(user)
        assert (town.people.name(town.slack.team_id, "U1"), town.people.name(town.slack.team_id, "U2")) == ("", "ben")
