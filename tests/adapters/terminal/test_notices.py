"""Notices at the terminal: an admin reads each once, at the start or between lines, and nobody else does."""

from core.chart import Bar, Chart, chart_text
from core.people import Team
from core.rows import NoticeRow
from tests.adapters.terminal.house import House, open_house
from tests.adapters.terminal.test_late import goes_at, later
from tests.bookkeeping import rows_of
from tests.telling import post_digest

WORDS = "Small: a typical question now costs 2 cents instead of 1."
SHOWN = f"For admins: {WORDS}"


async def team_of(house: House) -> Team:
    (team,) = await house.people.teams()
    return team


async def post(house: House) -> None:
    assert await house.use_cases.notices.post(await team_of(house), "price", "one", WORDS)


async def test_an_admin_reads_it_between_lines_and_once(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        await post(house)
        assert await house.use_cases.notices.run(terminal.late_news) == 1
        assert terminal.screen.shown().endswith(f"{SHOWN}\n")
        later(house)
        assert await house.use_cases.notices.run(terminal.late_news) == 0


async def test_what_came_while_nobody_was_here_stands_after_the_greeting(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house:
        async with house.terminal() as terminal:
            await terminal.screen.ready()
        await post(house)
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            assert terminal.screen.shown().splitlines()[-1] == SHOWN
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            assert SHOWN not in terminal.screen.shown()


async def test_a_plain_member_does_not_read_it_and_the_admin_does_afterwards(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.says("/as Anna")
        await post(house)
        assert await house.use_cases.notices.run(terminal.late_news) == 0
        assert SHOWN not in terminal.screen.shown()
        assert [row.tries for row in await rows_of(house.store, NoticeRow)] == [0]
        assert SHOWN in await terminal.says("/as you")
        assert await house.use_cases.notices.run(terminal.late_news) == 0


async def test_nothing_is_told_while_an_answer_is_on_the_screen(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        free: list[bool] = []
        terminal.screen.on_write = lambda _: free.append(bool(terminal.late_news.admin_workspaces))
        await terminal.says("what?")
        assert free and not any(free)
        assert terminal.late_news.admin_workspaces


async def test_a_screen_that_is_gone_leaves_it_for_the_next_start(sqlite_url: str) -> None:
    async with open_house(sqlite_url) as house:
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            await post(house)
            terminal.screen.on_write = goes_at("")
            assert await house.use_cases.notices.run(terminal.late_news) == 0
            terminal.screen.on_write = lambda _: None
        later(house)
        async with house.terminal() as terminal:
            await terminal.screen.ready()
            assert SHOWN in terminal.screen.shown()


async def test_a_week_comes_with_its_chart_as_bars(sqlite_url: str) -> None:
    chart = Chart("Spent each day", "This week", "Last week", (Bar("Mon", 2_000_000_000, 1), Bar("Tue", 0, 0)), "alt")
    async with open_house(sqlite_url) as house, house.terminal() as terminal:
        await terminal.screen.ready()
        team = await team_of(house)
        where = {"team_id": team.id, "wallet_id": team.wallet_id}
        await house.store.books.apply(
            post_digest("2026-W47", words="The week.\nMore.", chart=chart_text(chart), **where)
        )
        assert await house.use_cases.notices.run(terminal.late_news) == 1
        shown = terminal.screen.shown().splitlines()
        assert shown[-6:-3] == ["For admins: The week.", "More.", "Spent each day"]
        assert (
            shown[-2].split() == ["Mon", "$2.00", "under", "0.001", "cents", "████████████████"]
            and "$0.00" in shown[-1]
        )
