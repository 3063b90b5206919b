"""Notices that belong to one workspace: told there, in their channel; elsewhere only when nobody tells them there."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.announcement import BOUND_MS, DIGEST, PERHAPS_TOLD_MS
from core.chart import Bar, Chart, chart_text
from core.operations import PostNotice, Refused
from tests.bookkeeping import enrol
from tests.contracts.noticed import House, a_house, team_of
from tests.fakes import Noticeboard

A_CHART = Chart("Spent each day", "This week", "Last week", (Bar("Mon", 5, 4), Bar("Tue", 0, 7)), "$5 on Monday.")


@pytest_asyncio.fixture(params=["memory", "sqlite", "postgres"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    async with a_house(request) as opened:
        yield opened


async def post_bound(house: House, workspace: str, *, chart: str = "") -> None:
    """A notice for a channel of one workspace, of a team that has a second one on another platform."""
    await house.books.apply(enrol("anna", id="second", workspace="other:second", identity="other:second/anna"))
    team = await team_of(house)
    post = PostNotice(
        id="post",
        wallet_id=team.wallet_id,
        team_id=team.id,
        notice_id="digest:team:2026-W47",
        kind=DIGEST,
        words="The week.",
        workspace=workspace,
        channel="C1",
        chart=chart,
    )
    assert not isinstance(await house.books.apply(post), Refused)


async def test_what_belongs_to_a_workspace_is_told_in_its_channel_and_nowhere_else(house: House) -> None:
    await post_bound(house, "test:team", chart=chart_text(A_CHART))
    notices, here, elsewhere = house.notices, Noticeboard(workspaces=("team",)), Noticeboard("other", ("second",))
    assert await notices.run(elsewhere) == 0
    assert await notices.run(here) == 1
    (told,) = here.notices
    assert (told.kind, told.words, told.channel, told.chart) == (DIGEST, "The week.", "C1", A_CHART)
    assert elsewhere.notices == []


async def test_of_several_workspaces_on_one_platform_it_is_told_in_its_own(house: House) -> None:
    for other in "a-second", "z-second":
        await house.books.apply(enrol("anna", id=other, workspace=f"test:{other}", identity=f"test:{other}/anna"))
    await post_bound(house, "test:team")
    board = Noticeboard(workspaces=("a-second", "team", "z-second"))
    house.advance(PERHAPS_TOLD_MS // 1000 + 1)
    (due,) = await house.notice_books.due("test", board.workspaces, strays=True)
    assert (due.workspace, due.channel, due.strayed) == ("team", "C1", "")
    await house.notices.run(board)
    assert [(told.workspace, told.channel) for told in board.notices] == [("team", "C1")]


@pytest.mark.parametrize(("tried", "after_ms"), [(False, BOUND_MS), (True, PERHAPS_TOLD_MS)])
async def test_where_nobody_tells_it_the_admins_elsewhere_read_it_alone(
    house: House, tried: bool, after_ms: int
) -> None:
    """Where somebody took it on it may stand there: then it waits for a day, as nobody elsewhere could look."""
    await post_bound(house, "test:team")
    notices, elsewhere = house.notices, Noticeboard("other", ("second",))
    if tried:
        await notices.run(Noticeboard(workspaces=("team",), broken=True))
    house.clock.advance(BOUND_MS / 1000 + 1)  # so long this process has been there
    house.advance(after_ms // 1000 - 1)
    assert await notices.run(elsewhere) == 0
    house.advance(2)
    assert await house.notices.run(elsewhere) == 0, "a process that has just begun waits for what else begins"
    assert await notices.run(elsewhere) == 1
    (told,) = elsewhere.notices
    words = "The week.\nThis was meant for a channel on Test, where Chipin could not tell it."
    assert (told.channel, told.words, told.workspace) == ("", words, "second")
    assert await notices.run(Noticeboard(workspaces=("team",))) == 0


async def test_a_chart_that_cannot_be_read_holds_nobody_up(house: House) -> None:
    await post_bound(house, "test:team", chart='{"bars":[{}]}')
    board = Noticeboard(workspaces=("team",))
    assert await house.notices.run(board) == 1
    assert [told.chart for told in board.notices] == [None]
