"""A whole process tells its team of a week that is over: by the schedule, to the admins, once. Operators may look."""

import argparse

from bot.console import Console
from bot.digest import show_digest
from bot.schedule import scheduled
from tests.end_to_end.house import PLACE, a_house
from tests.end_to_end.later import LaterClock, week_is_over
from tests.fakes import Noticeboard
from tests.provider_server import ProviderServer


async def test_the_schedule_posts_a_week_once_and_a_dry_run_says_the_same(
    sqlite_url: str, server: ProviderServer
) -> None:
    clock, said = LaterClock(), list[str]()
    async with a_house(sqlite_url, server, clock=clock) as house:
        await house.hear()
        week_is_over(house.app, clock)
        for expected in (1, 0):
            board = Noticeboard(PLACE.platform, (PLACE.workspace,))
            async with scheduled(house.app, (board,)):
                told = [notice for notice in board.notices if notice.kind == "digest"]
            assert len(told) == expected
            for notice in told:
                assert notice.chart is not None and notice.words.startswith("Week of ")
                assert "1 ask by 1 member" in notice.words
        settings = house.app.settings
    console = Console(said.append, said.append, said.append)
    assert await show_digest(settings, argparse.Namespace(team=""), console)
    assert said[1].startswith("Week of ") and "nothing was asked" in said[1]  # nobody asked in the week before this one
